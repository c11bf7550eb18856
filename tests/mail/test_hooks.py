"""The door for the provider: who is let in, what is stored, and that nothing hostile breaks it."""

import json
import sqlite3
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.event import listen, remove

from portal.core import clock
from portal.core.db import db
from portal.mail import hooks
from portal.mail.models import Aftermath, State
from portal.mail.provider_models import Kind, ProviderBatch, ProviderEvent, SetAside
from portal.mail.signatures import SIGNATURE, TIMESTAMP
from tests.mail.signed import (
    HOOK,
    KEY,
    NOW,
    OTHER_KEY,
    STRANGE_KEY,
    believe,
    event,
    headers,
    mailing,
    moment,
    now,
    post,
    sent,
    suppressed,
    written,
)
from tests.world import World

HOUR = 3600


@pytest.fixture(autouse=True)
def _keys(world: World) -> Any:
    believe(world, KEY)
    yield
    world.app.extensions["portal"] = world.settings


def rows(world: World) -> list[ProviderEvent]:
    with world.inside() as current:
        found = list(current.scalars(select(ProviderEvent).order_by(ProviderEvent.id)))
        current.expunge_all()
    return found


def odd(world: World) -> list[SetAside]:
    with world.inside() as current:
        found = list(current.scalars(select(SetAside).order_by(SetAside.id)))
        current.expunge_all()
    return found


# --- Who is let in (N34, N35) ---------------------------------------------------------------------


def test_a_signed_event_is_stored_and_then_applied(world: World) -> None:
    message = sent(world, world.make.member(), mailing(world))
    assert post(world, event(world, message, "delivered", 5, response="250 OK")).status_code == 204
    (row,) = rows(world)
    assert (row.message_id, row.kind, row.at, row.address_key) == (
        message.id,
        Kind.delivered,
        moment(5),
        "",
    ), "the address is not kept a second time"
    after = now(world, message)
    assert (after.aftermath, after.aftermath_at) == (Aftermath.delivered, moment(5))
    with world.inside() as current:
        assert current.scalars(select(ProviderBatch)).one().applied_at is not None


def test_nothing_is_believed_without_a_good_signature(world: World) -> None:
    message = sent(world, world.make.member(), mailing(world))
    body = written([event(world, message, "bounce", type="bounce")])
    good = headers(body)
    forged = [
        {},
        {TIMESTAMP: good[TIMESTAMP]},
        {SIGNATURE: good[SIGNATURE]},
        good | {SIGNATURE: ""},
        good | {SIGNATURE: "not base64!"},
        good | {SIGNATURE: "AAAA"},
        good | {SIGNATURE: good[SIGNATURE][:-8]},
        good | {SIGNATURE: "ü"},
        good | {SIGNATURE: "A" * 100_000},
        good | {TIMESTAMP: str(int(good[TIMESTAMP]) + 1)},
        good | {TIMESTAMP: "now"},
        good | {TIMESTAMP: "-1"},
        good | {TIMESTAMP: "1" * 5000},
        good | {TIMESTAMP: "٣"},
        headers(body, STRANGE_KEY),
        headers(body + b" "),
        headers(body.replace(b"\r\n", b"\n")),
    ]
    machine = world.app.test_client(use_cookies=False)
    for one in forged:
        answer = machine.post(
            HOOK,
            data=body,
            headers={name: text.encode("utf-8").decode("latin-1") for name, text in one.items()},
        )
        assert answer.status_code == 403, one
        assert b"Set-Cookie" not in str(answer.headers).encode()
    world.run_jobs()
    assert rows(world) == []
    assert suppressed(world) == set()
    assert machine.post(HOOK, data=body, headers=good).status_code == 204, "and the good one is"


def test_without_a_key_nobody_is_believed(world: World) -> None:
    world.app.extensions["portal"] = world.settings
    assert post(world, {"event": "delivered"}).status_code == 403


def test_both_keys_are_believed_while_they_are_changed(world: World) -> None:
    message = sent(world, world.make.member(), mailing(world))
    believe(world, OTHER_KEY, KEY)
    assert post(world, event(world, message, "processed"), key=KEY).status_code == 204
    assert post(world, event(world, message, "delivered"), key=OTHER_KEY).status_code == 204
    assert post(world, event(world, message, "delivered"), key=STRANGE_KEY).status_code == 403
    assert len(rows(world)) == 2


@pytest.mark.parametrize(
    ("hours_ago", "answer"), [(0, 204), (24.9, 204), (25.1, 403), (24 * 400, 403), (-0.9, 204), (-1.1, 403)]
)
def test_an_old_request_is_not_believed_and_none_of_the_future(
    world: World, hours_ago: float, answer: int
) -> None:
    message = sent(world, world.make.member(), mailing(world))
    at = int(clock.now().timestamp() - hours_ago * HOUR)
    assert post(world, event(world, message, "delivered"), at=at).status_code == answer


def test_the_age_is_a_setting(world: World) -> None:
    believe(world, KEY, webhook_age_hours=2)
    message = sent(world, world.make.member(), mailing(world))
    assert post(world, event(world, message, "delivered"), at=NOW - 3 * HOUR).status_code == 403


def test_only_posts_are_answered_and_no_form_token_is_asked_for(world: World) -> None:
    machine = world.app.test_client()
    assert machine.get(HOOK).status_code == 405
    assert machine.put(HOOK).status_code == 405


def test_a_body_that_is_too_large_is_not_read(world: World) -> None:
    body = b"[" + b" " * hooks.MOST_BYTES + b"]"
    answer = world.app.test_client().post(HOOK, data=body, headers=headers(body))
    assert answer.status_code == 413


# --- What is stored (N28, N31) --------------------------------------------------------------------


def test_the_same_event_counts_once_however_often_and_under_whatever_id_it_comes(world: World) -> None:
    """The provider was seen to post an event 46 times within 29 hours, each with a new id."""
    message = sent(world, world.make.member(), mailing(world))
    for _ in range(46):
        again = [
            event(world, message, "delivered", 3),
            event(world, message, "deferred", 1, attempt="1"),
            event(world, message, "deferred", 1, attempt="2"),
            event(world, message, "bounce", 9, type="bounce", status="5.1.1"),
            event(world, message, "dropped", 9, reason="Bounced Address"),
        ]
        assert post(world, *again, *again[:1]).status_code == 204
    assert sorted(row.kind for row in rows(world)) == [
        "bounce",
        "deferred",
        "deferred",
        "delivered",
        "dropped",
    ]


def test_two_events_of_one_kind_and_second_are_told_apart_by_what_is_special(world: World) -> None:
    one, other = sent(world, world.make.member()), sent(world, world.make.member())
    post(
        world,
        event(world, one, "bounce", type="bounce", status="5.1.1"),
        event(world, one, "bounce", type="bounce", status="5.2.0"),
        event(world, other, "bounce", type="bounce", status="5.1.1"),
        event(world, one, "bounce", 1, type="bounce", status="5.1.1"),
    )
    assert len(rows(world)) == 4


POISON: list[Any] = [
    None,
    7,
    "words",
    [],
    {},
    {"event": "delivered"},
    {"event": None, "timestamp": NOW},
    {"event": ["delivered"], "timestamp": NOW},
    {"event": "account_status_change", "timestamp": NOW, "type": "compliance_suspend"},
    {"event": "bounce", "timestamp": NOW, "email": None},
    {"event": "bounce", "timestamp": NOW, "email": "not an address"},
    {"event": "bounce", "timestamp": NOW, "email": "a" * 1_000_000 + "@example.org"},
    {"event": "delivered", "timestamp": "soon", "message": "x"},
    {"event": "delivered", "timestamp": True, "message": "x"},
    {"event": "delivered", "timestamp": 10**30, "message": "x"},
    {"event": "delivered", "timestamp": -1, "message": "x"},
    {"event": "delivered", "timestamp": 1.5, "message": "x"},
    {"event": "delivered", "timestamp": {"$gt": 0}, "message": "x"},
    {"event": "\ud800", "timestamp": NOW},
    {"event": "bounce\x00", "timestamp": NOW, "reason": "\x00"},
]


@pytest.mark.parametrize("poison", POISON, ids=range(len(POISON)))
def test_one_event_that_cannot_be_read_stops_no_other(world: World, poison: Any) -> None:
    message = sent(world, world.make.member(), mailing(world))
    answer = post(world, poison, event(world, message, "delivered"), poison)
    assert answer.status_code == 204
    assert [row.kind for row in rows(world)] == [Kind.delivered]
    assert now(world, message).aftermath is Aftermath.delivered
    (one,) = odd(world)
    assert one.why
    assert len(one.text) <= 2000


def test_hostile_fields_of_a_good_event_are_cut_and_cleaned(world: World) -> None:
    person = world.make.member(address="ada@example.org")
    message = sent(world, person, mailing(world))
    post(
        world,
        event(
            world,
            message,
            "bounce",
            type="bounce",
            status={"deep": [1] * 50},
            reason="550 5.1.1 <ada@example.org>:\x00\u202e <script>alert(1)</script> " + "x" * 1_000_000,
            sg_message_id=["no", "text"],
            useragent="'; DROP TABLE messages; --",
            ip={"a": {"b": {}}},
        ),
    )
    (row,) = rows(world)
    assert len(row.words) <= 300
    assert "ada@example.org" not in row.words
    assert "\x00" not in row.words
    assert "\u202e" not in row.words
    assert row.provider_id == ""
    assert now(world, message).aftermath is Aftermath.bounced


def test_a_body_that_is_no_json_is_set_aside_and_whole_lines_of_it_are_kept(world: World) -> None:
    message = sent(world, world.make.member(), mailing(world))
    good = json.dumps(event(world, message, "delivered")).encode()
    for body in (b"", b"\xff\xfe", b"{", b"[[[" * 5000, b"null", b"[" + good + b",\r\n{broken\r\n]"):
        answer = world.app.test_client().post(HOOK, data=body, headers=headers(body))
        assert answer.status_code == 204
    world.run_jobs()
    assert [row.kind for row in rows(world)] == [Kind.delivered]
    assert len(odd(world)) >= 3


def test_a_flood_of_poison_fills_no_table(world: World) -> None:
    post(world, *[{"event": f"kind-{number}", "timestamp": NOW} for number in range(500)])
    assert len(odd(world)) == 20
    with world.inside() as current:
        assert current.scalars(select(ProviderBatch.odd)).one() == 500


def test_mail_of_another_system_on_the_same_account_is_none_of_ours(world: World) -> None:
    post(
        world,
        {"event": "delivered", "timestamp": NOW, "email": "ada@example.org", "message": "theirs"},
        {"event": "open", "timestamp": NOW, "email": "ada@example.org"},
        {
            "event": "bounce",
            "type": "bounce",
            "timestamp": NOW,
            "email": "a@example.org",
            "message": "x" * 32,
        },
    )
    assert rows(world) == []
    assert odd(world) == []
    assert suppressed(world) == set()


def test_opens_and_clicks_at_the_provider_prove_arrival_and_are_not_kept(world: World) -> None:
    """Its tracking is off; were it switched on by mistake, nobody here would know who read what."""
    message = sent(world, world.make.member(), mailing(world), state=State.unknown, handed_over_at=None)
    post(
        world,
        event(world, message, "open", 9, ip="192.0.2.1", useragent="Mozilla"),
        event(world, message, "click", 10, url="https://portal.test/x"),
    )
    assert rows(world) == []
    assert now(world, message).state is State.accepted


def test_storing_takes_the_same_few_statements_whatever_the_number(world: World) -> None:
    message = sent(world, world.make.member(), mailing(world))
    counts = []
    for number in (2, 200):
        events = [event(world, message, "deferred", second, attempt="1") for second in range(number)]
        body = written(events)
        with world.statements() as seen:
            world.app.test_client().post(HOOK, data=body, headers=headers(body))
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 3
    with world.inside() as current:
        assert current.scalar(select(func.count()).select_from(ProviderEvent)) == 200


def test_while_the_database_is_locked_the_provider_is_asked_to_try_again(world: World) -> None:
    address = world.settings.database_url.get_secret_value()
    if not address.startswith("sqlite"):
        return
    message = sent(world, world.make.member(), mailing(world))
    body = written([event(world, message, "delivered")])

    def hurry(connection: Any, *_rest: Any) -> None:
        connection.execute("PRAGMA busy_timeout=200")

    with world.app.app_context():
        engine = db.engine
    listen(engine, "checkout", hurry)
    holder = sqlite3.connect(address.removeprefix("sqlite:///"), isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        answer = world.app.test_client().post(HOOK, data=body, headers=headers(body))
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
        holder.execute("ROLLBACK")
        assert rows(world) == [], "nothing is half stored"
        assert world.app.test_client().post(HOOK, data=body, headers=headers(body)).status_code == 204
        assert len(rows(world)) == 1
    finally:
        holder.close()
        remove(engine, "checkout", hurry)
        engine.dispose()

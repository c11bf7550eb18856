"""What became of a mail: whatever the order and the number of the events, the end is the same."""

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update

from portal.core import clock
from portal.core.db import Base
from portal.mail import aftermath, queries
from portal.mail.models import Aftermath, Message, State, Stream, Suppression
from portal.mail.provider_models import ProviderBatch, ProviderEvent, Standing
from portal.members.models import Consent, Member, Status
from portal.preferences import actions as preferences
from portal.preferences import queries as choices
from portal.preferences.models import Cadence, Topic, TopicChoice
from tests.mail.signed import (
    HOOK,
    KEY,
    believe,
    event,
    headers,
    mailing,
    moment,
    now,
    post,
    reader,
    sent,
    suppressed,
    written,
)
from tests.world import World

DAY = 86400
MARKETING, EVENT = Stream.marketing.value, Stream.event.value


@pytest.fixture(autouse=True)
def _keys(world: World) -> Iterator[None]:
    believe(world, KEY)
    yield
    world.app.extensions["portal"] = world.settings


def topics(world: World, person: Member) -> set[Topic]:
    with world.inside() as current:
        held = choices.choices_of(current.get(Member, person.id))
        return {topic for topic, cadence in held.items() if cadence is not Cadence.never}


# --- What became of it ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kinds", "end"),
    [
        (["processed"], None),
        (["processed", "deferred"], None),
        (["delivered"], Aftermath.delivered),
        (["delivered", "blocked"], Aftermath.blocked),
        (["dropped"], Aftermath.dropped),
        (["delivered", "bounce"], Aftermath.bounced),
        (["delivered", "spamreport"], Aftermath.complained),
        (["bounce", "spamreport"], Aftermath.complained),
        (["delivered", "unsubscribe", "group_resubscribe", "open"], Aftermath.delivered),
    ],
)
def test_the_worst_is_what_became_of_it_in_either_order(
    world: World, kinds: list[str], end: Aftermath | None
) -> None:
    issue = mailing(world)
    for order in (kinds, kinds[::-1]):
        message = sent(world, reader(world), issue)
        for kind in order:
            post(world, _of(world, message, kind, 10 + kinds.index(kind)))
        assert now(world, message).aftermath is end


def test_the_earliest_moment_of_the_worst_counts(world: World) -> None:
    message = sent(world, reader(world), mailing(world))
    for second in (30, 10, 20):
        post(world, event(world, message, "delivered", second))
    assert now(world, message).aftermath_at == moment(10)
    post(world, _of(world, message, "bounce", 90), _of(world, message, "bounce", 60))
    assert now(world, message).aftermath_at == moment(60)


def test_the_balance_counts_each_message_once(world: World) -> None:
    issue = mailing(world, intended=3)
    one, two, three = (sent(world, reader(world), issue) for _ in range(3))
    for message in (one, two, three):
        post(world, event(world, message, "processed"), event(world, message, "delivered", 1))
    post(world, _of(world, two, "bounce", 5), _of(world, three, "spamreport", 6))
    with world.inside() as current:
        found = queries.balance(current.merge(issue))
    assert found.adds_up
    assert found.aftermath["delivered"] == found.aftermath["bounced"] == found.aftermath["complained"] == 1


# --- Uncertain ones (N02, N30) --------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", ["processed", "deferred", "delivered", "dropped", "bounce", "open", "spamreport"]
)
def test_any_event_with_our_name_settles_an_unknown_message(world: World, kind: str) -> None:
    message = sent(world, reader(world), mailing(world), state=State.unknown, why="lost", handed_over_at=None)
    post(world, _of(world, message, kind, 7))
    after = now(world, message)
    assert (after.state, after.why, after.handed_over_at) == (State.accepted, aftermath.SETTLED, moment(7))
    assert after.provider_id == "abcDEF123"
    post(world, event(world, message, "processed", 3))
    assert now(world, message).handed_over_at == moment(3), "the earliest event is nearest to the truth"


@pytest.mark.parametrize("state", [State.planned, State.failed, State.skipped])
def test_what_the_provider_has_is_not_sent_again(world: World, state: State) -> None:
    """A database from a backup, or a person who planned an unknown one again too early."""
    message = sent(world, reader(world), None, state=state, line=2, handed_over_at=None)
    post(world, event(world, message, "processed"))
    after = now(world, message)
    assert (after.state, after.line) == (State.accepted, None)


@pytest.mark.parametrize("end", [State.accepted, State.unknown, State.planned])
def test_an_event_that_comes_before_our_own_commit_is_kept_and_applied_later(
    world: World, end: State
) -> None:
    message = sent(
        world,
        reader(world),
        mailing(world),
        state=State.claimed,
        lease_until=clock.now() + timedelta(minutes=5),
        handed_over_at=None,
    )
    post(
        world,
        event(world, message, "processed", 1),
        event(world, message, "delivered", 2),
        event(world, message, "open", 3),
    )
    early = now(world, message)
    assert early.state is State.claimed, "it is in a worker's hands"
    assert early.aftermath is Aftermath.delivered
    with world.inside() as current:
        assert {one.standing for one in current.scalars(select(ProviderEvent))} == {Standing.early}
        values: dict[str, Any] = {"state": end, "lease_until": None}
        if end is State.accepted:
            values["handed_over_at"] = moment()
        current.execute(update(Message).where(Message.id == message.id).values(**values))
    with world.app.app_context():
        aftermath.apply_events()
    after = now(world, message)
    assert after.state is State.accepted
    assert after.handed_over_at == (moment() if end is State.accepted else moment(1))
    with world.inside() as current:
        assert {(one.standing, one.kind.value) for one in current.scalars(select(ProviderEvent))} == {
            (Standing.done, "processed"),
            (Standing.done, "delivered"),
        }


def test_a_bounce_hours_later_without_our_name_finds_its_mail(world: World) -> None:
    person = reader(world, address="ada@example.org")
    old = sent(
        world,
        person,
        mailing(world, "newsletter:0"),
        handed_over_at=moment(-30 * DAY),
        planned_at=moment(-30 * DAY),
    )
    new = sent(world, person, mailing(world), handed_over_at=moment(-2 * DAY))
    bounce = {
        "event": "bounce",
        "type": "bounce",
        "timestamp": int(moment(5).timestamp()),
        "email": "ADA@example.org",
    }
    post(world, bounce)
    post(world, bounce | {"sg_event_id": "another"})
    assert now(world, new).aftermath is Aftermath.bounced
    assert now(world, old).aftermath is None
    assert suppressed(world) == {
        ("ada@example.org", MARKETING, "bounced"),
        ("ada@example.org", EVENT, "bounced"),
    }
    with world.inside() as current:
        (row,) = current.scalars(select(ProviderEvent))
        assert (row.message_id, row.address_key) == (new.id, "")


def test_a_bounce_of_an_address_without_a_mail_of_ours_suppresses_it_all_the_same(world: World) -> None:
    person = reader(world, address="ada@example.org")
    sent(world, person, mailing(world), handed_over_at=moment(-30 * DAY), planned_at=moment(-30 * DAY))
    post(
        world,
        {
            "event": "bounce",
            "type": "bounce",
            "timestamp": int(moment().timestamp()),
            "email": "ada@example.org",
        },
    )
    assert ("ada@example.org", MARKETING, "bounced") in suppressed(world)
    with world.inside() as current:
        assert current.scalars(select(ProviderEvent)).one().standing == Standing.nobodys


# --- Suppressions ---------------------------------------------------------------------------------


def test_a_mailbox_that_does_not_exist_gets_no_marketing_and_nothing_about_events(world: World) -> None:
    message = sent(world, reader(world, address="ada@example.org"), mailing(world))
    post(world, _of(world, message, "bounce", reason="550 5.1.1 no such user ada@example.org"))
    assert suppressed(world) == {
        ("ada@example.org", MARKETING, "bounced"),
        ("ada@example.org", EVENT, "bounced"),
    }
    with world.inside() as current:
        assert {one.words for one in current.scalars(select(Suppression))} == {
            "550 5.1.1 no such user (an address)"
        }


def test_a_blocked_mail_suppresses_nobody(world: World) -> None:
    message = sent(world, reader(world), mailing(world))
    post(world, _of(world, message, "blocked"))
    assert suppressed(world) == set()
    assert now(world, message).aftermath is Aftermath.blocked


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("Bounced Address", {(MARKETING, "bounced"), (EVENT, "bounced")}),
        ("Invalid", {(MARKETING, "invalid"), (EVENT, "invalid")}),
        ("Unsubscribed Address", {(MARKETING, "unsubscribed")}),
        ("Spam Reporting Address", {(MARKETING, "complained")}),
        ("Recipient List over Package Quota", set()),
        ("Spam Content (if Spam Checker app is enabled)", set()),
        ("Invalid SMTPAPI header", set()),
    ],
)
def test_what_the_provider_knew_is_taken_over(
    world: World, reason: str, expected: set[tuple[str, str]]
) -> None:
    message = sent(world, reader(world), mailing(world))
    post(world, event(world, message, "dropped", reason=reason))
    assert {(stream, why) for _, stream, why in suppressed(world)} == expected


@pytest.mark.parametrize(
    ("days", "ours", "is_out"),
    [
        ([0, 30, 60], 0, True),
        ([0, 30], 0, False),
        ([0, 50, 100], 0, False),
        ([0, 50, 100, 130], 0, True),
        ([0, 0, 0], 0, True),
        ([0, 30, 60], 1, False),
    ],
)
def test_three_soft_bounces_within_ninety_days_are_enough_in_any_order(
    world: World, days: list[int], ours: int, is_out: bool
) -> None:
    person = reader(world)
    blocked = []
    for number, day in enumerate(days):
        at = -day * DAY
        message = sent(world, person, mailing(world, f"newsletter:{number}"), handed_over_at=moment(at - 9))
        classed = "Reputation" if number < ours else "Mailbox Unavailable"
        blocked += [_of(world, message, "blocked", at, bounce_classification=classed)] * 2
    random.Random(len(days)).shuffle(blocked)
    for one in blocked:
        post(world, one)
    expected = {(person.address_key, MARKETING, "strikes")} if is_out else set()
    assert suppressed(world) == expected


def test_one_mail_turned_away_many_times_is_one_strike(world: World) -> None:
    message = sent(world, reader(world), mailing(world))
    post(world, *(_of(world, message, "blocked", second) for second in range(5)))
    assert suppressed(world) == set()


@pytest.mark.parametrize("kind", ["spamreport", "unsubscribe", "group_unsubscribe"])
def test_whoever_complains_or_unsubscribes_gets_no_marketing_at_once(world: World, kind: str) -> None:
    person = reader(world)
    message = sent(world, person, mailing(world))
    planned = sent(world, person, mailing(world, "newsletter:2"), state=State.planned, handed_over_at=None)
    seat = sent(
        world, person, None, stream=Stream.event, topic="", state=State.planned, line=1, handed_over_at=None
    )
    post(world, _of(world, message, kind, 5))
    post(world, _of(world, message, kind, 5))
    reason = "complained" if kind == "spamreport" else "unsubscribed"
    assert suppressed(world) == {(person.address_key, MARKETING, reason)}
    assert topics(world, person) == set()
    assert now(world, planned).state is State.skipped
    assert now(world, seat).state is State.planned, "mail about a seat is no marketing"
    with world.inside() as current:
        lines = current.scalars(select(Consent).where(Consent.person == person.ledger_key)).all()
        assert {(one.about, one.is_given, one.by) for one in lines} == {
            ("topic:newsletter", False, "mail provider"),
            ("topic:events", False, "mail provider"),
        }
        assert len(lines) == 2
        assert current.get(Member, person.id).status is Status.active, "they are still with us"


def test_a_complaint_about_a_seat_stops_marketing_too(world: World) -> None:
    person = reader(world)
    post(world, _of(world, sent(world, person, None, stream=Stream.event), "spamreport"))
    assert suppressed(world) == {(person.address_key, MARKETING, "complained")}


def test_a_resubscribe_never_consents_again(world: World) -> None:
    person = reader(world)
    message = sent(world, person, mailing(world))
    post(world, _of(world, message, "group_unsubscribe", 1))
    post(world, _of(world, message, "group_resubscribe", 2))
    assert topics(world, person) == set()
    assert (person.address_key, MARKETING, "unsubscribed") in suppressed(world)


def test_somebody_who_came_back_by_themselves_is_not_stopped_by_old_news(world: World) -> None:
    person = reader(world)
    message = sent(world, person, mailing(world))
    post(world, _of(world, message, "unsubscribe", -60))
    with world.inside() as current:
        member = current.get(Member, person.id)
        preferences.choose(member, {Topic.newsletter: Cadence.quarterly}, "contact page")
    assert suppressed(world) == set()
    post(world, _of(world, message, "unsubscribe", -30), _of(world, message, "spamreport", -20))
    assert topics(world, person) == {Topic.newsletter}
    assert suppressed(world) == set()
    later = int((clock.now() - moment()).total_seconds()) + 5
    post(world, _of(world, message, "spamreport", later))
    assert topics(world, person) == set()
    assert (person.address_key, MARKETING, "complained") in suppressed(world)


def test_nothing_is_noted_about_somebody_forgotten_since(world: World) -> None:
    message = sent(world, None, mailing(world), address="", address_key="forgotten:1")
    post(world, _of(world, message, "bounce"), _of(world, message, "spamreport"))
    assert suppressed(world) == set()


def test_somebody_who_has_another_address_now_is_still_stopped_and_only_the_old_one_suppressed(
    world: World,
) -> None:
    person = reader(world, address="new@example.org")
    message = sent(world, person, mailing(world), address="old@example.org", address_key="old@example.org")
    post(world, _of(world, message, "spamreport"))
    assert suppressed(world) == {("old@example.org", MARKETING, "complained")}
    assert topics(world, person) == set()


# --- A batch that breaks --------------------------------------------------------------------------


def test_a_batch_that_cannot_be_worked_on_holds_up_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = sent(world, reader(world)), sent(world, reader(world))
    whole: Callable[[int], None] = aftermath._work_on

    def broken(batch_id: int) -> None:
        if batch_id == 1:
            raise ZeroDivisionError
        whole(batch_id)

    monkeypatch.setattr(aftermath, "_work_on", broken)
    with world.inside() as current:
        current.execute(delete(ProviderBatch))
    for message in (one, two):
        body = written([event(world, message, "delivered")])
        world.app.test_client().post(HOOK, data=body, headers=headers(body))
    with world.inside() as current:
        first = current.scalars(select(ProviderBatch.id).order_by(ProviderBatch.id)).first()
        current.execute(text(f"UPDATE provider_batches SET id = 1 WHERE id = {first}"))
        current.execute(text(f"UPDATE provider_events SET batch_id = 1 WHERE batch_id = {first}"))
    world.run_jobs()
    assert now(world, two).aftermath is Aftermath.delivered
    assert now(world, one).aftermath is None
    with world.inside() as current:
        batch = current.get(ProviderBatch, 1)
        assert (batch.tries, batch.applied_at, batch.why) == (aftermath.MOST_TRIES, None, "ZeroDivisionError")


# --- Any order, any number (N28, N29) -------------------------------------------------------------


def test_any_order_and_any_repetition_give_the_same_end(world: World) -> None:
    people = [reader(world, address=f"p{number}@example.org") for number in range(3)]
    issues = [mailing(world, f"newsletter:{number}") for number in range(3)]
    states = [State.unknown, State.accepted, State.planned]
    messages = [
        sent(
            world, person, issue, state=state, handed_over_at=None if state is State.unknown else moment(-50)
        )
        for person in people
        for issue, state in zip(issues, states, strict=True)
    ]
    kinds = "processed deferred delivered open click blocked bounce dropped spamreport unsubscribe".split()
    kinds.append("group_resubscribe")
    tables = (ProviderEvent, ProviderBatch, Suppression, Message, TopicChoice)
    with world.inside() as current:
        before = {table: [_plain(row) for row in current.scalars(select(table))] for table in tables}

    def restore() -> None:
        with world.inside() as current:
            for table in tables:
                current.execute(delete(table))
            for table, rows in before.items():
                current.add_all(table(**row) for row in rows)

    def end_of(order: list[tuple[int, str, int]], sizes: list[int]) -> Any:
        restore()
        rest = [
            _of(world, messages[which], kind, second, reason="Bounced Address" if kind == "dropped" else "")
            for which, kind, second in order
        ]
        while rest:
            size = sizes.pop() if sizes else len(rest)
            assert post(world, *rest[:size]).status_code == 204
            rest = rest[size:]
        with world.inside() as current:
            return (
                sorted(
                    (
                        one.id,
                        one.state,
                        one.why,
                        one.aftermath,
                        one.aftermath_at,
                        one.handed_over_at,
                        one.provider_id,
                    )
                    for one in current.scalars(select(Message))
                ),
                suppressed_in(current),
                sorted(
                    (one.message_id, one.kind, one.at, one.mark, one.standing)
                    for one in current.scalars(select(ProviderEvent))
                ),
                sorted(
                    (one.member_id, one.topic, one.cadence) for one in current.scalars(select(TopicChoice))
                ),
            )

    happenings = st.lists(
        st.tuples(st.integers(0, len(messages) - 1), st.sampled_from(kinds), st.integers(0, 5)),
        min_size=1,
        max_size=14,
    )

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data(), happened=happenings)
    def holds(data: st.DataObject, happened: list[tuple[int, str, int]]) -> None:
        expected = end_of(sorted(set(happened)), [])
        order = data.draw(
            st.permutations(happened + data.draw(st.lists(st.sampled_from(happened), max_size=8)))
        )
        sizes = data.draw(st.lists(st.integers(1, 5), max_size=6))
        assert end_of(order, list(sizes)) == expected

    holds()


def suppressed_in(current: Any) -> list[tuple[str, str, str]]:
    return sorted(
        (one.address_key, one.stream.value, one.reason) for one in current.scalars(select(Suppression))
    )


def _plain(row: Base) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in type(row).__mapper__.columns}


def _of(world: World, message: Message, kind: str, at: int = 0, **fields: Any) -> Any:
    """An event of our own kinds: `blocked` is what the provider calls a bounce of another type."""
    if kind in {"bounce", "blocked"}:
        fields["type"] = kind if kind == "blocked" else "bounce"
        kind = "bounce"
    return event(world, message, kind, at, **fields)

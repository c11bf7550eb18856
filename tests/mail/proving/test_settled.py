"""What becomes of those nobody could be sure about: the provider's own events settle them, or a person does."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from werkzeug.serving import make_server

from portal.core.db import session
from portal.mail import unsettled
from portal.mail.models import Mailing, Verdict
from tests.mail.proving.ground import Ground

TOLD = [
    {"copies": 1},
    {"copies": 9, "seed": 3, "most": 37},
    {"kinds": ("delivered", "deferred", "processed"), "copies": 3, "seed": 8},
]


@contextmanager
def _listening(ground: Ground) -> Iterator[str]:
    """The portal on a real socket, knowing the provider's key; the address that events are posted to."""
    app = ground.world.app
    before = app.extensions["portal"]
    app.extensions["portal"] = before.model_copy(update={"sendgrid_webhook_keys": ground.provider.key()})
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hooks/sendgrid"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
        app.extensions["portal"] = before


@pytest.mark.parametrize("told", TOLD)
def test_events_settle_what_was_taken_and_a_person_the_rest(ground: Ground, told: dict[str, object]) -> None:
    ground.people(60)
    mailing = ground.plan()
    for point in ("recorded", "after_claim", "before_save_commit"):
        worker = ground.worker(mailing, fault={"point": point, "nth": 1})
        assert worker.ended() == -signal.SIGKILL
    ground.finish(mailing)
    found = ground.check(mailing)
    assert (len(found.taken), len(found.never_seen), found.balance.accepted) == (20, 10, 30)
    with _listening(ground) as url:
        assert set(ground.provider.tell(url, **told)) == {"204"}
        ground.do("mail.apply_events")
    found = ground.check(mailing)
    assert (found.balance.accepted, found.balance.unknown) == (50, 10)
    assert found.balance.aftermath["delivered"] == 50
    assert found.taken == frozenset()
    assert ground.mailing(mailing).state.value != "finished"
    with ground.world.inside():
        staff = ground.make.staff("admin")
        unsettled.settle(session().get_one(Mailing, mailing), Verdict.again, staff.id, 10)
    ground.finish(mailing)
    found = ground.check(mailing)
    assert (found.balance.accepted, found.balance.is_finished) == (60, True)
    assert ground.repeated() == {}
    assert len(ground.provider.addresses()) == 60


def test_without_a_word_from_the_provider_it_stays_open(ground: Ground) -> None:
    ground.people(30)
    mailing = ground.plan()
    assert ground.worker(mailing, fault={"point": "after_post", "nth": 1}).ended() == -signal.SIGKILL
    for _ in range(3):
        ground.finish(mailing)
    found = ground.check(mailing)
    assert (len(found.taken), found.balance.accepted, found.balance.is_finished) == (10, 20, False)
    assert ground.repeated() == {}


def test_events_that_come_before_our_own_commit_are_kept(ground: Ground) -> None:
    people = ground.people(30)
    mailing = ground.plan()
    with _listening(ground) as url:
        ground.provider.misbehave("tell_first", url=url, times=3)
        assert ground.worker(mailing).ended() == 0
        ground.do("mail.apply_events")
        found = ground.check(mailing)
        assert (found.balance.accepted, found.balance.aftermath["delivered"]) == (30, 30)
        bounced = people[7].address
        told = {"kinds": ("bounce",), "addresses": (bounced,), "copies": 3}
        assert ground.provider.tell(url, **told) == {"204": 1}
        assert ground.provider.tell(url, seed=5, copies=2) == {"204": 2}
        ground.do("mail.apply_events")
    balance = ground.check(mailing).balance
    assert (balance.aftermath["bounced"], balance.aftermath["delivered"]) == (1, 29)
    again = ground.plan()
    assert ground.balance(again).skipped_by_reason == {"suppressed": 1}

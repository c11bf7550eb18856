"""RFC 8058 and RFC 2369, row by row, as far as the tests of the page itself do not say it already."""

import base64
import re
from datetime import timedelta

import pytest
import time_machine

from portal.core import clock, tokens
from portal.mail import bulk
from portal.mail.models import MailingState, State, Variant
from portal.preferences.models import Cadence, Topic
from tests.mail.signed import mailing, reader, sent
from tests.preferences.scene import choices
from tests.world import World

BODY = {"List-Unsubscribe": "One-Click"}


def test_every_newsletter_carries_both_headers_with_exactly_one_address(world: World) -> None:
    issue = mailing(world, state=MailingState.sending, intended=1)
    world.make.stored(Variant(mailing_id=issue.id, mask=0, subject="Ice", html="<p>Ice</p>", text="Ice"))
    person = reader(world)
    sent(world, person, issue, state=State.planned, handed_over_at=None, attempt=0)
    with world.app.app_context():
        bulk.send_mailing(issue.id, senders=1)
    (letter,) = world.letters(person.address)
    header = letter.headers["List-Unsubscribe"]
    assert re.fullmatch(r"<http://portal\.test/u/[A-Za-z0-9_-]{32}>", header), (
        "one address, of our own settings"
    )
    assert letter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = header.strip("<>").removeprefix("http://portal.test")
    page = world.browser().get(path)
    assert page.status_code == 200, "the same address is a page for a person"
    assert choices(world, person)[Topic.newsletter] is Cadence.quarterly, "and opening it changes nothing"
    answer = world.app.test_client(use_cookies=False).post(path, data=BODY)
    assert (answer.status_code, answer.headers.get("Location")) == (200, None)
    assert choices(world, person)[Topic.newsletter] is Cadence.never


@pytest.mark.parametrize("days", [30, 60, 3650])
def test_the_link_never_grows_old(
    world: World, days: int, time_machine: time_machine.TimeMachineFixture
) -> None:
    """CAN-SPAM asks for 30 days, CASL for 60; ours lives as long as the house."""
    person = reader(world)
    message = sent(world, person, mailing(world))
    with world.app.app_context():
        path = f"/u/{tokens.seal('unsubscribe', message.id)}"
    time_machine.move_to(clock.now() + timedelta(days=days), tick=False)
    assert world.app.test_client(use_cookies=False).post(path, data=BODY).status_code == 200
    assert choices(world, person)[Topic.newsletter] is Cadence.never


def test_the_link_holds_nothing_of_the_person(world: World) -> None:
    message = sent(world, reader(world, address="ada@example.org"), mailing(world))
    with world.app.app_context():
        raw = base64.urlsafe_b64decode(tokens.seal("unsubscribe", message.id))
    assert (len(raw), int.from_bytes(raw[:8])) == (24, message.id), "a number, and 128 bits that prove it"


def test_a_link_of_another_purpose_stops_nothing(world: World) -> None:
    person = reader(world)
    message = sent(world, person, mailing(world))
    machine = world.app.test_client(use_cookies=False)
    with world.app.app_context():
        seals = [
            tokens.seal(purpose, message.id) for purpose in ("message", "preferences", "measured", "mailing")
        ]
    for seal in seals:
        assert machine.post(f"/u/{seal}", data=BODY).status_code == 404
    assert choices(world, person)[Topic.newsletter] is Cadence.quarterly


@pytest.mark.parametrize("state", [State.claimed, State.unknown, State.accepted, State.failed])
def test_it_works_whatever_we_know_about_the_mail(world: World, state: State) -> None:
    """A mail that nobody could be sure of may well have arrived."""
    person = reader(world)
    message = sent(world, person, mailing(world), state=state)
    with world.app.app_context():
        path = f"/u/{tokens.seal('unsubscribe', message.id)}"
    assert world.app.test_client(use_cookies=False).post(path, data=BODY).status_code == 200
    assert choices(world, person)[Topic.newsletter] is Cadence.never


def test_two_at_once_are_answered_alike_and_leave_one_line(world: World) -> None:
    person = reader(world)
    message = sent(world, person, mailing(world))
    with world.app.app_context():
        path = f"/u/{tokens.seal('unsubscribe', message.id)}"
    answers = [world.app.test_client(use_cookies=False).post(path, data=BODY) for _ in range(2)]
    assert answers[0].data == answers[1].data
    assert answers[0].status_code == answers[1].status_code == 200
    assert not any("Set-Cookie" in one.headers for one in answers)

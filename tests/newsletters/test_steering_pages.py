"""The pages where a mailing is steered: what they say, who may press what, and what stands in the audit."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.core import clock, words
from portal.core.db import session
from portal.mail import residence
from portal.mail.models import Aftermath, Mailing, MailingState, Message, Reason, State
from portal.newsletters.models import Newsletter
from portal.staff.models import AuditLine
from tests.mail.post_room import later
from tests.mail.steered import at
from tests.newsletters.conftest import Desk
from tests.world import Browser


@pytest.fixture
def setting(desk: Desk) -> Iterator[Callable[..., None]]:
    """Set up the portal otherwise, until the test is over; a minute to take Send back to begin with."""
    extensions = desk.world.app.extensions
    before = extensions["portal"]

    def change(**values: Any) -> None:
        extensions["portal"] = extensions["portal"].model_copy(update=values)

    change(undo_seconds=60)
    yield change
    extensions["portal"] = before


def the_mailing(desk: Desk) -> Mailing:
    with desk.world.inside() as current:
        found = current.scalars(select(Mailing).order_by(Mailing.id.desc())).first()
        assert found is not None
        current.expunge(found)
        return found


def url_of(desk: Desk) -> str:
    return f"/admin/mailings/{the_mailing(desk).id}"


def write(desk: Desk, **values: Any) -> None:
    with desk.world.inside():
        session().execute(update(Mailing).values(**values))


def rows(desk: Desk, **values: Any) -> None:
    with desk.world.inside():
        session().execute(update(Message).values(**values))


def test_send_can_be_taken_back_and_sent_again(desk: Desk, setting: Callable[..., None]) -> None:
    desk.make.member()
    page = desk.send(1, follow=True).text
    assert re.search(r"It leaves in (\d+) seconds", page)
    assert "Take it back" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert desk.world.letters() == []
    back = desk.browser.post(f"{url_of(desk)}/undo", follow=True)
    assert "Taken back. Nobody got anything." in back.text
    assert "Send" in back.text
    with desk.world.inside():
        issue = session().get_one(Newsletter, desk.issue.id)
        assert issue.is_draft
        assert issue.sent_at is None
    assert "could not be taken back" in desk.browser.post(f"{url_of(desk)}/undo", follow=True).text
    assert desk.send(1).status_code == 302
    with later(seconds=62):
        desk.world.asked.append(("mail.steer", ()))
        assert len(desk.world.letters()) == 1
        assert "Done" in desk.browser.get(f"{desk.url}/sending").text


def test_what_has_not_left_stays_out_of_the_archive(desk: Desk, setting: Callable[..., None]) -> None:
    desk.make.member()
    desk.send(1)
    assert desk.world.browser().get("/newsletters/winter-2027").status_code == 404
    with later(seconds=62):
        desk.world.asked.append(("mail.steer", ()))
        desk.world.run_jobs()
        assert desk.world.browser().get("/newsletters/winter-2027").status_code == 200


def test_a_chosen_time_is_shown_with_its_zone(desk: Desk, setting: Callable[..., None]) -> None:
    desk.make.member()
    wall = (
        (clock.now() + timedelta(days=3)).astimezone(words.zone("Europe/Lisbon")).replace(hour=10, minute=0)
    )
    page = desk.send(1, follow=True, when="later", at=f"{wall:%Y-%m-%dT%H:%M}").text
    assert "10:00" in page
    assert "(Lisbon)" in page
    found = the_mailing(desk)
    assert found.state is MailingState.scheduled
    assert found.not_before is not None
    assert found.not_before.astimezone(words.zone("Europe/Lisbon")).hour == 10
    assert "Scheduled" in desk.browser.get("/admin/newsletters").text


@pytest.mark.parametrize(
    ("typed", "words_"),
    [
        ("", "Choose the day and the hour"),
        ("soon", "Choose the day and the hour"),
        ("2001-01-01T10:00", "has passed"),
        ("2999-01-01T10:00", "more than a year away"),
    ],
)
def test_a_time_that_will_not_do_is_said_and_nothing_starts(desk: Desk, typed: str, words_: str) -> None:
    desk.make.member()
    page = desk.send(1, when="later", at=typed)
    assert page.status_code == 422
    assert words_ in page.text
    assert 'value="1"' in page.text
    with desk.world.inside():
        assert session().scalar(select(Mailing.id)) is None


def test_a_time_that_clocks_jump_over_is_named_with_the_next_one(desk: Desk) -> None:
    desk.make.member()
    with at(datetime(2027, 3, 25, tzinfo=UTC)):
        # Lisbon's clocks jump from 01:00 to 02:00 on the 28th.
        browser = desk.world.browser(desk.sender)
        page = browser.post(f"{desk.url}/confirmation", number="1", when="later", at="2027-03-28T01:30")
    assert page.status_code == 422
    assert "Clocks jump over that time" in page.text
    assert "02:00 WEST (Lisbon)" in page.text


def test_without_a_chosen_time_an_odd_one_does_no_harm(desk: Desk) -> None:
    desk.make.member()
    assert desk.send(1, when="now", at="soon").status_code == 302


def test_a_missed_one_asks_for_a_decision(desk: Desk, setting: Callable[..., None]) -> None:
    desk.make.member()
    desk.send(1)
    with later(hours=3):
        desk.world.asked.append(("mail.steer", ()))
        assert desk.world.letters() == []
        assert "was not sent in time" in desk.browser.get("/admin").text
        page = desk.browser.get(f"{url_of(desk)}/decision").text
        assert "Missed: what now?" in page
        assert "3 hours ago" in page
        wrong = desk.browser.post(f"{url_of(desk)}/decision", at="2001-01-01T10:00")
        assert wrong.status_code == 422
        assert "has passed" in wrong.text
        assert desk.browser.post(f"{url_of(desk)}/release").status_code == 302
        assert len(desk.world.letters()) == 1
        assert "Somebody has decided" in desk.browser.post(f"{url_of(desk)}/release", follow=True).text
        assert desk.browser.get(f"{url_of(desk)}/decision").status_code == 302


def test_a_missed_one_can_be_moved(desk: Desk, setting: Callable[..., None]) -> None:
    desk.make.member()
    desk.send(1)
    with later(hours=3):
        desk.world.asked.append(("mail.steer", ()))
        desk.world.run_jobs()
        there = (clock.now() + timedelta(hours=1)).astimezone(words.zone("Europe/Lisbon"))
        page = desk.browser.post(f"{url_of(desk)}/decision", at=f"{there:%Y-%m-%dT%H:%M}", follow=True)
        assert "It waits for its new time" in page.text
        assert the_mailing(desk).state is MailingState.scheduled


def test_what_paused_itself_is_named_on_today_with_its_reason(desk: Desk) -> None:
    desk.make.member()
    desk.send(1)
    write(desk, state=MailingState.paused, reason=Reason.complaints, words="1 person of 100 called it spam.")
    assert "paused itself" in desk.browser.get("/admin").text
    page = desk.browser.get(f"{desk.url}/sending").text
    assert "Paused by itself" in page
    assert "1 person of 100 called it spam." in page


def test_the_refused_are_shown_by_name_before_they_are_tried_again(desk: Desk) -> None:
    person, other = desk.make.member("Bela Refused"), desk.make.member("Cora Fine")
    desk.send(2)
    desk.world.run_jobs()
    with desk.world.inside():
        mine = update(Message).where(Message.member_id == person.id)
        session().execute(mine.values(state=State.failed, why="550 no such user"))
    page = desk.browser.get(f"{url_of(desk)}/retry").text
    assert "Bela Refused" in page
    assert "550 no such user" in page
    assert "Cora Fine" not in page
    wrong = desk.browser.post(f"{url_of(desk)}/retry", number="2")
    assert wrong.status_code == 422
    assert "Please look again" in wrong.text
    assert (
        "1 person is tried again" in desk.browser.post(f"{url_of(desk)}/retry", number="1", follow=True).text
    )
    assert [one.address for one in desk.world.letters()].count(person.address) == 2
    assert [one.address for one in desk.world.letters()].count(other.address) == 1
    assert "Nobody was refused" in desk.browser.get(f"{url_of(desk)}/retry").text


def test_a_person_settles_what_nobody_knows(desk: Desk) -> None:
    people = [desk.make.member(f"Person {number}") for number in range(3)]
    desk.send(3)
    desk.world.run_jobs()
    with desk.world.inside():
        unknown = {"state": State.unknown, "why": "the connection was cut", "provider_id": "<b>id"}
        session().execute(update(Message).where(Message.member_id != people[0].id).values(**unknown))
        session().execute(update(Mailing).values(state=MailingState.sending, finished_at=None))
    desk.world.asked.append(("mail.steer", ()))
    desk.world.run_jobs()
    assert "nobody knows whether they arrived" in desk.browser.get("/admin").text
    page = desk.browser.get(f"{url_of(desk)}/unknown").text
    assert "the connection was cut" in page
    assert "<b>id" not in page
    batch = re.search(r'name="batch" value="(\w+)"', page)
    assert batch
    shown = desk.browser.get(f"{url_of(desk)}/unknown?batch={batch[1]}").text
    assert "Person 1" in shown
    one = re.search(r'name="message" value="(\d+)"', shown)
    assert one
    fields = {"which": "one", "batch": batch[1], "message": one[1], "number": "1", "verdict": "accepted"}
    assert "1 message count" in desk.browser.post(f"{url_of(desk)}/unknown", **fields, follow=True).text
    assert "settled meanwhile" in desk.browser.post(f"{url_of(desk)}/unknown", **fields, follow=True).text
    rest = {"which": "request", "batch": batch[1], "number": "1", "verdict": "again"}
    assert "planned again" in desk.browser.post(f"{url_of(desk)}/unknown", **rest, follow=True).text
    assert len(desk.world.letters()) == 4
    assert "Everything is known" in desk.browser.get(f"{url_of(desk)}/unknown").text
    assert desk.browser.post(f"{url_of(desk)}/unknown", verdict="maybe").status_code == 422


def test_the_report_shows_the_people_behind_each_figure(desk: Desk) -> None:
    fine = desk.make.member("Fia Fine")
    desk.make.member("Paul Paused", paused_until=clock.now() + timedelta(days=3))
    desk.send(1)
    desk.world.run_jobs()
    with desk.world.inside():
        mine = update(Message).where(Message.member_id == fine.id)
        session().execute(mine.values(aftermath=Aftermath.delivered, aftermath_at=clock.now()))
    page = desk.browser.get(url_of(desk)).text
    for expected in ("Outcomes over time", "It adds up", "They asked for a pause", "Delivered"):
        assert expected in page
    links = re.findall(rf'href="({url_of(desk)}/people\?[^"]+)"', page)
    assert len(links) >= 3
    seen = "".join(desk.browser.get(link.replace("&amp;", "&")).text for link in links)
    assert "Fia Fine" in seen
    assert "Paul Paused" in seen
    assert desk.browser.get(f"{url_of(desk)}/people?state=nonsense").status_code == 404
    assert desk.browser.get(f"{url_of(desk)}/people?state=accepted&after=nonsense").status_code == 404
    assert "Nobody" in desk.browser.get(f"{url_of(desk)}/people?state=unknown").text


def test_the_sheet_holds_everybody_and_no_formula(desk: Desk) -> None:
    desk.make.member(address="=cmd@example.org")
    desk.make.member(address="plain@example.org")
    desk.send(2)
    desk.world.run_jobs()
    rows(desk, why="=HYPERLINK(1)", state=State.failed)
    answer = desk.browser.post(f"{url_of(desk)}/sheet")
    assert answer.mimetype == "text/csv"
    assert ".csv" in answer.headers["Content-Disposition"]
    lines = answer.text.splitlines()
    assert len(lines) == 3
    assert lines[1].count("'=") == 2
    assert ',"=' not in answer.text


def test_only_some_may_press_and_see_people(desk: Desk) -> None:
    desk.make.member("Secret Name")
    desk.send(1)
    desk.world.run_jobs()
    url = url_of(desk)

    def as_(role: str) -> Browser:
        return desk.world.browser(desk.make.staff(role))

    viewer = as_("viewer")
    assert viewer.get(url).status_code == 200
    assert "/people?" not in viewer.get(url).text
    assert "<form" not in viewer.get(url).text.split("<main")[1]
    for path in ("people?state=accepted", "unknown", "retry", "decision"):
        assert viewer.get(f"{url}/{path}").status_code == 403
    for path in (
        "pause",
        "resume",
        "cancellation",
        "undo",
        "release",
        "retry",
        "unknown",
        "sheet",
        "decision",
    ):
        assert viewer.post(f"{url}/{path}").status_code == 403
    assert viewer.post("/admin/mailings/residence").status_code == 403
    assert desk.world.browser().get(url).status_code == 302


def test_every_step_leaves_a_line_that_names_no_member(desk: Desk) -> None:
    desk.make.member("Secret Name", address="secret@example.org")
    desk.send(1)
    for deed in ("pause", "resume", "cancellation"):
        desk.browser.post(f"{url_of(desk)}/{deed}")
    with desk.world.inside():
        lines = session().scalars(select(AuditLine).order_by(AuditLine.id)).all()
        assert [line.action for line in lines][-3:] == [
            "mailings.pause",
            "mailings.resume",
            "mailings.cancel",
        ]
        assert all("Winter 2027" in line.words for line in lines[-3:])
        assert not [line for line in lines if "ecret" in f"{line.words}{line.facts}"]


def test_a_copy_is_named_on_today_and_can_be_made_the_one_that_sends(desk: Desk) -> None:
    desk.make.member()
    with desk.world.inside():
        residence.beat(desk.world.settings)
        row = residence.the_row()
        assert row is not None
        row.place = "elsewhere"
    desk.send(1)
    desk.world.asked.insert(0, ("mail.steer", ()))
    assert desk.world.letters() == []
    assert "Which database sends?" in desk.browser.get("/admin").text
    assert "Which one sends?" in desk.browser.get("/admin/mailings").text
    assert "First say" in desk.browser.post(f"{url_of(desk)}/release", follow=True).text
    desk.browser.post("/admin/mailings/residence", letters="skip")
    assert "Which one sends?" not in desk.browser.get("/admin/mailings").text
    assert desk.world.letters() == []
    desk.browser.post(f"{url_of(desk)}/release")
    assert len(desk.world.letters()) == 1


def test_pages_of_mailings_that_are_not_there(desk: Desk) -> None:
    assert "Nothing has been sent yet" in desk.browser.get("/admin/mailings").text
    for path in ("", "/people?state=accepted", "/unknown", "/retry", "/decision"):
        assert desk.browser.get(f"/admin/mailings/999{path}").status_code == 404
    assert desk.browser.post("/admin/mailings/999/pause").status_code == 404

"""One person as staff see them: facts, contact, the whole time line, notes, and leaving on request."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.db import session
from portal.events.models import Answer, Rsvp
from portal.mail.models import Aftermath, Lane, Mailing, MailingState, Message, State, Stream, Suppression
from portal.members import actions as members
from portal.members import traces
from portal.members.models import Consent, Level, Member, Note, Status, WorkMode
from portal.preferences import actions as preferences
from portal.preferences.models import Cadence, LeavingReason, MemberPlace, Reason, Topic, TopicChoice
from portal.staff.models import AuditLine
from tests.world import Browser, Make, World

Enter = Callable[[str], Browser]


def url(person: Member, more: str = "") -> str:
    return f"/admin/members/{person.public_id}{more}"


def plain(page: str) -> str:
    """The words of a page."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def titles(page: str) -> list[str]:
    """What stands in the time line, in its order."""
    found = re.findall(r'<p class="what">.*?<span>(.*?)</span>\s*</p>', page, re.DOTALL)
    return [plain(one) for one in found]


def audited(world: World, browser: Browser) -> list[tuple[str, str]]:
    with world.inside() as current:
        lines = current.scalars(
            select(AuditLine).where(AuditLine.staff_id == browser.person.id).order_by(AuditLine.id)
        )
        return [(line.action, line.subject) for line in lines]


def mailed(make: Make, person: Member, **fields: Any) -> Message:
    """A ledger row."""
    moment = clock.now()
    values: dict[str, Any] = {
        "letter": "members/welcome",
        "occasion": None if "mailing_id" in fields else f"o{moment.timestamp()}{len(fields)}",
        "member_id": person.id,
        "address": person.address,
        "address_key": person.address_key,
        "stream": Stream.account,
        "lane": int(Lane.account),
        "state": State.accepted,
        "planned_at": moment,
        "due_at": moment,
    }
    made: Message = make.stored(Message(**(values | fields)))
    return made


def test_what_they_told_us_stands_there(make: Make, as_staff: Enter) -> None:
    rivers, porto = make.interest("Rivers"), make.place("Porto")
    person = make.member(
        "Ada Stone",
        "ada@example.org",
        interests=(rivers,),
        call_name="Ada",
        level=Level.senior,
        work_mode=WorkMode.part_time,
        is_remote=True,
        zone="Europe/Lisbon",
        source="meetup",
    )
    make.stored(MemberPlace(member_id=person.id, place_id=porto.id))
    words = plain(as_staff("recruiter").get(url(person)).text)
    for said in (
        "Address ada@example.org",
        "We call them Ada",
        "Follows Rivers",
        "Places Porto",
        "Remote work Yes",
        "Open to move Not said",
        "Level Senior",
        "Looks for Part time",
        "Time zone Europe/Lisbon,",
        "Came by meetup",
        "Quarterly newsletter At most quarterly since",
        "Role alerts Not at all",
    ):
        assert said in words


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Active"),
        ({"paused_until": datetime(2199, 3, 3, tzinfo=clock.now().tzinfo)}, "Paused until 3 March 2199"),
        ({"status": Status.asked, "confirmed_at": None}, "They have not confirmed yet"),
        ({"status": Status.left, "left_at": clock.now()}, "Nobody here can bring them back"),
    ],
)
def test_where_they_stand_is_said_in_words(
    make: Make, as_staff: Enter, fields: dict[str, Any], said: str
) -> None:
    person = make.member("Ada Stone", **fields)
    assert said in plain(as_staff("recruiter").get(url(person)).text)


def test_whether_we_may_write_is_what_the_gate_says(make: Make, as_staff: Enter) -> None:
    free = make.member(topics={Topic.newsletter: Cadence.quarterly})
    paused = make.member(
        topics={Topic.newsletter: Cadence.quarterly}, paused_until=clock.now() + timedelta(days=9)
    )
    bounced = make.member(topics={Topic.newsletter: Cadence.quarterly})
    make.stored(
        Suppression(
            address_key=bounced.address_key, stream=Stream.marketing, reason="bounced", at=clock.now()
        )
    )
    browser = as_staff("recruiter")
    assert "We may write now" in browser.get(url(free)).text
    assert "Not now: they asked for a pause" in plain(browser.get(url(paused)).text)
    assert "Not now: the address bounced" in plain(browser.get(url(bounced)).text)


def test_the_time_line_tells_everything_newest_first(world: World, make: Make, as_staff: Enter) -> None:
    start = clock.now() - timedelta(days=100)
    browser = as_staff("recruiter")
    person = make.member("Ada", asked_at=start, confirmed_at=start + timedelta(hours=1), topics={})
    came, missed = make.event(title="River walk", in_days=-20), make.event(title="Bird watch", in_days=-10)
    soon = make.event(title="Boat day")

    def at(days: float) -> datetime:
        return start + timedelta(days=days)

    mailing = make.stored(
        Mailing(
            letter="newsletters/issue",
            about="newsletter:9",
            title="The spring issue",
            stream=Stream.marketing,
            topic="newsletter",
            state=MailingState.finished,
            started_at=at(10),
            sender_name="Rae",
            sender_address="rae@example.org",
            reply_to="rae@example.org",
        )
    )
    mailed(
        make,
        person,
        letter="newsletters/issue",
        mailing_id=mailing.id,
        stream=Stream.marketing,
        topic="newsletter",
        handed_over_at=at(10),
        aftermath=Aftermath.bounced,
    )
    mailed(make, person, planned_at=at(11), state=State.skipped, why="paused", occasion="two")
    make.stored(
        *(
            Rsvp(
                event_id=one.id,
                member_id=person.id,
                answer=answer,
                asked_at=at(20),
                changed_at=at(day),
                attended=was,
            )
            for one, answer, day, was in (
                (came, Answer.seat, 20, True),
                (missed, Answer.seat, 21, False),
                (soon, Answer.waiting, 22, None),
            )
        ),
        LeavingReason(
            member_id=person.id, about="roles", reason=Reason.too_many, text="Ten a day!", at=at(30)
        ),
        Note(member_id=person.id, staff_id=browser.person.id, text="Likes herons.", at=at(31)),
    )
    with world.inside() as current:
        her = current.get(Member, person.id)
        for about, given, value, day in (
            ("network", True, "", 1.0),
            ("topic:roles", True, "monthly", 2),
            ("topic:roles", False, "never", 29),
            ("pause", True, "2027-03-03", 32),
            ("pause", False, "", 33),
            ("measuring", False, "", 34),
            ("address", True, "", 35),
        ):
            members.record(her, about, given, "contact page", value, at=at(day))
    assert titles(browser.get(url(person)).text) == [
        "Did not come : Bird watch",
        "Was there : River walk",
        "Confirmed a new mail address",
        "Said no to measuring opens and clicks",
        "Ended the pause",
        "Asked for a pause until 3 March 2027",
        f"Note by {browser.person.name}",
        "Said why they stopped role alerts: too many mails",
        "Stopped role alerts",
        "Joined the waitlist : Boat day",
        "Took a seat : Bird watch",
        "Took a seat : River walk",
        "Welcome Not sent",
        "The spring issue Bounced",
        "Chose role alerts: at most monthly",
        "Said yes to the network",
        "Confirmed their address and joined",
        "Asked to join",
    ]
    words = plain(browser.get(url(person)).text)
    for said in ("Topic: quarterly newsletter", "They asked for a pause", "Ten a day!", "Likes herons."):
        assert said in words
    assert len(titles(browser.get(url(person, "?show=mails")).text)) == 2
    assert len(titles(browser.get(url(person, "?show=events")).text)) == 5
    assert len(titles(browser.get(url(person, "?show=notes")).text)) == 1
    assert len(titles(browser.get(url(person, "?show=choices")).text)) == 10
    assert len(titles(browser.get(url(person, "?show=nonsense&page=nonsense")).text)) == 18


def test_every_state_of_a_mail_has_words(make: Make, as_staff: Enter) -> None:
    person = make.member()
    for state in State:
        mailed(make, person, state=state, occasion=f"state-{state}")
    for aftermath in Aftermath:
        mailed(make, person, aftermath=aftermath, occasion=f"after-{aftermath}")
    assert len(titles(as_staff("recruiter").get(url(person, "?show=mails")).text)) == len(State) + len(
        Aftermath
    )


def test_the_time_line_turns_its_pages_without_losing_a_line(make: Make, as_staff: Enter) -> None:
    browser, moment = as_staff("recruiter"), clock.now()
    person = make.member()
    make.stored(
        *(
            Note(
                member_id=person.id,
                staff_id=browser.person.id,
                text=f"Note {number}.",
                at=moment - timedelta(days=number // 9),
            )
            for number in range(100)
        )
    )
    seen, pages, where = [], [], url(person, "?show=notes")
    while where:
        text = browser.get(where).text
        pages.append((where, re.findall(r"Note \d+\.", text)))
        seen += pages[-1][1]
        older = re.search(r'<li class="older"><a class="button secondary" href="([^"]+)"', text)
        where = older.group(1).replace("&amp;", "&") if older else ""
    assert len(seen) == len(set(seen)) == 100
    newer = re.search(
        r'<li class="newer"><a class="button secondary" href="([^"]+)"', browser.get(pages[-1][0]).text
    )
    assert newer
    assert re.findall(r"Note \d+\.", browser.get(newer.group(1).replace("&amp;", "&")).text) == pages[-2][1]


def test_as_many_statements_for_a_long_life_as_for_a_short_one(
    world: World, make: Make, as_staff: Enter
) -> None:
    browser, moment = as_staff("recruiter"), clock.now()
    person, event = make.member(), make.event()
    counts = []
    for many in (0, 1, 40):
        for number in range(many):
            mailed(make, person, occasion=f"{many}-{number}")
            note = Note(member_id=person.id, staff_id=browser.person.id, text="x", at=moment)
            line = Consent(person=person.ledger_key, at=moment, about="pause", is_given=True, how="x")
            make.stored(note, line)
        if many == 1:
            make.stored(
                Rsvp(
                    event_id=event.id,
                    member_id=person.id,
                    answer=Answer.seat,
                    asked_at=moment,
                    changed_at=moment,
                )
            )
        with world.statements() as seen:
            assert browser.get(url(person)).status_code == 200
        counts.append(len(seen))
    assert len(set(counts)) == 1
    assert counts[0] <= 16


def test_a_note_is_kept_once_and_stands_in_the_export(world: World, make: Make, as_staff: Enter) -> None:
    browser, person = as_staff("recruiter"), make.member()
    for _ in range(2):
        answer = browser.post(url(person, "/notes"), text="Met at the river.\r\nLikes <b>herons</b> & 🌱")
        assert answer.status_code == 302
    with world.inside() as current:
        notes = current.scalars(select(Note)).all()
        held = {one.name: one.rows for one in traces.everything(current.get(Member, person.id))}
    assert [note.text for note in notes] == ["Met at the river.\nLikes <b>herons</b> & 🌱"]
    assert held["notes"][0]["note"] == notes[0].text
    page = browser.get(url(person)).text
    assert "Likes &lt;b&gt;herons&lt;/b&gt; &amp; 🌱" in page
    assert "<b>herons" not in page
    assert audited(world, browser) == [("members.note", f"member:{person.id}")] * 2
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        browser.post(url(person, "/notes"), text="Met at the river.\r\nLikes <b>herons</b> & 🌱")
    with world.inside() as current:
        assert len(current.scalars(select(Note)).all()) == 2


@pytest.mark.parametrize("text", ["", "   ", "\u0007\u202e \n", "x" * 4001])
def test_a_note_that_is_none_is_given_back(world: World, make: Make, as_staff: Enter, text: str) -> None:
    browser, person = as_staff("recruiter"), make.member()
    answer = browser.post(url(person, "/notes"), text=text)
    assert answer.status_code == 422
    assert "Something needs another look" in answer.text
    with world.inside() as current:
        assert current.scalars(select(Note)).all() == []


def test_only_who_wrote_a_note_takes_it_away(world: World, make: Make, as_staff: Enter) -> None:
    mine, other = as_staff("recruiter"), as_staff("admin")
    person, another = make.member(), make.member()
    mine.post(url(person, "/notes"), text="Mine.")
    with world.inside() as current:
        note = current.scalars(select(Note)).one()
    away = f"/notes/{note.id}/removal"
    assert away not in other.get(url(person)).text
    assert other.post(url(person, away)).status_code == 403
    assert mine.post(url(another, away)).status_code == 404
    assert mine.post_without_token(url(person, away)).status_code == 400
    assert away in mine.get(url(person)).text
    assert mine.post(url(person, away)).status_code == 302
    assert mine.post(url(person, away)).status_code == 404
    with world.inside() as current:
        assert current.scalars(select(Note)).all() == []
    assert audited(world, mine)[-1] == ("members.note-removed", f"member:{person.id}")
    assert audited(world, other) == []


def test_leaving_on_request_needs_the_address_and_stops_everything(
    world: World, make: Make, as_staff: Enter
) -> None:
    browser = as_staff("recruiter")
    person = make.member("Ada", "ada@example.org")
    other = make.member("Bo", "bo@example.org")
    for typed in ("", "bo@example.org", "ada", "leave"):
        assert browser.post(url(person, "/leaving"), address=typed).status_code == 422
    with world.inside() as current:
        assert current.get(Member, person.id).status is Status.active
    answer = browser.post(url(person, "/leaving"), follow=True, address=" ADA@Example.org ")
    assert "Ada has left" in answer.text
    assert "Mark as left" not in answer.text
    with world.inside() as current:
        assert current.get(Member, person.id).status is Status.left
        assert current.get(Member, other.id).status is Status.active
        choices = current.scalars(select(TopicChoice).where(TopicChoice.member_id == person.id)).all()
        lines = current.scalars(select(Consent).where(Consent.person == person.ledger_key)).all()
    assert {row.cadence for row in choices} == {Cadence.never}
    assert {(line.about, line.is_given, line.by, line.how) for line in lines} == {
        (about, False, f"staff:{browser.person.id}", "staff on request")
        for about in ("network", "topic:newsletter", "topic:events")
    }
    assert f"On their request, written down by {browser.person.name}" in plain(answer.text)
    assert (
        "was not in the network"
        in browser.post(url(person, "/leaving"), follow=True, address="ada@example.org").text
    )
    assert audited(world, browser) == [("members.left", f"member:{person.id}")] * 2


def test_staff_can_never_widen_consent(world: World, make: Make, as_staff: Enter) -> None:
    browser, person = (
        as_staff("admin"),
        make.member("Ada", "ada@example.org", status=Status.left, left_at=clock.now()),
    )
    wide = {
        "status": "active",
        "network": "1",
        "topic": "roles",
        "roles": "each",
        "is_given": "1",
        "confirmed_at": "now",
    }
    browser.post(url(person, "/notes"), text="Wants back.", data=wide)
    browser.post(url(person, "/leaving"), address="ada@example.org", data=wide)
    with world.inside() as current:
        assert current.get(Member, person.id).status is Status.left
        assert current.scalars(select(Consent).where(Consent.is_given)).all() == []
    rules = [rule for rule in world.app.url_map.iter_rules() if rule.endpoint.startswith("members_admin.")]
    assert {rule.endpoint.split(".")[1] for rule in rules} == {
        "index",
        "show",
        "write_note",
        "remove_note",
        "take_out",
    }


@pytest.mark.parametrize("role", ["teammate", "viewer"])
def test_who_may_not_see_members_can_do_nothing_to_them(
    world: World, make: Make, as_staff: Enter, role: str
) -> None:
    browser, person = as_staff(role), make.member("Ada", "ada@example.org")
    assert browser.post(url(person, "/notes"), text="x").status_code == 403
    assert browser.post(url(person, "/leaving"), address="ada@example.org").status_code == 403
    assert browser.post(url(person, "/notes/1/removal")).status_code == 403
    assert audited(world, browser) == []


@pytest.mark.parametrize("made_up", ["x", "m" * 22, "1", "0", "../1", "%00", "é", "m" * 3000])
def test_made_up_people_are_not_there(make: Make, as_staff: Enter, made_up: str) -> None:
    make.member()
    assert as_staff("recruiter").get(f"/admin/members/{made_up}").status_code in {400, 404}


def test_somebody_forgotten_is_gone_for_staff_too(world: World, make: Make, as_staff: Enter) -> None:
    browser, person = as_staff("recruiter"), make.member()
    browser.post(url(person, "/notes"), text="x")
    with world.inside() as current:
        traces.erase_all(current.get(Member, person.id))
        current.delete(current.get(Member, person.id))
    assert browser.get(url(person)).status_code == 404
    assert browser.post(url(person, "/notes"), text="x").status_code == 404


def test_hostile_words_are_only_words(world: World, make: Make, as_staff: Enter) -> None:
    bad = '"><img src=x onerror=alert(1)>{{7*7}}'
    browser = as_staff("recruiter")
    person = make.member(bad, call_name=bad[:60], source=bad[:60], zone="Not/AZone")
    mailed(make, person, state=State.failed, why=bad)
    make.stored(
        Consent(person=person.ledger_key, at=clock.now(), about="x" + bad[:38], is_given=True, how=bad[:40]),
        Consent(
            person=person.ledger_key, at=clock.now(), about="pause", is_given=True, how="x", value=bad[:38]
        ),
        Consent(
            person=person.ledger_key, at=clock.now(), about="topic:x", is_given=True, how="", by="staff:x"
        ),
        LeavingReason(member_id=person.id, about="gone", reason=Reason.other, text=bad, at=clock.now()),
    )
    browser.post(url(person, "/notes"), text=bad)
    page = browser.get(url(person)).text
    assert "<img" not in page
    assert "49" not in re.sub(r"<[^>]*>", "", page).replace(person.public_id, "")


def test_a_pause_and_a_choice_made_by_the_member_show_as_theirs(
    world: World, make: Make, as_staff: Enter
) -> None:
    person = make.member()
    with world.inside():
        her = session().get(Member, person.id)
        assert her is not None
        preferences.leave_everything(her, "contact page")
    words = plain(as_staff("recruiter").get(url(person)).text)
    assert "Left the network How: contact page" in words
    assert "On their request" not in words

"""After an event: each hears once how it went for them, and nothing leaves before a person looked at it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.core import clock
from portal.core.db import session
from portal.events import follow_ups
from portal.events.follow_ups import FollowUp, FollowUpState, Who
from portal.events.models import Answer, Event, EventGuest, Rsvp, Way
from portal.mail.models import Message, State
from portal.members.models import Member, Status
from portal.staff.models import Staff


def answered(world, make, event, person, answer=Answer.seat, attended=None):
    moment = clock.now() - timedelta(days=9)
    which = {"guest_id": person.id} if isinstance(person, EventGuest) else {"member_id": person.id}
    return make.stored(
        Rsvp(
            event_id=event.id,
            answer=answer,
            way=Way.in_person,
            turn=1,
            ticket=0,
            asked_at=moment,
            changed_at=moment,
            attended=attended,
            **which,
        )
    )


def guest_of(make, event, name="Bo", address="bo@example.org"):
    return make.stored(
        EventGuest(event_id=event.id, name=name, address=address, address_key=address, created_at=clock.now())
    )


@pytest.fixture
def evening(world, make):
    """An event that is over, with somebody for whom it went each way."""
    event = make.event(make.staff("teammate", name="Ines Prado"), in_days=-1, title="Tea with Ines")
    came, missed, waited, unsure = (
        make.member(name) for name in ("Ada Stone", "Mo Lee", "Wu Han", "Una Ray")
    )
    bo = guest_of(make, event)
    answered(world, make, event, came, attended=True)
    answered(world, make, event, missed, attended=False)
    answered(world, make, event, waited, Answer.waiting)
    answered(world, make, event, unsure)
    answered(world, make, event, bo, attended=True)
    return event, {"came": came, "missed": missed, "waited": waited, "unsure": unsure, "bo": bo}


def drafts(world, event):
    with world.app.app_context():
        follow_ups.draft_all()
    with world.inside():
        return {
            one.who: one.id
            for one in session().scalars(select(FollowUp).where(FollowUp.event_id == event.id))
        }


def send(world, make, number, people=1):
    by = make.staff("recruiter")
    with world.inside():
        return follow_ups.send(number, people, by)


def test_drafts_wait_for_a_person_and_nothing_leaves(world, evening):
    event, _ = evening
    assert set(drafts(world, event)) == set(Who)
    assert world.letters() == []
    assert drafts(world, event) == drafts(world, event)
    with world.inside():
        assert session().scalars(select(Message)).all() == []


def test_each_gets_the_letter_for_how_it_went_once(world, make, evening):
    event, people = evening
    ids = drafts(world, event)
    for number in ids.values():
        assert send(world, make, number) == 1
        with pytest.raises(follow_ups.NotNow):
            send(world, make, number)
    subjects = {str(one.to): one.subject for one in world.letters()}
    assert len(subjects) == 4
    found = {
        name: next((words for to, words in subjects.items() if one.address in to), "")
        for name, one in people.items()
    }
    assert found["came"] == "Good that you came: Tea with Ines"
    assert found["missed"] == "We missed you: Tea with Ines"
    assert found["waited"] == "No seat this time: Tea with Ines"
    assert found["bo"] == "Thank you for coming: Tea with Ines"
    assert found["unsure"] == ""


def test_only_the_guest_is_invited_to_join_and_only_once(world, make, evening):
    event, _people = evening
    ids = drafts(world, event)
    for number in ids.values():
        send(world, make, number)
    letters = {str(one.to): one for one in world.letters()}
    joins = [to for to, one in letters.items() if "portal.test/join" in one.text]
    assert len(joins) == 1
    assert "bo@example.org" in joins[0]
    second = make.event(in_days=-1)
    answered(world, make, second, guest_of(make, second), attended=True)
    send(world, make, drafts(world, second)[Who.guest])
    newest = world.letters("bo@example.org")[0]
    assert second.title in newest.subject
    assert "portal.test/join" not in newest.text + newest.html
    with world.inside():
        assert session().scalar(select(Member).where(Member.address_key == "bo@example.org")) is None


def test_what_was_corrected_meanwhile_is_not_sent(world, make, evening):
    event, people = evening
    number = drafts(world, event)[Who.no_show]
    send(world, make, number)
    with world.inside():
        session().execute(update(Rsvp).where(Rsvp.member_id == people["missed"].id).values(attended=True))
    assert world.letters() == []
    with world.inside():
        assert "changed since" in session().scalar(select(Message.why))


def test_who_had_one_letter_gets_no_second_about_the_same_event(world, make, evening):
    event, people = evening
    ids = drafts(world, event)
    send(world, make, ids[Who.no_show])
    world.letters()
    with world.inside():
        session().execute(update(Rsvp).where(Rsvp.member_id == people["missed"].id).values(attended=True))
        reach = follow_ups.reach(follow_ups.by_id(ids[Who.attended]))
        assert reach.people == 1
        assert dict(reach.left_out) == {"They had another letter about this event": 1}
    assert send(world, make, ids[Who.attended]) == 1


def test_who_left_or_paused_or_bounced_is_left_out_and_counted(world, make, evening):
    event, people = evening
    number = drafts(world, event)[Who.attended]
    for fields in ({"status": Status.left}, {"paused_until": clock.now() + timedelta(days=9)}):
        answered(world, make, event, make.member(**fields), attended=True)
    with world.inside():
        reach = follow_ups.reach(follow_ups.by_id(number))
    assert reach.people == 1
    assert sum(count for _, count in reach.left_out) == 2
    assert send(world, make, number) == 1
    assert [str(one.to) for one in world.letters()] == [
        str(one.to) for one in world.letters(people["came"].address)
    ]


def test_the_number_must_be_what_the_page_showed(world, make, evening):
    event, _ = evening
    number = drafts(world, event)[Who.attended]
    with pytest.raises(follow_ups.AnotherNumber):
        send(world, make, number, people=2)
    assert world.letters() == []


def test_no_drafts_before_the_event_or_when_it_was_called_off(world, make):
    coming, off = make.event(in_days=1), make.event(in_days=-1, state="cancelled")
    for event in (coming, off):
        answered(world, make, event, make.member(), attended=True)
        assert drafts(world, event) == {}


def test_a_recruiter_looks_adds_a_line_and_sends(world, make, evening, as_staff):
    event, people = evening
    drafts(world, event)
    story = make.story(title="The night we recalibrated")
    desk = as_staff("recruiter")
    base = f"/admin/events/{event.id}/follow-ups"
    page = desk.get(base).text
    for words in ("Members who came", "Had a seat and did not come", "Of 1 guest nobody noted"):
        assert words in page
    fields = {
        "subject": "It was good",
        "text": "Thank you **all**.",
        "line": "Your question about the *weir* stays with me.",
        "story": str(story.id),
        "video_url": "https://video.example.org/1",
    }
    assert desk.post(f"{base}/attended", **fields).status_code == 302
    page = desk.get(f"{base}/attended").text
    assert "It was good" in page
    assert "question about the weir" in page
    frame = desk.get(f"{base}/attended/letter")
    assert "sandbox" in frame.headers["Content-Security-Policy"]
    assert "The night we recalibrated" in frame.text
    assert desk.post(f"{base}/attended/sending", number="7").status_code == 422
    assert world.letters() == []
    assert desk.post(f"{base}/attended/sending", number="1").status_code == 302
    [letter] = world.letters(people["came"].address)
    assert letter.subject == "It was good"
    for words in ("Hello Ada Stone", "https://video.example.org/1", f"/stories/{story.slug}"):
        assert words in letter.text
        assert words in letter.html
    assert "<strong>all</strong>" in letter.html
    assert "<em>weir</em>" in letter.html
    assert "Ines Prado" in letter.text
    assert "{'" not in letter.html
    assert "1 handed over" in desk.get(base).text


def test_mistakes_are_said_and_what_was_typed_stays(world, evening, as_staff):
    event, _ = evening
    drafts(world, event)
    desk = as_staff("recruiter")
    base = f"/admin/events/{event.id}/follow-ups/attended"
    good = {"subject": "Thank you", "text": "Thank you.", "line": "", "story": "0", "video_url": ""}
    for wrong, words in (
        ({"subject": ""}, "Please give the letter a subject."),
        ({"text": "Dear Applicant, thank you"}, "nobody's name"),
        ({"text": "100%% fun"}, "percent signs"),
        ({"video_url": "javascript:alert(1)"}, "full address"),
        ({"story": "999"}, "Not a valid choice"),
    ):
        page = desk.post(base, **(good | wrong))
        assert page.status_code == 422
        assert words in page.text.replace("&#39;", "'")
    with world.inside():
        assert "Good that you came" in session().scalar(
            select(FollowUp.subject).where(FollowUp.who == Who.attended)
        )


def test_a_draft_can_be_discarded_and_taken_back_out(world, evening, as_staff):
    event, _ = evening
    ids = drafts(world, event)
    desk = as_staff("recruiter")
    base = f"/admin/events/{event.id}/follow-ups"
    desk.post(f"{base}/guest/discard", deed="discard")
    with world.inside():
        assert follow_ups.by_id(ids[Who.guest]).state is FollowUpState.discarded
    desk.post(f"{base}/guest/sending", number="1")
    assert world.letters() == []
    desk.post(f"{base}/guest/discard", deed="restore")
    assert desk.post(f"{base}/guest/sending", number="1").status_code == 302
    assert len(world.letters()) == 1
    assert "It has been sent" in desk.post(f"{base}/guest/discard", follow=True, deed="discard").text


def test_only_who_runs_or_hosts_the_event_sees_them(world, make, evening, stranger):
    event, _ = evening
    drafts(world, event)
    base = f"/admin/events/{event.id}/follow-ups"
    with world.inside():
        host_id = session().get_one(Event, event.id).host_id
    assert stranger.get(base).status_code == 302
    assert world.browser(make.staff("teammate")).get(base).status_code == 403
    assert world.browser(make.staff("viewer")).get(base).status_code == 403
    with world.inside() as current:
        host = current.get_one(Staff, host_id)
        current.expunge(host)
    desk = world.browser(host)
    assert desk.get(f"{base}/attended").status_code == 200
    assert desk.post(f"{base}/attended/sending", number="1").status_code == 302
    assert desk.get(f"{base}/nobody").status_code == 404
    with world.inside():
        states = session().scalars(select(Message.state)).all()
    assert states == [State.planned]


def test_a_house_without_drafts_offers_to_write_them(world, evening, as_staff):
    event, _ = evening
    desk = as_staff("recruiter")
    base = f"/admin/events/{event.id}/follow-ups"
    assert "4 drafts are there" in desk.post(base, follow=True).text
    assert "There is nobody yet" in desk.post(base, follow=True).text

"""Inviting to an event: whom, once, within what they chose; and asking once more those who have not answered."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.core import clock
from portal.core.db import session
from portal.events import actions as event_actions
from portal.events import seats
from portal.events.models import Event, EventInterest
from portal.invitations import actions, queries
from portal.invitations.models import Invitation
from portal.mail import steering
from portal.mail.models import Mailing, MailingState, Message, State, Stream
from portal.members.models import Member, Status
from portal.preferences.models import Cadence, Topic, TopicChoice
from portal.segments.models import Segment


@pytest.fixture
def house(world, make):
    """An event about rivers, a segment of those who follow them, and people of every kind."""
    rivers, design = make.interest("Rivers"), make.interest("Design")
    event = make.event(make.staff("teammate", name="Ines Prado"), title="Tea with Ines", zone="Europe/Lisbon")
    make.stored(EventInterest(event_id=event.id, interest_id=rivers.id))
    segment = make.stored(
        Segment(
            slug="rivers",
            name="River people",
            rule={"is": "interest", "any_of": ["rivers"]},
            made_by=None,
            created_at=clock.now(),
            changed_at=clock.now(),
        )
    )
    people = {
        "ada": make.member("Ada Stone", interests=(rivers,), zone="Asia/Tokyo"),
        "mo": make.member("Mo Lee", interests=(rivers,)),
        "outside": make.member("Out Side", interests=(design,)),
        "not_events": make.member(
            "No Events", interests=(rivers,), topics={Topic.newsletter: Cadence.quarterly}
        ),
        "paused": make.member("On Pause", interests=(rivers,), paused_until=clock.now() + timedelta(days=30)),
        "left": make.member("Has Left", interests=(rivers,), status=Status.left),
        "coming": make.member("Has Seat", interests=(rivers,)),
    }
    with world.inside():
        seats.take_seat(session().get_one(Member, people["coming"].id), event.id)
    world.letters()
    return event, segment, people


def write(world, make, event, segment, line="Come and **see**."):
    by = make.staff("recruiter")
    with world.inside():
        return actions.write(event.id, segment.id if segment else None, line, by).id


def send(world, make, number, people, deed=actions.send):
    by = make.staff("recruiter")
    with world.inside():
        mailing = deed(number, people, by, world.settings).id
    go(world, mailing)
    return mailing


def go(world, mailing):
    """The moment in which Send can be taken back is over."""
    with world.inside():
        found = session().get_one(Mailing, mailing)
        found.not_before, found.state = clock.now(), MailingState.sending
        session().execute(update(Message).where(Message.mailing_id == mailing).values(due_at=clock.now()))
    world.asked.append(("mail.send_mailing", (mailing,)))
    world.run_jobs()


def invited(world):
    return {
        str(one.to): one for one in world.letters() if "invited" in one.subject or "thinking" in one.subject
    }


def test_only_those_who_chose_it_and_have_not_answered_get_it_and_the_rest_is_explained(world, make, house):
    event, segment, people = house
    number = write(world, make, event, segment)
    with world.inside():
        count = queries.count(queries.by_id(number))
    assert count.people == 2
    assert dict(count.left_out) == {
        "They did not choose to hear of events": 1,
        "They asked for a pause": 1,
        "They have answered already": 1,
    }
    send(world, make, number, 2)
    letters = invited(world)
    assert sorted(letters) == sorted(
        to for to in letters if people["ada"].address in to or people["mo"].address in to
    )
    assert len(letters) == 2


def test_each_letter_is_personal_and_names_both_clocks(world, make, house):
    event, segment, people = house
    send(world, make, write(world, make, event, segment, line="Bring 100%% of yourself."), 2)
    [ada] = [one for to, one in invited(world).items() if people["ada"].address in to]
    [mo] = [one for to, one in invited(world).items() if people["mo"].address in to]
    for part in (ada.text, ada.html):
        assert "Hello Ada Stone" in part
        assert "(Lisbon)" in part
        assert "(Tokyo)" in part
        assert "It fits what you follow: Rivers." in part
        assert "100%% of yourself" in part
        assert f"/events/{event.slug}?from=invitation" in part
    assert "(Tokyo)" not in mo.text
    assert "%%" not in mo.text.replace("100%%", "")
    assert "%%" not in mo.html.replace("100%%", "")
    assert ada.subject == "You are invited: Tea with Ines"


def test_nobody_is_invited_twice_to_the_same_event(world, make, house):
    event, segment, _people = house
    send(world, make, write(world, make, event, segment), 2)
    second = write(world, make, event, None)
    with world.inside():
        count = queries.count(queries.by_id(second))
    assert dict(count.left_out)["They have been invited to this event before"] == 2
    send(world, make, second, 1)
    assert len(invited(world)) == 3


def test_it_is_sent_once_and_to_the_number_that_was_typed(world, make, house):
    event, segment, _people = house
    number = write(world, make, event, segment)
    with pytest.raises(actions.AnotherNumber):
        send(world, make, number, 3)
    assert invited(world) == {}
    send(world, make, number, 2)
    with pytest.raises(actions.NotNow):
        send(world, make, number, 2)
    assert len(invited(world)) == 2


def test_cadence_holds_an_invitation_back(world, make, house):
    event, segment, people = house
    moment = clock.now() - timedelta(days=3)
    make.stored(
        Message(
            letter="invitations/event",
            occasion="before",
            member_id=people["ada"].id,
            address=people["ada"].address,
            address_key=people["ada"].address_key,
            stream=Stream.marketing,
            lane=2,
            topic="events",
            state=State.accepted,
            planned_at=moment,
            due_at=moment,
            handed_over_at=moment,
        )
    )
    with world.inside():
        session().execute(
            update(TopicChoice)
            .where(TopicChoice.member_id == people["ada"].id, TopicChoice.topic == Topic.events)
            .values(cadence=Cadence.monthly)
        )
    number = write(world, make, event, segment)
    with world.inside():
        assert queries.count(queries.by_id(number)).people == 1


def test_those_who_have_not_answered_are_asked_once_more_and_never_again(world, make, house):
    event, segment, people = house
    number = write(world, make, event, segment)
    with pytest.raises(actions.NotNow):
        send(world, make, number, 2, actions.remind)
    send(world, make, number, 2)
    with world.inside():
        seats.take_seat(session().get_one(Member, people["mo"].id), event.id)
    world.letters()
    with world.inside():
        assert queries.count_reminded(queries.by_id(number)).people == 1
    send(world, make, number, 1, actions.remind)
    again = [one for one in world.letters(people["ada"].address) if "thinking" in one.subject]
    assert len(again) == 1
    assert "have not heard from you" in again[0].text
    assert [one for one in world.letters(people["mo"].address) if "thinking" in one.subject] == []
    with pytest.raises(actions.NotNow):
        send(world, make, number, 1, actions.remind)


def test_a_closed_event_invites_nobody(world, make, house):
    event, segment, _people = house
    number = write(world, make, event, segment)
    with world.inside():
        event_actions.call_off(event.id, "The river is high.")
    with pytest.raises(actions.NotNow):
        send(world, make, number, 2)


def test_one_on_its_way_ends_with_the_event_and_is_held_when_it_moves(world, make, house):
    event, segment, _people = house
    by = make.staff("recruiter")
    with world.inside():
        mailing = actions.send(write(world, make, event, segment), 2, by, world.settings).id
        session().get_one(Mailing, mailing).state = MailingState.sending
    with world.inside():
        session().get_one(Event, event.id).sequence += 1
    with world.app.app_context():
        assert actions.stop_what_is_over() == 1
        assert actions.stop_what_is_over() == 0
    with world.inside():
        held = session().get_one(Mailing, mailing)
        assert held.state is MailingState.paused
        assert "was moved" in held.words
    with world.inside():
        event_actions.call_off(event.id, "The river is high.")
    with world.app.app_context():
        assert actions.stop_what_is_over() == 1
    with world.inside():
        assert session().get_one(Mailing, mailing).state is MailingState.cancelled
        assert set(session().scalars(select(Message.state).where(Message.mailing_id == mailing))) == {
            State.skipped
        }


def test_taken_back_it_is_a_draft_again(world, make, house):
    event, segment, _people = house
    number = write(world, make, event, segment)
    by = make.staff("recruiter")
    with world.inside():
        mailing = actions.send(number, 2, by, world.settings)
        mailing.state, mailing.not_before = MailingState.scheduled, clock.now() + timedelta(seconds=30)
    with world.inside():
        steering.take_back(session().scalars(select(Mailing)).one())
    with world.inside():
        assert session().get_one(Invitation, number).is_draft
    send(world, make, number, 2)
    assert len(invited(world)) == 2


def test_a_recruiter_writes_sees_and_sends_it(world, make, house, as_staff):
    event, segment, people = house
    desk = as_staff("recruiter")
    base = f"/admin/events/{event.id}/invitations"
    assert "Write the invitation" in desk.get(base).text
    answer = desk.post(base, segment=str(segment.id), line="I *will* bring cake.")
    assert answer.status_code == 302
    here = answer.location
    page = desk.get(here).text
    for words in ("Invite 2 people", "They have answered already", "I will bring cake."):
        assert words in page
    frame = desk.get(f"{here}/letter")
    assert "sandbox" in frame.headers["Content-Security-Policy"]
    assert "<em>will</em>" in frame.text
    assert desk.post(f"{here}/sending", number="5").status_code == 422
    assert desk.post(f"{here}/sending", number="two").status_code == 422
    assert desk.post(f"{here}/sending", number="2").status_code == 302
    with world.inside():
        mailing = session().scalars(select(Mailing)).one()
    go(world, mailing.id)
    page = desk.get(here).text
    assert "Ask once more" in page
    assert "have not heard from you" in desk.get(f"{here}?once_more=1").text
    assert desk.post(f"{here}/reminder", number="2").status_code == 302
    assert "How asking once more went" in desk.get(here).text
    assert len(invited(world)) == 2
    assert people["ada"].address


def test_who_may_not_is_kept_out_and_mistakes_are_said(world, make, house, as_staff, stranger):
    event, segment, _people = house
    base = f"/admin/events/{event.id}/invitations"
    assert stranger.get(base).status_code == 302
    assert as_staff("teammate").get(base).status_code == 403
    desk = as_staff("recruiter")
    assert desk.post(base, segment=str(segment.id), line="Dear Applicant, come").status_code == 422
    assert desk.post(base, segment="999", line="").status_code == 422
    assert desk.get(f"{base}/99").status_code == 404
    here = desk.post(base, segment="0", line="").location
    other = make.event()
    assert desk.get(here.replace(f"/events/{event.id}/", f"/events/{other.id}/")).status_code == 404
    assert "Thrown away" in desk.post(f"{here}/discard", follow=True).text
    assert desk.get(here).status_code == 404

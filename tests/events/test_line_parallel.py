"""The waitlist when many people act at the same moment: what the receipts tell afterwards must be one true story."""

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlalchemy import func, select, update

from portal.core import clock
from portal.core.db import session
from portal.events import line, seats
from portal.events.models import Answer, Change, Event, Format, Rsvp, RsvpChange, Way
from portal.mail.models import Message
from portal.members import forgetting
from portal.members.models import Member

SEATS = {Way.in_person: 3, Way.online: 2}
THREADS = 8


def retell(changes):
    """Tell the story again, one receipt after the other; nobody is ever ahead of the line or in a seat too many."""
    lines, holds, where = {way: [] for way in Way}, {way: set() for way in Way}, {}
    for change in changes:
        who, way = change.rsvp_id, change.way
        before = where.get(who)
        match change.change:
            case Change.waiting:
                leave(lines, holds, who)
                assert len(holds[way]) == SEATS[way], "nobody waits while a seat is free"
                lines[way].append(who)
            case Change.offered | Change.given:
                assert lines[way].pop(0) == who, "strictly in order"
                holds[way].add(who)
            case Change.seat | Change.switched:
                leave(lines, holds, who)
                assert not lines[way], "nobody overtakes who waits"
                holds[way].add(who)
            case Change.accepted:
                assert before is Answer.offered
            case Change.given_back | Change.declined | Change.lapsed | Change.left_line:
                leave(lines, holds, who)
        where[who] = change.answer
        assert all(len(holds[way]) <= SEATS[way] for way in Way), "never over capacity"
    return lines, holds


def leave(lines, holds, who):
    for people in lines.values():
        if who in people:
            people.remove(who)
    for people in holds.values():
        people.discard(who)


def an_event(make):
    return make.event(
        format=Format.hybrid,
        in_days=9,
        capacity_in_person=SEATS[Way.in_person],
        capacity_online=SEATS[Way.online],
    )


def act(world, event, person, dice):
    """One deed of somebody, chosen by the dice."""
    way = dice.choice(list(Way))
    with (
        world.inside(),
        suppress(seats.EventClosed, seats.OfferOver, seats.NoSeat, LookupError),
    ):
        member = session().get(Member, person.id)
        if member is None:
            return
        match dice.choice(["ask", "ask", "ask", "accept", "give_up", "give_up", "switch"]):
            case "ask":
                seats.take_seat(member, event.id, way)
            case "accept":
                seats.accept(member, event.id)
            case "give_up":
                seats.give_up(member, event.id)
            case "switch":
                seats.switch(member, event.id, way)


def let_an_offer_run_out(world, event):
    with world.inside():
        oldest = (
            select(Rsvp.id)
            .where(Rsvp.event_id == event.id, Rsvp.answer == Answer.offered)
            .order_by(Rsvp.id)
            .limit(1)
        )
        session().execute(
            update(Rsvp)
            .where(Rsvp.id.in_(oldest), Rsvp.answer == Answer.offered)
            .values(offer_until=clock.now())
            .execution_options(synchronize_session=False)
        )
    with world.app.app_context():
        line.pass_on()


@pytest.mark.parametrize("seed", range(3))
def test_many_at_once_in_every_way_make_one_true_story(world, make, seed):
    event, people = an_event(make), [make.member() for _ in range(14)]

    def live(number):
        dice = random.Random(f"{seed} {number}")
        for _ in range(15):
            act(world, event, dice.choice(people), dice)
            if dice.random() < 0.2:
                let_an_offer_run_out(world, event)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(live, range(THREADS)))
    with world.inside():
        changes = session().scalars(select(RsvpChange).order_by(RsvpChange.id)).all()
        lines, holds = retell(changes)
        stored = session().get_one(Event, event.id)
        for way in Way:
            assert stored.taken_of(way) == len(holds[way])
            rows = session().scalars(
                select(Rsvp.id)
                .where(Rsvp.answer == Answer.waiting, Rsvp.way == way)
                .order_by(Rsvp.ticket, Rsvp.id)
            )
            assert list(rows) == lines[way]
        mails = session().scalar(select(func.count()).select_from(Message))
        assert mails == len(changes), "one mail a change"


def test_erasing_people_meanwhile_leaves_every_seat_accounted_for_and_nobody_waits_in_a_circle(world, make):
    event, people = an_event(make), [make.member() for _ in range(16)]

    def live(number):
        dice = random.Random(number)
        for _ in range(12):
            act(world, event, dice.choice(people), dice)

    def erase(person):
        with world.inside(), suppress(forgetting.GoneAlready):
            forgetting.forget(session().get_one(Member, person.id), world.settings)

    with ThreadPoolExecutor(THREADS) as pool:
        lives = [pool.submit(live, number) for number in range(THREADS)]
        gone = [pool.submit(erase, person) for person in people[::2]]
        for one in (*lives, *gone):
            one.result()
    with world.inside():
        stored = session().get_one(Event, event.id)
        for way in Way:
            held = session().scalar(
                select(func.count()).where(Rsvp.way == way, Rsvp.answer.in_([Answer.seat, Answer.offered]))
            )
            waiting = session().scalar(
                select(func.count()).where(Rsvp.way == way, Rsvp.answer == Answer.waiting)
            )
            assert stored.taken_of(way) == held <= SEATS[way]
            assert not (waiting and stored.left(way))
        assert (
            session().scalar(select(func.count()).where(Rsvp.member_id.in_([p.id for p in people[::2]]))) == 0
        )

"""The waitlist against a simple model of it: whatever people do, in whatever order."""

from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.core.db import session
from portal.events import actions, queries, seats
from portal.events.models import Answer, Event, Rsvp
from portal.mail.models import Message
from portal.members.models import Member
from tests.events.drafts import draft_of

PEOPLE = 6
DEEDS = st.one_of(
    st.tuples(st.just("yes"), st.integers(0, PEOPLE - 1)),
    st.tuples(st.just("no"), st.integers(0, PEOPLE - 1)),
    st.tuples(st.just("erase"), st.integers(0, PEOPLE - 1)),
    st.tuples(st.just("capacity"), st.integers(0, 4)),
)


@dataclass
class Model:
    """What should be true."""

    capacity: int
    seats: set[int] = field(default_factory=set)
    line: list[int] = field(default_factory=list)
    letters: int = 0

    def yes(self, who):
        if who in self.seats or who in self.line:
            return
        if len(self.seats) < self.capacity:
            self.seats.add(who)
        else:
            self.line.append(who)
        self.letters += 1

    def no(self, who):
        if who in self.line:
            self.line.remove(who)
            self.letters += 1
        elif who in self.seats:
            self.seats.remove(who)
            self.letters += 1
            self.promote()

    def erase(self, who):
        if who in self.line:
            self.line.remove(who)
        elif who in self.seats:
            self.seats.remove(who)
            self.promote()

    def set_capacity(self, capacity):
        self.capacity = capacity
        self.promote()

    def promote(self):
        while self.line and len(self.seats) < self.capacity:
            self.seats.add(self.line.pop(0))
            self.letters += 1


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(capacity=st.integers(0, 3), deeds=st.lists(DEEDS, min_size=1, max_size=25))
def test_never_oversold_first_come_first_served_no_idle_seat_one_letter_a_change(
    world, make, capacity, deeds
):
    event = make.event(capacity=capacity)
    people = [make.member() for _ in range(PEOPLE)]
    numbers = {person.id: number for number, person in enumerate(people)}
    model = Model(capacity)
    for deed, value in deeds:
        with world.inside():
            if deed == "capacity":
                stored = queries.by_id(event.id)
                actions.save(event.id, draft_of(stored, capacity=value), stored.changed_at.isoformat())
                model.set_capacity(value)
            else:
                person = session().get_one(Member, people[value].id)
                if deed == "yes":
                    seats.take_seat(person, event.id)
                    model.yes(value)
                elif deed == "no":
                    seats.give_up(person, event.id)
                    model.no(value)
                else:
                    seats.release(person)
                    model.erase(value)
        with world.inside():
            rows = (
                session()
                .execute(
                    select(Rsvp.member_id, Rsvp.answer)
                    .where(Rsvp.event_id == event.id)
                    .order_by(Rsvp.asked_at, Rsvp.id)
                )
                .all()
            )
            stored = session().get_one(Event, event.id)
            assert {numbers[row[0]] for row in rows if row[1].holds} == model.seats
            assert [numbers[row[0]] for row in rows if row[1] is Answer.waiting] == model.line
            assert stored.taken == len(model.seats)
            assert not (model.line and stored.taken < stored.capacity)
            ids = select(Message).where(Message.letter.like("events/%"), Message.member_id.in_(numbers))
            assert len(session().scalars(ids).all()) == model.letters
            for place, who in enumerate(model.line, 1):
                planned = queries.whole(session().get_one(Member, people[who].id), event_id=event.id)
                assert planned.position == place

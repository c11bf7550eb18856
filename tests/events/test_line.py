"""The waitlist against a simple model of it: whatever people do, in whatever order, at whatever time."""

import itertools
from collections import Counter
from contextlib import suppress
from datetime import timedelta

import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from portal.core import clock
from portal.core.db import session
from portal.events import actions, line, queries, seats
from portal.events.models import Answer, Change, Event, EventGuest, Format, Rsvp, RsvpChange, Way
from portal.mail.models import Message
from portal.members import forgetting
from portal.members.models import Member
from tests.events.drafts import draft_of
from tests.events.reference import Reference, Standing

ZONES = ("Europe/Lisbon", "Asia/Kolkata", "America/Los_Angeles", "Pacific/Kiritimati", "")
WHO = st.integers(0, 5)
WAYS = st.sampled_from(list(Way))
_numbers = itertools.count(1)


def machine(world, make):
    """Return the rules for one world; every example has an event and people of its own."""

    class Evening(RuleBasedStateMachine):
        @initialize(
            hours=st.integers(1, 24 * 12), here=st.integers(0, 2), online=st.integers(0, 2), zone=st.data()
        )
        def plan(self, hours, here, online, zone):
            self.time = time_machine.travel(clock.now(), tick=False)
            self.traveller = self.time.start()
            self.event = make.event(
                in_days=hours / 24, format=Format.hybrid, capacity_in_person=here, capacity_online=online
            )
            self.people = [self.somebody(number, zone.draw(st.sampled_from(ZONES))) for number in range(6)]
            self.model = Reference(
                self.event.starts_at,
                {Way.in_person: here, Way.online: online},
                {number: Standing(one.zone or self.event.zone) for number, one in enumerate(self.people)},
            )

        def somebody(self, number, zone):
            """Every third is a guest from outside."""
            if number % 3:
                return make.member(zone=zone)
            key = f"guest{next(_numbers)}@example.net"
            return make.stored(
                EventGuest(
                    event_id=self.event.id,
                    name="Gus Guest",
                    address=key,
                    address_key=key,
                    zone=zone,
                    created_at=clock.now(),
                )
            )

        def person(self, who):
            return session().get_one(type(self.people[who]), self.people[who].id)

        @rule(who=WHO, way=WAYS)
        def ask(self, who, way):
            with world.inside(), suppress(seats.EventClosed):
                seats.take_seat(self.person(who), self.event.id, way)
            self.model.ask(who, way, clock.now())

        @rule(who=WHO)
        def accept(self, who):
            with world.inside(), suppress(seats.EventClosed, seats.OfferOver):
                seats.accept(self.person(who), self.event.id)
            self.model.accept(who, clock.now())

        @rule(who=WHO)
        def give_up(self, who):
            with world.inside(), suppress(seats.EventClosed):
                seats.give_up(self.person(who), self.event.id)
            self.model.give_up(who, clock.now())

        @rule(who=WHO, way=WAYS)
        def switch(self, who, way):
            with world.inside(), suppress(seats.EventClosed, seats.NoSeat, LookupError):
                seats.switch(self.person(who), self.event.id, way)
            self.model.switch(who, way, clock.now())

        @rule(minutes=st.integers(1, 60 * 20), does_the_job=st.booleans())
        def wait(self, minutes, does_the_job):
            self.traveller.shift(timedelta(minutes=minutes))
            if does_the_job:
                with world.app.app_context():
                    line.pass_on()
                self.model.pass_on(clock.now())

        @rule(way=WAYS, capacity=st.integers(0, 3))
        def change_capacity(self, way, capacity):
            with world.inside():
                stored = queries.by_id(self.event.id)
                draft = draft_of(stored, **{f"capacity_{way.value}": capacity})
                actions.save(self.event.id, draft, stored.changed_at.isoformat())
            self.model.set_capacity(way, capacity, clock.now())

        @rule(who=WHO)
        def erase(self, who):
            with world.inside():
                person = self.person(who)
                if isinstance(person, Member):
                    forgetting.forget(person, world.settings)
                else:
                    seats.release(person)
                    session().delete(person)
            self.model.erase(who, clock.now())
            zone = self.model.people[who].zone
            self.people[who] = self.somebody(who, zone)
            self.model.people[who] = Standing(zone)

        @rule(really=st.integers(0, 9))
        def call_off(self, really):
            if really == 0:
                with world.inside(), suppress(actions.NotReady):
                    actions.call_off(self.event.id, "The river rose.")
                self.model.call_off(clock.now())

        @invariant()
        def is_as_the_model_says(self):
            if not hasattr(self, "model"):
                return
            with world.inside():
                event = session().get_one(Event, self.event.id)
                for way in Way:
                    assert event.taken_of(way) == self.model.held(way)
                    if self.model.is_open(clock.now()):
                        assert not (self.model.lines[way] and event.left(way))
                for who, one in self.model.people.items():
                    self.is_as_they_stand(who, one)

        def is_as_they_stand(self, who, one):
            planned = queries.whole(self.person(who), event_id=self.event.id)
            rsvp = planned.rsvp
            if rsvp is None:
                assert one.answer is None
                return
            assert (rsvp.answer, rsvp.way, rsvp.offer_until) == (one.answer, one.way, one.until)
            assert planned.position == self.model.position(who)
            receipts = session().scalars(
                select(RsvpChange).where(RsvpChange.rsvp_id == rsvp.id).order_by(RsvpChange.id)
            )
            changes = list(receipts)
            assert [change.turn for change in changes] == list(range(1, one.changes + 1))
            assert [change.answer for change in changes][-1] is one.answer
            mails = session().scalars(
                select(Message.occasion).where(Message.address_key == self.people[who].address_key)
            )
            expected = [
                f"event:{self.event.id}:{self.event.sequence + 1}:{rsvp.id}"
                if change.change is Change.called_off
                else f"event:{self.event.id}:rsvp:{rsvp.id}:{change.turn}"
                for change in changes
            ]
            assert Counter(mails) == Counter(expected)

        def teardown(self):
            if hasattr(self, "time"):
                self.time.stop()

    return Evening


def test_never_oversold_no_idle_seat_in_order_one_receipt_and_one_mail_a_change(world, make):
    run_state_machine_as_test(
        lambda: machine(world, make)(),
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_seat_never_goes_back_to_whoever_gave_it_back(world, make):
    event, canceller, *others = make.event(capacity=1), *(make.member() for _ in range(3))
    for person in (canceller, *others):
        with world.inside():
            seats.take_seat(person, event.id)
    for person in (canceller, *others):
        with world.inside():
            seats.give_up(person, event.id)
            rows = session().execute(select(Rsvp.member_id, Rsvp.answer)).all()
            offered = [row[0] for row in rows if row[1] is Answer.offered]
            assert person.id not in offered
    with world.inside():
        assert session().get_one(Event, event.id).taken == 0
        assert seats.take_seat(canceller, event.id).answer is Answer.seat

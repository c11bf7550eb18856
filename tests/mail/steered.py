"""What the tests of steering share: mailings by a plan, a clock that is moved, and settings of one's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, literal, select

from portal.core import clock
from portal.core.db import session
from portal.mail import actions, schedule
from portal.mail.models import Mailing, MailingState, Message, Stream, Variant
from portal.mail.schedule import Plan
from portal.members.models import Member, Status
from tests.mail.post_room import HTML, TEXT, PostRoom


class Steered:
    """A post room whose mailings leave by a plan."""

    def __init__(self, room: PostRoom) -> None:
        self.room, self.world, self.provider = room, room.world, room.provider
        self.numbers = 0

    def settings(self, **values: Any) -> None:
        """Set up the portal otherwise, until the test is over."""
        self.world.app.extensions["portal"] = self.world.app.extensions["portal"].model_copy(update=values)

    def start(self, plan: Plan | None = None, **fields: Any) -> int:
        """Start a mailing to every active member; its id. Without a plan it can be taken back for a minute."""
        self.numbers += 1
        with self.world.inside():
            mailing = Mailing(
                letter="newsletters/issue",
                about=f"steered-{self.numbers}",
                title="The season",
                stream=Stream.marketing,
                started_at=clock.now(),
                sender_name="Inês Prata",
                sender_address="talent@example.org",
                reply_to="talent@example.org",
                **fields,
            )
            audience = select(
                Member.id.label("member_id"),
                Member.address,
                Member.address_key,
                literal(0).label("mask"),
                literal(False).label("is_tracked"),
                Member.zone.label("zone"),
            ).where(Member.status == Status.active)
            variant = Variant(subject="The season, %%name%%", html=HTML, text=TEXT)
            actions.start_mailing(mailing, {0: variant}, audience, plan or self.soon())
            return mailing.id

    def soon(self, pilot: int = 0) -> Plan:
        """As soon as Send cannot be taken back."""
        return schedule.at_once(self.world.app.extensions["portal"], pilot)

    def tick(self) -> None:
        """A minute of the schedule, and all that it asks for."""
        self.room.do("mail.steer")
        self.room.do("mail.sweep")
        self.world.run_jobs()

    def state(self, number: int) -> MailingState:
        """Where a mailing stands."""
        return self.room.mailing(number).state

    def got_it(self) -> list[str]:
        """Every address the provider took something for, in the order of the alphabet."""
        return sorted(self.provider.addresses())

    def started(self) -> int:
        """How many mailings there are."""
        with self.world.inside():
            return session().scalar(select(func.count()).select_from(Mailing)) or 0

    def change_rows(self, number: int, values: dict[str, Any], most: int = 10**9) -> None:
        """Write into the first rows of a mailing behind everybody's back."""
        with self.world.inside() as current:
            rows = current.scalars(
                select(Message).where(Message.mailing_id == number).order_by(Message.id).limit(most)
            )
            for row in rows:
                for name, value in values.items():
                    setattr(row, name, value)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """At that moment; the clock goes on from there."""
    with time_machine.travel(moment, tick=True):
        yield


def in_a_while(**span: float) -> datetime:
    """So much later than now."""
    return clock.now() + timedelta(**span)


@pytest.fixture
def steered(post_room: PostRoom) -> Iterator[Steered]:
    """The post room, with a minute to take Send back."""
    before = post_room.world.app.extensions["portal"]
    found = Steered(post_room)
    found.settings(undo_seconds=60)
    yield found
    post_room.world.app.extensions["portal"] = before

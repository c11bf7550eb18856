"""What the tests of the ledger share: the application with the stub as its provider, letters and mailings in it."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from sqlalchemy import event, literal, select

from portal import jobs
from portal.core import clock
from portal.core.addresses import parse
from portal.core.db import db, session
from portal.mail import actions, queries
from portal.mail.models import Mailing, MailingState, Message, Stream, Variant
from portal.mail.queries import Balance
from portal.mail.transports.choose import transport
from portal.members.models import Member, Status
from tests.rig import databases
from tests.stub.fixtures import Provider
from tests.world import World

TEXT = "Hello %%name%%, news.\n%%unsubscribe_url%%\n%%preferences_url%%"
HTML = '<p>Hello %%name%%</p><a href="%%unsubscribe_url%%">Stop</a><a href="%%preferences_url%%">Choose</a>'


class PostRoom:
    """The real application, whose mail goes to the stub; a batch holds `capacity` people."""

    def __init__(self, world: World, provider: Provider, capacity: int, read_seconds: float = 3) -> None:
        self.world, self.provider, self.make = world, provider, world.make
        self.way = transport(
            provider.mail_url,
            outbox=world.settings.outbox,
            read_seconds=read_seconds,
            is_plain_allowed=True,
        )
        self.way.capacity = capacity  # type: ignore[misc]
        world.app.extensions["portal_transport"] = self.way
        world.app.extensions.pop("portal_mail_desk", None)
        self.numbers = 0
        self.holders: list[subprocess.Popen[bytes]] = []

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.world.settings.database_url.get_secret_value().startswith("sqlite")

    @contextmanager
    def quick_to_give_up(self) -> Iterator[None]:
        """SQLite says "locked" after half a second instead of waiting for half a minute."""

        def hurry(connection: Any, *_rest: Any) -> None:
            connection.execute("PRAGMA busy_timeout=500")

        with self.world.app.app_context():
            engine = db.engine
        if not self.is_sqlite:
            yield
            return
        event.listen(engine, "checkout", hurry)
        try:
            yield
        finally:
            event.remove(engine, "checkout", hurry)
            engine.dispose()

    def end_holders(self) -> None:
        """Wait for the processes that held the database."""
        for holder in self.holders:
            holder.wait(20)
        self.holders.clear()

    def people(self, count: int) -> list[Member]:
        """So many members, stored at once."""
        first = self.make.member()
        with self.world.inside() as current:
            taken = {column.name: getattr(first, column.name) for column in Member.__table__.columns}
            del taken["id"]
            for number in range(1, count):
                address = f"person{number}@example.org"
                unique = {"address": address, "address_key": address, "public_id": f"p{number:021d}"}
                current.add(
                    Member(**(taken | unique | {"ledger_key": f"a{number:031d}", "name": f"Person {number}"}))
                )
        with self.world.inside() as current:
            found = list(current.scalars(select(Member).order_by(Member.id)))
            current.expunge_all()
        return found

    def plan(self, topic: str = "") -> int:
        """Start a mailing to every active member; its id."""
        self.numbers += 1
        with self.world.inside():
            mailing = Mailing(
                letter="newsletters/issue",
                about=f"mailing-{self.numbers}",
                title="The season",
                stream=Stream.marketing,
                topic=topic,
                started_at=clock.now(),
                sender_name="Inês Prata",
                sender_address="talent@example.org",
                reply_to="talent@example.org",
                state=MailingState.sending,
            )
            audience = select(
                Member.id.label("member_id"),
                Member.address,
                Member.address_key,
                literal(0).label("mask"),
                literal(False).label("is_tracked"),
            ).where(Member.status == Status.active)
            variant = Variant(subject="The season, %%name%%", html=HTML, text=TEXT)
            actions.start_mailing(mailing, {0: variant}, audience)
            return mailing.id

    def letter(self, to: Member, occasion: str = "once", name: str = "members/welcome", **more: Any) -> bool:
        """Plan a single letter to a member."""
        with self.world.inside():
            return actions.post(name, parse(to.address), occasion, member_id=to.id, **more)

    def do(self, job: str, *ids: int) -> Any:
        """Do a job as a worker would."""
        with self.world.app.app_context():
            return jobs.run(job, *ids)

    def send(self, mailing: int) -> Any:
        """Hand over a mailing, as far as it goes."""
        return self.do("mail.send_mailing", mailing)

    def hand_over(self) -> Any:
        """Hand over what single letters are due."""
        return self.do("mail.hand_over_letters")

    def rows(self, mailing: int | None = None) -> list[Message]:
        """The ledger, or the part of it that is a mailing's."""
        with self.world.inside() as current:
            statement = select(Message).order_by(Message.id)
            if mailing is not None:
                statement = statement.where(Message.mailing_id == mailing)
            found = list(current.scalars(statement))
            current.expunge_all()
            return found

    def states(self, mailing: int | None = None) -> dict[str, int]:
        """How many messages stand where."""
        return dict(Counter(row.state.value for row in self.rows(mailing)))

    def only(self) -> Message:
        """The one message there is."""
        [row] = self.rows()
        return row

    def mailing(self, number: int) -> Mailing:
        """A mailing as it is stored."""
        with self.world.inside() as current:
            found = current.get_one(Mailing, number)
            current.expunge(found)
            return found

    def balance(self, number: int) -> Balance:
        """Where everybody stands."""
        with self.world.inside():
            return queries.balance(session().get_one(Mailing, number))

    def change(self, number: int, deed: Callable[[Mailing], Any]) -> None:
        """Pause, resume or cancel a mailing."""
        with self.world.inside():
            deed(session().get_one(Mailing, number))

    def wait_for(self, what: Callable[[], bool], seconds: float = 20) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < deadline, "it never came about"
            time.sleep(0.02)


@contextmanager
def later(**span: float) -> Iterator[None]:
    """That much later; the clock goes on from there."""
    with time_machine.travel(clock.now() + timedelta(**span), tick=True):
        yield


@contextmanager
def meanwhile(deed: Callable[[], Any]) -> Iterator[list[Any]]:
    """Do something in another thread; at the end of the block its result stands in the list."""
    results: list[Any] = []
    broken: list[BaseException] = []

    def run() -> None:
        try:
            results.append(deed())
        except BaseException as error:
            broken.append(error)

    thread = Thread(target=run)
    thread.start()
    try:
        yield results
    finally:
        thread.join(60)
    assert not broken, broken
    assert results, "it never ended"


def at_once(deeds: Sequence[Callable[[], Any]]) -> list[Any]:
    """Begin them all at the same moment."""
    gate = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        gate.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def another_process(world: World, provider: Provider, script: str, *arguments: str) -> subprocess.Popen[str]:
    """Run Python in a process of its own, with `app` being the application on the same database and provider."""
    start = (
        "import os, signal, sys, time\n"
        "from portal.app import create_app\n"
        "app = create_app()\n"
        "app.extensions['portal_queue'] = lambda name, ids: None\n"
    )
    settings = {
        "env": "test",
        "database_url": world.settings.database_url.get_secret_value(),
        "instance_path": str(world.settings.instance),
        "base_url": world.settings.base_url,
        "secret_key": world.settings.secret_key.get_secret_value(),
        "mail_url": provider.mail_url,
        "log_level": "error",
    }
    return subprocess.Popen(
        [sys.executable, "-c", start + script, *arguments],
        env=databases.clean_environment() | {f"PORTAL_{name.upper()}": one for name, one in settings.items()},
        cwd=Path(__file__).parents[2],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Wait for a process; its exit code and what it said."""
    said, errors = process.communicate(timeout=60)
    return process.returncode, said + errors


@pytest.fixture
def post_room(world: World, provider: Provider) -> Iterator[PostRoom]:
    """The application with the stub as its provider, ten people a batch."""
    before = world.app.extensions["portal_transport"]
    room = PostRoom(world, provider, capacity=10)
    yield room
    room.way.close()
    world.app.extensions["portal_transport"] = before
    world.app.extensions.pop("portal_mail_desk", None)

"""A copy of the database that wakes up elsewhere, or an old backup in the same place, sends nothing by itself."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from portal.mail import residence, steering
from portal.mail.models import MailingState, Reason
from tests.mail.post_room import PostRoom, later
from tests.mail.steered import Steered
from tests.rig import databases, postgres
from tests.stub.fixtures import Provider
from tests.world import World


@contextmanager
def a_copy_of(steered: Steered, folder: Path) -> Iterator[Steered]:
    """The same database, made by the database's own means, with a portal on it in another place."""
    url = make_url(steered.world.settings.database_url.get_secret_value())
    if url.get_backend_name() == "sqlite":
        assert url.database
        copy = folder / "copy.db"
        with sqlite3.connect(url.database) as first, sqlite3.connect(copy) as second:
            first.backup(second)
        first.close()
        second.close()
        with _portal_on(f"sqlite:///{copy}", steered.provider, folder) as found:
            yield found
        return
    assert url.database
    name = f"{url.database}_copy"
    # Nobody may be in the database that is copied.
    databases.close()
    with steered.world.app.app_context():
        residence.db.engine.dispose()
    with psycopg.connect(postgres.admin_url(), autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [url.database]
        )
        admin.execute(f'CREATE DATABASE "{name}" OWNER {postgres.OWNER} TEMPLATE "{url.database}"')
        try:
            address = url.set(database=name).render_as_string(hide_password=False)
            with _portal_on(address, steered.provider, folder) as found:
                yield found
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def _portal_on(url: str, provider: Provider, folder: Path) -> Iterator[Steered]:
    world = World(url, folder / "instance")
    room = PostRoom(world, provider, capacity=10)
    try:
        yield Steered(room)
    finally:
        room.way.close()
        with world.app.app_context():
            residence.db.engine.dispose()


def test_a_copy_holds_all_that_is_scheduled_or_under_way(steered: Steered, tmp_path: Path) -> None:
    people = steered.room.people(5)
    steered.tick()
    waiting = steered.start()
    running = steered.room.plan()
    with a_copy_of(steered, tmp_path) as copy:
        with later(seconds=70):
            copy.room.send(running)
            for _ in range(2):
                copy.tick()
            assert copy.got_it() == []
            for number in (waiting, running):
                found = copy.room.mailing(number)
                assert (found.state, found.reason) == (MailingState.held, Reason.copied)
            # The first one goes on undisturbed.
            steered.tick()
            steered.room.send(running)
            assert copy.got_it() == sorted([one.address for one in people] * 2)
        with later(hours=5):
            copy.tick()
            with copy.world.inside():
                residence.take_over(copy.world.settings, with_letters=False)
            copy.tick()
            assert len(copy.got_it()) == 10, "what was held waits for a decision of its own"
            copy.room.change(waiting, steering.cancel)
            copy.room.change(running, steering.let_go)
            copy.tick()
            assert len(copy.got_it()) == 15
            copy.tick()
            with copy.world.inside():
                assert residence.held() is None


def test_a_copy_posts_no_letters_that_waited_but_those_of_its_own(steered: Steered, tmp_path: Path) -> None:
    [person] = steered.room.people(1)
    steered.tick()
    steered.room.letter(person, "before")
    with a_copy_of(steered, tmp_path) as copy:
        copy.room.do("mail.steer")
        copy.room.hand_over()
        assert copy.got_it() == []
        with later(seconds=5):
            copy.room.letter(person, "asked of the copy")
            copy.room.hand_over()
            assert copy.got_it() == [person.address], "somebody must be able to sign in and decide"
            with copy.world.inside():
                assert residence.take_over(copy.world.settings, with_letters=False) == 1
            copy.tick()
            assert copy.got_it() == [person.address]


def test_letters_that_waited_leave_when_somebody_says_so(steered: Steered, tmp_path: Path) -> None:
    [person] = steered.room.people(1)
    steered.tick()
    steered.room.letter(person, "before")
    with a_copy_of(steered, tmp_path) as copy:
        copy.room.do("mail.steer")
        with copy.world.inside():
            assert residence.take_over(copy.world.settings, with_letters=True) == 1
        copy.tick()
        assert copy.got_it() == [person.address]


def test_an_old_backup_in_the_same_place_is_noticed(steered: Steered) -> None:
    steered.room.people(3)
    for _ in range(3):
        steered.tick()
    number = steered.start()
    with steered.world.inside() as current:
        row = residence.the_row()
        assert row is not None
        row.beats -= 1
        current.flush()
    with later(seconds=70):
        steered.tick()
        assert steered.state(number) is MailingState.held
        assert steered.got_it() == []
        with steered.world.inside():
            residence.take_over(steered.world.settings, with_letters=True)
        steered.room.change(number, steering.let_go)
        steered.tick()
        assert len(steered.got_it()) == 3


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": 3}', '{"name": "x", "beats": "many"}'])
def test_a_file_that_cannot_be_read_stops_nothing(steered: Steered, text: str) -> None:
    steered.tick()
    (steered.world.settings.instance / residence.FILE).write_text(text)
    steered.tick()
    with steered.world.inside():
        assert residence.held() is None
        assert residence.is_home(steered.world.settings)


def test_a_new_database_beside_an_old_file_is_at_home(steered: Steered) -> None:
    folder = steered.world.settings.instance
    folder.mkdir(parents=True, exist_ok=True)
    (folder / residence.FILE).write_text('{"name": "another", "beats": 999}')
    steered.tick()
    with steered.world.inside():
        assert residence.held() is None


def test_the_place_outlives_a_restart_and_a_vacuum(steered: Steered, tmp_path: Path) -> None:
    with steered.world.inside():
        before = residence.place(steered.world.settings)
        assert before == residence.place(steered.world.settings)
    url = make_url(steered.world.settings.database_url.get_secret_value())
    if url.get_backend_name() == "sqlite":
        assert url.database
        with sqlite3.connect(url.database) as line:
            line.execute("VACUUM")
        line.close()
        shutil.copyfile(url.database, tmp_path / "other.db")
        other = World(f"sqlite:///{tmp_path / 'other.db'}", tmp_path / "instance")
        with other.app.app_context():
            assert residence.place(other.settings) != before
            residence.db.engine.dispose()
    with steered.world.inside():
        assert residence.place(steered.world.settings) == before

"""A database that goes away, is held by somebody else, or has no room left, while a mailing goes out."""

import contextlib
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.core.db import db
from tests.mail.post_room import later
from tests.mail.proving.cluster import Cluster, cluster
from tests.mail.proving.ground import Ground, Nursery
from tests.mail.test_saving import HOLDS
from tests.rig import databases, run
from tests.stub.fixtures import Provider
from tests.world import World

only_sqlite = pytest.mark.skipif("sqlite" not in databases.KINDS, reason="SQLite is not asked for")
only_postgresql = pytest.mark.skipif(
    "postgresql" not in databases.KINDS, reason="PostgreSQL is not asked for"
)


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    """A PostgreSQL that may crash."""
    with cluster(f"crashes-{run.worker()}") as made:
        yield made


@contextlib.contextmanager
def _ground(url: str, provider: Provider, nursery: Nursery, name: str) -> Iterator[Ground]:
    """The proving ground on a database of its own."""
    world = World(url, Path(run.folder()) / f"{name}-{run.worker()}")
    ground = Ground(world, provider, nursery)
    try:
        yield ground
    finally:
        ground.end()
        with world.app.app_context():
            db.engine.dispose()


def _crashes(server: Cluster, provider: Provider, nursery: Nursery, times: int) -> None:
    server.say("TRUNCATE messages, mailings, members CASCADE")
    provider.misbehave("slow", ms=25)
    with _ground(server.url, provider, nursery, "crashes") as ground:
        ground.people(60 * times)
        mailing = ground.plan()
        worker = ground.worker(mailing, job="stay", lease=4, margin=1, capacity=5)
        for _ in range(times):
            before = ground.balance(mailing).accepted
            ground.wait_for(lambda before=before: ground.balance(mailing).accepted > before + 10)
            server.crash()
            time.sleep(0.4)
            server.start()
            ground.wait_for(lambda: _answers(ground, mailing))
            ground.check(mailing)
        ground.wait_for(lambda: ground.balance(mailing).planned + ground.balance(mailing).claimed == 0, 40)
        assert worker.stop() == 0, "it went on by itself"
        found = ground.check(mailing)
        assert found.balance.accepted + found.balance.unknown == 60 * times
        assert found.balance.unknown <= 3 * 5 * times, "at most what was being claimed or saved"
        assert ground.repeated() == {}


def _answers(ground: Ground, mailing: int) -> bool:
    try:
        return ground.balance(mailing).adds_up
    except Exception:
        return False


@only_postgresql
def test_postgresql_that_crashes_and_comes_back_repeats_and_loses_nobody(
    server: Cluster, provider: Provider, nursery: Nursery
) -> None:
    _crashes(server, provider, nursery, 2)


@only_postgresql
@pytest.mark.nightly
def test_postgresql_that_crashes_ten_times(server: Cluster, provider: Provider, nursery: Nursery) -> None:
    _crashes(server, provider, nursery, 10)


@pytest.fixture
def embedded(provider: Provider, nursery: Nursery) -> Iterator[Ground]:
    """The proving ground on a SQLite file of its own."""
    with (
        databases.fresh_database("sqlite") as url,
        _ground(url, provider, nursery, "embedded") as made,
    ):
        yield made


@pytest.mark.nightly
@only_sqlite
def test_sqlite_held_for_twenty_seconds_right_after_an_answer(embedded: Ground, provider: Provider) -> None:
    embedded.people(40)
    mailing = embedded.plan()
    path = embedded.world.settings.database_url.get_secret_value().removeprefix("sqlite:///")
    worker = embedded.worker(
        mailing,
        fault={"point": "after_post", "nth": 2, "how": signal.SIGSTOP},
        statements=["PRAGMA busy_timeout=2000"],
    )
    embedded.wait_until_stopped(worker)
    with subprocess.Popen([sys.executable, "-c", HOLDS, path, "20"], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        began = time.monotonic()
        worker.signal(signal.SIGCONT)
        time.sleep(15)
        assert provider.counts()["requests"] == 2, "nothing leaves while the result cannot be saved"
    assert worker.ended() == 0, embedded.nursery.log.read_text()[-4000:]
    assert time.monotonic() - began > 19
    found = embedded.check(mailing)
    assert (found.balance.accepted, found.balance.is_finished) == (40, True)
    assert embedded.repeated() == {}


@only_sqlite
def test_a_full_disk_stops_the_sending_and_room_lets_it_go_on(embedded: Ground, provider: Provider) -> None:
    embedded.people(300)
    mailing = embedded.plan()
    path = embedded.world.settings.database_url.get_secret_value().removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    provider.misbehave("slow", ms=10)
    room = 200_000
    worker = embedded.worker(
        mailing, job="stay", capacity=10, room=room, statements=["PRAGMA wal_autocheckpoint=0"]
    )
    embedded.wait_for(lambda: Path(f"{path}-wal").stat().st_size > room - 8192)
    time.sleep(1)
    requests = provider.counts()["requests"]
    time.sleep(1)
    assert provider.counts()["requests"] == requests, "what cannot be claimed is not sent"
    assert embedded.check(mailing).balance.planned > 0
    resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    embedded.wait_for(lambda: embedded.balance(mailing).planned == 0, 30)
    assert worker.stop() == 0
    found = embedded.check(mailing)
    assert (found.balance.accepted, found.balance.unknown) == (300, 0)
    assert embedded.repeated() == {}
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


FULL = """
CREATE OR REPLACE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER full_disk BEFORE UPDATE ON messages FOR EACH STATEMENT EXECUTE FUNCTION no_room();
"""


@only_postgresql
def test_a_full_disk_of_postgresql_too(server: Cluster, provider: Provider, nursery: Nursery) -> None:
    server.say("TRUNCATE messages, mailings, members CASCADE")
    provider.misbehave("slow", ms=20)
    with _ground(server.url, provider, nursery, "full") as ground:
        ground.people(200)
        mailing = ground.plan()
        worker = ground.worker(mailing, job="stay", capacity=5)
        ground.wait_for(lambda: ground.balance(mailing).accepted > 20)
        server.say(FULL)
        time.sleep(1)
        requests = provider.counts()["requests"]
        time.sleep(1)
        assert provider.counts()["requests"] == requests, "what cannot be claimed is not sent"
        ground.check(mailing)
        server.say("DROP TRIGGER full_disk ON messages")
        ground.wait_for(lambda: ground.balance(mailing).planned == 0, 30)
        assert worker.stop() == 0
        found = ground.check(mailing)
        assert (found.balance.accepted, found.balance.unknown) == (200, 0)
        assert ground.repeated() == {}


def test_a_clock_that_is_set_by_an_hour_repeats_and_loses_nobody(ground: Ground, tmp_path: Path) -> None:
    ground.people(150)
    mailing = ground.plan()
    ground.provider.misbehave("slow", ms=80)
    step = tmp_path / "step"
    step.write_text("0")
    workers = [ground.worker(mailing, job="stay", capacity=5, step=str(step)) for _ in range(2)]

    def is_done() -> bool:
        return not any(row.state.value == "planned" and not row.attempt for row in ground.rows())

    for by in (3600, 0, -3600, 0):
        before = ground.balance(mailing).accepted
        if by >= 0:
            ground.wait_for(lambda before=before: ground.balance(mailing).accepted > before or is_done())
        _set(step, by)
        time.sleep(0.3)
        ground.check(mailing)
    # Whoever was claimed when the clock leapt on waits for their next turn; everybody else has had theirs.
    ground.wait_for(
        lambda: not any(row.state.value == "planned" and not row.attempt for row in ground.rows())
    )
    assert [worker.stop() for worker in workers] == [0, 0]
    with later(hours=2):
        ground.do("mail.sweep")
        ground.send(mailing)
    found = ground.check(mailing)
    assert found.balance.accepted + found.balance.unknown == 150
    assert found.never_seen == frozenset()
    assert ground.repeated() == {}


def _set(step: Path, by: int) -> None:
    """Set the workers' clock, all at once."""
    new = step.with_suffix(".new")
    new.write_text(str(by))
    new.rename(step)

"""A mailing to a crowd: a million people, several workers, a slow provider, and a sign-in mail in the middle of it."""

import contextlib
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
from flask import Flask
from sqlalchemy import literal, select, text

from portal.app import create_app
from portal.core import clock
from portal.core.addresses import parse
from portal.core.db import db, is_sqlite, session, transaction
from portal.core.settings import Settings, load
from portal.mail import actions, bulk, queries
from portal.mail.models import Mailing, MailingState, Message, State, Stream, Variant
from portal.members.models import Member, Status
from portal.newsletters.mail import ISSUE
from tests.bench import report, sending
from tests.rig import databases, run
from tests.stub.fixtures import ROOT, Provider
from tests.world import World

MILLION = 1_000_000
PEAK_GOAL_MB = 20
PATIENT_GOAL = 20_000
TWO_GOAL = 1.6
LANE_GOAL = 5.0
UNIQUE = {
    "address": "'person' || n || '@example.org'",
    "address_key": "'person' || n || '@example.org'",
    "public_id": "substr('p' || (100000000000 + n) || '0000000000', 1, 22)",
    "ledger_key": "substr('l' || (100000000000 + n) || '00000000000000000000', 1, 32)",
}
"""What no two members share, written by the database."""


def million() -> None:
    """The peak memory of a worker for a million people and for ten thousand, each in a process of its own."""
    for kind in databases.KINDS:
        peaks, rate = {}, 0.0
        for people in (10_000, MILLION):
            with _stage(kind, people) as (app, mailing):
                [(seconds, peak)] = _workers(app, mailing, 1)
                _is_done(app, mailing, people)
                peaks[people], rate = peak, people / seconds
        report.line(
            f"million-{kind}",
            peaks[MILLION] - peaks[10_000],
            "<=",
            PEAK_GOAL_MB,
            f"{rate:,.0f} recipients/s; peak {peaks[10_000]:.0f} MB for 10,000, {peaks[MILLION]:.0f} MB for a million",
        )


def patient() -> None:
    """A provider that takes 150 ms: one worker with four connections."""
    people = 100_000
    for kind in databases.KINDS:
        with _stage(kind, people, ms=150) as (app, mailing):
            [(seconds, _)] = _workers(app, mailing, 1, senders=4)
            _is_done(app, mailing, people)
        report.line(
            f"patient-{kind}", people / seconds, ">=", PATIENT_GOAL, "recipients/s over 4 connections"
        )


def two() -> None:
    """Two workers against one, when the provider takes 100 ms."""
    people = 60_000
    for kind in databases.KINDS:
        took = {}
        for count in (1, 2):
            with _stage(kind, people, ms=100) as (app, mailing):
                took[count] = max(seconds for seconds, _ in _workers(app, mailing, count))
                _is_done(app, mailing, people)
        report.line(
            f"two-{kind}",
            took[1] / took[2],
            ">=",
            TWO_GOAL,
            f"{people / took[1]:,.0f} recipients/s by one worker, {people / took[2]:,.0f} by two",
        )


def lanes() -> None:
    """From asking for a letter of the first lane to its hand-over, in the middle of a send to a million."""
    for kind in databases.KINDS:
        with _stage(kind, MILLION, ms=20) as (app, mailing), _portal_worker(app), app.app_context():
            _until(lambda: _count(mailing, State.accepted) > 2000)
            for number in range(40):
                with transaction():
                    to = parse(f"person{number + 1}@example.org")
                    actions.post("members/welcome", to, f"bench {number}", member_id=number + 2)
                time.sleep(0.25)
            _until(lambda: _waiting() == 0)
            assert _count(mailing, State.planned) > 0, "the mailing was over before the letters were"
            rows = session().execute(
                select(Message.planned_at, Message.handed_over_at).where(Message.occasion.like("bench %"))
            )
            waits = [(left - asked).total_seconds() for asked, left in rows]
            session().rollback()
            db.engine.dispose()
        report.line(
            f"lanes-{kind}", report.p95(waits), "<=", LANE_GOAL, "seconds at p95 until such a letter leaves"
        )


def alone() -> None:
    """Be one worker: wait for a line, send, and say how long it took and what memory it needed at most."""
    app = create_app(_settings(os.environ["BENCH_DATABASE"], os.environ["BENCH_MAIL"]))
    app.extensions["portal_queue"] = lambda _name, _ids: None
    print("ready", flush=True)
    mailing, senders = map(int, sys.stdin.readline().split())
    began = time.perf_counter()
    with app.app_context():
        bulk.send_mailing(mailing, seconds=3000, **({"senders": senders} if senders else {}))
    print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, flush=True)


def _workers(app: Flask, mailing: int, count: int, senders: int = 0) -> list[tuple[float, float]]:
    """Let so many worker processes send at once; the seconds and the peak megabytes of each."""
    settings: Settings = app.extensions["portal"]
    environment = os.environ | {
        "BENCH_DATABASE": settings.database_url.get_secret_value(),
        "BENCH_MAIL": settings.mail_url.get_secret_value(),
    }
    command = [sys.executable, "-c", "from tests.bench import crowd; crowd.alone()"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    workers = [subprocess.Popen(command, env=environment, cwd=ROOT, **pipes) for _ in range(count)]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write(f"{mailing} {senders}\n")
        worker.stdin.flush()
    return [_said(worker) for worker in workers]


def _said(worker: "subprocess.Popen[str]") -> tuple[float, float]:
    seconds, peak = map(float, worker.communicate()[0].split())
    return seconds, peak


@contextlib.contextmanager
def _stage(kind: str, people: int, ms: int = 0) -> Iterator[tuple[Flask, int]]:
    """A database with so many members, a mailing to them all that is ready to leave, and a provider that counts."""
    options = ["--count-only"]
    if ms:
        options += ["--rule", orjson.dumps({"mode": "slow", "ms": ms}).decode()]
    provider = Provider(run.folder() / "accepted.jsonl", *options)
    try:
        with databases.fresh_database(kind) as url:
            _fill(url, people)
            app = create_app(_settings(url, provider.mail_url))
            app.extensions["portal_queue_real"] = app.extensions["portal_queue"]
            app.extensions["portal_queue"] = lambda _name, _ids: None
            with app.app_context():
                mailing = _plan()
            app.extensions["portal_queue"] = app.extensions["portal_queue_real"]
            yield app, mailing
            with app.app_context():
                db.engine.dispose()
    finally:
        provider.stop()


def _fill(url: str, people: int) -> None:
    """So many members like one another, written by the database."""
    world = World(url, Path(run.folder()) / "bench-crowd")
    first = world.make.member()
    columns = [column.name for column in Member.__table__.columns if column.name != "id"]
    values = ", ".join(UNIQUE.get(name, f"members.{name}") for name in columns)
    with world.app.app_context():
        numbers = (
            "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < :most) SELECT n FROM c)"
            if is_sqlite()
            else "(SELECT generate_series(1, :most) AS n)"
        )
        with transaction() as current:
            current.execute(
                text(
                    f"INSERT INTO members ({', '.join(columns)}) SELECT {values} FROM {numbers} AS numbers, members"
                    " WHERE members.id = :first"
                ),
                {"most": people - 1, "first": first.id},
            )
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
        db.engine.dispose()


def _plan() -> int:
    with transaction():
        mailing = Mailing(
            letter=ISSUE,
            about="bench",
            title="The season",
            stream=Stream.marketing,
            topic="",
            state=MailingState.sending,
            started_at=clock.now(),
            sender_name="Inês Prata",
            sender_address="talent@example.org",
            reply_to="talent@example.org",
        )
        audience = select(
            Member.id.label("member_id"),
            Member.address,
            Member.address_key,
            literal(0).label("mask"),
            literal(False).label("is_tracked"),
        ).where(Member.status == Status.active)
        words = Variant(subject="The season", html=sending.HTML, text=sending.BODY)
        actions.start_mailing(mailing, {0: words}, audience)
        mailing.released = None
        return mailing.id


def _settings(url: str, mail_url: str) -> Settings:
    return load(
        env="test",
        database_url=url,
        instance_path=Path(run.folder()) / "bench-crowd",
        mail_url=mail_url,
        base_url="http://portal.test",
        log_level="error",
    )


@contextlib.contextmanager
def _portal_worker(app: Flask) -> Iterator[None]:
    """`portal worker` on that database."""
    settings: Settings = app.extensions["portal"]
    given = {
        "env": "test",
        "database_url": settings.database_url.get_secret_value(),
        "instance_path": str(settings.instance),
        "mail_url": settings.mail_url.get_secret_value(),
        "base_url": settings.base_url,
        "secret_key": settings.secret_key.get_secret_value(),
        "log_level": "error",
    }
    environment = databases.clean_environment() | {
        f"PORTAL_{name.upper()}": one for name, one in given.items()
    }
    worker = subprocess.Popen([sys.executable, "-m", "portal.cli", "worker"], env=environment, cwd=ROOT)
    try:
        with app.app_context(), transaction():
            app.extensions["portal_queue"]("mail.sweep", ())
        yield
    finally:
        worker.terminate()
        worker.wait(60)


def _is_done(app: Flask, mailing: int, people: int) -> None:
    with app.app_context(), transaction():
        balance = queries.balance(session().get_one(Mailing, mailing))
    assert balance.adds_up, balance
    assert balance.accepted == people, balance


def _count(mailing: int, state: State) -> int:
    session().rollback()
    some = select(Message.id).where(Message.mailing_id == mailing, Message.state == state).limit(5000)
    return len(session().execute(some).all())


def _waiting() -> int:
    session().rollback()
    some = select(Message.id).where(Message.occasion.like("bench %"), Message.line.is_not(None))
    return len(session().execute(some).all())


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)

"""A newsletter to many people, through the ledger and without it, to a provider that answers at once."""

import contextlib
import gc
import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import literal, select, update

from portal.app import create_app
from portal.core import clock
from portal.core.db import session, transaction
from portal.core.settings import load
from portal.demo import seed
from portal.mail import actions, bulk, copies, queries
from portal.mail.models import Mailing, MailingState, Message, State, Stream, Variant
from portal.members.models import Member, Status
from portal.newsletters.mail import ISSUE
from portal.preferences.models import Topic
from tests.bench import report
from tests.rig import databases, run
from tests.stub.fixtures import Provider

PEOPLE = 100_000
GOAL = 0.6
MEMORY_GOAL_MB = 30
BODY = (
    "Hello %%name%%,\n\n"
    + "News from the river, and what we learned this season. " * 60
    + "\n%%unsubscribe_url%%"
)
HTML = (
    "<p>Hello %%name%%,</p>" + "<p>News from the river, and what we learned this season.</p>" * 120
) + '<a href="%%unsubscribe_url%%">Stop</a> <a href="%%preferences_url%%">Choose</a>'


def main() -> None:
    """Compare both ways on both databases."""
    for kind in databases.KINDS:
        with _provider() as provider, databases.fresh_database(kind) as url:
            app = _app(url, provider)
            with app.app_context():
                seed.members(PEOPLE, 1)
                rates = [_with_ledger(app, number) for number in range(2)]
                bare = [_without_ledger(app) for _ in range(2)]
        with_it, without = statistics.median(rates), statistics.median(bare)
        report.line(
            f"sending-{kind}",
            with_it / without,
            ">=",
            GOAL,
            f"{with_it:,.0f} recipients/s through the ledger, {without:,.0f} without, {PEOPLE:,} members",
        )


def memory() -> None:
    """Compare the peak memory of a worker for 10,000 and for 100,000 people, each in a process of its own."""
    for kind in databases.KINDS:
        peaks = {}
        with _provider() as provider:
            for people in (10_000, PEOPLE):
                with databases.fresh_database(kind) as url:
                    app = _app(url, provider)
                    with app.app_context():
                        seed.members(people, 1)
                    command = [sys.executable, "-c", "from tests.bench import sending; sending.alone()"]
                    environment = os.environ | {"BENCH_DATABASE": url, "BENCH_MAIL": provider.mail_url}
                    done = subprocess.run(
                        command, env=environment, capture_output=True, text=True, check=True
                    )
                    peaks[people] = int(done.stdout.split()[-1]) / 1024
        report.line(
            f"memory-{kind}",
            peaks[PEOPLE] - peaks[10_000],
            "<=",
            MEMORY_GOAL_MB,
            f"peak {peaks[10_000]:.0f} MB for 10,000 people, {peaks[PEOPLE]:.0f} MB for {PEOPLE:,}",
        )


def alone() -> None:
    """Send one newsletter in this process and print its peak memory in KiB."""
    settings = _settings(os.environ["BENCH_DATABASE"], os.environ["BENCH_MAIL"])
    app = create_app(settings)
    app.extensions["portal_queue"] = lambda name, ids: None
    with app.app_context():
        _with_ledger(app, 0)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _with_ledger(app: Flask, number: int) -> float:
    """Plan and send a newsletter; recipients a second of the sending."""
    with transaction():
        mailing = _mailing(f"bench-{number}")
        audience = select(
            Member.id.label("member_id"),
            Member.address,
            Member.address_key,
            literal(0).label("mask"),
            literal(False).label("is_tracked"),
        ).where(Member.status == Status.active)
        intended = actions.start_mailing(
            mailing, {0: Variant(subject="The season", html=HTML, text=BODY)}, audience
        )
        mailing_id = mailing.id
    gc.collect()
    took = report.seconds(lambda: bulk.send_mailing(mailing_id, seconds=900))
    with transaction():
        balance = queries.balance(session().get(Mailing, mailing_id))
    assert balance.adds_up, balance
    assert balance.is_finished, balance
    assert balance.accepted + balance.skipped == intended, balance
    with transaction() as current:
        # The next one must find nobody who has had their newsletter of the quarter.
        long_ago = clock.now() - timedelta(days=100)
        current.execute(
            update(Message).where(Message.mailing_id == mailing_id).values(handed_over_at=long_ago)
        )
    return balance.accepted / took


def _without_ledger(app: Flask) -> float:
    """Write and post the same requests, personal links included, for people held in memory; nothing is stored."""
    with transaction():
        mailing = session().scalars(select(Mailing).order_by(Mailing.id.desc()).limit(1)).one()
        words = copies.Words(mailing)
        rows = session().execute(
            select(Message.id, Message.address, *words.made_of(Message))
            .where(Message.mailing_id == mailing.id, Message.state == State.accepted)
            .order_by(Message.id)
        )
        people = [copies.Claimed(number, address, tuple(made_of)) for number, address, *made_of in rows]
    transport = app.extensions["portal_transport"]
    size = transport.capacity
    groups = [people[start : start + size] for start in range(0, len(people), size)]
    gc.collect()

    def send_all() -> None:
        for group in groups:
            batch, _ids = words.batch(0, group)
            result = transport.send(batch)
            assert not result.pause

    return len(people) / report.seconds(send_all)


def _mailing(about: str) -> Mailing:
    return Mailing(
        letter=ISSUE,
        about=about,
        title="The season",
        stream=Stream.marketing,
        topic=Topic.newsletter.value,
        state=MailingState.sending,
        started_at=clock.now(),
        sender_name="Inês Prata",
        sender_address="talent@example.org",
        reply_to="talent@example.org",
    )


@contextlib.contextmanager
def _provider() -> Iterator[Provider]:
    provider = Provider(run.folder() / "accepted.jsonl", "--count-only")
    try:
        yield provider
    finally:
        provider.stop()


def _settings(url: str, mail_url: str) -> Any:
    return load(
        env="test",
        database_url=url,
        instance_path=Path(run.folder()) / "bench",
        mail_url=mail_url,
        base_url="http://portal.test",
        log_level="error",
    )


def _app(url: str, provider: Provider) -> Flask:
    app = create_app(_settings(url, provider.mail_url))
    app.extensions["portal_queue"] = lambda name, ids: None
    return app

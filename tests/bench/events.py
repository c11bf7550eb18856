"""Taking a seat - the session, the form token, the seat, its receipt and its planned mail - on PostgreSQL.

Compared with a bare application that does one conditional UPDATE, one INSERT and a commit through the same pool.
"""

import statistics
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import select

from portal.core.db import db, session
from portal.demo import seed
from portal.events.models import Event
from portal.members.models import Member, Status
from tests.bench import load as loads
from tests.bench import report, servers
from tests.bench.servers import Served
from tests.rig import databases, redis, run, signed_in
from tests.rig.signed_in import SignedIn
from tests.world import SECRET_KEY, World

GOAL = 0.35
ROUNDS = 3
PEOPLE = 9_000
SEATS = 100_000


def main() -> None:
    """Compare round by round, one after the other; each round has an event of its own, so everybody's yes is new."""
    rates: dict[str, list[float]] = {"ours": [], "bare": []}
    with databases.fresh_database("postgresql") as url:
        world = World(url, Path(run.folder()) / "rsvp", secret_key=SECRET_KEY)
        ids, browsers = _people(world)
        settings = {"redis_url": redis.url(), "secret_key": SECRET_KEY, "log_level": "error"}
        with servers.portal(url, **settings) as ours, servers.bare(url) as bare:
            for _ in range(ROUNDS):
                asked = _yes(ours, world.make.event(capacity=SEATS), browsers)
                rows = _rows(bare, world.make.event(capacity=SEATS), ids)
                for whose, server, requests in (("ours", ours, asked), ("bare", bare, rows)):
                    answers = loads.put(server.port, requests)
                    assert set(answers.statuses) == {"302"}, answers
                    assert sum(answers.statuses.values()) < PEOPLE, "somebody was asked twice"
                    rates[whose].append(answers.rate)
        with world.app.app_context():
            db.engine.dispose()
    mine, theirs = statistics.median(rates["ours"]), statistics.median(rates["bare"])
    report.line(
        "rsvp-postgresql",
        mine / theirs,
        ">=",
        GOAL,
        f"{mine:,.0f} seats/s, {theirs:,.0f} for one UPDATE, one INSERT and a commit, {servers.WORKERS} processes",
    )


def _people(world: World) -> tuple[list[int], list[SignedIn]]:
    """Members in browsers of their own."""
    with world.app.app_context():
        seed.members(int(PEOPLE * 1.5), 1)
        active = select(Member.id).where(Member.status == Status.active).order_by(Member.id).limit(PEOPLE)
        ids = list(session().scalars(active))
        session().rollback()
    assert len(ids) == PEOPLE
    return ids, signed_in.members(world.app, ids)


def _yes(server: Served, event: Event, browsers: list[SignedIn]) -> list[str]:
    path = f"/events/{event.slug}/rsvp"
    return [
        server.post(path, urlencode({"answer": "yes", "csrf_token": one.csrf}), f"Cookie: {one.cookie}")
        for one in browsers
    ]


def _rows(server: Served, event: Event, ids: list[int]) -> list[str]:
    return [server.post(f"/rsvp/{event.id}", urlencode({"member": one})) for one in ids]

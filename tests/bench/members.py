"""A hundred thousand members: their list, the count of a segment, and the audience of a newsletter."""

import os
import re
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event, text

from portal.core import clock
from portal.core.db import db, is_sqlite, session, transaction
from portal.demo import seed
from portal.mail import actions
from portal.mail.models import Mailing, MailingState, Stream, Variant
from portal.newsletters import readers
from portal.newsletters.mail import ISSUE
from portal.newsletters.models import Newsletter
from portal.segments import choices, rules
from portal.segments import queries as segments
from portal.staff.models import Role
from tests.bench import report
from tests.rig import databases, run
from tests.world import World

PEOPLE = 100_000
ASKED = 30
GOAL_SECONDS = 0.1
AUDIENCE_SECONDS = 5.0
INDEXED = re.compile(
    r"USING (COVERING )?INDEX|USING INTEGER PRIMARY KEY|Index (Only )?Scan|Bitmap Index Scan"
)
LISTS = ("", "?q=maria", "?q=zzzz", "?status=paused", "?level=senior", "?order=name")


def main() -> None:
    """Measure on both databases."""
    os.environ["PORTAL_LOG_LEVEL"] = "error"
    for kind in databases.KINDS:
        with databases.fresh_database(kind) as url:
            world = World(url, Path(run.folder()) / f"members-{kind}")
            with world.app.app_context():
                seed.members(PEOPLE, 1)
                _analyse()
                rule = _rule()
            _pages(world, kind)
            with world.app.app_context():
                _counts(kind, rule)
                _audience(world.app, kind)
                db.engine.dispose()


def _pages(world: World, kind: str) -> None:
    staff = world.browser(world.make.staff(Role.recruiter.value))

    def opened(query: str) -> None:
        assert staff.get(f"/admin/members{query}").status_code == 200

    worst = _worst({query or "all": lambda query=query: opened(query) for query in LISTS})
    _say(f"members-list-{kind}", worst)
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if "FROM members" in statement and "LIMIT" in statement:
            seen.append((statement, values))

    with world.app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        opened("")
        event.remove(db.engine, "before_cursor_execute", note)
        assert seen
        for statement, values in seen:
            plan = _plan(statement, values, kind)
            assert INDEXED.search(plan), f"{statement}\n{plan}"


def _plan(statement: str, values: Any, kind: str) -> str:
    """How the database would read it, with the values it was asked with."""
    explain = "EXPLAIN" if kind == "postgresql" else "EXPLAIN QUERY PLAN"
    with db.engine.connect() as connection:
        return "\n".join(str(row) for row in connection.exec_driver_sql(f"{explain} {statement}", values))


def _rule() -> rules.Rule:
    """Two interests or a place, and not left: what a recruiter builds on the first day."""
    known = choices.offered(["interest", "place"])
    interests = [slug for slug, _ in known["interest"][0][1][:2]]
    places = [slug for slug, _ in known["place"][0][1][:1]]
    return {
        "all": [
            {"any": [{"is": "interest", "any_of": interests}, {"is": "place", "any_of": places}]},
            {"is": "status", "one_of": ["active"]},
        ]
    }


def _counts(kind: str, rule: rules.Rule) -> None:
    def count() -> None:
        assert segments.count(rules.members_in(rule)) > 1000
        session().rollback()

    _say(f"segment-count-{kind}", _worst({"two interests or a place, active": count}))


def _audience(app: Flask, kind: str) -> None:
    app.extensions["portal_queue"] = lambda name, ids: None
    took = []
    for number in range(3):
        with transaction() as current:
            moment = clock.now()
            issue = Newsletter(
                slug=f"bench-{number}", title="Bench", year=2027, quarter=1, subject="Bench", preheader="",
                sender_id=current.scalar(text("SELECT min(id) FROM staff")), created_at=moment, changed_at=moment,
            )  # fmt: skip
            mailing = Mailing(
                letter=ISSUE, about=f"bench-{number}", title="Bench", stream=Stream.marketing, topic="newsletter",
                state=MailingState.sending, started_at=moment, sender_name="Ada", sender_address="a@example.org",
                reply_to="a@example.org",
            )  # fmt: skip
            variant = Variant(subject="Bench", html="<p>Bench</p>", text="Bench")
            took.append(
                report.seconds(
                    lambda mailing=mailing, variant=variant, issue=issue: actions.start_mailing(
                        mailing, {0: variant}, readers.audience(issue, [])
                    )
                )
            )
            assert mailing.intended > PEOPLE / 4
            intended = mailing.intended
    seconds = statistics.median(took)
    report.line(
        f"audience-{kind}",
        seconds / AUDIENCE_SECONDS,
        "<=",
        1,
        f"{seconds:.2f} s to plan {intended:,} people of {PEOPLE:,}, limit {AUDIENCE_SECONDS:g} s",
    )


def _worst(deeds: dict[str, Callable[[], Any]]) -> tuple[str, float, float]:
    """The deed with the largest 95th percentile: its name, that, and its median."""
    found = []
    for name, deed in deeds.items():
        deed()
        times = [report.seconds(deed) for _ in range(ASKED)]
        found.append((name, report.p95(times), statistics.median(times)))
    return max(found, key=lambda one: one[1])


def _say(name: str, worst: tuple[str, float, float]) -> None:
    what, p95, median = worst
    report.line(
        name,
        p95 / GOAL_SECONDS,
        "<=",
        1,
        f"p95 {p95 * 1000:.0f} ms, median {median * 1000:.0f} ms for {what!r}, {PEOPLE:,} members",
    )


def _analyse() -> None:
    """Let the database know what is in its tables, as PostgreSQL does by itself after a while."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if is_sqlite() else "VACUUM ANALYZE"))

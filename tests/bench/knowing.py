"""A million members and five million lines of the ledger: how long their segments and their list take."""

import itertools
import os
import random
import re
import statistics
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import event

from portal.core.db import db, session
from portal.segments import queries as segments
from portal.segments import rules
from portal.staff.models import Role
from tests.bench import million, report
from tests.rig import databases, postgres, run
from tests.world import World

COUNT = {"sqlite": 0.1, "postgresql": 0.1}
IN_A_COUNTRY = 0.005
NESTED = {"sqlite": 0.4, "postgresql": 0.15}
SAMPLES = 0.05
LISTED = 0.1
LISTS = (
    "",
    "?q=maria",
    "?q=maria+silva",
    "?q=member77123",
    "?status=paused",
    "?level=senior",
    "?interest=i3",
)
SCANS = re.compile(
    r"Seq Scan on (members|rsvps|messages|member_places)\b|SCAN (members|rsvps|messages|member_places)(?! USING)"
)


def main() -> None:
    """Measure on both databases."""
    os.environ["PORTAL_LOG_LEVEL"] = "error"
    for kind in databases.KINDS:
        with databases.fresh_database(kind) as url:
            million.write(url if kind == "sqlite" else _as_admin(url))
            measure(World(url, Path(run.folder()) / f"knowing-{kind}"), kind)


def measure(world: World, kind: str) -> None:
    """Say what each goal comes to on a filled database."""
    with world.app.app_context():
        _counts(kind)
        _samples(kind)
        db.engine.dispose()
    _pages(world, kind)


def simple() -> Iterable[dict[str, Any]]:
    """Up to three interests in every way, with a status."""
    rng = random.Random(1)
    for how, number in itertools.product(("any_of", "all_of", "none_of"), (1, 2, 3)):
        for status in (["active"], ["active", "paused"]):
            chosen = [f"i{one}" for one in rng.sample(range(1, million.INTERESTS + 1), number)]
            yield {"all": [{"is": "interest", how: chosen}, {"is": "status", "one_of": status}]}


def nested() -> Iterable[dict[str, Any]]:
    """Three criteria in groups, one of them about attendance: of an event, of a kind, of all lately."""
    rng = random.Random(2)
    came = (
        {"event": "e7"},
        {"event": "e91"},
        {"format": "online"},
        {"about": "i4"},
        {"any": True, "within_days": 90},
    )
    for scope in came:
        follows = {"is": "interest", "any_of": [f"i{one}" for one in rng.sample(range(1, 31), 2)]}
        there = {"is": "attended"} | scope
        senior = {"is": "level", "one_of": ["senior", "lead"]}
        yield {"all": [follows, {"any": [there, senior]}]}
        yield {"any": [{"all": [follows, there]}, {"all": [there, senior]}]}
        yield {"all": [{"not": follows}, {"all": [senior, {"not": there}]}]}


def _counts(kind: str) -> None:
    times = [_count(one) for one in simple()]
    _say(f"knowing-count-{kind}", statistics.median(times), COUNT[kind], "p50 of interests and status")
    in_a_country = [_count({"all": [*one["all"], {"is": "country", "one_of": ["PT"]}]}) for one in simple()]
    _say(f"knowing-country-{kind}", statistics.median(in_a_country), IN_A_COUNTRY, "p50 with a country")
    _say(
        f"knowing-nested-{kind}",
        report.p95([_count(one) for one in nested()]),
        NESTED[kind],
        "p95 of three, nested",
    )


def _count(rule: dict[str, Any]) -> float:
    """The middle of five counts, the first thrown away; the plan reads no table from end to end."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if "FROM members" in statement:
            seen.append((statement, values))

    def deed() -> None:
        segments.count(rules.members_in(rule))
        session().rollback()

    event.listen(db.engine, "before_cursor_execute", note)
    deed()
    event.remove(db.engine, "before_cursor_execute", note)
    plan = _plan(*seen[-1])
    assert not SCANS.search(plan), f"{rule}\n{plan}"
    return statistics.median(report.seconds(deed) for _ in range(5))


def _plan(statement: str, values: Any) -> str:
    explain = "EXPLAIN" if db.engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    with db.engine.connect() as connection:
        return "\n".join(str(row) for row in connection.exec_driver_sql(f"{explain} {statement}", values))


def _samples(kind: str) -> None:
    def deed(rule: dict[str, Any]) -> None:
        assert segments.samples(rule)
        session().rollback()

    times = []
    for rule in [*simple(), *nested()]:
        deed(rule)
        times.append(statistics.median(report.seconds(lambda rule=rule: deed(rule)) for _ in range(3)))
    _say(
        f"knowing-samples-{kind}",
        statistics.median(times),
        SAMPLES,
        f"p50 of a page of samples, p95 {_ms(report.p95(times))}",
    )


def _pages(world: World, kind: str) -> None:
    staff = world.browser(world.make.staff(Role.recruiter.value))
    worst = []
    for query in LISTS:
        times = [report.seconds(lambda query=query: staff.get(f"/admin/members{query}")) for _ in range(20)]
        worst.append((report.p95(times), query))
    p95, query = max(worst)
    if kind == "postgresql":
        _say(f"knowing-list-{kind}", p95, LISTED, f"p95 of the list of members, worst {query!r}")
    else:
        print(f"      list of members on {kind}: p95 {_ms(p95)}, worst {query!r}; no goal", flush=True)


def _say(name: str, seconds: float, goal: float, what: str) -> None:
    report.line(name, seconds / goal, "<=", 1, f"{_ms(seconds)}, {what}, {million.PEOPLE:,} members")


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def _as_admin(url: str) -> str:
    return postgres.admin_url(url.rsplit("/", 1)[-1]).replace("postgresql://", "postgresql+psycopg://")

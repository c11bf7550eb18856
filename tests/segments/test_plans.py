"""Counts of segments read indexes, not tables: asked of the database's own plan, not of a clock."""

import re
from typing import Any

import pytest
from sqlalchemy import event, text

from portal.core.db import db, is_sqlite, session
from portal.segments import queries, rules
from tests.world import Make, World

PEOPLE = 4_000
TABLES = re.compile(
    r"Seq Scan on (members|rsvps|member_places)\b|SCAN (members|rsvps|member_places)(?! USING)"
)
RULES: dict[str, dict[str, Any]] = {
    "interests": {"is": "interest", "any_of": ["water", "data"]},
    "none of them": {
        "all": [{"is": "interest", "none_of": ["water"]}, {"is": "status", "one_of": ["active"]}]
    },
    "a country": {
        "all": [{"is": "interest", "all_of": ["water", "data"]}, {"is": "country", "one_of": ["PT"]}]
    },
    "attendance": {
        "all": [
            {"is": "interest", "any_of": ["water"]},
            {"any": [{"is": "attended", "event": "boat"}, {"is": "level", "one_of": ["senior"]}]},
        ]
    },
    "places": {"any": [{"is": "place", "any_of": ["here"]}, {"is": "remote", "wanted": True}]},
}


@pytest.fixture
def many(make: Make, world: World) -> None:
    """Enough people that reading an index is worth it."""
    for name in ("Water", "Data"):
        make.interest(name)
    event_id, place_id = make.event(slug="boat").id, make.place("Here").id
    one = make.member(country="PT")
    copied = (
        "ledger_key, public_id, address, address_key, name, call_name, search_name, status, asked_at, asked_version, "
        "source, zone, country, is_remote, is_open_to_move, interest_mask"
    )
    series = (
        "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < :people) SELECT n FROM s"
        if world.settings.database_url.get_secret_value().startswith("sqlite")
        else "SELECT generate_series(1, :people) AS n"
    )
    with world.inside():
        session().execute(
            text(
                f"INSERT INTO members ({copied}) SELECT 'k' || n, 'p' || n, 'a' || n, 'a' || n, name, '', 'a' || n, "
                "status, asked_at, '', 'link', '', CASE n % 40 WHEN 3 THEN 'PT' ELSE 'DE' END, is_remote, "
                f"is_open_to_move, n % 4 FROM ({series}) AS numbers, members WHERE id = :one"
            ),
            {"people": PEOPLE, "one": one.id},
        )
        session().execute(
            text(
                "INSERT INTO rsvps (event_id, member_id, answer, way, turn, ticket, source, asked_at, changed_at, "
                "attended, is_walk_in, is_shown) SELECT :event, id, 'seat', 'in_person', 1, 0, '', asked_at, asked_at, "
                "true, false, false FROM members WHERE id % 50 = 0"
            ),
            {"event": event_id},
        )
        session().execute(
            text(
                "INSERT INTO member_places (member_id, place_id) SELECT id, :place FROM members WHERE id % 30 = 0"
            ),
            {"place": place_id},
        )
    with (
        world.app.app_context(),
        db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        connection.execute(text("ANALYZE" if is_sqlite() else "VACUUM ANALYZE"))


@pytest.mark.usefixtures("many")
def test_a_count_reads_indexes_alone(world: World) -> None:
    with world.inside():
        if not is_sqlite():
            # So few narrow rows are read faster as they are; a million are not.
            session().execute(text("SET LOCAL enable_seqscan = off"))
        for name, rule in RULES.items():
            seen: list[tuple[str, Any]] = []

            def note(
                _connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any, seen: Any = seen
            ) -> None:
                seen.append((statement, values))

            event.listen(db.engine, "before_cursor_execute", note)
            assert queries.count(rules.members_in(rule)) > 0, name
            event.remove(db.engine, "before_cursor_execute", note)
            explain = "EXPLAIN QUERY PLAN" if is_sqlite() else "EXPLAIN"
            statement, values = seen[-1]
            plan = "\n".join(
                str(row) for row in session().connection().exec_driver_sql(f"{explain} {statement}", values)
            )
            assert "INDEX" in plan.upper(), f"{name}\n{plan}"
            assert not TABLES.search(plan), f"{name}\n{plan}"
            alone = "members USING COVERING INDEX" if is_sqlite() else "Index Only Scan using ix_members_"
            if name in {"attendance", "places"} and not is_sqlite():
                # Here the wide index pays only for more people than these.
                alone = "using ix_members_"
            assert alone in plan, f"{name}\n{plan}"


@pytest.mark.usefixtures("many")
def test_samples_are_few_the_same_and_of_the_rule(world: World) -> None:
    with world.inside():
        for rule in RULES.values():
            inside = rules.members_in(rule)
            found = [one.id for one in queries.samples(rule)]
            assert len(found) == min(10, queries.count(inside))
            assert found == [one.id for one in queries.samples(rule)]
            assert queries.count(inside) >= len(set(found)) == len(found)

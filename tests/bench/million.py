"""A million members and five million lines of the ledger, written by the database itself; the same on every run."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Index, Table, create_engine
from sqlalchemy.engine import Connection

from portal.core.db import Base
from portal.members.actions import fold

PEOPLE = 1_000_000
INTERESTS = 30
PLACES = 24
EVENTS = 200
ANSWERS_OF_AN_EVENT = 1_500
TAGS = 20
MAILINGS = 5
COUNTRIES = (
    "PT ES FR DE NL BE GB IE IT AT CH PL CZ SE NO DK FI EE LV LT GR RO BG HU HR SI US CA BR IN".split()
)
FIRST = (
    "Maria José Ada Grace Łukasz Zoë Ana João Søren Ingrid Noor Amira Chen Wei Priya Arjun Kofi Ama Yuki Hana Olga Ivan "  # noqa: E501
    "Fatima Omar Lucía Mateo Chloé Luc Emma Liam Nora Jonas Elif Can Eva Tom Ines Rui Mila Finn"
).split()
LAST = (
    "Silva Santos Pereira Costa García López Müller Schmidt Weber Novák Dvořák Kowalski Nowak Jansen de Vries Smith Jones "  # noqa: E501
    "Okafor Mensah Sato Tanaka Kim Lee Wang Li Singh Patel Rossi Bianchi Dubois Martin Ångström Hansen Nielsen Virtanen "  # noqa: E501
    "Papadopoulos Popescu Ivanova Kaya Demir Haddad Nasser Byrne Murphy Walsh Keller Fischer Baker Turner Cooper"
).split()


def write(url: str) -> None:
    """Fill an empty, migrated database; on PostgreSQL as a role that may leave foreign keys unchecked meanwhile."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for_sqlite = engine.dialect.name == "sqlite"
        if for_sqlite:
            connection.exec_driver_sql("PRAGMA synchronous=OFF")
            connection.exec_driver_sql("PRAGMA cache_size=-400000")
            connection.exec_driver_sql("BEGIN")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
            connection.exec_driver_sql("SET maintenance_work_mem = '400MB'")
        _Writer(connection, for_sqlite).all()
        if for_sqlite:
            connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("ANALYZE" if for_sqlite else "VACUUM (ANALYZE)")
    engine.dispose()


class _Writer:
    def __init__(self, connection: Connection, for_sqlite: bool) -> None:
        self.connection = connection
        self.is_sqlite = for_sqlite

    def all(self) -> None:
        """Write every table."""
        self._few()
        self._members()
        self._derived()
        self._ledger()

    def _few(self) -> None:
        staff = {
            "id": "1", "address": "'rae@example.org'", "address_key": "'rae@example.org'", "name": "'Rae'",
            "role": "'recruiter'", "invited_at": self._ago("0"),
        }  # fmt: skip
        self._insert("staff", staff, self._series(1))
        self._insert(
            "interests",
            {"slug": "'i' || n", "name": "'Interest ' || n", "bit": "n - 1"},
            self._series(INTERESTS),
        )
        place = {
            "id": "n", "slug": "'p' || n", "name": "'Place ' || n", "country": "'PT'",
            "region": "'Region ' || (n % 6)", "zone": "'Europe/Lisbon'",
        }  # fmt: skip
        self._insert("places", place, self._series(PLACES))
        events = {
            "id": "n", "uid": "'e' || n", "slug": "'e' || n", "title": "'Event ' || n", "summary": "''",
            "description": "''", "format": "CASE n % 3 WHEN 0 THEN 'online' WHEN 1 THEN 'in_person' ELSE 'hybrid' END",
            "zone": "'Europe/Lisbon'", "starts_at": self._ago("n * 3 + 2"), "ends_at": self._ago("n * 3"),
            "host_id": "1", "state": "'published'", "created_at": self._ago("900"), "changed_at": self._ago("900"),
            "capacity": "2000", "capacity_in_person": "2000", "capacity_online": "2000",
        }  # fmt: skip
        self._insert("events", events, self._series(EVENTS))
        self._insert(
            "event_interests", {"event_id": "n", "interest_id": f"n % {INTERESTS} + 1"}, self._series(EVENTS)
        )
        tag = {"id": "n", "slug": "'t' || n", "name": "'Tag ' || n", "created_at": self._ago("9")}
        self._insert("tags", tag, self._series(TAGS))
        mailing = {
            "id": "n", "letter": "'newsletters/issue'", "about": "'newsletter:' || n", "title": "'Issue ' || n",
            "stream": "'marketing'", "topic": "'newsletter'", "state": "'finished'", "started_at": self._ago("n * 80"),
            "sender_name": "'Rae'", "sender_address": "'rae@example.org'", "reply_to": "'rae@example.org'",
        }  # fmt: skip
        self._insert("mailings", mailing, self._series(MAILINGS))

    def _members(self) -> None:
        mask = " | ".join(
            f"CASE WHEN {self._luck(1, 100)} < {share} THEN (1 << CAST({self._luck(seed, INTERESTS)} AS int)) ELSE 0 END"  # noqa: E501
            for seed, share in ((2, 100), (3, 90), (4, 65), (5, 30), (6, 20))
        )
        first, last = self._one_of(FIRST, 7), self._one_of(LAST, 8)
        secret = "lower(hex(randomblob(16)))" if self.is_sqlite else "md5(n::text)"
        asked = self._ago(self._luck(9, 900))
        member = {
            "id": "n", "public_id": f"substr({secret}, 1, 22)", "ledger_key": secret,
            "address": "'member' || n || '@example.org'", "address_key": "'member' || n || '@example.org'",
            "name": f"{first} || ' ' || {last}",
            "search_name": f"{self._one_of(_folded(FIRST), 7)} || ' ' || {self._one_of(_folded(LAST), 8)}"
            " || ' member' || n || '@example.org'",
            "status": f"CASE WHEN {self._luck(10, 100)} < 94 THEN 'active' WHEN {self._luck(10, 100)} < 98 THEN 'left'"
            " ELSE 'asked' END",
            "paused_until": f"CASE WHEN {self._luck(11, 100)} < 2 THEN {self._ago('-90')} END",
            "asked_at": asked, "confirmed_at": asked, "source": f"'source-' || {self._luck(12, 12)}",
            "country": f"CASE WHEN {self._luck(13, 100)} < 10 THEN '' ELSE {self._one_of(COUNTRIES, 14)} END",
            "level": f"CASE {self._luck(15, 7)} WHEN 0 THEN 'student' WHEN 1 THEN 'junior' WHEN 2 THEN 'mid'"
            " WHEN 3 THEN 'senior' WHEN 4 THEN 'lead' WHEN 5 THEN 'executive' END",
            "work_mode": f"CASE {self._luck(16, 4)} WHEN 0 THEN 'full_time' WHEN 1 THEN 'part_time'"
            " WHEN 2 THEN 'freelance' END",
            "is_remote": f"{self._luck(17, 10)} < 3", "is_open_to_move": f"{self._luck(18, 10)} < 2",
            "interest_mask": mask,
        }  # fmt: skip
        self._insert("members", member, self._series(PEOPLE))

    def _derived(self) -> None:
        self._insert(
            "member_interests",
            {"member_id": "m.id", "interest_id": "i.id"},
            "members m JOIN interests i ON (m.interest_mask & (1 << CAST(i.bit AS int))) <> 0",
        )
        self._insert(
            "member_places",
            {"member_id": "n", "place_id": self._luck(20, PLACES) + " + 1"},
            self._series(PEOPLE),
        )
        for topic, cadence in (("newsletter", "quarterly"), ("events", "each")):
            choice = {
                "member_id": "n", "topic": f"'{topic}'", "changed_at": self._ago("100"),
                "cadence": f"CASE WHEN {self._luck(21, 10)} = 0 THEN 'never' ELSE '{cadence}' END",
            }  # fmt: skip
            self._insert("topic_choices", choice, self._series(PEOPLE))
        answer = {
            "event_id": f"(n - 1) / {ANSWERS_OF_AN_EVENT} + 1",
            # Each event takes people a prime apart from each other, so that nobody answers twice.
            "member_id": f"((n - 1) % {ANSWERS_OF_AN_EVENT} * 661 + (n - 1) / {ANSWERS_OF_AN_EVENT} * 4793) % {PEOPLE} + 1",  # noqa: E501
            "answer": f"CASE WHEN {self._luck(22, 10)} = 0 THEN 'cancelled' ELSE 'seat' END",
            "asked_at": self._ago("50"), "changed_at": self._ago("50"), "attended": f"{self._luck(23, 10)} < 6",
        }  # fmt: skip
        self._insert("rsvps", answer, self._series(EVENTS * ANSWERS_OF_AN_EVENT))
        tagged = {
            "member_id": f"(n * 7) % {PEOPLE} + 1",
            "tag_id": f"{self._luck(24, TAGS)} + 1",
            "at": self._ago("9"),
        }
        self._insert("member_tags", tagged, self._series(100_000))

    def _ledger(self) -> None:
        message = {
            "mailing_id": f"(n - 1) / {PEOPLE} + 1", "member_id": f"(n - 1) % {PEOPLE} + 1",
            "letter": "'newsletters/issue'",
            "address": f"'member' || ((n - 1) % {PEOPLE} + 1) || '@example.org'",
            "address_key": f"'member' || ((n - 1) % {PEOPLE} + 1) || '@example.org'",
            "stream": "'marketing'", "lane": "2", "topic": "'newsletter'",
            "state": f"CASE WHEN {self._luck(25, 50)} = 0 THEN 'skipped' ELSE 'accepted' END",
            "planned_at": self._ago(f"((n - 1) / {PEOPLE} + 1) * 80"), "due_at": self._ago(f"((n - 1) / {PEOPLE} + 1) * 80"),  # noqa: E501
            "handed_over_at": self._ago(f"((n - 1) / {PEOPLE} + 1) * 80"),
        }  # fmt: skip
        self._insert("messages", message, self._series(PEOPLE * MAILINGS))

    def _insert(self, name: str, given: Mapping[str, str], source: str) -> None:
        """Insert a row for each of the source; what the table needs and nobody gave gets its usual value."""
        table = Base.metadata.tables[name]
        values = _usual(table, self.is_sqlite) | {
            name: value for name, value in given.items() if name in table.columns
        }
        if name in {"members", "messages", "member_interests"}:
            self._without_indexes(table, lambda: self._run(name, values, source))
        else:
            self._run(name, values, source)

    def _run(self, name: str, values: Mapping[str, str], source: str) -> None:
        words = f"INSERT INTO {name} ({', '.join(values)}) SELECT {', '.join(values.values())} FROM {source}"
        # To psycopg a percent sign is the beginning of a value.
        self.connection.exec_driver_sql(words if self.is_sqlite else words.replace("%", "%%"))

    def _without_indexes(self, table: Table, deed: Any) -> None:
        plain: list[Index] = [one for one in table.indexes if not one.unique]
        for one in plain:
            one.drop(self.connection)
        deed()
        for one in plain:
            one.create(self.connection)

    def _series(self, count: int) -> str:
        if self.is_sqlite:
            return (
                "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s LIMIT"
                f" {count}) SELECT n FROM s) AS numbers"
            )
        return f"(SELECT n::bigint FROM generate_series(1, {count}) AS s(n)) AS numbers"

    def _luck(self, seed: int, below: int) -> str:
        """A number below that limit, different for each n and seed; n is the row."""
        mixed = f"((n + {seed * 7_919}) * {2_654_435_761 + seed * 2_246} % 4294967291)"
        return f"(({mixed} * 40503 % 4294967291) / 4099 % {below})"

    def _one_of(self, choices: list[str], seed: int) -> str:
        cases = " ".join(f"WHEN {number} THEN '{one}'" for number, one in enumerate(choices))
        return f"(CASE {self._luck(seed, len(choices))} {cases} END)"

    def _ago(self, days: str) -> str:
        if self.is_sqlite:
            return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', (-({days})) || ' days')"
        return f"(now() - make_interval(days => CAST({days} AS int)))"


def _usual(table: Table, for_sqlite: bool) -> dict[str, str]:
    """What is written into columns that must not be empty and have no default of the database's own."""
    values = {}
    for column in table.columns:
        default: Any = column.default
        if column.nullable or column.server_default is not None or default is None or not default.is_scalar:
            continue
        value = default.arg
        match value:
            case bool():
                values[column.name] = str(int(value)) if for_sqlite else str(value).lower()
            case int():
                values[column.name] = str(value)
            case str():
                values[column.name] = f"'{value}'"
    return values


def _folded(names: list[str]) -> list[str]:
    return [fold(one) for one in names]

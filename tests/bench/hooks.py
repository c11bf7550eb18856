"""A million events of the provider: stored and applied, against the bare insert of the same rows; and who waits."""

import os
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import delete, insert, text

from portal.core import clock, tokens
from portal.core.db import db, is_sqlite, session, transaction
from portal.mail import aftermath, event_reader
from portal.mail.provider_models import ProviderBatch, ProviderEvent
from tests.bench import report, servers
from tests.mail.signed import HOOK, KEY, NOW, believe, headers, public
from tests.rig import databases, run
from tests.world import World

EVENTS = int(os.environ.get("BENCH_EVENTS", "1000000"))
AT_ONCE = 1000
GOAL = 0.25
PAGE_SECONDS = 0.2
FLOOD_SECONDS = 15.0
KINDS = ("processed", "delivered")
"""What nearly every mail goes through; of a hundred, one bounces besides and one is turned away."""


def main() -> None:
    """Measure on both databases."""
    os.environ["PORTAL_LOG_LEVEL"] = "error"
    for kind in databases.KINDS:
        with databases.fresh_database(kind) as url:
            world = World(url, Path(run.folder()) / f"hooks-{kind}")
            believe(world, KEY)
            world.app.extensions["portal_queue"] = lambda name, ids: None
            _messages(world, EVENTS // len(KINDS))
            raw, seconds, slowest = _bare(world), *_whole(world)
            rate = EVENTS / seconds
            report.line(
                f"hooks-{kind}",
                rate / raw,
                ">=",
                GOAL,
                f"{rate:,.0f} events/s stored and applied, {raw:,.0f} rows/s inserted, {EVENTS:,} events; "
                f"slowest answer {slowest * 1000:.0f} ms",
            )
            _flood(world, kind, url)
            with world.app.app_context():
                db.engine.dispose()


def _messages(world: World, count: int) -> None:
    """So many mails that the provider has accepted."""
    numbers = (
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "
        if world.settings.database_url.get_secret_value().startswith("sqlite")
        else f"WITH n(i) AS (SELECT generate_series(1, {count})) "
    )
    moment = clock.now().replace(tzinfo=None).isoformat(sep=" ")
    with world.inside() as current:
        current.execute(
            text(
                "INSERT INTO messages (id, letter, occasion, address, address_key, stream, lane, topic, state, "
                "planned_at, due_at, handed_over_at, provider_id) "
                + numbers
                + "SELECT i, 'newsletters/issue', "
                "'bench:' || i, 'p' || i || '@example.org', 'p' || i || '@example.org', 'marketing', 2, "
                f"'newsletter', 'accepted', '{moment}', '{moment}', '{moment}', 'abc' FROM n"
            )
        )


def _bodies(world: World, count: int, shift: int = 0) -> Iterator[bytes]:
    """Requests as the provider posts them: its servers tell of a thousand mails at a time, kind after kind."""
    mails = count // len(KINDS)
    for first in range(1, mails + 1, AT_ONCE):
        with world.app.app_context():
            names = [
                (number, tokens.seal("message", number))
                for number in range(first, min(first + AT_ONCE, mails + 1))
            ]
        for place, kind in enumerate(KINDS):
            yield (
                b"["
                + b",\r\n".join(
                    orjson.dumps(_event(number, name, kind, NOW + place + shift)) for number, name in names
                )
                + b"]\r\n"
            )


def _event(number: int, name: str, kind: str, at: int) -> dict[str, Any]:
    said: dict[str, Any] = {"event": kind, "response": "250 2.0.0 OK  1795387723 abcdef.123 - gsmtp"}
    if kind == "delivered" and number % 100 == 0:
        said = {"event": "bounce", "type": "bounce", "status": "5.1.1", "reason": "550 5.1.1 no such user"}
    elif kind == "delivered" and number % 100 == 50:
        said = {"event": "bounce", "type": "blocked", "status": "4.2.2", "reason": "452 4.2.2 mailbox full"}
    return {
        "email": f"p{number}@example.org",
        "timestamp": at,
        "smtp-id": f"<{number}.14c5d75ce93.dfd.64b469@ismtpd-555>",
        "category": ["marketing"],
        "sg_event_id": f"ZGVsaXZlcmVkLTAtMTIzNDU2Nzg5{number:012d}{at}",
        "sg_message_id": f"14c5d75ce93.dfd.64b469.recvd-{number}.0",
        "message": name,
        "mailing": "AAAAAAAAAAFAAAAAAAAAAAAAAAAAAAAA",
        **said,
    }


def _bare(world: World) -> float:
    """Rows a second when the same rows, made before, are only inserted, a thousand in a transaction."""
    seconds, count = 0.0, 0
    for body in _bodies(world, EVENTS):
        with world.app.app_context():
            rows = event_reader.read(body, clock.now()).rows
            for row in rows:
                row["batch_id"] = 1

            def store(rows: list[dict[str, Any]] = rows) -> None:
                with transaction() as current:
                    current.connection().execute(insert(ProviderEvent.__table__), rows)  # type: ignore[arg-type]

            seconds += report.seconds(store)
        count += len(rows)
    assert count == EVENTS, count
    with world.inside() as current:
        current.execute(delete(ProviderEvent))
    _tidy(world)
    return count / seconds


def _whole(world: World) -> tuple[float, float]:
    """Seconds for all of them by the hook and the work after it; and the slowest answer of the hook."""
    machine = world.app.test_client(use_cookies=False)
    seconds = slowest = 0.0
    for number, body in enumerate(_bodies(world, EVENTS)):
        signed = headers(body)
        began = time.perf_counter()
        assert machine.post(HOOK, data=body, headers=signed).status_code == 204
        took = time.perf_counter() - began
        seconds, slowest = seconds + took, max(slowest, took)
        if number % 20 == 19:
            seconds += _applied(world)
    seconds += _applied(world)
    with world.inside():
        done = session().query(ProviderEvent).count()
        assert done == EVENTS, done
        assert session().query(ProviderBatch).filter(ProviderBatch.applied_at.is_(None)).count() == 0
        outcomes = dict(
            session().execute(text("SELECT aftermath, count(*) FROM messages GROUP BY aftermath")).all()  # type: ignore[arg-type]
        )
    mails = EVENTS // len(KINDS)
    assert outcomes == {
        "delivered": mails - 2 * (mails // 100),
        "bounced": mails // 100,
        "blocked": mails // 100,
    }
    return seconds, slowest


def _applied(world: World) -> float:
    with world.app.app_context():
        return report.seconds(lambda: aftermath.apply_events(seconds=900))


def _tidy(world: World) -> None:
    with (
        world.app.app_context(),
        db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        connection.execute(text("ANALYZE" if is_sqlite() else "VACUUM ANALYZE"))


def _flood(world: World, kind: str, url: str) -> None:
    """The sign-in page while requests come as fast as they are answered, and a worker applies them."""
    bodies = list(_bodies(world, 60 * AT_ONCE, shift=100))
    over = threading.Event()
    posted = [0]
    with servers.portal(
        url, sendgrid_webhook_keys=public(KEY), secret_key=world.settings.secret_keys[0]
    ) as served:

        def flood() -> None:
            connection = HTTPConnection("127.0.0.1", served.port, timeout=60)
            while not over.is_set():
                body = bodies[posted[0] % len(bodies)]
                connection.request("POST", HOOK, body, headers(body))
                answer = connection.getresponse()
                answer.read()
                assert answer.status == 204, answer.status
                posted[0] += 1

        def work() -> None:
            while not over.is_set():
                _applied(world)
                time.sleep(0.05)

        threads = [threading.Thread(target=one) for one in (flood, work)]
        for one in threads:
            one.start()
        times = []
        until = time.monotonic() + FLOOD_SECONDS
        connection = HTTPConnection("127.0.0.1", served.port, timeout=60)
        while time.monotonic() < until:
            began = time.perf_counter()
            connection.request("GET", "/sign-in")
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            times.append(time.perf_counter() - began)
            time.sleep(0.02)
        over.set()
        for one in threads:
            one.join()
    p95 = report.p95(times)
    report.line(
        f"hooks-page-{kind}",
        p95 / PAGE_SECONDS,
        "<=",
        1,
        f"sign-in page p95 {p95 * 1000:.0f} ms of {len(times)}, in {posted[0]:,} requests of {AT_ONCE:,} events",
    )

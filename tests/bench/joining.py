"""Joining - the form, the limits, the member, the token and the planned mail - against one row and a commit."""

import re
import statistics
import time
from http.client import HTTPConnection
from urllib.parse import urlencode

from tests.bench import load as loads
from tests.bench import report, servers
from tests.bench.servers import Served
from tests.rig import databases, redis

GOAL = 0.4
ROUNDS = 3
PEOPLE = 6_000
_HIDDEN = re.compile(r'<input[^>]*name="(csrf_token|shown)"[^>]*value="([^"]+)"')


def main() -> None:
    """Compare on both databases, round by round, one after the other."""
    for kind in databases.KINDS:
        settings = {"trusted_proxies": "1"}
        if kind == "postgresql":
            settings["redis_url"] = redis.url()
        rates: dict[str, list[float]] = {"ours": [], "bare": []}
        with (
            databases.fresh_database(kind) as url,
            servers.portal(url, **settings) as ours,
            servers.bare(url) as bare,
        ):
            for number in range(ROUNDS):
                for whose, server, asked in (
                    ("ours", ours, _joins(ours, number)),
                    ("bare", bare, _rows(bare)),
                ):
                    answers = loads.put(server.port, asked)
                    assert set(answers.statuses) == {"302"}, answers
                    rates[whose].append(answers.rate)
        mine, theirs = statistics.median(rates["ours"]), statistics.median(rates["bare"])
        report.line(
            f"join-{kind}",
            mine / theirs,
            ">=",
            GOAL,
            f"{mine:,.0f} people/s, {theirs:,.0f} rows/s for a bare form, {servers.WORKERS} processes",
        )


def _joins(server: Served, number: int) -> list[str]:
    """Different people, each from a network of their own, who have read the form for two seconds."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "/join")
    answer = connection.getresponse()
    hidden = dict(_HIDDEN.findall(answer.read().decode()))
    jar = "; ".join(line.partition(";")[0] for line in answer.headers.get_all("Set-Cookie", []))
    connection.close()
    assert set(hidden) == {"csrf_token", "shown"}, hidden
    time.sleep(2)
    asked = []
    for person in range(number * PEOPLE, (number + 1) * PEOPLE):
        form = {
            "address": f"person{person}@firm{person % 997}.example.org",
            "name": f"Ada Person {person}",
            "agree": "y",
        }
        source = f"10.{person >> 16}.{person >> 8 & 255}.{person & 255}"
        asked.append(
            server.post("/join", urlencode(form | hidden), f"Cookie: {jar}", f"X-Forwarded-For: {source}")
        )
    return asked


def _rows(server: Served) -> list[str]:
    return [
        server.post(
            "/join", urlencode({"address": f"person{number}@example.org", "name": f"Ada Person {number}"})
        )
        for number in range(500)
    ]

"""SIGTERM: what is in flight is finished, nothing else is begun, and the next start goes on from there."""

import socket
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db, session
from portal.demo import seed
from portal.mail.models import Mailing, MailingState, Message, State
from portal.newsletters.models import Block, BlockKind, Newsletter
from tests.members import cast
from tests.rig import databases, redis, server
from tests.rig.server import Site
from tests.world import RAW_CSRF, SECRET_KEY, Browser, World

MANY = 2_600
ADDRESS = "late@example.org"


@pytest.fixture(params=databases.KINDS)
def own_site(request: pytest.FixtureRequest) -> Iterator[Site]:
    """A portal that only this test ends, and starts again."""
    is_embedded = request.param == "sqlite"
    address = "" if is_embedded else redis.url()
    if address:
        redis.empty(address)
    with (
        databases.fresh_database(request.param) as url,
        server.running(url, redis_url=address, embedded=is_embedded, secret_key=SECRET_KEY) as site,
    ):
        yield site
    if address:
        redis.empty(address)


@pytest.mark.timeout(240)
def test_sigterm_finishes_what_is_in_flight(own_site: Site) -> None:
    site = own_site
    world = World(site.database_url, site.folder, base_url=site.address)
    with world.app.app_context():
        seed.members(MANY, 1, with_history=False)
    mailing = begin_to_send(site, world)
    site.letters(at_least=1, patience=60)
    visitor = world.browser()
    half = Sending(site, visitor, "/join", cast.form(visitor, ADDRESS), keep_back=40)
    assert count(world, mailing).get(State.planned) or count(world, mailing).get(State.claimed)

    for process in site.processes:
        process.terminate()
    time.sleep(0.5)
    assert half.finish().startswith("HTTP/1.1 302 ")
    assert set(site.stop()) == {0}

    # The person's deed is stored, every mail that left is known to have left, and the rest still waits.
    assert cast.member_at(world, ADDRESS) is not None
    states = count(world, mailing)
    assert states.keys() <= {State.accepted, State.planned, State.skipped}
    written = [one.address for one in site.letters() if one.subject == "What ice does"]
    assert len(written) == len(set(written)) == states[State.accepted]

    site.start()
    deadline = time.monotonic() + 90
    while not is_finished(world, mailing):
        assert time.monotonic() < deadline, f"{count(world, mailing)}\n{site.log()[-3000:]}"
        time.sleep(0.3)
    states = count(world, mailing)
    written = [one.address for one in site.letters() if one.subject == "What ice does"]
    assert states.keys() <= {State.accepted, State.skipped}
    assert len(written) == len(set(written)) == states[State.accepted] > MANY / 2
    assert site.letters(ADDRESS, at_least=1)
    with world.app.app_context():
        db.engine.dispose()


class Sending:
    """A form on its way to the running site; the server waits for the part that is kept back."""

    def __init__(
        self, site: Site, browser: Browser, path: str, fields: dict[str, str], keep_back: int = 0
    ) -> None:
        with browser.client.session_transaction() as cookie:
            cookie["csrf_token"] = RAW_CSRF
        body = urlencode(fields | {"csrf_token": browser.csrf}).encode()
        cookies = "; ".join(f"{one.key}={one.value}" for one in browser.client._cookies.values())
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nCookie: {cookies}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
            f"Referer: {site.address}{path}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._connection = socket.create_connection(("127.0.0.1", site.port), timeout=30)
        self._connection.sendall(head.encode() + body[: len(body) - keep_back])
        self._rest = body[len(body) - keep_back :]

    def finish(self) -> str:
        """Send the rest and return the answer."""
        self._connection.sendall(self._rest)
        answer = b""
        while piece := self._connection.recv(65536):
            answer += piece
        self._connection.close()
        return answer.decode(errors="replace")


def begin_to_send(site: Site, world: World) -> int:
    """Start a newsletter to everybody and leave it to the worker; returns the mailing."""
    sender, moment = world.make.staff("recruiter", name="Inês Carvalho"), clock.now()
    issue = world.make.stored(
        Newsletter(slug="winter-2027", title="Winter 2027", year=2027, quarter=1, subject="What ice does",
                   preheader="Small repairs", sender_id=sender.id, created_at=moment, changed_at=moment)
    )  # fmt: skip
    world.make.stored(
        Block(
            newsletter_id=issue.id,
            position=1,
            kind=BlockKind.text,
            text="Hello {{ name | there }}, it froze.",
        )
    )
    desk, path = world.browser(sender), f"/admin/newsletters/{issue.id}/confirmation"
    number = desk.get(path).text.partition('name="shown" value="')[2].partition('"')[0]
    assert Sending(site, desk, path, {"number": number}).finish().startswith("HTTP/1.1 302 ")
    with world.inside():
        found = session().scalar(select(Mailing.id))
        assert found is not None
        return found


def count(world: World, mailing: int) -> dict[State, int]:
    """How many stand in which state."""
    with world.inside():
        rows = session().execute(
            select(Message.state, func.count()).where(Message.mailing_id == mailing).group_by(Message.state)
        )
        return {state: number for state, number in rows}


def is_finished(world: World, mailing: int) -> bool:
    """Whether nobody waits any more."""
    with world.inside():
        return session().scalar(select(Mailing.state).where(Mailing.id == mailing)) is MailingState.finished

"""SIGTERM: what is in flight is finished, nothing else is begun, and the next start goes on from there."""

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes
from urllib.parse import urlencode

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db, session
from portal.demo import seed
from portal.mail.models import Mailing, MailingState, Message, State
from portal.newsletters.models import Block, BlockKind, Newsletter
from tests.members import cast
from tests.rig import databases, redis, server
from tests.rig.ports import free_port
from tests.rig.server import Site
from tests.world import RAW_CSRF, SECRET_KEY, Browser, World

MANY = 900
"""More than the senders take in hand at once, so that some are left when the end is asked for."""
ADDRESS = "late@example.org"


class Postman:
    """Takes every mail, in no hurry."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []

    async def handle_DATA(self, server: object, session: object, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(0.01)
        subject = message_from_bytes(envelope.content)["Subject"]
        self.taken += [(address, subject) for address in envelope.rcpt_tos]
        return "250 OK"

    def to(self, subject: str) -> list[str]:
        """Who got a mail with that subject."""
        return [address for address, about in self.taken if about == subject]


@pytest.fixture
def postman() -> Iterator[tuple[Postman, int]]:
    """A mail server on a port of its own."""
    handler, port = Postman(), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, port
    controller.stop()


@pytest.fixture(params=databases.KINDS)
def own_site(request: pytest.FixtureRequest, postman: tuple[Postman, int]) -> Iterator[Site]:
    """A portal that only this test ends, and starts again."""
    is_embedded = request.param == "sqlite"
    address = "" if is_embedded else redis.url()
    if address:
        redis.empty(address)
    with (
        databases.fresh_database(request.param) as url,
        server.running(
            url,
            redis_url=address,
            embedded=is_embedded,
            secret_key=SECRET_KEY,
            mail_url=f"smtp://127.0.0.1:{postman[1]}?tls=none",
        ) as site,
    ):
        yield site
    if address:
        redis.empty(address)


@pytest.mark.timeout(240)
def test_sigterm_finishes_what_is_in_flight(own_site: Site, postman: tuple[Postman, int]) -> None:
    site, post = own_site, postman[0]
    world = World(site.database_url, site.folder, base_url=site.address)
    with world.app.app_context():
        seed.members(MANY, 1, with_history=False)
    visitor = world.browser()
    half = Sending(site, visitor, "/join", cast.form(visitor, ADDRESS), keep_back=40)
    mailing = begin_to_send(site, world)
    wait_until(lambda: post.taken, site)
    assert count(world, mailing).get(State.planned) or count(world, mailing).get(State.claimed)

    for process in site.processes:
        process.terminate()
    time.sleep(0.5)
    assert half.finish().startswith("HTTP/1.1 302 ")
    # Not `site.stop()`: whoever asks twice means at once.
    assert {process.wait(40) for process in site.processes} == {0}
    site.kill()

    # The person's deed is stored, every mail that left is known to have left, and the rest still waits.
    assert cast.member_at(world, ADDRESS) is not None
    states = count(world, mailing)
    assert states.keys() == {State.accepted, State.planned, State.skipped}
    written = post.to("What ice does")
    assert len(written) == len(set(written)) == states[State.accepted]

    site.start()
    wait_until(lambda: is_finished(world, mailing), site)
    states = count(world, mailing)
    written = post.to("What ice does")
    assert states.keys() <= {State.accepted, State.skipped}
    assert len(written) == len(set(written)) == states[State.accepted] > MANY / 2
    wait_until(lambda: ADDRESS in [address for address, _subject in post.taken], site)
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


def wait_until(is_so: Callable[[], object], site: Site) -> None:
    """Wait until it is so; a minute is too long."""
    deadline = time.monotonic() + 75
    while not is_so():
        assert time.monotonic() < deadline, site.log()[-3000:]
        time.sleep(0.1)


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

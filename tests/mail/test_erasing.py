"""Forgotten here means forgotten at the provider: asked until it is done, and the address is kept no longer."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, text

from portal.core import clock
from portal.mail import actions, erasing, forgiving
from portal.mail.models import Stream
from portal.mail.provider_models import ProviderErasure
from portal.mail.transports.choose import transport
from tests.world import World


class Provider:
    """Speaks `POST /v3/recipients/erasejob` on a real socket: answers as told, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.answers: list[int] = []
        self.deleted: list[str] = []
        self.refuses: set[str] = set()
        self.headers: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.headers.append(dict(self.headers))
                addresses = json.loads(body)["email_addresses"]
                assert self.path == "/v3/recipients/erasejob"
                assert len(body) <= 256_000
                assert 1 <= len(addresses) <= 5000
                assert len(set(addresses)) == len(addresses)
                outer.asked.append(addresses)
                status = outer.answers.pop(0) if outer.answers else 202
                bad = [one for one in addresses if one in outer.refuses]
                if bad:
                    status = 400
                if status == 0:
                    self.close_connection = True
                    return
                said: dict[str, Any] = {"job_id": f"job-{len(outer.asked)}"}
                if status != 202:
                    said = {
                        "errors": [
                            {
                                "message": f"Email_address {bad[0] if bad else ''} is not valid",
                                "field": "email_addresses",
                            }
                        ]
                    }
                raw = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def do_DELETE(self) -> None:
                outer.deleted.append(self.path)
                self.send_response(outer.answers.pop(0) if outer.answers else 204)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_rest: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"sendgrid+http://SG.key@127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def provider(world: World) -> Iterator[Provider]:
    made = Provider()
    before = world.app.extensions["portal_transport"]
    way = transport(made.url, outbox=world.settings.outbox, read_seconds=5, is_plain_allowed=True)
    world.app.extensions["portal_transport"] = way
    yield made
    world.app.extensions["portal_transport"] = before
    way.close()
    made.server.shutdown()
    made.server.server_close()
    made.thread.join()


def rows(world: World) -> list[ProviderErasure]:
    with world.inside() as current:
        found = list(current.scalars(select(ProviderErasure).order_by(ProviderErasure.id)))
        current.expunge_all()
    return found


def run(world: World) -> int:
    with world.app.app_context():
        return erasing.erase_at_provider()


def ask(world: World, receipt: str, *addresses: str) -> None:
    with world.inside():
        erasing.ask(receipt, addresses)


def test_whoever_is_forgotten_here_is_forgotten_there_and_the_receipt_says_so(
    world: World, provider: Provider
) -> None:
    browser = world.browser(world.make.member(address="ada@example.org"))
    answer = browser.post("/me/data/forget", word="forget")
    page = browser.get(answer.location).text
    assert "is being asked to forget you too" in page
    (row,) = rows(world)
    assert "ada" not in row.sealed
    assert row.done_at is None
    world.run_jobs()
    assert provider.asked == [["ada@example.org"]]
    assert provider.headers[0]["Authorization"] == "Bearer SG.key"
    (row,) = rows(world)
    assert row.sealed == "", "it is not kept a moment longer"
    assert row.done_at is not None
    page = browser.get(answer.location).text
    assert "it took that up on" in page
    assert "job-1" in page
    assert "ada@example.org" not in page


def test_the_address_stands_nowhere_in_the_open_while_it_waits(world: World, provider: Provider) -> None:
    ask(world, "r", "canary@example.org")
    with world.inside() as current:
        found = current.execute(text("SELECT * FROM provider_erasures")).all()
    assert "canary" not in repr(found)


@pytest.mark.parametrize("status", [429, 500, 503, 401, 403, 404, 0])
def test_it_asks_again_until_the_provider_takes_it(
    world: World, provider: Provider, status: int, time_machine: time_machine.TimeMachineFixture
) -> None:
    provider.answers = [status, status]
    ask(world, "r", "ada@example.org")
    start = clock.now()
    assert run(world) == 0
    assert run(world) == 0
    assert len(provider.asked) == 1, "not at once again"
    time_machine.move_to(start + timedelta(minutes=3), tick=False)
    assert run(world) == 0
    time_machine.move_to(start + timedelta(minutes=10), tick=False)
    assert run(world) == 1
    assert provider.asked == [["ada@example.org"]] * 3
    (row,) = rows(world)
    assert (row.sealed, row.tries) == ("", 3)


def test_one_address_it_cannot_read_keeps_nobody_else_from_being_forgotten(
    world: World, provider: Provider
) -> None:
    provider.refuses = {"p3@example.org"}
    ask(world, "r", *(f"p{number}@example.org" for number in range(8)))
    assert run(world) == 7
    refused = [one for one in rows(world) if "400" in one.words]
    assert len(refused) == 1
    assert all(one.sealed == "" and one.done_at for one in rows(world))
    assert "@example.org" not in refused[0].words


def test_a_request_holds_no_more_than_the_provider_takes(world: World, provider: Provider) -> None:
    ask(world, "r", *(f"p{number}@{'long' * 15}.example.org" for number in range(5200)))
    assert run(world) == 5200
    assert sum(map(len, provider.asked)) == 5200
    assert len(provider.asked) >= 3


def test_a_lost_worker_costs_nothing(
    world: World, provider: Provider, time_machine: time_machine.TimeMachineFixture
) -> None:
    ask(world, "r", "ada@example.org")
    with world.app.app_context():
        assert len(erasing._take()) == 1
        assert erasing._take() == [], "nobody else asks meanwhile"
    time_machine.move_to(clock.now() + timedelta(minutes=11), tick=False)
    assert run(world) == 1


def test_after_a_month_the_address_is_not_kept_for_it_any_longer(
    world: World, provider: Provider, time_machine: time_machine.TimeMachineFixture
) -> None:
    provider.answers = [503, 503]
    ask(world, "r", "ada@example.org")
    run(world)
    time_machine.move_to(clock.now() + timedelta(days=31), tick=False)
    run(world)
    (row,) = rows(world)
    assert row.sealed == ""
    assert row.words.startswith(erasing.GIVEN_UP)


def test_a_seal_outlives_a_new_key_and_a_dropped_key_ends_it_in_words(
    world: World, provider: Provider
) -> None:
    ask(world, "r", "ada@example.org", "eva@example.org")
    settings = world.app.extensions["portal"]
    secret = type(settings.secret_key)
    new = "a new key that is long enough to sign with"
    try:
        world.app.extensions["portal"] = settings.model_copy(
            update={"secret_key": secret(f"{new},{settings.secret_keys[0]}")}
        )
        assert run(world) == 2
        world.app.extensions["portal"] = settings
        ask(world, "s", "zoe@example.org")
        world.app.extensions["portal"] = settings.model_copy(update={"secret_key": secret(new)})
        assert run(world) == 0
    finally:
        world.app.extensions["portal"] = settings
    assert rows(world)[-1].words == erasing.NOT_READABLE
    assert rows(world)[-1].sealed == ""


def test_without_a_provider_there_is_nothing_to_ask(world: World) -> None:
    browser = world.browser(world.make.member())
    answer = browser.post("/me/data/forget", word="forget")
    assert rows(world) == []
    assert "mail provider" not in browser.get(answer.location).text.lower()


def test_a_lifted_bounce_is_lifted_at_the_provider_too(
    world: World, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = world.make.member(address="ada+news@example.org")
    later: list[tuple[int | str, ...]] = []
    monkeypatch.setitem(
        world.app.extensions, "portal_queue_at", lambda _moment, _name, ids: later.append(ids)
    )
    with world.inside():
        actions.suppress(person.address_key, Stream.marketing, "bounced")
    provider.answers = [204, 404, 503]
    world.browser(person).post("/me/mail/lift")
    world.run_jobs()
    lists = ("bounces", "blocks", "invalid_emails")
    assert provider.deleted == [f"/v3/suppression/{name}/ada%2Bnews@example.org" for name in lists]
    ((lift_id, tries),) = later
    assert tries == 1
    with world.app.app_context():
        assert forgiving.forgive_at_provider(int(lift_id), int(tries))
    assert len(provider.deleted) == 6
    assert len(later) == 1

"""The stub as pytest fixtures, to be imported in a conftest: `provider` and `provider_process`."""

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

ROOT = Path(__file__).parents[2]
KEY = "SG.canary-key-that-must-never-be-seen"


class Provider:
    """A running stub: where it is, what it accepted, and how to make it misbehave."""

    def __init__(self, log: Path, *options: str) -> None:
        self.log = log
        self._options = options
        self._process: subprocess.Popen[str] | None = None
        self.port = 0
        self.start()

    def start(self) -> None:
        """Start; on the same port as before, and going on with the same log, if there was one."""
        command = [
            sys.executable,
            "-m",
            "tests.stub.provider",
            "--port",
            str(self.port),
            "--log",
            str(self.log),
        ]
        self._process = subprocess.Popen(
            [*command, *self._options, *(["--keep"] if self.port else [])],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def stop(self) -> None:
        """Stop; connections are refused from now on."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._process = None

    @property
    def url(self) -> str:
        """The stub as an address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def mail_url(self) -> str:
        """The stub as a PORTAL_MAIL_URL."""
        return f"sendgrid+http://{KEY}@127.0.0.1:{self.port}"

    def misbehave(self, mode: str, **rule: Any) -> None:
        """Add a rule; see tests/stub/rules.py."""
        self._control({"rules": [{"mode": mode, **rule}]})

    def behave(self) -> None:
        """Forget rules, log and counts."""
        self._control({"reset": True})

    def behave_on(self) -> None:
        """Forget the rules, and keep log and counts."""
        self._control({"clear": True})

    def scopes(self, *scopes: str) -> None:
        """Set what the key may do."""
        self._control({"scopes": list(scopes)})

    def counts(self) -> dict[str, int]:
        """connections, requests, accepted, refused, bytes."""
        return self._control(None)

    def key(self) -> str:
        """The key that its webhooks are signed with, as its settings page shows it."""
        return str(self._ask("GET", "/control/key", None)["key"])

    def tell(self, url: str, **what: Any) -> dict[str, int]:
        """Post what became of every mail it accepted (tests/stub/events.py); how often each status was answered."""
        return self._ask("POST", "/control/tell", {"url": url, **what})

    def accepted(self) -> list[dict[str, Any]]:
        """One dict for each recipient accepted, in order."""
        return [orjson.loads(line) for line in self.log.read_bytes().splitlines()]

    def addresses(self) -> list[str]:
        """The addresses accepted, in order, as often as they were."""
        return [one["address"] for one in self.accepted()]

    def _control(self, told: dict[str, Any] | None) -> dict[str, int]:
        counts: dict[str, int] = self._ask("GET" if told is None else "POST", "/control", told)
        return counts

    def _ask(self, method: str, path: str, told: dict[str, Any] | None) -> Any:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request(method, path, None if told is None else json.dumps(told))
            return orjson.loads(line.getresponse().read())
        finally:
            line.close()


@pytest.fixture(scope="session")
def provider_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """One stub for all tests of a worker."""
    running = Provider(tmp_path_factory.mktemp("provider") / "accepted.jsonl")
    yield running
    running.stop()


@pytest.fixture
def provider(provider_process: Provider) -> Provider:
    """The stub, well-behaved and with an empty log."""
    provider_process.behave()
    provider_process.scopes("mail.send")
    return provider_process

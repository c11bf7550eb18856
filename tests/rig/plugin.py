"""The pytest plugin of the rig (loaded by `-p tests.rig.plugin`): one run, its servers, its last line."""

import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests.rig import browser, databases, redis, run

LOOPBACK = ("127.", "::1", "localhost")


class OutsideSocketError(RuntimeError):
    """A test tried to reach the world outside this machine."""


def pytest_configure(config: pytest.Config) -> None:
    """Open the run, once for all workers, and close the sockets that lead outside."""
    _close_outside_sockets()
    # Registered last, so that its fixtures win over those of the browser plugin.
    config.pluginmanager.register(browser, "perennial-browser")
    if not _is_worker(config):
        run.begin()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs Chromium, so that `-m "not browser"` leaves it out; leave the nightly set to the night."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    if "nightly" not in config.option.markexpr:
        nightly = [item for item in items if item.get_closest_marker("nightly")]
        config.hook.pytest_deselected(items=nightly)
        items[:] = [item for item in items if not item.get_closest_marker("nightly")]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close the run and say in one plain line how it went."""
    databases.close()
    if _is_worker(config) or run.FOLDER not in os.environ:
        return
    run.end()
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or config.option.collectonly:
        return
    kinds = {"passed": ["passed"], "failed": ["failed", "error"], "skipped": ["skipped"]}
    counts = {
        words: sum(len(reporter.stats.get(kind, [])) for kind in those) for words, those in kinds.items()
    }
    line = f"{counts['passed']} passed, {counts['failed']} failed"
    print(line + (f", {counts['skipped']} skipped" if counts["skipped"] else ""))


@pytest.fixture(scope="session", params=databases.KINDS)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database of this worker, on SQLite and on PostgreSQL; `clean_database` empties it."""
    with databases.fresh_database(request.param) as url:
        yield url


@pytest.fixture
def clean_database(database_url: str) -> str:
    """The worker's database as the migrations left it."""
    databases.empty(database_url)
    return database_url


@pytest.fixture
def redis_url() -> str:
    """A Redis database of this worker, empty."""
    address = redis.url()
    redis.empty(address)
    return address


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _close_outside_sockets() -> None:
    """Refuse every connection that does not stay on this machine."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def check(sock: socket.socket, address: Any) -> None:
        inet = sock.family in {socket.AF_INET, socket.AF_INET6}
        if inet and not str(address[0]).startswith(LOOPBACK):
            raise OutsideSocketError(f"a test tried to reach {address[0]}:{address[1]}")

    def guarded_connect(sock: socket.socket, address: Any) -> None:
        check(sock, address)
        connect(sock, address)

    def guarded_connect_ex(sock: socket.socket, address: Any) -> int:
        check(sock, address)
        return connect_ex(sock, address)

    socket.socket.connect = guarded_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = guarded_connect_ex  # type: ignore[method-assign]

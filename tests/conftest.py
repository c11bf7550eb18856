"""The cast and the stage: every test runs on SQLite and on PostgreSQL, with the real application.

* `world`: the application on a clean database; `world.inside()` is one stored transaction for calling actions
  and queries directly; `world.run_jobs()` does what a worker would; `world.letters()` reads the outbox.
* `make`: factories, each in a transaction of its own.
* `stranger`, `member`, `as_staff("recruiter")`: browsers.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.rig import run
from tests.world import Browser, Make, World

_worlds: dict[str, World] = {}


@pytest.fixture
def world(clean_database: str) -> Iterator[World]:
    """The application on a clean database, with an empty outbox."""
    if clean_database not in _worlds:
        _worlds[clean_database] = World(
            clean_database, Path(run.folder()) / f"instance-{len(_worlds)}-{run.worker()}"
        )
    found = _worlds[clean_database]
    found.reset()
    yield found
    found.reset()


@pytest.fixture
def app(world: World) -> Flask:
    """The application."""
    return world.app


@pytest.fixture
def make(world: World) -> Make:
    """Factories."""
    return world.make


@pytest.fixture
def stranger(world: World) -> Browser:
    """The browser of somebody we do not know."""
    return world.browser()


@pytest.fixture
def member(world: World) -> Browser:
    """The browser of an active member, `member.person`, signed in."""
    return world.browser(world.make.member())


@pytest.fixture
def as_staff(world: World) -> Callable[[str], Browser]:
    """A function from a role's name to the browser of somebody who has it, signed in."""
    return lambda role: world.browser(world.make.staff(role))

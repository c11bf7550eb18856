"""Journeys: the real portal in real processes, seen through a real browser.

On SQLite it runs as `portal serve`, on PostgreSQL as `portal web` and `portal worker` with Redis: the two ways an
operator starts it. Both start once for a worker; every test begins with an empty house.
"""

from collections.abc import Iterator

import pytest

from portal.core.db import db
from tests.rig import databases, redis, server
from tests.rig.server import Site
from tests.world import SECRET_KEY, World


@pytest.fixture(scope="session", params=databases.KINDS)
def running_site(request: pytest.FixtureRequest) -> Iterator[Site]:
    """A portal that keeps running from test to test."""
    is_embedded = request.param == "sqlite"
    address = "" if is_embedded else redis.url()
    with (
        databases.fresh_database(request.param) as url,
        server.running(url, redis_url=address, embedded=is_embedded, secret_key=SECRET_KEY) as site,
    ):
        yield site


@pytest.fixture
def site(running_site: Site) -> Site:
    """A running portal with nobody in it, nothing in its outbox and nothing to do."""
    if running_site.redis_url:
        redis.empty(running_site.redis_url)
    databases.empty(running_site.database_url)
    running_site.clear_letters()
    return running_site


@pytest.fixture
def backstage(site: Site) -> Iterator[World]:
    """The same house from within: its database, its keys and its outbox, to set the scene and to look behind it."""
    world = World(site.database_url, site.folder, base_url=site.address)
    yield world
    with world.app.app_context():
        db.engine.dispose()

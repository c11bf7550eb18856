"""Everything the house keeps, as a test can lay it side by side: tables, files, queue."""

from collections.abc import Iterator
from pathlib import Path

from redis import Redis
from sqlalchemy import MetaData, select

from portal.core.db import db
from tests.rig.server import Site
from tests.world import World


def tables(world: World) -> dict[str, list[str]]:
    """Every row of every table that is really there, in words."""
    with world.app.app_context():
        known = MetaData()
        known.reflect(db.engine)
        with db.engine.connect() as connection:
            return {
                table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
                for table in known.sorted_tables
            }


def files(site: Site) -> Iterator[tuple[str, bytes]]:
    """Every file the portal wrote itself, the database file included."""
    folders = [path for path in site.folder.rglob("*") if path.is_file()]
    if site.database_url.startswith("sqlite"):
        database = Path(site.database_url.removeprefix("sqlite:///"))
        folders += database.parent.glob(f"{database.name}*")
    for path in folders:
        yield str(path), path.read_bytes()


def queue(site: Site) -> Iterator[tuple[str, bytes]]:
    """Everything in Redis; the embedded queue is a file."""
    if not site.redis_url:
        return
    with Redis.from_url(site.redis_url) as client:
        for key in client.scan_iter():
            yield repr(key), repr((key, _value(client, key))).encode()


def _value(client: Redis, key: bytes) -> object:
    match client.type(key):
        case b"list":
            return client.lrange(key, 0, -1)
        case b"hash":
            return client.hgetall(key)
        case b"zset":
            return client.zrange(key, 0, -1, withscores=True)
        case b"set":
            return client.smembers(key)
    return client.get(key)

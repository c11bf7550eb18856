"""A result that cannot be saved at first is saved before anything else is sent."""

import subprocess
import sys
import time
from pathlib import Path
from threading import Timer
from typing import Any

import psycopg
from psycopg import sql

from portal.mail import bulk
from portal.mail.transports.batch import Batch
from portal.mail.transports.result import Result
from tests.mail.post_room import PostRoom
from tests.rig import postgres

HOLDS = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
connection.execute("ROLLBACK")
"""


class Troubled:
    """The real way out; right after the first answer something happens to the database."""

    capacity = 10

    def __init__(self, room: PostRoom, trouble: Any) -> None:
        self.room, self.trouble, self.moments = room, trouble, list[float]()

    def send(self, batch: Batch, *rest: Any) -> Result:
        """Hand over, and make trouble once."""
        self.moments.append(time.monotonic())
        result = self.room.way.send(batch, *rest)
        if len(self.moments) == 1:
            self.trouble()
        return result


def _lock_for(room: PostRoom, seconds: float) -> None:
    """SQLite: another process writes for that long. PostgreSQL: every connection is ended, and new ones refused."""
    url = room.world.settings.database_url.get_secret_value()
    if url.startswith("sqlite"):
        path = str(Path(url.removeprefix("sqlite:///")))
        holder = subprocess.Popen([sys.executable, "-c", HOLDS, path, str(seconds)], stdout=subprocess.PIPE)
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        holder.stdout.close()
        room.holders.append(holder)
        return
    name = url.rpartition("/")[2]
    _connections(name, "false")
    with psycopg.connect(postgres.admin_url(), autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = %s",
            (name, postgres.OWNER),
        )
    Timer(seconds, _connections, (name, "true")).start()


def _connections(database: str, allowed: str) -> None:
    with psycopg.connect(postgres.admin_url(), autocommit=True) as admin:
        words = "ALTER DATABASE {} ALLOW_CONNECTIONS " + allowed
        admin.execute(sql.SQL(words).format(sql.Identifier(database)))


def test_the_result_of_a_mailing_is_saved_before_the_next_request(post_room: PostRoom) -> None:
    post_room.people(40)
    number = post_room.plan()
    troubled = Troubled(post_room, lambda: _lock_for(post_room, 3))
    post_room.world.app.extensions["portal_transport"] = troubled
    with post_room.quick_to_give_up(), post_room.world.app.app_context():
        bulk.send_mailing(number, senders=1)
    post_room.end_holders()
    balance = post_room.balance(number)
    assert (balance.accepted, balance.adds_up, balance.is_finished) == (40, True, True)
    addresses = post_room.provider.addresses()
    assert len(addresses) == len(set(addresses)) == 40
    waited = troubled.moments[1] - troubled.moments[0]
    assert waited > 2.5, "nothing was sent while it could not be saved"


def test_the_result_of_a_letter_is_saved_before_the_next_one(post_room: PostRoom) -> None:
    people = post_room.people(2)
    for person in people:
        post_room.letter(person)
    troubled = Troubled(post_room, lambda: _lock_for(post_room, 3))
    post_room.world.app.extensions["portal_transport"] = troubled
    with post_room.quick_to_give_up():
        post_room.hand_over()
    post_room.end_holders()
    assert post_room.states() == {"accepted": 2}
    assert sorted(post_room.provider.addresses()) == sorted(person.address for person in people)
    assert troubled.moments[1] - troubled.moments[0] > 2.5

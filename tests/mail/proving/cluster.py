"""A PostgreSQL of a test's own, to be ended without warning and started again."""

import contextlib
import os
import pwd
from collections.abc import Iterator
from pathlib import Path

import psycopg

from tests.rig import databases, postgres, run
from tests.rig.ports import free_port


class Cluster:
    """One server, with what is committed on disk: it survives a crash of the server."""

    def __init__(self, home: Path) -> None:
        self.home, self.data, self.port = home, home / "data", free_port()
        home.mkdir()
        if os.getuid() == 0:
            os.chown(home, pwd.getpwnam("postgres").pw_uid, pwd.getpwnam("postgres").pw_gid)
        postgres.as_postgres("initdb", "-D", self.data, "-U", postgres.OWNER, "--auth=trust", "--no-sync")
        options = postgres.OPTIONS | {"synchronous_commit": "on", "unix_socket_directories": str(home)}
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in options.items())

    @property
    def url(self) -> str:
        """Where the portal finds it."""
        return f"postgresql://{postgres.OWNER}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start, and wait until it answers; after a crash it recovers first."""
        postgres.as_postgres(
            *(
                "pg_ctl",
                "-D",
                self.data,
                "-l",
                self.home / "log",
                "-o",
                f"-p {self.port}",
                "-w",
                "-s",
                "start",
            )
        )

    def crash(self) -> None:
        """Stop in immediate mode: no goodbye to anybody, nothing written down that was not."""
        postgres.as_postgres("pg_ctl", "-D", self.data, "-m", "immediate", "-s", "stop")

    def say(self, statement: str) -> None:
        """Say something to it as its owner."""
        with psycopg.connect(self.url, autocommit=True) as owner:
            owner.execute(statement)


@contextlib.contextmanager
def cluster(name: str) -> Iterator[Cluster]:
    """A migrated server, stopped afterwards."""
    made = Cluster(run.folder() / name)
    made.start()
    pid = int((made.data / "postmaster.pid").read_text().split()[0])
    guard = run.guard(pid, "QUIT")
    try:
        databases.migrate(made.url)
        yield made
    finally:
        run.release(guard)
        made.crash()

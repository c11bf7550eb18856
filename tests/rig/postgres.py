"""A real PostgreSQL for the tests: one server a run, thrown away afterwards, nothing synced to disk."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.rig import run
from tests.rig.ports import free_port

ADMIN = "rig"
OWNER = "portal"
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "shared_buffers": "128MB",
    # Far from UTC on purpose: a moment without its zone shows at once.
    "timezone": "Asia/Kolkata",
}


def admin_url(database: str = "postgres") -> str:
    """Return an address for the rig itself, which may do anything."""
    return _url(ADMIN, database)


def owner_url(database: str) -> str:
    """Return the address the application gets: an ordinary role that owns its database."""
    return _url(OWNER, database)


def _url(user: str, database: str) -> str:
    server = run.once("postgres", _start)
    return f"postgresql://{user}@127.0.0.1:{server['port']}/{database}"


def _start() -> dict[str, Any]:
    """Make a cluster and start it; PostgreSQL refuses to run as root, so root hands it to its own user."""
    home = run.folder() / "postgres"
    home.mkdir()
    if os.getuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(home, user.pw_uid, user.pw_gid)
    data = home / "data"
    as_postgres(
        "initdb", "-D", data, "-U", ADMIN, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"
    )
    with (data / "postgresql.conf").open("a") as file:
        file.writelines(f"{name} = '{value}'\n" for name, value in OPTIONS.items())
        file.write(f"unix_socket_directories = '{home}'\n")
    port = _listen(data, home)
    pid = int((data / "postmaster.pid").read_text().split()[0])
    run.keep("postgres", pid, "QUIT")
    psql = ["psql", "-h", "127.0.0.1", "-p", str(port), "-U", ADMIN, "-d", "postgres", "-qc"]
    subprocess.run([*psql, f"CREATE ROLE {OWNER} LOGIN CREATEDB"], check=True, capture_output=True, text=True)
    return {"port": port}


def _listen(data: Path, home: Path) -> int:
    """Start the server on a free port; another program may take the port first, so try a few."""
    for attempt in range(5):
        port = free_port()
        try:
            log = home / "log"
            as_postgres("pg_ctl", "-D", data, "-l", log, "-o", f"-p {port}", "-w", "-s", "start")
        except subprocess.CalledProcessError:
            if attempt == 4:
                raise
        else:
            return port
    raise AssertionError("unreachable")


def as_postgres(program: str, *arguments: object) -> None:
    command = [_program(program), *map(str, arguments)]
    if os.getuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    # The output goes to a file: a server that stays would keep a pipe open for ever.
    with (run.folder() / "postgres.log").open("a") as log:
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/")


def _program(name: str) -> str:
    """Find one of the server's programs: on the path, or where Debian keeps them, newest first."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: -float(place.parent.name))
    for place in places:
        if (place / name).is_file():
            return str(place / name)
    found = shutil.which(name)
    if found is None:
        raise RuntimeError(f"PostgreSQL's {name} was not found: tests/rig/install says what to install")
    return found

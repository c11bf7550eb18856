"""Every address with what everybody actually gets there, written down in doors.txt.

A new or changed door fails until it is accepted on purpose: `make doors`, then read the difference.
"""

import os
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from portal.core import db as edge
from portal.core.web import CSRF_EXCEPTIONS
from tests.house.street import VISITORS, Street
from tests.rig.databases import KINDS
from tests.world import World

RECORD = Path(__file__).with_name("doors.txt")
# Machines call these; a token in the path or a signature on the body says who they are.
WITHOUT_CSRF = {"preferences.one_click", "mail.events"}
# What a door answers does not hang on the database behind it.
pytestmark = pytest.mark.parametrize("database_url", KINDS[:1], indirect=True)


@pytest.fixture
def street(world: World, monkeypatch: pytest.MonkeyPatch) -> Street:
    """The street, on which nothing that a knock does is kept: each finds the world as it was."""
    built = Street(world)
    monkeypatch.setattr(edge, "commit", edge.rollback)
    monkeypatch.setitem(world.app.config, "PROPAGATE_EXCEPTIONS", False)
    return built


@pytest.mark.timeout(240)
def test_the_doors_are_as_written_down(street: Street) -> None:
    seen = {door: [street.knock(visitor, door).status_code for visitor in VISITORS] for door in street.doors}
    wide = max(len(door.name) for door in seen) + 2
    endpoints = max(len(door.rule.endpoint) for door in seen) + 2
    head = f"{'':<{wide}}{'':<{endpoints}}" + "".join(f"{visitor:<10}" for visitor in VISITORS)
    lines = [head.rstrip()] + [
        (
            f"{door.name:<{wide}}{door.rule.endpoint:<{endpoints}}" + "".join(f"{code:<10}" for code in codes)
        ).rstrip()
        for door, codes in seen.items()
    ]
    if os.environ.get("PORTAL_TEST_DOORS") == "accept":
        RECORD.write_text("\n".join(lines) + "\n")
    broken = [f"{door.name}: {codes}" for door, codes in seen.items() if any(code >= 500 for code in codes)]
    assert broken == []
    hidden = [
        f"{door.name}: {codes}"
        for door, codes in seen.items()
        if not door.writes and 404 in codes and any(code < 400 for code in codes)
    ]
    assert hidden == [], "a guard answers 302 or 403, never 404"
    ajar = [
        f"{door.name}: {codes}"
        for door, codes in seen.items()
        if door.rule.rule.startswith("/admin") and not door.rule.endpoint.startswith("desk.")
        if codes[0] not in {302, 303} or codes[1] != 403
    ]
    assert ajar == [], "staff doors send strangers to the sign-in and members away"
    written = {" ".join(line.split()) for line in RECORD.read_text().splitlines()}
    found = {" ".join(line.split()) for line in lines}
    assert sorted(found - written) == [], "new or changed: accept on purpose with make doors"
    assert sorted(written - found) == [], "gone: accept on purpose with make doors"


def test_every_writing_door_asks_for_the_csrf_token(street: Street) -> None:
    writing = [door for door in street.doors if door.writes]
    open_doors = {
        door.rule.endpoint
        for door in writing
        for visitor in ("member", "admin")
        if not _is_refused(street.knock(visitor, door, token=False))
    }
    there = {door.rule.endpoint for door in writing}
    assert open_doors == WITHOUT_CSRF & there
    assert CSRF_EXCEPTIONS == WITHOUT_CSRF


def _is_refused(answer: TestResponse) -> bool:
    return answer.status_code == 400 and "This form has grown old" in answer.text

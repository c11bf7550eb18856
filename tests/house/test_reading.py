"""Reading changes nothing: no GET is ever stored, whatever a view does."""

from typing import Any

import pytest
from flask import Blueprint, Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.app import create_app
from portal.core import clock
from portal.core.db import Base, db, session
from portal.core.sessions import BrowserSession
from tests.house.street import VISITORS, Street
from tests.world import World

# Measurement is the one thing a GET may write, append-only, in tables of its own that hold no member state.
MEASUREMENT = frozenset({"measurements"})


def _everything(world: World) -> dict[str, list[Any]]:
    """Return every row of every table."""
    with world.app.app_context():
        current: Session = session()
        tables = [table for name, table in Base.metadata.tables.items() if name not in MEASUREMENT]
        rows = {table.name: sorted(map(repr, current.execute(select(table)))) for table in tables}
        current.rollback()
        return rows


@pytest.mark.timeout(240)
def test_opening_every_page_as_everybody_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    street = Street(world)
    monkeypatch.setitem(world.app.config, "PROPAGATE_EXCEPTIONS", False)
    world.asked.clear()
    before = _everything(world)
    for door in street.doors:
        if not door.writes:
            for visitor in VISITORS:
                street.knock(visitor, door)
    after = _everything(world)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == set()
    assert world.asked == []


@pytest.mark.parametrize(
    ("method", "answer", "is_kept"),
    [
        ("GET", 200, False),
        ("HEAD", 200, False),
        ("POST", 200, True),
        ("POST", 302, True),
        ("POST", 422, False),
        ("POST", 500, False),
    ],
)
def test_only_a_writing_request_that_went_well_is_stored(
    world: World, method: str, answer: int, is_kept: bool
) -> None:
    app = _with_a_careless_view(world, answer)
    app.test_client().open("/careless", method=method)
    with app.app_context():
        kept = session().scalar(select(BrowserSession))
        session().close()
        db.engine.dispose()
    assert (kept is not None) is is_kept


def _with_a_careless_view(world: World, answer: int) -> Flask:
    """Return an application with a view that writes, whatever it is asked."""
    careless = Blueprint("careless", __name__)

    @careless.route("/careless", methods=["GET", "POST"])
    def write() -> tuple[str, int]:
        moment = clock.now()
        session().add(
            BrowserSession(
                digest="0" * 64, kind="member", person_id=1, browser="", created_at=moment, expires_at=moment
            )
        )
        session().flush()
        return "", answer

    app = create_app(world.settings)
    app.config["WTF_CSRF_ENABLED"] = False
    app.register_blueprint(careless)
    return app

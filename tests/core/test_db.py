"""The transaction at the edge, and inserts that happen once."""

from datetime import UTC, datetime

import pytest

from portal.core import clock, db
from portal.mail.models import Stream, Suppression
from tests.world import World


def values(key: str) -> dict[str, object]:
    return {
        "address_key": key,
        "stream": Stream.marketing,
        "reason": "bounce",
        "words": "",
        "at": clock.now(),
    }


def test_a_row_is_inserted_once(world: World) -> None:
    with world.inside():
        assert db.insert_once(Suppression, values("a@example.org")) is True
        assert db.insert_once(Suppression, values("a@example.org")) is False
        assert db.insert_once(Suppression, values("b@example.org")) is True


def test_what_waits_for_the_commit_does_not_happen_after_a_rollback(world: World) -> None:
    done: list[str] = []
    with pytest.raises(RuntimeError), world.inside():
        db.after_commit(lambda: done.append("never"))
        raise RuntimeError
    with world.inside():
        db.after_commit(lambda: done.append("once"))
    with world.inside():
        pass
    assert done == ["once"]


def test_a_moment_without_its_zone_is_refused(world: World) -> None:
    with pytest.raises(Exception, match="needs its zone"), world.inside() as current:
        current.add(Suppression(**(values("c@example.org") | {"at": datetime(2027, 1, 1)})))  # noqa: DTZ001
        current.flush()


def test_a_moment_comes_back_in_utc(world: World) -> None:
    moment = datetime(2027, 3, 3, 12, 30, 15, 123456, tzinfo=UTC)
    with world.inside() as current:
        current.add(Suppression(**(values("d@example.org") | {"at": moment})))
    with world.inside() as current:
        stored = current.query(Suppression).one().at
    assert (stored, stored.tzinfo) == (moment, UTC)

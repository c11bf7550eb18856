"""When the provider asks for patience, all workers rest together, and never for ever."""

import pytest

from portal.mail import rests
from tests.mail.post_room import later
from tests.world import World


@pytest.mark.parametrize(("asked", "most"), [(20, 20), (0.5, 0.5), (10_000, 300)])
def test_a_rest_has_an_end(world: World, asked: float, most: float) -> None:
    with world.inside():
        assert rests.left() == 0
        rests.ask(asked)
    with world.inside():
        assert most - 5 < rests.left() <= most
    with later(seconds=most + 1), world.inside():
        assert rests.left() == 0


def test_the_longer_rest_counts_and_a_new_one_may_follow(world: World) -> None:
    for asked in (30, 5):
        with world.inside():
            rests.ask(asked)
    with world.inside():
        assert 20 < rests.left() <= 30
    with later(seconds=40):
        with world.inside():
            rests.ask(5)
        with world.inside():
            assert 0 < rests.left() <= 5


def test_a_clock_that_is_set_back_makes_nobody_rest_for_an_hour(world: World) -> None:
    with later(hours=1), world.inside():
        rests.ask(60)
    with world.inside():
        assert rests.left() == 0
        rests.ask(2)
    with world.inside():
        assert 0 < rests.left() <= 2

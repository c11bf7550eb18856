"""How long workers wait, and what is said of people nobody reached."""

import pytest

from portal.mail.transports.patience import Patience
from portal.mail.transports.result import Fate, Tally
from tests.mail.transports.cast import people


@pytest.mark.parametrize(
    ("asked", "given"), [([0], 1), ([-5], 1), ([7], 7), ([9, 4], 9), ([10**9], 300), ([float("inf")], 300)]
)
def test_waiting_has_bounds(asked, given):
    tally = Tally()
    for seconds in asked:
        tally.wait(seconds)
    assert tally.result(()).retry_after == given


def test_whoever_was_not_reached_may_go_again():
    crowd = people(3)
    tally = Tally()
    tally.accepted(crowd[:1], "id-1")
    result = tally.result(crowd, why_not_tried="too late")
    assert [result.facts[one.message].fate for one in crowd] == [Fate.accepted, Fate.again, Fate.again]
    assert result.facts["m0"].provider_id == "id-1"
    assert result.facts["m2"].why == "too late"
    assert result.retry_after == 0


def test_patience_grows_and_starts_anew():
    patience = Patience()
    waits = [patience.failed() for _ in range(20)]
    assert waits[0] <= 2
    assert min(waits[10:]) >= 30
    assert max(waits) <= 60
    assert len(set(waits)) > 10
    patience.answered()
    assert patience.failed() <= 2

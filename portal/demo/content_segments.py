"""Five saved rules of the demo: which members, in words and as a rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

Rule: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Segment:
    """A saved rule; `rule` nests all, any, not and single criteria ("is")."""

    slug: str
    name: str
    line: str
    rule: Rule


SEGMENTS: tuple[Segment, ...] = (
    Segment(
        "builders",
        "Builders",
        "People who write software or make hardware, whatever their place, and who are not on a pause.",
        {
            "all": [
                {"is": "interest", "any_of": ["engineering", "hardware"]},
                {"not": {"is": "status", "one_of": ["paused"]}},
            ]
        },
    ),
    Segment(
        "water-and-data",
        "Water and data",
        "Hydrology or data people with some years behind them.",
        {
            "all": [
                {"is": "interest", "any_of": ["hydrology", "data"]},
                {"is": "level", "one_of": ["mid", "senior", "lead"]},
            ]
        },
    ),
    Segment(
        "near-a-workshop",
        "Near Lisbon or Utrecht",
        "People who could come by: they live in or near one of the two towns where we have a door.",
        {
            "any": [
                {"is": "place", "any_of": ["lisbon", "porto"]},
                {"is": "place", "any_of": ["utrecht", "rotterdam"]},
            ]
        },
    ),
    Segment(
        "first-jobs",
        "First jobs and fresh starts",
        "Students and people in their first years, for Samuel's talks; only those who are active today.",
        {
            "all": [
                {"is": "level", "one_of": ["student", "junior"]},
                {"is": "status", "one_of": ["active"]},
            ]
        },
    ),
    Segment(
        "met-us-lately",
        "Met us, or new here",
        "Came to the open workshop or the calibration evening, or joined within the last 90 days.",
        {
            "any": [
                {"is": "attended", "event": "open-workshop-in-lisbon"},
                {"is": "attended", "event": "how-we-calibrate"},
                {"is": "joined", "within_days": 90},
            ]
        },
    ),
)

"""The season that dresses the home page and the quarter's newsletter."""

from dataclasses import dataclass
from datetime import date

_NAMES = {1: "winter", 2: "spring", 3: "summer", 4: "autumn"}


@dataclass(frozen=True, slots=True)
class Season:
    """A quarter of the year, and what it is called here."""

    year: int
    quarter: int

    @property
    def name(self) -> str:
        """winter, spring, summer or autumn."""
        return _NAMES[self.quarter]

    @property
    def next(self) -> "Season":
        """The season after it."""
        return Season(self.year + self.quarter // 4, self.quarter % 4 + 1)

    @property
    def begins(self) -> date:
        """Its first day."""
        return date(self.year, self.quarter * 3 - 2, 1)

    def __str__(self) -> str:
        """Return "Autumn 2026"."""
        return f"{self.name.capitalize()} {self.year}"


def season_of(day: date) -> Season:
    """The season a day lies in: January to March is winter, and so on."""
    return Season(day.year, (day.month + 2) // 3)

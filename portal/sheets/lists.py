"""Which people a list that is taken out is about: the members list as it was narrowed, or a segment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select, true

from portal.core.db import session
from portal.directory import queries as directory
from portal.members.models import Level, Member
from portal.segments import queries as segments
from portal.segments import rules


class NoSuchList(Exception):
    """The segment is gone, or its rule is broken by now."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A list: a segment by its slug, or else what the members list was narrowed by."""

    segment: str = ""
    search: directory.Search = field(
        default_factory=lambda: directory.Search(standings=directory.Standings.everybody)
    )
    zone: str = "UTC"
    words: str = "Everybody"

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        search = self.search
        return {
            "segment": self.segment,
            "zone": self.zone,
            "words": self.words,
            "typed": search.typed,
            "standings": search.standings.value,
            "interest": search.interest,
            "place": search.place,
            "level": search.level.value if search.level else "",
            "since": search.since.isoformat() if search.since else "",
        }

    def condition(self) -> ColumnElement[bool]:
        """SQL over Member.

        Raises:
            NoSuchList: the segment is gone or broken.
        """
        if self.segment:
            found = segments.segment(self.segment)
            if found is None:
                raise NoSuchList
            try:
                return rules.members_in(found.rule)
            except rules.Broken as broken:
                raise NoSuchList from broken
        return directory.condition(self.search, directory.catalogue(), ZoneInfo(self.zone))

    def count(self) -> int:
        """How many people it holds now.

        Raises:
            NoSuchList: the segment is gone or broken.
        """
        return session().scalar(select(func.count()).select_from(Member).where(self.condition(), true())) or 0


def from_json(stored: Mapping[str, Any]) -> Asked:
    """The list as it was stored."""
    return Asked(
        segment=stored["segment"],
        zone=stored["zone"],
        words=stored["words"],
        search=directory.Search(
            typed=stored["typed"],
            standings=directory.Standings(stored["standings"]),
            interest=stored["interest"],
            place=stored["place"],
            level=Level(stored["level"]) if stored["level"] else None,
            since=date.fromisoformat(stored["since"]) if stored["since"] else None,
        ),
    )

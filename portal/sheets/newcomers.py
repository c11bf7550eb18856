"""Interests and places that a spreadsheet names and the portal has not got: added when staff say so."""

from collections.abc import Sequence

from flask import current_app

from portal.core.settings import Settings
from portal.core.words import zone
from portal.members import guard
from portal.preferences import catalogue

LONGEST = 80


def make_interests(names: Sequence[str]) -> list[int]:
    """Offer these to follow; returns the ids of those that are new. What is about a sensitive trait is left out."""
    made = []
    for name in names:
        if guard.trait_in(name) is not None or len(name) > LONGEST:
            continue
        try:
            made.append(catalogue.add_interest(name, "").id)
        except catalogue.NameTaken:
            continue
        except catalogue.NoRoom:
            break
    return made


def make_places(names: Sequence[str]) -> list[int]:
    """Offer these places, written as "Lisbon (PT, Europe/Lisbon, South)"; returns the ids of those that are new."""
    settings: Settings = current_app.extensions["portal"]
    made = []
    for text in names:
        town, _, rest = text.partition("(")
        parts = [part.strip() for part in rest.rstrip(") ").split(",")]
        country = parts[0].upper() if parts and len(parts[0]) == 2 and parts[0].isascii() else ""
        if not town.strip() or len(town) > LONGEST or not country:
            continue
        there = zone(parts[1] if len(parts) > 1 else "", settings.company_zone).key
        region = ", ".join(parts[2:])[:80]
        try:
            made.append(catalogue.add_place(town.strip(), country, region, there).id)
        except catalogue.NameTaken:
            continue
    return made

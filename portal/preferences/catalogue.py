"""What can be followed: staff add, rename and retire interests and places. Nobody loses what they follow."""

from collections.abc import Sequence

from portal.core import clock, words
from portal.core.db import lock, session
from portal.preferences import queries
from portal.preferences.models import Interest, Place


class NameTaken(Exception):
    """Another one is called that already."""


class NoRoom(Exception):
    """The mask has no bit left; retired interests keep theirs, because people follow them."""


def add_interest(name: str, line: str) -> Interest:
    """Offer something new to follow.

    Raises:
        NameTaken: there is one of that name.
        NoRoom: there are as many as a mask can hold.
    """
    lock("interests")
    held = queries.all_interests(with_retired=True)
    _refuse_twin(name, held)
    taken = {one.bit for one in held}
    bit = next((one for one in range(queries.BITS) if one not in taken), None)
    if bit is None:
        raise NoRoom
    interest = Interest(slug=_slug(name, {one.slug for one in held}), name=name, line=line, bit=bit)
    session().add(interest)
    session().flush()
    return interest


def rename_interest(interest: Interest, name: str, line: str) -> None:
    """Call it differently; its address and its followers stay.

    Raises:
        NameTaken: another one is called that.
    """
    lock("interests")
    _refuse_twin(name, [one for one in queries.all_interests(with_retired=True) if one.id != interest.id])
    interest.name, interest.line = name, line
    session().flush()


def add_place(name: str, country: str, region: str, zone: str) -> Place:
    """Offer a new place.

    Raises:
        NameTaken: there is one of that name in that country.
    """
    lock("places")
    held = queries.all_places(with_retired=True)
    _refuse_twin(name, [one for one in held if one.country == country])
    place = Place(
        slug=_slug(name, {one.slug for one in held}), name=name, country=country, region=region, zone=zone
    )
    session().add(place)
    session().flush()
    return place


def change_place(place: Place, name: str, country: str, region: str, zone: str) -> None:
    """Correct a place; whoever named it keeps it.

    Raises:
        NameTaken: another one in that country is called that.
    """
    lock("places")
    held = queries.all_places(with_retired=True)
    _refuse_twin(name, [one for one in held if one.country == country and one.id != place.id])
    place.name, place.country, place.region, place.zone = name, country, region, zone
    session().flush()


def retire(one: Interest | Place) -> None:
    """Offer it to nobody new; whoever has it keeps it."""
    if one.retired_at is None:
        one.retired_at = clock.now()


def restore(one: Interest | Place) -> None:
    """Offer it again."""
    one.retired_at = None


def _refuse_twin(name: str, held: Sequence[Interest | Place]) -> None:
    for one in held:
        if one.name.casefold() == name.casefold():
            raise NameTaken(one.name)


def _slug(name: str, taken: set[str]) -> str:
    """An address part that nobody has yet; names in other scripts get a number."""
    stem = words.slug(name, 50) or "followed"
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(one for one in numbered if one not in taken)

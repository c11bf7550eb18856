"""Everything the house keeps about a member, room by room: to be taken along, and to be erased.

Rooms above register what they hold here, so that members imports nobody above.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portal.members.models import Member

Row = dict[str, object]
Rows = Callable[[Member], Sequence[Row]]
Erase = Callable[[Member], int]
Claim = Callable[[Member], None]


@dataclass(frozen=True, slots=True)
class Held:
    """One kind of thing we keep about a member, with its rows as plain values."""

    name: str
    words: str
    rows: Sequence[Row]


_holds: dict[str, tuple[str, Rows]] = {}
_erases: dict[str, Erase] = {}
_claims: list[Claim] = []


def holds(name: str, words: str) -> Callable[[Rows], Rows]:
    """Register what is kept: rows with plain words as keys and str, int, bool, None or moments as values."""

    def register(rows: Rows) -> Rows:
        _holds[name] = (words, rows)
        return rows

    return register


def erases(name: str) -> Callable[[Erase], Erase]:
    """Register how it is erased; the function returns how many rows went."""

    def register(erase: Erase) -> Erase:
        _erases[name] = erase
        return erase

    return register


def claims(claim: Claim) -> Claim:
    """Register what must be locked before the member's row is, so that forgetting never waits in a circle."""
    _claims.append(claim)
    return claim


def claim_all(member: Member) -> None:
    """Lock what every room will need to erase a member."""
    for claim in _claims:
        claim(member)


def everything(member: Member) -> list[Held]:
    """All that is kept about a member."""
    first_who_they_are = sorted(_holds, key=lambda name: name != "profile")
    return [Held(name, _holds[name][0], _holds[name][1](member)) for name in first_who_they_are]


def erase_all(member: Member) -> dict[str, int]:
    """Erase it, the rooms above first; returns how many rows of each kind went."""
    return {name: erase(member) for name, erase in reversed(_erases.items())}


def words_of(name: str) -> str:
    """What a kind of thing is called on a page."""
    return _holds[name][0] if name in _holds else name.replace("_", " ").capitalize()

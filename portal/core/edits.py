"""Two people edit the same thing: the second to save is shown what the first one wrote, and loses nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


class Editable(Protocol):
    """Something with a moment of its last change."""

    changed_at: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which the typed text and the stored text part."""

    label: str
    field_id: str
    theirs: str


class SavedMeanwhile(Exception):
    """Somebody else saved after this form was opened; nothing has been overwritten."""


def mark(thing: Editable) -> str:
    """Return what the form carries to say which state of the thing it shows."""
    changed_at: datetime = thing.changed_at
    return changed_at.isoformat()


def check(thing: Editable, seen: str) -> None:
    """Pass when the thing, freshly read and locked, is still as the form showed it.

    Raises:
        SavedMeanwhile: it has been saved since.
    """
    if mark(thing) != seen:
        raise SavedMeanwhile


def differences(typed: Any, stored: Any) -> list[Difference]:
    """Compare two forms of one kind, the typed one and one filled from what is stored."""
    found = []
    for field in typed:
        if field.type in {"HiddenField", "CSRFTokenField", "FileField"} or field.name not in stored:
            continue
        theirs = stored[field.name]
        if field.data != theirs.data:
            found.append(Difference(field.label.text, field.id, _in_words(theirs)))
    return found


def _in_words(field: Any) -> str:
    if hasattr(field, "iter_choices"):
        chosen = [str(text) for _value, text, is_chosen, *_more in field.iter_choices() if is_chosen]
        return ", ".join(chosen) or "nothing"
    if isinstance(field.data, bool):
        return "yes" if field.data else "no"
    return str(field._value()) or "nothing"

"""The words people say yes to, and since when. A version is never edited: new words are a new version."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version: what stood beside the box that was ticked."""

    version: str
    since: date
    words: str


TEXTS = (
    ConsentText(
        version="2026-11",
        since=date(2026, 11, 1),
        words="Yes, keep what I tell you here and write to me about working with you: a newsletter each "
        "quarter, and invitations to events. I can choose, pause, leave or be forgotten at any time, "
        "from any mail or from my page.",
    ),
)


_known = {text.version: text for text in TEXTS}


def current() -> ConsentText:
    """The words in force now."""
    return TEXTS[-1]


def know(*texts: ConsentText) -> None:
    """Let another room's words be found by their version too."""
    _known.update((text.version, text) for text in texts)


def of(version: str) -> ConsentText | None:
    """The words of a version, of any room; None for one we never had."""
    return _known.get(version)


def words_of(version: str) -> str:
    """The words of a version, "" where a line needed none."""
    text = of(version)
    return text.words if text else ""

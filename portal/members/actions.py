"""What members do: consent, leave, come back, pause, and tell us who they are."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from portal.core import clock
from portal.core.db import session
from portal.mail import withdrawal
from portal.members import arrivals, consent_texts
from portal.members.models import Consent, Level, Member, Own, Readiness, Status, WorkMode

NETWORK = "network"
PAUSE = "pause"


def record(
    member: Member,
    about: str,
    is_given: bool,
    how: str,
    value: str = "",
    text_version: str = "",
    by: str = "member",
    at: datetime | None = None,
) -> Consent:
    """Add a line to the consent ledger: given or taken back, for what, in which words, and how.

    `about` is a matter such as "network", "pause" or "topic:newsletter"; `how` the page or mail it came by.
    """
    line = Consent(
        person=member.ledger_key,
        at=at or clock.now(),
        about=about,
        is_given=is_given,
        value=value,
        text_version=text_version,
        how=how,
        by=by,
    )
    session().add(line)
    session().flush()
    return line


def leave(member: Member, how: str, by: str = "member") -> bool:
    """Take back the consent to be written to; only mail they ask for follows. Returns whether it was news.

    `by` is "staff:12" when they asked a person to do it for them.
    """
    session().refresh(member, with_for_update=True)
    if member.status is not Status.active:
        return False
    member.status = Status.left
    member.left_at = member.choices_changed_at = clock.now()
    member.paused_until = None
    record(member, NETWORK, False, how, by=by)
    withdrawal.of_member(member.id)
    return True


def come_back(member: Member, how: str, text_version: str = "") -> bool:
    """Give consent again after leaving: only ever by the person, from their own page or mail.

    Returns whether it was news.
    """
    session().refresh(member, with_for_update=True)
    if member.status is not Status.left:
        return False
    member.status = Status.active
    member.left_at = None
    member.choices_changed_at = clock.now()
    record(member, NETWORK, True, how, text_version=text_version or consent_texts.current().version)
    arrivals.happen(member)
    return True


def pause(member: Member, until: datetime, how: str) -> None:
    """Be quiet until then."""
    session().refresh(member, with_for_update=True)
    member.paused_until = until
    member.choices_changed_at = clock.now()
    record(member, PAUSE, True, how, value=until.date().isoformat())
    withdrawal.of_member(member.id)


def end_pause(member: Member, how: str) -> None:
    """Go on writing at once; does nothing when there is no pause."""
    session().refresh(member, with_for_update=True)
    if member.paused_until is None:
        return
    member.paused_until = None
    member.choices_changed_at = clock.now()
    record(member, PAUSE, False, how)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a member tells us about themselves; everything but the name may be left out."""

    name: str
    call_name: str = ""
    level: Level | None = None
    work_mode: WorkMode | None = None
    readiness: Readiness | None = None
    zone: str = ""
    birthday: tuple[int, int] | None = None
    anniversary: tuple[int, int] | None = None


def save_profile(member: Member, profile: Profile) -> None:
    """Keep what a member told us, all of it at once. Days are (month, day), never a year."""
    session().refresh(member, with_for_update=True)
    member.name, member.call_name = profile.name, profile.call_name
    member.level, member.work_mode = profile.level, profile.work_mode
    if profile.readiness is not member.readiness:
        member.readiness = profile.readiness
        member.readiness_said_at = clock.now() if profile.readiness is not None else None
    member.zone = profile.zone
    member.birthday_month, member.birthday_day = profile.birthday or (None, None)
    member.anniversary_month, member.anniversary_day = profile.anniversary or (None, None)
    member.search_name = search_name(member.name, member.call_name, member.address_key)
    member.own_fields |= _PROFILE
    session().flush()


_PROFILE = (
    Own.full_name | Own.call_name | Own.level | Own.work_mode | Own.zone | Own.birthday | Own.anniversary
)


def search_name(name: str, call_name: str, address_key: str) -> str:
    """What staff search in: name, call name and address, without case and accents."""
    words = name if call_name.casefold() in name.casefold() else f"{name} {call_name}"
    return f"{fold(words)} {address_key}"[:400]


# Letters whose stroke or tie is no accent to Unicode, and is one to whoever types without it.
_STROKES = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)


def fold(text: str) -> str:
    """Text without case and accents, as it stands in `search_name` and as it must be searched for."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold().translate(_STROKES))
    plain = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return unicodedata.normalize("NFKC", plain)

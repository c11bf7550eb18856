"""Sessions are rows: listed, revocable, with an idle and an absolute limit.

The signed cookie carries a random text and when it was last used; the row carries only the text's hash.
The idle limit lives in the cookie because a GET writes nothing.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from flask import current_app
from flask import session as cookie
from sqlalchemy import Index, String, bindparam, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Base, session

_people: dict[str, type[Base]] = {}
_TEXT, _SEEN = "key", "seen"


class BrowserSession(Base):
    """A browser in which somebody is signed in."""

    __tablename__ = "browser_sessions"
    __table_args__ = (Index("ix_browser_sessions_person", "kind", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    person_id: Mapped[int]
    browser: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


def bring_along(kind: str, person: type[Base]) -> None:
    """Read whoever is signed in together with their session: one question to the database instead of two."""
    _people[kind] = person
    _live.cache_clear()


@lru_cache
def _live() -> Any:
    live = select(BrowserSession, *_people.values()).where(BrowserSession.digest == bindparam("digest"))
    for kind, person in _people.items():
        theirs = (BrowserSession.kind == kind) & (BrowserSession.person_id == person.id)  # type: ignore[attr-defined]
        live = live.outerjoin(person, theirs)
    return live


def start(kind: str, person_id: int, browser: str) -> BrowserSession:
    """Begin a session in this browser; whatever it held before is thrown away (no fixation)."""
    end()
    cookie.clear()
    settings = current_app.extensions["portal"]
    days = settings.staff_session_days if kind == "staff" else settings.session_days
    moment = clock.now()
    text = secrets.token_urlsafe(32)
    row = BrowserSession(
        digest=_digest(text),
        kind=kind,
        person_id=person_id,
        browser=browser[:120],
        created_at=moment,
        expires_at=moment + timedelta(days=days),
    )
    session().add(row)
    session().flush()
    cookie[_TEXT] = text
    cookie[_SEEN] = int(moment.timestamp())
    return row


def current() -> BrowserSession | None:
    """The live session of this browser, if there is one."""
    text, seen = cookie.get(_TEXT), cookie.get(_SEEN)
    if not isinstance(text, str) or not isinstance(seen, int):
        return None
    found = session().execute(_live(), {"digest": _digest(text)}).first()
    moment = clock.now()
    row: BrowserSession | None = found[0] if found is not None else None
    if row is None or row.revoked_at is not None or row.expires_at <= moment:
        return None
    settings = current_app.extensions["portal"]
    idle = settings.staff_session_idle_hours if row.kind == "staff" else settings.session_idle_hours
    now = int(moment.timestamp())
    if now - seen > idle * 3600:
        return None
    if now - seen > 60:
        cookie[_SEEN] = now
    # What nobody holds is forgotten, and would be read again.
    session().info["signed in"] = found
    return row


def current_id(kind: str) -> int | None:
    """The id of this browser's live session, if it is of that kind."""
    row = current()
    return row.id if row is not None and row.kind == kind else None


def end() -> None:
    """End the session of this browser, here and in the database."""
    text = cookie.pop(_TEXT, None)
    cookie.pop(_SEEN, None)
    if isinstance(text, str):
        _revoke(BrowserSession.digest == _digest(text))


def end_all(kind: str, person_id: int, keep: int | None = None) -> None:
    """End every session of a person, except the one with the id `keep`."""
    _revoke(
        BrowserSession.kind == kind,
        BrowserSession.person_id == person_id,
        BrowserSession.id != (keep or 0),
    )


def end_one(kind: str, person_id: int, session_id: int) -> bool:
    """End one session of a person; returns whether it was theirs and open."""
    return _revoke(
        BrowserSession.kind == kind, BrowserSession.person_id == person_id, BrowserSession.id == session_id
    )


def of_person(kind: str, person_id: int) -> list[BrowserSession]:
    """The live sessions of a person, newest first."""
    return list(
        session().scalars(
            select(BrowserSession)
            .where(
                BrowserSession.kind == kind,
                BrowserSession.person_id == person_id,
                BrowserSession.revoked_at.is_(None),
                BrowserSession.expires_at > clock.now(),
            )
            .order_by(BrowserSession.id.desc())
        )
    )


def forget(kind: str, person_id: int) -> None:
    """Remove every trace of a person's sessions."""
    session().execute(
        delete(BrowserSession).where(BrowserSession.kind == kind, BrowserSession.person_id == person_id)
    )


def remove_old(before: datetime) -> None:
    """Remove sessions that ended before that moment."""
    session().execute(delete(BrowserSession).where(BrowserSession.expires_at < before))


def _revoke(*which: object) -> bool:
    done = session().execute(
        update(BrowserSession)
        .where(BrowserSession.revoked_at.is_(None), *which)  # type: ignore[arg-type]
        .values(revoked_at=clock.now())
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

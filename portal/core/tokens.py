"""Links and codes: one purpose, one salt.

Three kinds, from one secret:

* `sign`/`read`: a value that only we can have written (itsdangerous). No state, no expiry.
* `seal`/`unseal`: a short value for bulk mail, an id and 128 bits of HMAC; survives key rotation and never expires.
* `OneTimeToken`: a row that holds only a hash, an expiry and `used_at`; consumed by a conditional UPDATE, so that
  of fifty simultaneous attempts one succeeds. Link and code are derived from the row's nonce and the secret key,
  so neither stands in the database, and a letter can be written after the transaction that asked for it.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import CheckConstraint, Index, String, bindparam, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Base, session

CODE_TRIES = 5


class Outcome(StrEnum):
    """What presenting a link or a code led to."""

    good = "good"
    used = "used"
    expired = "expired"
    wrong = "wrong"


class OneTimeToken(Base):
    """Something a person can do once, with a link or a six-digit code, before it expires."""

    __tablename__ = "one_time_tokens"
    __table_args__ = (
        Index("ix_one_time_tokens_expires_at", "expires_at"),
        Index("ix_one_time_tokens_subject", "purpose", "subject"),
        CheckConstraint("tries >= 0", name="tries"),
        # A letter names its token by id: an id must never come back for somebody else's token.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80))
    nonce: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    browser: Mapped[str] = mapped_column(String(64), default="")
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    @property
    def link_text(self) -> str:
        """What stands in the link."""
        return _link_text(self._key, self.purpose, self.nonce)

    @property
    def code(self) -> str:
        """The six digits for somebody who reads the mail elsewhere."""
        number = int.from_bytes(_mac(self._key, f"code:{self.purpose}", self.nonce.encode())[:8])
        return f"{number % 1_000_000:06d}"

    @property
    def _key(self) -> str:
        """The key it was made with; after a rotation that may be an older one."""
        keys = _keys()
        return next(
            (key for key in keys if _digest(_link_text(key, self.purpose, self.nonce)) == self.digest),
            keys[0],
        )

    @property
    def state(self) -> Outcome:
        """Whether it could be used now."""
        if self.used_at is not None:
            return Outcome.used
        if self.expires_at <= clock.now() or self.tries >= CODE_TRIES:
            return Outcome.expired
        return Outcome.good


def issue(purpose: str, subject: str, lives: timedelta, browser: str = "") -> OneTimeToken:
    """Make a one-time token about `subject` (an opaque id); older unused ones of the same purpose die.

    What is returned is a copy of the row, good for reading.

    `browser` is the digest of a cookie of the browser that asked; see `same_browser`.
    """
    moment = clock.now()
    session().flush()
    session().connection().execute(_OLDER, {"purpose": purpose, "subject": subject})
    nonce = secrets.token_hex(16)
    values = {
        "purpose": purpose,
        "subject": subject,
        "nonce": nonce,
        "digest": _digest(_link_text(_keys()[0], purpose, nonce)),
        "browser": browser,
        "created_at": moment,
        "expires_at": moment + lives,
    }
    number = session().connection().execute(_ISSUED, values).scalar_one()
    return OneTimeToken(id=number, tries=0, **values)


_ISSUED = insert(OneTimeToken).returning(OneTimeToken.id)


def issue_many(purpose: str, subjects: Iterable[str], lives: timedelta) -> None:
    """Make a one-time token about each of these, who have none of this purpose yet; in one statement."""
    moment, key = clock.now(), _keys()[0]
    rows = []
    for subject in subjects:
        nonce = secrets.token_hex(16)
        rows.append(
            {
                "purpose": purpose,
                "subject": subject,
                "nonce": nonce,
                "digest": _digest(_link_text(key, purpose, nonce)),
                "created_at": moment,
                "expires_at": moment + lives,
            }
        )
    if rows:
        session().execute(insert(OneTimeToken), rows)


_OLDER = delete(OneTimeToken).where(
    OneTimeToken.purpose == bindparam("purpose"),
    OneTimeToken.subject == bindparam("subject"),
    OneTimeToken.used_at.is_(None),
)


def find(purpose: str, text: str) -> OneTimeToken | None:
    """The token a link names, in whatever state; None when we never wrote it."""
    if not text or len(text) > 200:
        return None
    return session().scalar(
        select(OneTimeToken).where(OneTimeToken.digest == _digest(text), OneTimeToken.purpose == purpose)
    )


def of_browser(purpose: str, browser: str) -> OneTimeToken | None:
    """The newest token that this browser asked for."""
    if not browser:
        return None
    return session().scalar(
        select(OneTimeToken)
        .where(OneTimeToken.browser == browser, OneTimeToken.purpose == purpose)
        .order_by(OneTimeToken.id.desc())
        .limit(1)
    )


def consume(token: OneTimeToken) -> Outcome:
    """Use the token up; of many at once exactly one gets `good`."""
    moment = clock.now()
    done = session().execute(
        update(OneTimeToken)
        .where(
            OneTimeToken.id == token.id,
            OneTimeToken.used_at.is_(None),
            OneTimeToken.expires_at > moment,
            OneTimeToken.tries < CODE_TRIES,
        )
        .values(used_at=moment)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount == 1:  # type: ignore[attr-defined]
        return Outcome.good
    session().refresh(token)
    return token.state if token.state is not Outcome.good else Outcome.used


def consume_by_code(token: OneTimeToken, code: str) -> Outcome:
    """Use the token up with its typed code; five wrong tries end it."""
    if token.state is not Outcome.good:
        return token.state
    typed = "".join(letter for letter in code if letter.isdigit())
    if not hmac.compare_digest(typed.encode(), token.code.encode()):
        session().execute(
            update(OneTimeToken).where(OneTimeToken.id == token.id).values(tries=OneTimeToken.tries + 1)
        )
        return Outcome.wrong
    return consume(token)


def forget(subject: str) -> None:
    """Remove every token about `subject`."""
    session().execute(delete(OneTimeToken).where(OneTimeToken.subject == subject))


def remove_expired(before: datetime) -> int:
    """Remove tokens that expired before that moment; returns how many."""
    return session().execute(delete(OneTimeToken).where(OneTimeToken.expires_at < before)).rowcount  # type: ignore[attr-defined, no-any-return]


def sign(purpose: str, value: str | int | list[str | int]) -> str:
    """A text that carries `value` and that only we can have written, for this purpose only."""
    return URLSafeSerializer(_keys()[0], salt=purpose).dumps(value)


def read(purpose: str, text: str) -> str | int | list[str | int] | None:
    """The value that `sign` put in; None for anything else."""
    if len(text) > 2000:
        return None
    for key in _keys():
        try:
            value: str | int | list[str | int] = URLSafeSerializer(key, salt=purpose).loads(text)
        except (BadSignature, UnicodeError, ValueError):
            continue
        return value
    return None


_BULK = {"message": 0, "unsubscribe": 16, "preferences": 32}


def seal(purpose: str, number: int) -> str:
    """A short link text for an id: the number and 128 bits of HMAC. Never expires."""
    body = number.to_bytes(8)
    return _b64(body + _seal_mac(_keys()[0], purpose, body))


def seal_all(numbers: Iterable[int]) -> Iterator[tuple[int, str, str, str]]:
    """For bulk mail: each id with its seals as message, unsubscribe and preferences, by one HMAC a person."""
    key = _purpose_key(_keys()[0], "bulk")
    encode = base64.urlsafe_b64encode
    for number in numbers:
        body = number.to_bytes(8)
        mac = hmac.digest(key, body, "sha512")
        yield (
            number,
            encode(body + mac[:16]).decode(),
            encode(body + mac[16:32]).decode(),
            encode(body + mac[32:48]).decode(),
        )


def unseal(purpose: str, text: str) -> int | None:
    """The id that `seal` put in, or None."""
    if len(text) != 32:
        return None
    try:
        raw = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
    except ValueError:
        return None
    body, mac = raw[:8], raw[8:]
    if any(hmac.compare_digest(mac, _seal_mac(key, purpose, body)) for key in _keys()):
        return int.from_bytes(body)
    return None


def _seal_mac(key: str, purpose: str, body: bytes) -> bytes:
    """Each bulk purpose has its own 128 bits of one HMAC-SHA-512; every other purpose a key of its own."""
    start = _BULK.get(purpose)
    if start is None:
        return _mac(key, purpose, body)[:16]
    return hmac.digest(_purpose_key(key, "bulk"), body, "sha512")[start : start + 16]


def keyed_hash(purpose: str, value: str) -> str:
    """A hash that only we can compute, by the oldest key: it recognises a value later without keeping it."""
    return _mac(_keys()[-1], purpose, value.encode()).hex()


def derived(purpose: str, nonce: str) -> list[bytes]:
    """A secret of 160 bits that is never stored: from the key that signs now, and from each older one."""
    return [_mac(key, purpose, nonce.encode())[:20] for key in _keys()]


def fresh_browser() -> tuple[str, str]:
    """A new browser cookie and the digest of it that rows may keep."""
    cookie = secrets.token_urlsafe(24)
    return cookie, browser_digest(cookie)


def browser_digest(cookie: str) -> str:
    """What rows keep of a browser cookie."""
    return _digest(cookie) if cookie else ""


def _link_text(key: str, purpose: str, nonce: str) -> str:
    return _b64(_mac(key, f"link:{purpose}", nonce.encode())[:24])


def _keys() -> list[str]:
    keys: list[str] = current_app.extensions["portal"].secret_keys
    return keys


@lru_cache(maxsize=64)
def _purpose_key(key: str, purpose: str) -> bytes:
    return hmac.digest(key.encode(), b"perennial/" + purpose.encode(), "sha256")


def _mac(key: str, purpose: str, body: bytes) -> bytes:
    return hmac.digest(_purpose_key(key, purpose), body, "sha256")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")

"""What happens to staff accounts, their second factor, and the lines of what staff did."""

import base64
import hashlib
import hmac
import secrets
from typing import Any

import pyotp
from sqlalchemy import delete, func, select, update

from portal.core import actor, clock, sessions, tokens
from portal.core import words as tidy
from portal.core.addresses import Address
from portal.core.db import lock, session
from portal.staff.models import AuditLine, RecoveryCode, Role, Staff

RECOVERY_CODES = 8
STEP_SECONDS = 30
AUDITED = "audited"
_PURPOSE = "staff/second-factor"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class AlreadyHere(Exception):
    """Somebody with this address works here already."""


class LastAdmin(Exception):
    """Without this person nobody could manage staff any more."""


def record(action: str, subject: str = "", words: str = "", facts: dict[str, Any] | None = None) -> None:
    """Add a line to the audit: what the acting person did to what.

    `subject` is like "newsletter:12"; `words` one plain sentence without personal data of members; `facts` hold
    ids and numbers.
    """
    session().add(
        AuditLine(
            at=clock.now(),
            staff_id=actor.staff_id(),
            action=action[:80],
            subject=subject[:80],
            words=tidy.clean(words)[:300],
            facts=facts or {},
        )
    )
    session().info[AUDITED] = True


def open_account(address: Address, name: str, role: Role, title: str = "") -> Staff:
    """Give somebody an account; they still have to accept the invitation.

    An account that was closed is opened again, with the new role and without its old second factor.

    Raises:
        AlreadyHere: they have one.
    """
    lock(f"staff:{address.key}")
    found = session().scalar(select(Staff).where(Staff.address_key == address.key).with_for_update())
    if found is not None and found.is_active and found.joined_at is not None:
        raise AlreadyHere
    moment = clock.now()
    if found is None:
        found = Staff(
            address=address.text,
            address_key=address.key,
            name=name,
            title=title,
            role=role,
            invited_at=moment,
        )
        session().add(found)
    else:
        found.name, found.role, found.invited_at, found.closed_at = name or found.name, role, moment, None
        _forget_second_factor(found)
    session().flush()
    record("staff.invited", f"staff:{found.id}", f"Invited as {role}")
    return found


def accept_invitation(person: Staff) -> None:
    """Note that somebody came in for the first time."""
    if person.joined_at is None:
        person.joined_at = clock.now()


def change_profile(person: Staff, name: str, title: str, bio: str, zone: str) -> None:
    """Change what is shown of somebody who works here."""
    person.name, person.title, person.bio, person.zone = name, title, bio, zone
    record("staff.profile", f"staff:{person.id}", "Changed their own profile")


def change_role(person: Staff, role: Role) -> None:
    """Give somebody another role; their sessions end, so that it holds at once.

    Raises:
        LastAdmin: they are the only admin.
    """
    _keep_an_admin(person, role)
    before, person.role = person.role, role
    sessions.end_all("staff", person.id)
    record("staff.role", f"staff:{person.id}", f"Role changed from {before} to {role}")


def close_account(person: Staff) -> None:
    """End somebody's access at once; what they wrote stays.

    Raises:
        LastAdmin: they are the only admin.
    """
    _keep_an_admin(person, None)
    person.closed_at = clock.now()
    _forget_second_factor(person)
    sessions.end_all("staff", person.id)
    tokens.forget(f"staff:{person.id}")
    record("staff.closed", f"staff:{person.id}", "Account closed")


def _keep_an_admin(person: Staff, role: Role | None) -> None:
    lock("staff:admins")
    session().refresh(person, with_for_update=True)
    if person.role is not Role.admin or role is Role.admin or not person.is_active:
        return
    others = select(func.count()).where(
        Staff.role == Role.admin,
        Staff.closed_at.is_(None),
        Staff.joined_at.is_not(None),
        Staff.id != person.id,
    )
    if not session().scalar(others):
        raise LastAdmin


def begin_second_factor(person: Staff, issuer: str) -> str:
    """Make the secret for an authenticator app; returns the `otpauth:` address to show as a QR code.

    The secret itself is derived from ours and never stored. Opening the page again shows the same one.
    """
    if not person.totp_secret:
        person.totp_secret = secrets.token_hex(16)
    return provisioning_address(person, issuer)


def provisioning_address(person: Staff, issuer: str) -> str:
    """The `otpauth:` address of a secret that has been begun; `issuer` is what the app calls us."""
    return pyotp.TOTP(_secrets(person)[0]).provisioning_uri(name=person.address, issuer_name=issuer)


def code_now(person: Staff) -> str:
    """What the person's app shows now: for development, where nobody has a phone."""
    return pyotp.TOTP(_secrets(person)[0]).generate_otp(int(clock.now().timestamp()) // STEP_SECONDS)


def confirm_second_factor(person: Staff, code: str) -> list[str] | None:
    """Connect the app when its code is right; returns fresh recovery codes to keep on paper, else None."""
    if not _is_right(person, code):
        return None
    person.totp_confirmed_at = clock.now()
    record("staff.second-factor", f"staff:{person.id}", "Connected an authenticator app")
    return fresh_recovery_codes(person)


def fresh_recovery_codes(person: Staff) -> list[str]:
    """Make new recovery codes; the old ones are void."""
    session().execute(delete(RecoveryCode).where(RecoveryCode.staff_id == person.id))
    codes = [
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(3))
        for _ in range(RECOVERY_CODES)
    ]
    session().add_all(RecoveryCode(staff_id=person.id, digest=_digest(code)) for code in codes)
    session().flush()
    return codes


def check_second_factor(person: Staff, code: str) -> bool:
    """Whether the app's code or a recovery code is right; each works once, however many try at once."""
    if _is_right(person, code):
        return True
    done = session().execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.staff_id == person.id,
            RecoveryCode.digest == _digest(code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        return False
    record("staff.recovery-code", f"staff:{person.id}", "Signed in with a recovery code")
    return True


def _is_right(person: Staff, code: str) -> bool:
    """Accept the present, the previous and the next code (RFC 6238, 5.2), never a step twice."""
    if not person.totp_secret:
        return False
    typed = "".join(letter for letter in code if letter.isascii() and letter.isdigit())
    present = int(clock.now().timestamp()) // STEP_SECONDS
    for step in (present, present - 1, present + 1):
        expected = [pyotp.TOTP(secret).generate_otp(step) for secret in _secrets(person)]
        if any(hmac.compare_digest(typed, one) for one in expected):
            done = session().execute(
                update(Staff)
                .where(Staff.id == person.id, Staff.totp_last_step < step)
                .values(totp_last_step=step)
                .execution_options(synchronize_session=False)
            )
            return bool(done.rowcount == 1)  # type: ignore[attr-defined]
    return False


def _secrets(person: Staff) -> list[str]:
    return [
        base64.b32encode(raw).decode()
        for raw in tokens.derived(_PURPOSE, f"{person.id}:{person.totp_secret}")
    ]


def _forget_second_factor(person: Staff) -> None:
    person.totp_secret, person.totp_confirmed_at, person.totp_last_step = "", None, 0
    session().execute(delete(RecoveryCode).where(RecoveryCode.staff_id == person.id))


def _digest(code: str) -> str:
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()

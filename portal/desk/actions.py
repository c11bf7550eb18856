"""Coming in: asked for by mail, opened by a link or a code, and closed by the second factor."""

from datetime import timedelta

from portal.core import tokens
from portal.core.addresses import Address
from portal.core.settings import Settings
from portal.core.tokens import OneTimeToken, Outcome
from portal.mail import actions as mail
from portal.mail import limits
from portal.staff import actions as staff
from portal.staff import queries
from portal.staff.models import Role, Staff

SIGN_IN, INVITE = "staff/sign-in", "staff/invite"
INVITE_LIVES = timedelta(days=7)


def invite(address: Address, name: str, role: Role, title: str = "") -> Staff:
    """Open an account and send the invitation; asking again sends a fresh link.

    Raises:
        AlreadyHere: they work here and have come in before.
    """
    person = staff.open_account(address, name, role, title)
    token = tokens.issue(INVITE, _subject(person), INVITE_LIVES)
    mail.post(
        "desk/invite",
        to=address,
        occasion=f"invite:{token.id}",
        facts={"token": token.id, "staff": person.id},
    )
    return person


def ask_to_sign_in(address: Address, requester: str, browser: str, settings: Settings) -> None:
    """Send a link and a code if the address belongs to somebody who works here.

    Whoever asks gets the same answer, and the same work is done, whether it does or not.
    """
    person = queries.by_key(address.key)
    may_write = limits.take_leave(address, requester, settings)
    subject = _subject(person) if person and may_write else f"nobody:{browser[:32]}"
    token = tokens.issue(SIGN_IN, subject, timedelta(minutes=settings.sign_in_minutes), browser)
    if person and may_write:
        mail.post(
            "desk/sign-in",
            to=address,
            occasion=f"sign-in:{token.id}",
            facts={"token": token.id, "staff": person.id},
        )


def person_of(token: OneTimeToken) -> Staff | None:
    """Whose token it is; None for nobody's, and for a closed account."""
    kind, _, number = token.subject.partition(":")
    person = queries.by_id(int(number)) if kind == "staff" else None
    return person if person is not None and person.is_active else None


def come_in_by_link(token: OneTimeToken) -> tuple[Outcome, Staff | None]:
    """Use a link up; with `good` comes the person, who still has to show the second factor."""
    outcome = tokens.consume(token)
    return outcome, person_of(token) if outcome is Outcome.good else None


def come_in_by_code(token: OneTimeToken, code: str) -> tuple[Outcome, Staff | None]:
    """The same by the typed code."""
    outcome = tokens.consume_by_code(token, code)
    return outcome, person_of(token) if outcome is Outcome.good else None


def _subject(person: Staff) -> str:
    return f"staff:{person.id}"

"""Questions about members, and the reasons why one must not be mailed."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, case, select
from sqlalchemy.sql.functions import coalesce

from portal.core import clock, tokens
from portal.core.addresses import Address
from portal.core.db import session
from portal.core.tokens import OneTimeToken
from portal.mail import gate
from portal.mail.models import Stream
from portal.members.models import AddressChange, Consent, Erasure, Forgotten, Member, Note, Status

HASHED = "forgotten"


def by_id(member_id: int) -> Member | None:
    """The member with that id."""
    return session().get(Member, member_id)


def by_public_id(public_id: str) -> Member | None:
    """The member that an address of a page names."""
    return session().scalar(select(Member).where(Member.public_id == public_id))


def by_key(address_key: str) -> Member | None:
    """The member with that address key, whatever their status."""
    return session().scalar(select(Member).where(Member.address_key == address_key))


def by_address(address: Address) -> Member | None:
    """The member with that address, whatever their status."""
    return by_key(address.key)


def who_may_enter(member_id: int) -> Member | None:
    """The member, if they may be signed in."""
    member = by_id(member_id)
    return member if member is not None and member.may_enter else None


def consents_of(member: Member) -> Sequence[Consent]:
    """What a member consented to or took back, oldest first."""
    statement = select(Consent).where(Consent.person == member.ledger_key).order_by(Consent.id)
    return session().scalars(statement).all()


def latest_consent(member: Member, about: str) -> Consent | None:
    """The line that holds now for one matter, such as "network" or "topic:newsletter"."""
    return session().scalar(
        select(Consent)
        .where(Consent.person == member.ledger_key, Consent.about == about)
        .order_by(Consent.id.desc())
        .limit(1)
    )


def notes_on(member: Member) -> Sequence[Note]:
    """What staff wrote down about a member, newest first."""
    statement = select(Note).where(Note.member_id == member.id).order_by(Note.id.desc())
    return session().scalars(statement).all()


def is_forgotten(address: Address) -> bool:
    """Whether this address asked to be forgotten: nobody but the person may bring it back."""
    return session().get(Forgotten, tokens.keyed_hash(HASHED, address.key)) is not None


def receipt(text: str) -> Erasure | None:
    """The receipt for forgetting somebody."""
    return session().scalar(select(Erasure).where(Erasure.receipt == text))


def token(token_id: int) -> OneTimeToken | None:
    """The one-time token with that id."""
    return session().get(OneTimeToken, token_id)


def address_change(change_id: int) -> AddressChange | None:
    """A wish to be written to elsewhere."""
    return session().get(AddressChange, change_id)


def open_address_change(member: Member) -> AddressChange | None:
    """The new address that a member asked for and did not confirm yet."""
    return session().scalar(
        select(AddressChange)
        .where(
            AddressChange.member_id == member.id,
            AddressChange.confirmed_at.is_(None),
            AddressChange.undone_at.is_(None),
        )
        .order_by(AddressChange.id.desc())
        .limit(1)
    )


def address_changes_of(member: Member) -> Sequence[AddressChange]:
    """Every wish of a member to be written to elsewhere, oldest first."""
    statement = select(AddressChange).where(AddressChange.member_id == member.id).order_by(AddressChange.id)
    return session().scalars(statement).all()


def addresses_of(member: Member) -> list[Address]:
    """Where a member is or was written to, the present address first; none that is another member's by now."""
    texts = [member.address]
    for change in address_changes_of(member):
        texts += [change.new_address, change.old_address]
    own = {text.lower(): Address(text, text.lower()) for text in reversed(texts)}
    others = set(
        session().scalars(
            select(Member.address_key).where(Member.address_key.in_(own), Member.id != member.id)
        )
    )
    found = [address for key, address in own.items() if key not in others]
    return sorted(found, key=lambda address: address.key != member.address_key)


_WORDS = {
    "left": "They left the network",
    "not_confirmed": "They never confirmed, or asked to be forgotten",
    "paused": "They asked for a pause",
}


@gate.hurdles(_WORDS, Stream.marketing)
def _not_with_us(row: gate.Row) -> ColumnElement[str]:
    """One look at the member's row decides; who has none was forgotten."""
    standing = case(
        (Member.status == Status.left, "left"),
        (Member.status != Status.active, "not_confirmed"),
        (Member.paused_until > clock.now(), "paused"),
        else_="",
    )
    return coalesce(select(standing).where(Member.id == row.member_id).scalar_subquery(), "not_confirmed")


@gate.hurdle("not_confirmed", _WORDS["not_confirmed"], Stream.event)
def _guest_not_confirmed(row: gate.Row) -> ColumnElement[bool]:
    """A seat is worth a mail also to somebody who left; a letter to a host has no member at all."""
    known = select(Member.id).where(
        Member.id == row.member_id, Member.status.in_([Status.active, Status.left])
    )
    return and_(row.member_id.is_not(None), ~known.exists())

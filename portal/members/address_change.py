"""Being written to elsewhere: the new address confirms, the old one hears of it and may undo it for three days."""

from datetime import timedelta

from sqlalchemy import delete, select

from portal.core import clock, sessions, tokens
from portal.core.addresses import Address
from portal.core.db import lock, session
from portal.core.knock import Knock
from portal.core.settings import Settings
from portal.core.tokens import OneTimeToken, Outcome
from portal.mail import actions as mail_actions
from portal.mail import limits
from portal.members import actions, forgetting, joining, queries
from portal.members.models import AddressChange, Member, Status

NEW, UNDO = "new-address", "undo-address"
ABOUT = "address"
NEW_LIVES = timedelta(days=1)
UNDO_LIVES = timedelta(days=3)


class Taken(Exception):
    """The address belongs to another membership. Only ever told to somebody who reads its mail."""


def ask(member: Member, address: Address, knock: Knock, settings: Settings) -> None:
    """Plan the mail to the new address. Whether it is free or somebody's, the page and the statements are the same.

    A member has one open wish; a newer one replaces it.
    """
    session().refresh(member, with_for_update=True)
    may = limits.take_leave(address, knock.requester, settings, knock.is_known_browser)
    with session().begin_nested() as deed:
        _drop_open(member)
        change = AddressChange(
            member_id=member.id,
            old_address=member.address,
            new_address=address.text,
            asked_at=clock.now(),
        )
        session().add(change)
        session().flush()
        holder = queries.by_address(address)
        is_free = holder is None or holder.status is Status.asked
        token = tokens.issue(NEW, f"change:{change.id}", NEW_LIVES, knock.browser)
        # The row names no member: the list of mails of whoever asked must not say whether the address was free.
        mail_actions.post(
            "members/new-address" if is_free else "members/address-taken",
            to=address,
            occasion=f"token:{token.id}",
            facts={"token": token.id},
        )
        if not may:
            deed.rollback()


def confirm(token: OneTimeToken, how: str, code: str | None = None, keep: int | None = None) -> Outcome:
    """Write to the new address from now on; every other browser is signed out, except the session `keep`.

    Raises:
        Taken: it became somebody else's meanwhile.
    """
    change = of_token(token)
    member = _locked(change)
    outcome = tokens.consume(token) if code is None else tokens.consume_by_code(token, code)
    if outcome is not Outcome.good:
        return outcome
    if change is None or member is None or change.undone_at is not None:
        return Outcome.wrong
    old, new = _address(change.old_address), _address(change.new_address)
    _take_over(member, new)
    change.confirmed_at = clock.now()
    actions.record(member, ABOUT, True, how)
    tokens.forget(joining.subject_of(member))
    sessions.end_all("member", member.id, keep=keep)
    undo_token = tokens.issue(UNDO, token.subject, UNDO_LIVES)
    mail_actions.post(
        "members/address-changed",
        to=old,
        occasion=f"token:{undo_token.id}",
        facts={"token": undo_token.id},
    )
    return outcome


def undo(token: OneTimeToken) -> Outcome:
    """Go back to the old address, wherever the member is written to by now; every browser is signed out.

    Raises:
        Taken: the old address is another membership's by now.
    """
    change = of_token(token)
    member = _locked(change)
    outcome = tokens.consume(token)
    if outcome is not Outcome.good:
        return outcome
    if change is None or member is None:
        return Outcome.wrong
    _take_over(member, _address(change.old_address))
    moment = clock.now()
    for one in session().scalars(
        select(AddressChange).where(AddressChange.member_id == member.id, AddressChange.id >= change.id)
    ):
        one.undone_at = one.undone_at or moment
        if one.id != change.id:
            tokens.forget(f"change:{one.id}")
    actions.record(member, ABOUT, False, "undo link")
    tokens.forget(joining.subject_of(member))
    sessions.end_all("member", member.id)
    return outcome


def of_token(token: OneTimeToken) -> AddressChange | None:
    """The wish that a token is about."""
    kind, _, number = token.subject.partition(":")
    return queries.address_change(int(number)) if kind == "change" else None


def _take_over(member: Member, address: Address) -> None:
    lock(f"member:{address.key}")
    holder = queries.by_address(address)
    if holder is not None and holder.id != member.id:
        if holder.status is not Status.asked:
            raise Taken
        # Somebody asked to join with it and never confirmed; whoever reads the mailbox is the member.
        forgetting.remove_asked([holder.id])
    member.address, member.address_key = address.text, address.key
    member.search_name = actions.search_name(member.name, member.call_name, address.key)
    session().flush()
    mail_actions.change_address(member.id, address)


def _locked(change: AddressChange | None) -> Member | None:
    if change is None:
        return None
    statement = select(Member).where(Member.id == change.member_id).with_for_update()
    return session().scalar(statement.execution_options(populate_existing=True))


def _drop_open(member: Member) -> None:
    old = select(AddressChange.id).where(
        AddressChange.member_id == member.id, AddressChange.confirmed_at.is_(None)
    )
    for change_id in session().scalars(old).all():
        tokens.forget(f"change:{change_id}")
    session().execute(
        delete(AddressChange).where(
            AddressChange.member_id == member.id, AddressChange.confirmed_at.is_(None)
        )
    )


def _address(text: str) -> Address:
    return Address(text, text.lower())

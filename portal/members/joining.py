"""Coming in: somebody asks, and is a member once they confirm. The answer is the same whoever they are.

For an unknown, asked, active, left, suppressed or limited address the same statements run, so that neither the
page nor its time says who is a member. What must not count is undone with a savepoint.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import case, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from portal.core import clock, tokens
from portal.core.addresses import Address
from portal.core.db import after_commit, is_sqlite, lock, session
from portal.core.knock import Knock
from portal.core.settings import Settings
from portal.core.tokens import OneTimeToken, Outcome
from portal.mail import actions as mail_actions
from portal.mail import limits
from portal.members import actions, arrivals, consent_texts, queries
from portal.members.models import Forgotten, Member, Own, Status
from portal.sources import counting
from portal.sources.models import Step

CONFIRM, SIGN_IN = "confirm", "sign-in"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed when they asked to join, and the version of the words they agreed to."""

    name: str
    call_name: str
    text_version: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands who asked: as much of a member as the letter to them needs."""

    id: int
    status: Status
    address: str
    address_key: str


def ask(address: Address, asked: Asked, knock: Knock, settings: Settings) -> None:
    """Plan the mail that lets the owner of this address in, unless too many were asked for already.

    Nothing that was typed goes into it. Asking again replaces the mail before.
    """
    may = limits.take_leave(
        address, knock.requester, settings, knock.is_known_browser, f"member:{address.key}"
    )
    with session().connection().begin_nested() as deed:
        plan_way_in(_put_down(address, asked), knock, settings, is_joining=True)
        if not may:
            deed.rollback()


def plan_way_in(member: Member | Standing, knock: Knock, settings: Settings, is_joining: bool) -> None:
    """Plan the letter that fits where the member stands: confirm, come back, or sign in."""
    if member.status is Status.active or (member.status is Status.left and not is_joining):
        purpose, lives = SIGN_IN, timedelta(minutes=settings.sign_in_minutes)
        letter = "members/already-in" if is_joining else "members/sign-in"
    else:
        purpose, lives = CONFIRM, timedelta(days=settings.confirm_days)
        letter = "members/come-back" if member.status is Status.left else "members/confirm"
    token = tokens.issue(purpose, subject_of(member), lives, knock.browser)
    mail_actions.post(
        letter,
        to=address_of(member),
        occasion=f"token:{token.id}",
        member_id=member.id,
        facts={"token": token.id},
    )


def confirm(token: OneTimeToken, how: str, code: str | None = None) -> Outcome:
    """Let in who asked, by link or with the typed code; of many at once exactly one is `good`."""
    member = member_of(token, is_writing=True)
    outcome = tokens.consume(token) if code is None else tokens.consume_by_code(token, code)
    if outcome is not Outcome.good:
        return outcome
    if member is None:
        return Outcome.wrong
    if member.status is not Status.active:
        _let_in(member, how)
    session().execute(
        delete(OneTimeToken).where(
            OneTimeToken.purpose == CONFIRM,
            OneTimeToken.subject == token.subject,
            OneTimeToken.used_at.is_(None),
        )
    )
    return outcome


def let_in_confirmed(address: Address, asked: Asked, asked_on: str, how: str) -> Member:
    """Let in somebody whose address was confirmed together with something else, such as a seat at an event.

    `asked_on` is the form on which they ticked the words of that version. A member stays as they are.
    """
    lock(f"member:{address.key}")
    _put_down(address, asked)
    member = (
        session()
        .scalars(
            select(Member)
            .where(Member.address_key == address.key)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        .one()
    )
    if member.status is not Status.active:
        _let_in(member, how, asked_on)
    return member


def member_of(token: OneTimeToken, is_writing: bool = False) -> Member | None:
    """The member a token is about; None when they are gone, or when it was never about anybody."""
    kind, _, number = token.subject.partition(":")
    if kind != "member":
        return None
    statement = select(Member).where(Member.id == int(number))
    if is_writing:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session().scalar(statement)


def subject_of(member: Member | Standing) -> str:
    """What a token about a member is issued for."""
    return f"member:{member.id}"


def address_of(member: Member | Standing) -> Address:
    """Where a member reads."""
    return Address(member.address, member.address_key)


def _put_down(address: Address, asked: Asked) -> Standing:
    """Keep that somebody asked, and return where they stand.

    Typed words never change a person who is or was a member. One statement, whoever they are.
    """
    row = (
        session()
        .connection()
        .execute(
            _put_down_once(is_sqlite()),
            {
                "public_id": secrets.token_urlsafe(16),
                "ledger_key": secrets.token_hex(16),
                "address": address.text,
                "address_key": address.key,
                "name": asked.name,
                "call_name": asked.call_name,
                "search_name": actions.search_name(asked.name, asked.call_name, address.key),
                "status": Status.asked,
                "asked_at": clock.now(),
                "asked_version": asked.text_version,
                "source": asked.source,
                "own_fields": int(Own.full_name | Own.call_name) if asked.call_name else int(Own.full_name),
            },
        )
        .one()
    )
    return Standing(*row)


@lru_cache
def _put_down_once(for_sqlite: bool) -> Any:
    """Insert a member; who stands there already is changed as far as asking may change them."""
    members: Any = Member.__table__
    statement = (sqlite.insert if for_sqlite else postgresql.insert)(members)
    typed = statement.excluded
    is_new, is_no_member = members.c.status == Status.asked, members.c.status != Status.active
    own = members.c.own_fields.bitwise_or(typed.own_fields)
    changed = (
        {"own_fields": case((is_new, own), else_=members.c.own_fields)}
        | {
            name: case((is_new, typed[name]), else_=members.c[name])
            for name in ("name", "call_name", "search_name", "source")
        }
        | {
            name: case((is_no_member, typed[name]), else_=members.c[name])
            for name in ("asked_at", "asked_version")
        }
    )
    return statement.on_conflict_do_update(index_elements=[members.c.address_key], set_=changed).returning(
        members.c.id, members.c.status, members.c.address, members.c.address_key
    )


def _let_in(member: Member, how: str, asked_on: str = "join form") -> None:
    """Make them active, write the consent down as it was asked for and as it was confirmed, and say welcome."""
    is_back = member.status is Status.left
    moment, version = clock.now(), member.asked_version or consent_texts.current().version
    if member.asked_version:
        actions.record(member, actions.NETWORK, True, asked_on, text_version=version, at=member.asked_at)
    if is_back:
        actions.come_back(member, how, version)
    else:
        member.status = Status.active
        member.confirmed_at = member.choices_changed_at = moment
        actions.record(member, actions.NETWORK, True, how, text_version=version)
        arrivals.happen(member)
    session().flush()
    after_commit(partial(counting.add, Step.confirmed, member.source))
    session().execute(
        delete(Forgotten).where(Forgotten.digest == tokens.keyed_hash(queries.HASHED, member.address_key))
    )
    mail_actions.post(
        "members/welcome",
        to=address_of(member),
        occasion=f"welcome:{moment.isoformat()}",
        member_id=member.id,
        facts={"is_back": is_back},
    )

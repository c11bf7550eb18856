"""Forgetting somebody: at once, in every table, file and queue. What stays is a keyed hash and a receipt."""

import secrets
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import InvalidRequestError

from portal.core import clock, db, tokens
from portal.core.addresses import Address
from portal.core.db import insert_once, lock, session, transaction
from portal.core.settings import Settings
from portal.core.tokens import OneTimeToken
from portal.mail import actions as mail_actions
from portal.mail import erasing
from portal.mail.transports import outbox
from portal.members import actions, queries, traces
from portal.members.models import Erasure, Forgotten, Member, Status

AT_ONCE = 1000


class GoneAlready(Exception):
    """Another request forgot this person a moment ago."""


def forget(member: Member, settings: Settings) -> Erasure:
    """Erase a member and everything about them; returns the receipt, which says nothing about the person.

    The consent ledger stays as evidence: its key means nothing once the member's row is gone.

    Raises:
        GoneAlready: the button was pressed twice.
    """
    lock(f"member:{member.address_key}")
    traces.claim_all(member)
    try:
        session().refresh(member, with_for_update=True)
    except InvalidRequestError:
        raise GoneAlready from None
    moment = clock.now()
    addresses = queries.addresses_of(member)
    insert_once(Forgotten, {"digest": tokens.keyed_hash(queries.HASHED, member.address_key), "at": moment})
    actions.record(member, actions.NETWORK, False, "forgotten")
    removed = traces.erase_all(member)
    session().flush()
    session().execute(delete(Member).where(Member.id == member.id))
    erasure = Erasure(receipt=secrets.token_urlsafe(16), at=moment, removed={**removed, "profile": 1})
    session().add(erasure)
    session().flush()
    erasing.ask(erasure.receipt, [address.text for address in addresses])
    db.after_commit(lambda: _sweep_up(settings, addresses))
    return erasure


def remove_unconfirmed(settings: Settings) -> int:
    """Remove who asked and never confirmed, and addresses of strangers we answered; returns how many people."""
    before, done = clock.now() - timedelta(days=settings.unconfirmed_days), 0
    while True:
        with transaction():
            old = (
                select(Member.id)
                .where(Member.status == Status.asked, Member.asked_at < before)
                .order_by(Member.id)
                .limit(AT_ONCE)
                .with_for_update(skip_locked=True)
            )
            ids = list(session().scalars(old))
            remove_asked(ids)
        done += len(ids)
        if len(ids) < AT_ONCE:
            break
    with transaction():
        mail_actions.forget_strangers(before)
    return done


def remove_asked(member_ids: list[int]) -> None:
    """Remove people who never confirmed: there is a row, a token and a mail of each, and nothing else."""
    if not member_ids:
        return
    subjects = [f"member:{member_id}" for member_id in member_ids]
    erasing.ask("", session().scalars(select(Member.address).where(Member.id.in_(member_ids))))
    mail_actions.forget_members(member_ids)
    session().execute(delete(OneTimeToken).where(OneTimeToken.subject.in_(subjects)))
    session().execute(
        delete(Member)
        .where(Member.id.in_(member_ids), Member.status == Status.asked)
        .execution_options(synchronize_session=False)
    )


def _sweep_up(settings: Settings, addresses: list[Address]) -> None:
    outbox.forget(settings.outbox, {address.key for address in addresses})
    db.scrub()

"""How single letters leave the house: claim, commit, hand over, save. Here the commits are the design.

* The claim is committed before the request leaves, and re-reads every hurdle in the same transaction.
* Only provably-not-accepted results go back to *planned*; what cannot be known becomes *unknown* and stays there.
* A result is saved before the next request is made, however long the database takes to come back.

Mailings leave by `portal.mail.bulk`, by the same rules.
"""

import functools
import secrets
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import structlog
from flask import current_app
from sqlalchemy import ColumnElement, and_, case, literal, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.sql.functions import coalesce

from portal.core import clock, queue, tokens
from portal.core.db import session, transaction
from portal.core.metrics import HANDED_OVER
from portal.core.settings import Settings
from portal.mail import gate, leases, letters, residence, rests
from portal.mail.models import (
    IN_DOUBT,
    IN_HAND,
    Lane,
    Mailing,
    MailingState,
    Message,
    Residence,
    State,
    Stream,
)
from portal.mail.render import render
from portal.mail.transports.batch import Batch, Recipient
from portal.mail.transports.choose import Transport
from portal.mail.transports.result import Fact, Fate, Result

GIVE_UP_AFTER = timedelta(days=3)
LONGEST_WAIT = timedelta(minutes=10)
CANCELLED_LATELY = timedelta(days=7)
ONE_CLICK = "List-Unsubscribe=One-Click"
NOT_NEEDED = "not needed: "
LOST = "the worker was lost before it could save the result"
_HELD_SINCE = select(Residence.held_at).where(Residence.id == 1).scalar_subquery()
_DOUBT = case((Message.mailing_id.is_(None), literal(IN_DOUBT)), else_=None)
_MOMENT = Message.due_at.type
log = structlog.get_logger("portal.mail")


def hand_over_letters(most: int = 500) -> int:
    """Hand over single letters that are due, account mail first; returns how many were dealt with.

    When the provider asks for patience, or takes nothing from us at all, the rest waits for the next round.
    """
    residence.look_around(current_app.extensions["portal"])
    done = 0
    while done < most and not queue.is_ending():
        lease = leases.take()
        message = _claim(lease)
        if message is None:
            break
        done += 1
        if message.state is not State.claimed:
            continue
        result = _send(message, lease)
        fact = result.facts[message.public_id]
        save(functools.partial(write, {message.id: fact}, result, message.batch))
        if result.pause:
            log.error("no letter can be handed over", words=result.pause)
        if result.pause or result.retry_after:
            break
    return done


def sweep() -> int:
    """Find what a lost worker or a lost job left behind; returns how many messages became unknown.

    A claim whose lease is over may or may not have been handed over: nobody can know, so it becomes *unknown*.
    """
    moment = clock.now()
    is_lost = (Message.state == State.claimed) & (Message.lease_until < moment)
    is_open = Mailing.state.in_([MailingState.sending, MailingState.paused])
    was_open = (Mailing.state == MailingState.cancelled) & (Mailing.finished_at > moment - CANCELLED_LATELY)
    # Looking takes a while with a million rows, so it is done without keeping a writer waiting.
    mailings = session().execute(select(Mailing.id, Mailing.state).where(is_open | was_open)).all()
    with_lost = [
        one.id
        for one in mailings
        if session().scalar(select(Message.id).where(Message.mailing_id == one.id, is_lost).limit(1))
    ]
    session().rollback()
    lost = 0
    with transaction():
        for which in (Message.line == IN_HAND, *(Message.mailing_id == one for one in with_lost)):
            done = session().execute(
                update(Message)
                .where(which, is_lost)
                .values(state=State.unknown, why=LOST, lease_until=None, line=_DOUBT)
                .execution_options(synchronize_session=False)
            )
            lost += int(done.rowcount)  # type: ignore[attr-defined]
        waiting = session().scalar(
            select(Message.id)
            .where(Message.line.in_([int(lane) for lane in Lane]), Message.due_at <= moment)
            .limit(1)
        )
        for one in mailings:
            if one.state is MailingState.sending:
                queue.ask("mail.send_mailing", one.id)
        if waiting is not None:
            queue.ask("mail.hand_over_letters")
    return lost


def save(deed: Callable[[], None]) -> None:
    """Save a result; tries until the database takes it, because nothing else may be sent before."""
    wait = 0.2
    while True:
        try:
            with transaction():
                deed()
        except (DBAPIError, NoConnection) as broken:
            log.error("result could not be saved yet", kind=type(broken).__name__)
            time.sleep(wait)
            wait = min(3.0, wait * 2)
        else:
            return


def is_mine(batch: str | None) -> ColumnElement[bool]:
    """SQL for the messages whose fate their worker may write, by the name of its claim.

    Its own certain result also counts where it came so late that the claim was taken for lost meanwhile.
    """
    is_open = or_(Message.state == State.claimed, and_(Message.state == State.unknown, Message.why == LOST))
    return (Message.batch == batch) & is_open


def write(facts: Mapping[int, Fact], result: Result | None = None, batch: str | None = None) -> None:
    """Write what became of claimed messages, a statement for each kind of fate."""
    retry_after = result.retry_after if result is not None else 0.0
    if result is not None and result.is_for_all:
        rests.ask(retry_after)
    which = Message.state == State.claimed if batch is None else is_mine(batch)
    groups: dict[Fact, list[int]] = {}
    for message_id, fact in facts.items():
        groups.setdefault(fact, []).append(message_id)
    for fact, ids in groups.items():
        session().execute(
            update(Message)
            .where(Message.id.in_(ids), which)
            .values(outcome(fact, retry_after))
            .execution_options(synchronize_session=False)
        )
        HANDED_OVER.labels("all", fact.fate.value).inc(len(ids))


def outcome(fact: Fact, retry_after: float = 0.0) -> dict[str, Any]:
    """What a result means for a claimed row (rule R2).

    What was provably not accepted waits twice as long each time, at least `retry_after` seconds: an outage costs
    nobody their mail. A single letter is given up after three days; a mailing goes on until somebody cancels it,
    because it may have been paused for longer.
    """
    moment = clock.now()
    values: dict[str, Any] = {
        "lease_until": None,
        "line": None,
        "why": fact.why[:300],
        "provider_id": fact.provider_id[:120],
    }
    match fact.fate:
        case Fate.accepted:
            return values | {"state": State.accepted.value, "handed_over_at": moment, "why": ""}
        case Fate.refused if fact.why.startswith(NOT_NEEDED):
            return values | {"state": State.skipped.value}
        case Fate.refused:
            return values | {"state": State.failed.value}
        case Fate.unknown:
            return values | {"state": State.unknown.value, "line": _DOUBT}
    is_spent = Message.mailing_id.is_(None) & (Message.planned_at < moment - GIVE_UP_AFTER)
    waits = case(
        *(
            (
                Message.attempt <= attempt,
                literal(moment + timedelta(seconds=max(retry_after, 5 * 2**attempt)), _MOMENT),
            )
            for attempt in range(1, 7)
        ),
        else_=literal(moment + LONGEST_WAIT, _MOMENT),
    )
    return values | {
        "state": case((is_spent, literal(State.failed.value)), else_=literal(State.planned.value)),
        "line": case((is_spent | Message.mailing_id.is_not(None), None), else_=Message.lane),
        "due_at": waits,
    }


def unsubscribe_headers(base_url: str, text: str) -> dict[str, str]:
    """RFC 8058: exactly one address, and the one-click mark. `text` is the sealed message."""
    return {"List-Unsubscribe": f"<{base_url}/u/{text}>", "List-Unsubscribe-Post": ONE_CLICK}


def personal_links(base_url: str, unsubscribe: str, preferences: str) -> dict[str, str]:
    """The addresses that a person's own copy of a mail carries."""
    return {
        "unsubscribe_url": f"{base_url}/u/{unsubscribe}",
        "preferences_url": f"{base_url}/p/{preferences}",
    }


def the_transport() -> Transport:
    """The transport of the running application."""
    found: Transport = current_app.extensions["portal_transport"]
    return found


def _claim(lease: leases.Lease | None = None) -> Message | None:
    """Claim the next single letter, or write down why it is skipped; committed when this returns.

    While the provider wants to be left alone, there is none.
    """
    moment = clock.now()
    with transaction() as current:
        if rests.left():
            return None
        message = current.scalar(
            select(Message)
            .where(
                Message.line.in_([int(lane) for lane in Lane]),
                Message.due_at <= moment,
                # A copy of the database that nobody has decided about posts only what was asked of it.
                Message.planned_at >= coalesce(_HELD_SINCE, Message.planned_at),
            )
            .order_by(Message.line, Message.due_at, Message.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if message is None:
            return None
        reason = (
            current.scalar(select(gate.verdict(Message, message.stream)).where(Message.id == message.id))
            or ""
        )
        if reason:
            message.state, message.why, message.line = State.skipped, reason, None
            HANDED_OVER.labels(message.stream.value, "skipped").inc()
        else:
            message.state, message.line = State.claimed, IN_HAND
            message.attempt += 1
            message.batch = secrets.token_hex(8)
            message.lease_until, message.attempted_at = (lease or leases.take()).until, moment
        current.flush()
        current.expunge(message)
    return message


def _send(message: Message, lease: leases.Lease | None = None) -> Result:
    held = lease or leases.Lease(message.lease_until)
    try:
        kind = letters.kind(message.letter)
    except KeyError:
        return _not_sent(message, "no room knows this letter any more")
    if kind.write is None:
        return _not_sent(message, "this letter is only written as a mailing")
    settings: Settings = current_app.extensions["portal"]
    is_marketing = message.stream is Stream.marketing
    unsubscribe, preferences = tokens.seal("unsubscribe", message.id), tokens.seal("preferences", message.id)
    links = personal_links(settings.base_url, unsubscribe, preferences)
    try:
        letter = kind.write(message)
        if not is_marketing:
            links = {"preferences_url": links["preferences_url"]} if letter.offers_choices else {}
        words = render(letter.template, {**letter.context, **links}, current_app.jinja_env)
        batch = Batch(
            sender_name=letter.sender_name or settings.sender_name,
            sender_address=settings.sender_address,
            reply_to=letter.reply_to or settings.reply_to,
            reply_to_name=letter.sender_name or settings.sender_name,
            subject=words.subject,
            text=words.text,
            html=words.html,
            recipients=(
                Recipient(
                    message=message.public_id,
                    address=message.address,
                    name=letter.to_name,
                    headers=unsubscribe_headers(settings.base_url, unsubscribe) if is_marketing else {},
                ),
            ),
            stream=message.stream.value,
            attachments=letter.attachments,
            headers={"Auto-Submitted": "auto-generated"},
        )
    except letters.NotYet as reason:
        return Result({message.public_id: Fact(Fate.again, str(reason))})
    except letters.NotNeeded as reason:
        return _not_sent(message, f"{NOT_NEEDED}{reason}")
    except Exception as broken:
        log.error("letter could not be written", letter=message.letter, message=message.id, exc_info=broken)
        return _not_sent(message, f"could not be written: {type(broken).__name__}")
    finally:
        session().rollback()
    return the_transport().send(batch, lambda _facts: not held.is_over)


def _not_sent(message: Message, why: str) -> Result:
    return Result(facts={message.public_id: Fact(Fate.refused, why)})

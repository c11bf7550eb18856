"""How mail leaves the house: claim, commit, hand over, save. Here the commits are the design.

* The claim is committed before the request leaves, and re-reads every hurdle in the same statement.
* Only provably-not-accepted results go back to *planned*; what cannot be known becomes *unknown* and stays there.
* A result is saved before the next request is made, however long the database takes to come back.
"""

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from typing import Any

import structlog
from flask import current_app
from sqlalchemy import Select, case, literal, select, update
from sqlalchemy.exc import DBAPIError

from portal.core import clock, queue, tokens
from portal.core.db import session, transaction
from portal.core.metrics import HANDED_OVER
from portal.core.settings import Settings
from portal.mail import gate, letters
from portal.mail.models import Mailing, MailingState, Message, State, Stream, Variant
from portal.mail.render import Rendered, render
from portal.mail.transports.batch import Batch, Recipient
from portal.mail.transports.choose import Transport
from portal.mail.transports.result import Fact, Fate

LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 8
PURPOSE_UNSUBSCRIBE = "unsubscribe"
PURPOSE_PREFERENCES = "preferences"
ONE_CLICK = "List-Unsubscribe=One-Click"
log = structlog.get_logger("portal.mail")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message this worker may hand over, once."""

    id: int
    address: str
    member_id: int | None


def hand_over_letters(most: int = 500) -> int:
    """Hand over single letters that are due, account mail first; returns how many were dealt with."""
    done = 0
    while done < most:
        message = _claim_letter()
        if message is None:
            break
        done += 1
        if message.state is State.claimed:
            _save({message.id: _send_letter(message)})
    return done


def send_mailing(mailing_id: int, seconds: float = 50.0) -> int:
    """Hand over a mailing batch by batch until nobody is left, it is stopped, or the time is up.

    Returns how many people were dealt with. When time is up another job goes on, so that no job lasts long.
    """
    transport = _transport()
    began, done = time.monotonic(), 0
    with transaction():
        mailing = session().get(Mailing, mailing_id)
        if mailing is None or mailing.state is not MailingState.sending:
            return 0
        frozen = _Frozen(mailing, _variants(mailing_id))
    for mask, is_tracked in _groups(mailing_id):
        while time.monotonic() - began < seconds:
            claimed, skipped = _claim_batch(frozen, mask, is_tracked, transport.capacity)
            done += len(claimed) + skipped
            if not claimed:
                if skipped:
                    continue
                break
            result = transport.send(frozen.batch(mask, claimed))
            _save(
                {person.id: result.facts[tokens.seal("message", person.id)] for person in claimed}, mailing_id
            )
            if result.pause:
                _pause(mailing_id, result.pause)
                return done
            if result.retry_after:
                time.sleep(result.retry_after)
    _finish_or_go_on(mailing_id)
    return done


def sweep() -> int:
    """Find what a lost worker or a lost job left behind; returns how many messages became unknown.

    A claim whose lease is over may or may not have been handed over: nobody can know, so it becomes *unknown*.
    """
    moment = clock.now()
    with transaction():
        lost = session().execute(
            update(Message)
            .where(Message.state == State.claimed, Message.lease_until < moment)
            .values(
                state=State.unknown,
                why="the worker was lost before it could save the result",
                lease_until=None,
            )
            .execution_options(synchronize_session=False)
        )
        running = session().scalars(select(Mailing.id).where(Mailing.state == MailingState.sending)).all()
        waiting = session().scalar(
            select(Message.id)
            .where(Message.state == State.planned, Message.mailing_id.is_(None), Message.due_at <= moment)
            .limit(1)
        )
        for mailing_id in running:
            queue.ask("mail.send_mailing", mailing_id)
        if waiting is not None:
            queue.ask("mail.hand_over_letters")
    return int(lost.rowcount)  # type: ignore[attr-defined]


def _claim_letter() -> Message | None:
    """Claim the next single letter, or write down why it is skipped; committed when this returns."""
    moment = clock.now()
    with transaction() as current:
        message = current.scalar(
            select(Message)
            .where(Message.state == State.planned, Message.mailing_id.is_(None), Message.due_at <= moment)
            .order_by(Message.lane, Message.due_at, Message.id)
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
            message.state, message.why = State.skipped, reason
            HANDED_OVER.labels(message.stream, "skipped").inc()
        else:
            message.state = State.claimed
            message.attempt += 1
            message.batch = secrets.token_hex(8)
            message.lease_until = moment + LEASE
        current.flush()
        current.expunge(message)
    return message


def _send_letter(message: Message) -> Fact:
    kind = letters.kind(message.letter)
    if kind.write is None:
        return Fact(Fate.refused, "this letter is only written as a mailing")
    try:
        letter = kind.write(message)
        links = _personal_links(message.id) if message.stream is Stream.marketing else {}
        words = render(letter.template, {**letter.context, **links}, current_app.jinja_env)
    except letters.NotNeeded as reason:
        return Fact(Fate.refused, f"not needed: {reason}")
    except Exception as broken:
        log.error("letter could not be written", letter=message.letter, message=message.id, exc_info=broken)
        return Fact(Fate.refused, f"could not be written: {type(broken).__name__}")
    finally:
        session().rollback()
    settings = _settings()
    public = tokens.seal("message", message.id)
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
                message=public,
                address=message.address,
                name=letter.to_name,
                values={},
                html_values={},
                headers=_unsubscribe_headers(message.id) if message.stream is Stream.marketing else {},
            ),
        ),
        stream=message.stream.value,
        attachments=letter.attachments,
        headers={"Auto-Submitted": "auto-generated"},
    )
    return _transport().send(batch).facts[public]


class _Frozen:
    """A mailing's words and its letter kind, read once."""

    def __init__(self, mailing: Mailing, variants: Mapping[int, Rendered]) -> None:
        self.id = mailing.id
        self.stream = mailing.stream
        self.sender_name, self.sender_address = mailing.sender_name, mailing.sender_address
        self.reply_to = mailing.reply_to
        self.variants = variants
        self.public_id = tokens.seal("mailing", mailing.id)
        self.merge = letters.kind(mailing.letter).merge

    def batch(self, mask: int, people: Sequence[Claimed]) -> Batch:
        """One request's worth: the variant's words, and each person's own values and links."""
        words = self.variants[mask]
        merged = (
            self.merge([one.member_id for one in people if one.member_id is not None]) if self.merge else {}
        )
        recipients = []
        for person in people:
            own = merged.get(person.member_id or 0, {})
            values = {**own, **_personal_links(person.id)}
            recipients.append(
                Recipient(
                    message=tokens.seal("message", person.id),
                    address=person.address,
                    name=own.get("name", ""),
                    values=values,
                    html_values={tag: escape(value) for tag, value in values.items()},
                    headers=_unsubscribe_headers(person.id),
                )
            )
        return Batch(
            sender_name=self.sender_name,
            sender_address=self.sender_address,
            reply_to=self.reply_to,
            reply_to_name=self.sender_name,
            subject=words.subject,
            text=words.text,
            html=words.html,
            recipients=tuple(recipients),
            stream=self.stream.value,
            mailing=self.public_id,
        )


def _claim_batch(frozen: _Frozen, mask: int, is_tracked: bool, most: int) -> tuple[list[Claimed], int]:
    """Claim up to `most` people in one statement that re-reads every hurdle; also counts who fell out."""
    moment = clock.now()
    next_ones: Select[Any] = (
        select(Message.id)
        .where(
            Message.mailing_id == frozen.id,
            Message.state == State.planned,
            Message.mask == mask,
            Message.is_tracked == is_tracked,
            Message.due_at <= moment,
        )
        .order_by(Message.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    key = secrets.token_hex(8)
    reason = gate.verdict(Message, frozen.stream)
    with transaction() as current:
        # The lock on the mailing's row orders this claim against pause and cancel.
        state = current.scalar(
            select(Mailing.state).where(Mailing.id == frozen.id).with_for_update(read=True)
        )
        if state is not MailingState.sending:
            return [], 0
        rows = current.execute(
            update(Message)
            .where(Message.id.in_(next_ones))
            .values(
                state=case((reason == "", literal(State.claimed.value)), else_=literal(State.skipped.value)),
                why=reason,
                batch=key,
                attempt=Message.attempt + 1,
                lease_until=moment + LEASE,
            )
            .returning(Message.id, Message.state, Message.address, Message.member_id)
            .execution_options(synchronize_session=False)
        ).all()
    claimed = [Claimed(row.id, row.address, row.member_id) for row in rows if row.state is State.claimed]
    skipped = len(rows) - len(claimed)
    if skipped:
        HANDED_OVER.labels(frozen.stream, "skipped").inc(skipped)
    return claimed, skipped


def _save(facts: Mapping[int, Fact], mailing_id: int | None = None) -> None:
    """Save what became of claimed messages; tries until the database takes it, because nothing else may be sent."""
    wait = 0.2
    while True:
        try:
            with transaction():
                _write(facts)
            return
        except DBAPIError as broken:
            log.error("result could not be saved yet", kind=type(broken.orig).__name__, mailing=mailing_id)
            time.sleep(wait)
            wait = min(10.0, wait * 2)


def _write(facts: Mapping[int, Fact]) -> None:
    groups: dict[Fact, list[int]] = {}
    for message_id, fact in facts.items():
        groups.setdefault(fact, []).append(message_id)
    moment = clock.now()
    for fact, ids in groups.items():
        values: dict[str, Any] = {
            "lease_until": None,
            "why": fact.why[:300],
            "provider_id": fact.provider_id[:120],
        }
        match fact.fate:
            case Fate.accepted:
                values |= {"state": State.accepted, "handed_over_at": moment, "why": ""}
            case Fate.refused if fact.why.startswith("not needed: "):
                values |= {"state": State.skipped}
            case Fate.refused:
                values |= {"state": State.failed}
            case Fate.unknown:
                values |= {"state": State.unknown}
            case Fate.again:
                values |= {
                    "state": case(
                        (Message.attempt >= MOST_ATTEMPTS, literal(State.failed.value)),
                        else_=literal(State.planned.value),
                    ),
                    "due_at": moment + timedelta(seconds=30),
                }
        session().execute(
            update(Message)
            .where(Message.id.in_(ids), Message.state == State.claimed)
            .values(values)
            .execution_options(synchronize_session=False)
        )
        HANDED_OVER.labels("all", fact.fate.value).inc(len(ids))


def _groups(mailing_id: int) -> list[tuple[int, bool]]:
    with transaction():
        rows = session().execute(
            select(Message.mask, Message.is_tracked)
            .where(Message.mailing_id == mailing_id, Message.state == State.planned)
            .distinct()
        )
        return [(row.mask, row.is_tracked) for row in rows]


def _variants(mailing_id: int) -> dict[int, Rendered]:
    rows = session().scalars(select(Variant).where(Variant.mailing_id == mailing_id))
    return {one.mask: Rendered(one.subject, one.text, one.html) for one in rows}


def _pause(mailing_id: int, words: str) -> None:
    with transaction():
        session().execute(
            update(Mailing)
            .where(Mailing.id == mailing_id, Mailing.state == MailingState.sending)
            .values(state=MailingState.paused, words=words)
        )
    log.warning("mailing paused", mailing=mailing_id)


def _finish_or_go_on(mailing_id: int) -> None:
    """Finished means nobody is planned and nobody is claimed; else another job goes on."""
    with transaction():
        mailing = session().get(Mailing, mailing_id, with_for_update=True)
        if mailing is None or mailing.state is not MailingState.sending:
            return
        open_rows = select(Message.id).where(Message.mailing_id == mailing_id)
        if session().scalar(
            open_rows.where(Message.state == State.planned, Message.due_at <= clock.now()).limit(1)
        ):
            queue.ask("mail.send_mailing", mailing_id)
        elif not session().scalar(
            open_rows.where(Message.state.in_([State.planned, State.claimed])).limit(1)
        ):
            mailing.state, mailing.finished_at = MailingState.finished, clock.now()


def _personal_links(message_id: int) -> dict[str, str]:
    base = _settings().base_url
    return {
        "unsubscribe_url": f"{base}/u/{tokens.seal(PURPOSE_UNSUBSCRIBE, message_id)}",
        "preferences_url": f"{base}/p/{tokens.seal(PURPOSE_PREFERENCES, message_id)}",
    }


def _unsubscribe_headers(message_id: int) -> dict[str, str]:
    """RFC 8058: exactly one https address, and the one-click mark."""
    return {
        "List-Unsubscribe": f"<{_settings().base_url}/u/{tokens.seal(PURPOSE_UNSUBSCRIBE, message_id)}>",
        "List-Unsubscribe-Post": ONE_CLICK,
    }


def _transport() -> Transport:
    transport: Transport = current_app.extensions["portal_transport"]
    return transport


def _settings() -> Settings:
    settings: Settings = current_app.extensions["portal"]
    return settings

"""What this room and the ones below it keep about a member."""

from sqlalchemy import delete, select
from sqlalchemy.engine import CursorResult

from portal.core import sessions, tokens
from portal.core.db import session
from portal.core.sessions import BrowserSession
from portal.mail import actions as mail_actions
from portal.mail import letters, limits, measuring, suppressing
from portal.mail import queries as mail_queries
from portal.mail.models import Mailing, Message, Stream
from portal.members import consent_texts, queries
from portal.members.models import AddressChange, Member, Note
from portal.members.traces import Row, erases, holds


@holds("profile", "Who you are")
def _profile(member: Member) -> list[Row]:
    return [
        {
            "mail address": member.address,
            "name": member.name,
            "what we call you": member.called,
            "status": member.status.value,
            "paused until": member.paused_until,
            "asked to join": member.asked_at,
            "confirmed": member.confirmed_at,
            "left": member.left_at,
            "came by": member.source,
            "level": member.level.words if member.level else "",
            "work mode": member.work_mode.words if member.work_mode else "",
            "ready for something new": member.readiness.words if member.readiness else "",
            "said so": member.readiness_said_at,
            "remote work": member.is_remote,
            "open to move": member.is_open_to_move,
            "country": member.country,
            "time zone": member.zone,
            "birthday": _day(member.birthday_month, member.birthday_day),
            "work anniversary": _day(member.anniversary_month, member.anniversary_day),
            "may we measure opens and clicks": member.may_measure,
            "choices last changed": member.choices_changed_at,
        }
    ]


@holds("consents", "What you agreed to, and took back")
def _consents(member: Member) -> list[Row]:
    return [
        {
            "when": line.at,
            "about": line.about,
            "given": line.is_given,
            "choice": line.value,
            "how": line.how,
            "by": line.by,
            "version of the words": line.text_version,
            "the words": consent_texts.words_of(line.text_version),
        }
        for line in queries.consents_of(member)
    ]


@holds("address_changes", "Changes of your mail address")
def _address_changes(member: Member) -> list[Row]:
    return [
        {
            "asked": change.asked_at,
            "from": change.old_address,
            "to": change.new_address,
            "done": change.confirmed_at,
            "undone": change.undone_at,
        }
        for change in queries.address_changes_of(member)
    ]


# What is registered last is erased first: the mails need to know the old addresses.
@erases("address_changes")
def _forget_address_changes(member: Member) -> int:
    for change in queries.address_changes_of(member):
        tokens.forget(f"change:{change.id}")
    return _count(session().execute(delete(AddressChange).where(AddressChange.member_id == member.id)))


@holds("mails", "Mails we sent you, or meant to")
def _mails(member: Member) -> list[Row]:
    rows = session().execute(
        select(Message, Mailing.title)
        .outerjoin(Mailing, Mailing.id == Message.mailing_id)
        .where(Message.member_id == member.id)
        .order_by(Message.id)
    )
    return [
        {
            "planned": message.planned_at,
            "mail": title or _letter_words(message.letter),
            "kind": message.stream.value,
            "topic": message.topic,
            "to": message.address,
            "what became of it": message.aftermath.value if message.aftermath else message.state.value,
            "why": message.why,
            "handed over": message.handed_over_at,
        }
        for message, title in rows
    ]


@erases("mails")
def _forget_mails(member: Member) -> int:
    gone = 0
    for address in queries.addresses_of(member):
        gone += mail_actions.forget(member.id, address)
        limits.forget(address)
    return gone


@holds("suppressions", "Why we do not write to your mailbox")
def _suppressions(member: Member) -> list[Row]:
    return [
        {
            "since": one.at,
            "stopped": one.stream.value,
            "why": suppressing.words_of(one.reason),
            "what was said": one.words,
        }
        for one in mail_queries.suppressions_of(member.address_key, *Stream)
    ]


@holds("measurements", "What we saw of your reading, because you agreed to it")
def _measurements(member: Member) -> list[Row]:
    return [
        {"when": one.at, "what": one.sight.value, "link": one.url, "taken for": one.verdict}
        for one in measuring.of_member(member.id)
    ]


@holds("notes", "Notes that staff made about you")
def _notes(member: Member) -> list[Row]:
    return [{"when": note.at, "note": note.text} for note in queries.notes_on(member)]


@erases("notes")
def _forget_notes(member: Member) -> int:
    return _count(session().execute(delete(Note).where(Note.member_id == member.id)))


@holds("sessions", "Browsers in which you are or were signed in")
def _sessions(member: Member) -> list[Row]:
    rows = session().scalars(
        select(BrowserSession)
        .where(BrowserSession.kind == "member", BrowserSession.person_id == member.id)
        .order_by(BrowserSession.id)
    )
    return [
        {
            "browser": one.browser,
            "since": one.created_at,
            "until at the latest": one.expires_at,
            "signed out": one.revoked_at,
        }
        for one in rows
    ]


@erases("sessions")
def _forget_sessions(member: Member) -> int:
    tokens.forget(f"member:{member.id}")
    count = len(_sessions(member))
    sessions.forget("member", member.id)
    return count


def _letter_words(name: str) -> str:
    try:
        return letters.kind(name).words or name
    except KeyError:
        return name


def _count(result: object) -> int:
    assert isinstance(result, CursorResult)  # noqa: S101 - a delete always gives one
    return int(result.rowcount)


def _day(month: int | None, day: int | None) -> str:
    return f"{day}. {month}." if month and day else ""

"""What happened between a member and us, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from portal.core import words
from portal.events.models import Answer, Event, Rsvp
from portal.mail import gate, letters
from portal.mail.models import Aftermath, Message, State, Stream
from portal.members import consent_texts
from portal.members.models import Consent, Member, Note
from portal.preferences.models import Cadence, LeavingReason, Topic


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened: its icon, one sentence, why or how, and what became of it (badge and tone).

    `text` is what a person wrote; `agreed` the words that were said yes to, with their `version`.
    """

    at: datetime
    symbol: str
    title: str
    why: str = ""
    outcome: str = ""
    tone: str = "neutral"
    text: str = ""
    agreed: str = ""
    version: str = ""
    note: Note | None = None
    event: Event | None = None


_STATES: Mapping[State, tuple[str, str]] = {
    State.planned: ("Waits to be sent", "info"),
    State.claimed: ("On its way out", "info"),
    State.accepted: ("Handed over", "neutral"),
    State.failed: ("Failed", "harm"),
    State.skipped: ("Not sent", "warning"),
    State.unknown: ("Nobody knows whether it arrived", "warning"),
}
_AFTERMATHS: Mapping[Aftermath, tuple[str, str]] = {
    Aftermath.delivered: ("Delivered", "success"),
    Aftermath.bounced: ("Bounced", "harm"),
    Aftermath.blocked: ("Turned away for now", "warning"),
    Aftermath.dropped: ("Dropped by the provider", "harm"),
    Aftermath.complained: ("Marked as spam", "harm"),
}
_ANSWERS: Mapping[Answer, tuple[str, str]] = {
    Answer.seat: ("Took a seat", "ticket"),
    Answer.waiting: ("Joined the waitlist", "hourglass"),
    Answer.offered: ("Was offered a seat", "hourglass"),
    Answer.cancelled: ("Gave their place back", "ticket-x"),
}
_MATTERS: Mapping[str, tuple[str, str]] = {
    "network": ("Said yes to the network", "Left the network"),
    "measuring": ("Said yes to measuring opens and clicks", "Said no to measuring opens and clicks"),
    "address": ("Confirmed a new mail address", "Took the change of address back"),
}


def asked(member: Member) -> Line:
    """They filled in the form."""
    return Line(
        member.asked_at, "door-open", "Asked to join", f"Came by {member.source}" if member.source else ""
    )


def confirmed(member: Member, at: datetime) -> Line:
    """They showed that the address is theirs."""
    return Line(at, "badge-check", "Confirmed their address and joined")


def consent(line: Consent, by: str) -> Line:
    """Something was agreed to or taken back; `by` names the staff person who wrote it down, if one did."""
    title, symbol = _matter(line)
    how = f"On their request, written down by {by}" if by else f"How: {line.how}" if line.how else ""
    return Line(
        line.at,
        symbol,
        title,
        how,
        agreed=consent_texts.words_of(line.text_version),
        version=line.text_version,
    )


def mail(message: Message, at: datetime, title: str) -> Line:
    """A mail: what it was, why they got it or did not, and what became of it."""
    kind = _letter(message.letter)
    outcome, tone = _STATES[message.state]
    if message.state is State.accepted and message.aftermath is not None:
        outcome, tone = _AFTERMATHS[message.aftermath]
    return Line(
        at,
        "mail",
        title or (kind.words if kind else "") or message.letter,
        _why_written(message, kind),
        outcome,
        tone,
        text=_why_not(message),
    )


def rsvp(answer: Rsvp, event: Event) -> Line:
    """Their answer to an event, as it stands now."""
    title, symbol = _ANSWERS[answer.answer]
    return Line(answer.changed_at, symbol, title, event=event)


def attendance(answer: Rsvp, event: Event) -> Line:
    """Whether they were there, as the host noted it."""
    if answer.attended:
        return Line(event.ends_at, "map-pin-check", "Was there", event=event)
    return Line(event.ends_at, "map-pin-x", "Did not come", event=event)


def reason(given: LeavingReason) -> Line:
    """Why they stopped something, in one tap and perhaps a few words."""
    topic = Topic(given.about).words.lower() if given.about in set(Topic) else "everything"
    return Line(
        given.at,
        "message-circle",
        f"Said why they stopped {topic}: {given.reason.words.lower()}",
        text=given.text,
    )


def note(written: Note, author: str) -> Line:
    """What a staff person wrote down."""
    return Line(written.at, "notebook-pen", f"Note by {author}", text=written.text, note=written)


def _matter(line: Consent) -> tuple[str, str]:
    """One sentence and its icon for a line of the consent ledger."""
    symbol = "circle-check" if line.is_given else "circle-minus"
    matter, _, topic = line.about.partition(":")
    if line.about in _MATTERS:
        return _MATTERS[line.about][0 if line.is_given else 1], symbol
    if line.about == "pause":
        return (
            (f"Asked for a pause{_until(line.value)}", "pause")
            if line.is_given
            else ("Ended the pause", "play")
        )
    if matter == "topic" and topic in set(Topic):
        name = Topic(topic).words.lower()
        chosen = f"{name}: {Cadence(line.value).words.lower()}" if line.value in set(Cadence) else name
        return (f"Chose {chosen}" if line.is_given else f"Stopped {name}"), symbol
    return f"{'Said yes to' if line.is_given else 'Took back'} {line.about}", symbol


def _until(value: str) -> str:
    try:
        return f" until {words.day(date.fromisoformat(value))}"
    except ValueError:
        return ""


def _letter(name: str) -> letters.Kind | None:
    try:
        return letters.kind(name)
    except KeyError:
        return None


def _why_written(message: Message, kind: letters.Kind | None) -> str:
    if message.topic in set(Topic):
        return f"Topic: {Topic(message.topic).words.lower()}"
    if message.stream is Stream.event:
        return "About their seat at an event"
    return kind.trigger if kind else ""


def _why_not(message: Message) -> str:
    if message.state is State.skipped:
        return gate.words_of(message.why)
    return message.why if message.state in {State.failed, State.unknown} else ""

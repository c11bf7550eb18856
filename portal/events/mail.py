"""Letters about a seat: they go to those who asked for it, whatever else they chose to hear."""

from datetime import datetime
from typing import Any

from flask import current_app

from portal.core import clock, tokens, words
from portal.core.db import session
from portal.core.season import season_of
from portal.core.settings import Settings
from portal.core.web import link
from portal.events import calendar, order, queries, ways_in, windows
from portal.events.calendar import Method
from portal.events.models import Answer, Change, EventGuest, Rsvp
from portal.events.queries import Planned
from portal.mail import letters
from portal.mail.letters import Letter, NotNeeded, NotYet
from portal.mail.models import Message, Stream
from portal.mail.transports.batch import Attachment
from portal.members.models import Member

Person = Member | EventGuest

CHANGES = {
    "starts_at": "the time",
    "ends_at": "the time",
    "format": "how we meet",
    "place_id": "the place",
    "venue": "the place",
    "join_url": "the link to join",
}


@letters.letter(
    "events/seat", Stream.event, words="You have a seat", trigger="A member says yes and a seat is free"
)
def seat(message: Message) -> Letter:
    """Say when, where and how to take it back, with a calendar file."""
    return _about_a_seat(message, "events/seat")


@letters.letter(
    "events/promoted",
    Stream.event,
    words="A seat came free and is yours",
    trigger="A seat came free so late that there is no time left to ask",
)
def promoted(message: Message) -> Letter:
    """Say that the wait is over, with a calendar file."""
    return _about_a_seat(message, "events/promoted")


@letters.letter(
    "events/waiting",
    Stream.event,
    words="You are in the waitlist",
    trigger="A member says yes, all seats are taken",
)
def waiting(message: Message) -> Letter:
    """Say the position and what happens next."""
    planned, person = _read(message, is_open=True)
    if not planned.is_waiting:
        raise NotNeeded("they do not wait any more")
    return about("events/waiting", planned, person, rule=windows.RULE)


@letters.letter(
    "events/offered",
    Stream.event,
    words="A seat is held for you",
    trigger="A seat came free; whoever has waited longest is asked whether they want it",
)
def offered(message: Message) -> Letter:
    """Say until when the seat is held, and how to take it."""
    planned, person = _read(message, is_open=True)
    rsvp = planned.rsvp
    if rsvp is None or not planned.is_offered or rsvp.offer_until is None:
        raise NotNeeded("they answered the offer")
    if rsvp.offer_until <= clock.now():
        raise NotNeeded("the time of the offer is up")
    return about("events/offered", planned, person, until=_theirs(rsvp.offer_until, planned, person))


@letters.letter(
    "events/offer-over",
    Stream.event,
    words="Your offer has gone on",
    trigger="Nobody took an offered seat in time",
)
def offer_over(message: Message) -> Letter:
    """Say that the seat went on, and how to ask again."""
    planned, person = _read(message, is_open=True)
    until = datetime.fromisoformat(str((message.facts or {})["until"]))
    return about("events/offer-over", planned, person, until=_theirs(until, planned, person))


@letters.letter(
    "events/cancelled-by-you",
    Stream.event,
    words="You gave your place back",
    trigger="A member says no after a yes",
)
def cancelled_by_you(message: Message) -> Letter:
    """Confirm it, and take the event out of their calendar."""
    planned, member = _read(message)
    change = str((message.facts or {}).get("change", ""))
    had_seat = change == Change.given_back
    files = (_file(planned, member, Method.cancel),) if had_seat else ()
    return about("events/cancelled-by-you", planned, member, files, had_seat=had_seat, change=change)


@letters.letter(
    "events/moved",
    Stream.event,
    words="Time or place changed",
    trigger="Staff change time, place or link of an event",
)
def moved(message: Message) -> Letter:
    """Say what changed and how it stands now, with a calendar file that replaces the old entry."""
    planned, member = _read(message, is_open=True, same_turn=False)
    rsvp, facts = planned.rsvp, message.facts or {}
    until = rsvp.offer_until if rsvp is not None and planned.is_offered else None
    before = str(facts.get("starts_before") or "")
    changed = list(dict.fromkeys(CHANGES[name] for name in facts.get("changed", ()) if name in CHANGES))
    return about(
        "events/moved",
        planned,
        member,
        (_file(planned, member, Method.request),) if planned.has_seat else (),
        until=_theirs(until, planned, member) if until is not None else "",
        changed=words.listing(changed),
        before=words.moment(datetime.fromisoformat(before), planned.event.zone) if before else "",
    )


@letters.letter(
    "events/called-off", Stream.event, words="An event was called off", trigger="Staff call an event off"
)
def called_off(message: Message) -> Letter:
    """Say it, say why, and take the event out of their calendar."""
    planned, member = _read(message, same_turn=False)
    if not planned.event.is_called_off:
        raise NotNeeded("it takes place after all")
    files = (_file(planned, member, Method.cancel),) if planned.has_seat else ()
    return about("events/called-off", planned, member, files, why=planned.event.called_off_why)


def _about_a_seat(message: Message, template: str) -> Letter:
    planned, member = _read(message, is_open=True)
    if not planned.has_seat:
        raise NotNeeded("they gave their seat back")
    return about(template, planned, member, (_file(planned, member, Method.request),))


def _read(message: Message, is_open: bool = False, same_turn: bool = True) -> tuple[Planned, Person]:
    """Return the event as the guest sees it now, and the guest.

    Raises:
        NotNeeded: a later change has a letter of its own.
    """
    facts = message.facts or {}
    rsvp = session().get(Rsvp, facts.get("rsvp", 0))
    member = queries.person_of(rsvp) if rsvp is not None else None
    if rsvp is None or member is None:
        raise NotNeeded("the answer is gone")
    if same_turn and rsvp.turn != facts.get("turn"):
        raise NotNeeded("they changed their answer since")
    if not same_turn and rsvp.answer is Answer.cancelled:
        raise NotNeeded("they are not coming any more")
    planned = queries.whole(member, event_id=rsvp.event_id)
    if planned is None:
        raise NotNeeded("the event is gone")
    if is_open and planned.event.is_called_off:
        raise NotNeeded("the event was called off since")
    if is_open and planned.event.is_over:
        raise NotNeeded("the event is over")
    if message.letter in order.LETTERS and order.is_early(message):
        raise NotYet("an earlier letter about the same seat is still on its way")
    return planned, member


def _theirs(moment: datetime, planned: Planned, person: Person) -> str:
    """Return a moment on the clock of the person it matters to."""
    return words.moment(moment, person.zone or planned.event.zone)


def _page_of(planned: Planned, person: Person) -> str:
    """Return where they see and change their answer: a guest has a page of their own, without signing in."""
    if isinstance(person, EventGuest) and planned.rsvp is not None:
        return link("events.answer", token=tokens.seal("answer", planned.rsvp.id))
    return link("events.show", slug=planned.event.slug)


def about(
    template: str, planned: Planned, member: Person, files: tuple[Attachment, ...] = (), **more: Any
) -> Letter:
    """Return a letter about an event to somebody with an answer, signed by its host."""
    event = planned.event
    there, here = words.moment(event.starts_at, event.zone), ""
    if member.zone and member.zone != event.zone:
        here = words.moment(event.starts_at, member.zone)
    starts = event.starts_at.astimezone(words.zone(event.zone))
    context = {
        "planned": planned,
        "event": event,
        "called": member.called,
        "when": there,
        "elsewhere": here if here != there else "",
        "ends": words.moment(event.ends_at, event.zone),
        "event_link": _page_of(planned, member),
        "events_link": link("events.index"),
        "join_link": ways_in.address(planned.rsvp),
        "host": planned.host,
        "season": season_of(starts.date()),
        **more,
    }
    return Letter(
        template,
        context,
        to_name=member.name,
        sender_name=planned.host.name,
        reply_to=planned.host.address,
        attachments=files,
        offers_choices=isinstance(member, Member),
    )


def _file(planned: Planned, member: Person, method: Method) -> Attachment:
    settings: Settings = current_app.extensions["portal"]
    content = calendar.write(
        planned,
        method,
        calendar.Links(_page_of(planned, member), ways_in.address(planned.rsvp)),
        organizer=calendar.Person(planned.host.name, settings.sender_address),
        guest=calendar.Person(member.name, member.address),
    )
    return Attachment(f"{planned.event.slug}.ics", method.content_type, content)

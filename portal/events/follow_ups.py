"""After an event: a letter for each way it went, drafted by the house and held until a person has looked at it.

Whoever came, whoever did not, whoever waited in vain, and guests from outside each get their own letter, once. A
person of the team adds a line of their own and something to read or to watch; nothing leaves by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Select,
    String,
    Text,
    UniqueConstraint,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column
from sqlalchemy.sql.functions import coalesce

from portal.core import clock
from portal.core.db import Base, choice, insert_once, session, transaction
from portal.events.models import Answer, Event, EventGuest, EventState, Rsvp
from portal.mail import gate, to_many
from portal.mail.models import Message, State, Stream
from portal.members.models import Member, Status
from portal.staff.actions import record
from portal.staff.models import Staff

LETTER = "events/follow-up"
REST = timedelta(hours=2)
"""How long after the end drafts are written: until then people are still being noted on the guest list."""
LOOKED_BACK = timedelta(days=14)


class Who(StrEnum):
    """Whom a letter is for, by how it went."""

    attended = "attended"
    no_show = "no_show"
    waited = "waited"
    guest = "guest"

    @property
    def words(self) -> str:
        """What they are called on a page."""
        return {
            "attended": "Members who came",
            "no_show": "Had a seat and did not come",
            "waited": "Waited and got no seat",
            "guest": "Guests who came and are not in the network",
        }[self.value]


class FollowUpState(StrEnum):
    """Where a letter stands."""

    draft = "draft"
    sent = "sent"
    discarded = "discarded"


class FollowUp(Base):
    """One letter about one event to those for whom it went one way. `line` is the human one."""

    __tablename__ = "event_follow_ups"
    __table_args__ = (
        UniqueConstraint("event_id", "who"),
        # Letters are named after it, so an id is never used again.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    who: Mapped[Who] = mapped_column(choice(Who))
    state: Mapped[FollowUpState] = mapped_column(choice(FollowUpState))
    subject: Mapped[str] = mapped_column(String(140))
    text: Mapped[str] = mapped_column(Text)
    line: Mapped[str] = mapped_column(Text, default="", server_default="")
    story_id: Mapped[int | None] = mapped_column(ForeignKey("stories.id", ondelete="SET NULL"))
    video_url: Mapped[str] = mapped_column(String(500), default="", server_default="")
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    @property
    def is_draft(self) -> bool:
        """Whether it can still be changed."""
        return self.state is FollowUpState.draft

    @property
    def occasion(self) -> str:
        """What its letters are called in the ledger."""
        return f"follow-up:{self.who.value}:{self.id}"


_TEXTS = {
    Who.attended: (
        "Good that you came: {title}",
        "Thank you for coming. It was better with you there, and we hope you took something home.",
    ),
    Who.no_show: (
        "We missed you: {title}",
        "Your seat stayed empty, which happens to the best of us. What we can share of it is below.",
    ),
    Who.waited: (
        "No seat this time: {title}",
        "You waited for a seat and none came free. We are sorry. What we can share of it is below.",
    ),
    Who.guest: (
        "Thank you for coming: {title}",
        "Thank you for coming as our guest. It was good to meet you.",
    ),
}


class NotNow(Exception):
    """It cannot be sent; `words` say why."""

    def __init__(self, words: str) -> None:
        """Keep the words for whoever tried."""
        super().__init__(words)
        self.words = words


class AnotherNumber(Exception):
    """Not that many people get it; `number` is how many do."""

    def __init__(self, number: int) -> None:
        """Keep how many it is."""
        super().__init__(f"{number} people get it now.")
        self.number = number


@dataclass(frozen=True, slots=True)
class Reach:
    """How many get a letter now, and why others do not."""

    people: int
    left_out: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Words:
    """What can be typed of a letter."""

    subject: str
    text: str
    line: str
    story_id: int | None
    video_url: str


class _Person:
    """Somebody whom a letter is for, as a hurdle of the gate sees them."""

    def __init__(self, people: Any) -> None:
        self.member_id = people.c.member_id
        self.address_key = people.c.address_key
        self.topic = literal("")
        self.stream = literal(Stream.event.value)


def of_event(event_id: int) -> dict[Who, FollowUp]:
    """Return the letters of an event."""
    rows = session().scalars(select(FollowUp).where(FollowUp.event_id == event_id))
    return {row.who: row for row in rows}


def by_id(number: int) -> FollowUp | None:
    """Return the letter with that id."""
    return session().get(FollowUp, number)


def draft(event_id: int) -> int:
    """Write the drafts an event still lacks, for whomever there is; returns how many. Staff change them from there."""
    event = session().get(Event, event_id)
    if event is None or not event.is_published or not event.is_over:
        return 0
    there, moment = of_event(event_id), clock.now()
    made = 0
    for who, (subject, text) in _TEXTS.items():
        if who in there or not _count(_audience(event_id, who)):
            continue
        made += insert_once(
            FollowUp,
            {
                "event_id": event_id,
                "who": who,
                "state": FollowUpState.draft,
                "subject": subject.format(title=event.title)[:140],
                "text": text,
                "line": "",
                "video_url": "",
                "made_at": moment,
                "changed_at": moment,
            },
        )
    return made


def draft_all() -> int:
    """Write the drafts of every event that ended lately; returns how many. Running it twice does no harm."""
    moment = clock.now()
    with transaction() as current:
        ended = current.scalars(
            select(Event.id).where(
                Event.state == literal(EventState.published, Event.state.type),
                Event.ends_at.between(moment - LOOKED_BACK, moment - REST),
            )
        ).all()
        return sum(draft(event_id) for event_id in ended)


def keep(number: int, words: Words) -> FollowUp:
    """Keep what was typed.

    Raises:
        LookupError: there is no such letter.
        NotNow: it has been sent or discarded.
    """
    found = _locked(number)
    if not found.is_draft:
        raise NotNow("It is not a draft any more, so its words stay as they are.")
    found.subject, found.text, found.line = words.subject, words.text, words.line
    found.story_id, found.video_url = words.story_id, words.video_url
    found.changed_at = clock.now()
    record("events.follow-up.save", f"event:{found.event_id}", f"Wrote the letter for: {found.who.words}")
    return found


def put_aside(number: int, is_back: bool = False) -> FollowUp:
    """Discard a draft, or take it back out; nobody gets it meanwhile.

    Raises:
        LookupError: there is no such letter.
        NotNow: it has been sent.
    """
    found = _locked(number)
    if found.state is FollowUpState.sent:
        raise NotNow("It has been sent.")
    found.state = FollowUpState.draft if is_back else FollowUpState.discarded
    found.changed_at = clock.now()
    verb = "Took back out" if is_back else "Discarded"
    record("events.follow-up.discard", f"event:{found.event_id}", f"{verb} the letter for: {found.who.words}")
    return found


def send(number: int, people: int, by: Staff) -> int:
    """Send a letter to exactly that many people, once; returns how many. What they get is fixed from here on.

    Raises:
        LookupError: there is no such letter.
        NotNow: it was sent or discarded, or the event is not over.
        AnotherNumber: somebody was noted, or left, since the page was opened.
    """
    found = _locked(number)
    if not found.is_draft:
        raise NotNow("It has been sent already." if found.sent_at else "It was discarded.")
    event = session().get_one(Event, found.event_id)
    if not event.is_over or not event.is_published:
        raise NotNow("The event is not over.")
    reached = reach(found)
    if reached.people != people:
        raise AnotherNumber(reached.people)
    if not people:
        raise NotNow("Nobody would get it.")
    found.state, found.sent_at, found.sent_by = FollowUpState.sent, clock.now(), by.id
    session().flush()
    sent = to_many.post(LETTER, _may_be_mailed(found), found.occasion, {"follow_up": found.id})
    record(
        "events.follow-up.send",
        f"event:{found.event_id}",
        f"Sent the letter for: {found.who.words}",
        {"to": sent},
    )
    return sent


def reach(found: FollowUp) -> Reach:
    """Return how many get it now, and who is left out and why; two statements."""
    people = _audience(found.event_id, found.who).subquery()
    reason = coalesce(func.nullif(people.c.why, ""), gate.verdict(_Person(people), Stream.event)).label("why")
    inside = select(reason).select_from(people).subquery()
    rows = session().execute(select(inside.c.why, func.count()).group_by(inside.c.why))
    by_reason = {why: number for why, number in rows}
    may = by_reason.pop("", 0)
    return Reach(
        may, sorted(((_said(why), count) for why, count in by_reason.items()), key=lambda row: -row[1])
    )


def not_noted(event_id: int) -> int:
    """Return how many had a seat of whom nobody noted whether they came."""
    which = select(Rsvp.id).where(
        Rsvp.event_id == event_id, Rsvp.answer == _answer(Answer.seat), Rsvp.attended.is_(None)
    )
    return _count(which)


def states(found: FollowUp) -> dict[State, int]:
    """Return where the letters stand that were sent."""
    rows = session().execute(
        select(Message.state, func.count())
        .where(Message.letter == LETTER, Message.occasion == found.occasion)
        .group_by(Message.state)
    )
    return {row[0]: row[1] for row in rows}


def is_still_for(found: FollowUp, rsvp: Rsvp) -> bool:
    """Whether what is noted about somebody is still what the letter says."""
    match found.who:
        case Who.waited:
            return rsvp.answer in {Answer.waiting, Answer.offered}
        case Who.no_show:
            return rsvp.answer is Answer.seat and rsvp.attended is False
    is_guest = rsvp.guest_id is not None
    return rsvp.answer is Answer.seat and rsvp.attended is True and is_guest is (found.who is Who.guest)


def was_invited(message: Message) -> bool:
    """Whether the owner of this mailbox has been invited to join by such a letter before: once is enough."""
    earlier = select(Message.id).where(
        Message.address_key == message.address_key,
        Message.letter == LETTER,
        Message.occasion.startswith(f"follow-up:{Who.guest.value}:", autoescape=True),
        Message.id < message.id,
        Message.state.in_([State.accepted, State.claimed, State.unknown]),
    )
    return session().scalar(earlier.limit(1)) is not None


def _may_be_mailed(found: FollowUp) -> Select[Any]:
    people = _audience(found.event_id, found.who).subquery()
    may = and_(people.c.why == "", gate.verdict(_Person(people), Stream.event) == "")
    return select(people.c.member_id, people.c.address, people.c.address_key).where(may)


def _audience(event_id: int, who: Who) -> Select[Any]:
    """Everybody for whom it went that way, each with why they do not want it, "" when nothing is known."""
    seat = Rsvp.answer == _answer(Answer.seat)
    came = and_(seat, Rsvp.attended.is_(True))
    went: dict[Who, ColumnElement[bool]] = {
        Who.attended: and_(came, Rsvp.member_id.is_not(None)),
        Who.no_show: and_(seat, Rsvp.attended.is_(False)),
        Who.waited: or_(Rsvp.answer == _answer(Answer.waiting), Rsvp.answer == _answer(Answer.offered)),
        Who.guest: and_(came, Rsvp.guest_id.is_not(None)),
    }
    address_key = coalesce(Member.address_key, EventGuest.address_key)
    others = aliased(FollowUp)
    had = (
        select(Message.id)
        .join(others, Message.occasion == _occasion(others))
        .where(others.event_id == event_id, Message.letter == LETTER, Message.address_key == address_key)
        .exists()
    )
    why = case(
        (Member.status == Status.left, "left"),
        (Member.paused_until > clock.now(), "paused"),
        (had, "had_one"),
        else_="",
    )
    return (
        select(
            Rsvp.member_id.label("member_id"),
            coalesce(Member.address, EventGuest.address).label("address"),
            address_key.label("address_key"),
            why.label("why"),
        )
        .select_from(Rsvp)
        .outerjoin(Member, Member.id == Rsvp.member_id)
        .outerjoin(EventGuest, EventGuest.id == Rsvp.guest_id)
        .where(Rsvp.event_id == event_id, went[who], address_key.is_not(None))
    )


def _occasion(row: Any) -> ColumnElement[str]:
    return literal("follow-up:").concat(cast(row.who, String)).concat(":").concat(cast(row.id, String))


def _answer(answer: Answer) -> Any:
    return literal(answer, Rsvp.answer.type)


def _count(which: Select[Any]) -> int:
    return session().scalar(select(func.count()).select_from(which.subquery())) or 0


def _said(why: str) -> str:
    return "They had another letter about this event" if why == "had_one" else gate.words_of(why)


def _locked(number: int) -> FollowUp:
    found = session().get(FollowUp, number, with_for_update=True, populate_existing=True)
    if found is None:
        raise LookupError(number)
    return found

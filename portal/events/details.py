"""What guests tell us besides yes: answers to up to three questions, whether others may see them, and what they need.

What somebody needs to take part is private: only the hosts read it, and it is removed once the event is over.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    delete,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Base, choice, insert_once, session, transaction
from portal.events.models import Answer, Event, EventState, Rsvp
from portal.staff.actions import record

MOST_QUESTIONS = 3
KEPT_AFTER = timedelta(days=1)
"""How long after an event what somebody needed is still there, for the host who looks up one last thing."""


class QuestionKind(StrEnum):
    """How a question is answered."""

    text = "text"
    one = "one"
    many = "many"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return {"text": "In their own words", "one": "One of a list", "many": "Any of a list"}[self.value]


class Question(Base):
    """Something we ask those who come. `options` holds one choice a line."""

    __tablename__ = "event_questions"
    __table_args__ = (
        UniqueConstraint("event_id", "position"),
        CheckConstraint("position BETWEEN 1 AND 3", name="at_most_three"),
        # An answer names its question, so an id is never used again.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(SmallInteger)
    words: Mapped[str] = mapped_column(String(140))
    kind: Mapped[QuestionKind] = mapped_column(choice(QuestionKind))
    options: Mapped[str] = mapped_column(Text, default="")
    is_required: Mapped[bool] = mapped_column(default=False)

    @property
    def choices(self) -> list[str]:
        """What one can choose from."""
        return self.options.splitlines() if self.kind is not QuestionKind.text else []


class GuestAnswer(Base):
    """What somebody answered to one question; of a list one choice a line."""

    __tablename__ = "event_answers"

    rsvp_id: Mapped[int] = mapped_column(ForeignKey("rsvps.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[int] = mapped_column(
        ForeignKey("event_questions.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    text: Mapped[str] = mapped_column(Text)


class Need(Base):
    """What somebody needs to take part; read by the hosts alone and removed after the event."""

    __tablename__ = "event_needs"

    rsvp_id: Mapped[int] = mapped_column(ForeignKey("rsvps.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Details:
    """Everything somebody told us with their yes; `answers` by the question's id."""

    answers: Mapping[int, str] = field(default_factory=dict)
    is_shown: bool = False
    need: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as staff wrote it."""

    words: str
    kind: QuestionKind
    options: str = ""
    is_required: bool = False


def questions(event_id: int) -> Sequence[Question]:
    """Return what is asked of those who come."""
    which = select(Question).where(Question.event_id == event_id)
    return session().scalars(which.order_by(Question.position)).all()


def of(rsvp: Rsvp) -> Details:
    """Return what somebody told us."""
    answers = session().execute(
        select(GuestAnswer.question_id, GuestAnswer.text).where(GuestAnswer.rsvp_id == rsvp.id)
    )
    return Details({row[0]: row[1] for row in answers}, rsvp.is_shown, need_of(rsvp.id))


def need_of(rsvp_id: int) -> str:
    """Return what somebody needs, "" when nothing was said or it has been removed."""
    return session().scalar(select(Need.text).where(Need.rsvp_id == rsvp_id)) or ""


def keep(rsvp: Rsvp, told: Details) -> None:
    """Keep what somebody told us, in place of what they told before. Answers to other events' questions are dropped."""
    asked = {one.id for one in questions(rsvp.event_id)}
    rsvp.is_shown = told.is_shown
    session().flush()
    session().execute(delete(GuestAnswer).where(GuestAnswer.rsvp_id == rsvp.id))
    session().execute(delete(Need).where(Need.rsvp_id == rsvp.id))
    answers = {question: text for question, text in told.answers.items() if question in asked and text}
    session().add_all(
        GuestAnswer(rsvp_id=rsvp.id, question_id=one, text=text) for one, text in answers.items()
    )
    session().flush()
    if told.need:
        insert_once(Need, {"rsvp_id": rsvp.id, "text": told.need, "at": clock.now()})


def answers_by_rsvp(event_id: int) -> dict[int, dict[int, str]]:
    """Return every answer to an event's questions: by the RSVP, then by the question."""
    rows = session().execute(
        select(GuestAnswer.rsvp_id, GuestAnswer.question_id, GuestAnswer.text)
        .join(Question, Question.id == GuestAnswer.question_id)
        .where(Question.event_id == event_id)
    )
    found: dict[int, dict[int, str]] = {}
    for rsvp_id, question_id, text in rows:
        found.setdefault(rsvp_id, {})[question_id] = text
    return found


def needs_by_rsvp(event_id: int) -> dict[int, str]:
    """Return what those who come need, by the RSVP."""
    rows = session().execute(
        select(Need.rsvp_id, Need.text).join(Rsvp, Rsvp.id == Need.rsvp_id).where(Rsvp.event_id == event_id)
    )
    return {row[0]: row[1] for row in rows}


def answered(event_id: int) -> dict[int, int]:
    """Return how many answered each question."""
    counted = (
        select(Question.id, func.count(GuestAnswer.rsvp_id))
        .outerjoin(GuestAnswer, GuestAnswer.question_id == Question.id)
        .where(Question.event_id == event_id)
        .group_by(Question.id)
    )
    return {row[0]: row[1] for row in session().execute(counted)}


def ask(event_id: int, wanted: Iterable[Asked]) -> int:
    """Ask these questions, at most three, in place of those asked before; returns how many answers were removed.

    A question that keeps its place and its kind keeps its answers; one that goes takes its answers along.
    """
    stored = {one.position: one for one in questions(event_id)}
    counts, removed = answered(event_id), 0
    for position, asked in enumerate(list(wanted)[:MOST_QUESTIONS], 1):
        old = stored.pop(position, None)
        if old is not None and old.kind is not asked.kind:
            removed += counts[old.id]
            session().delete(old)
            session().flush()
            old = None
        if old is None:
            old = Question(event_id=event_id, position=position, kind=asked.kind)
            session().add(old)
        old.words, old.options, old.is_required = asked.words, asked.options, asked.is_required
    for gone in stored.values():
        removed += counts[gone.id]
        session().delete(gone)
    session().flush()
    record("events.questions", f"event:{event_id}", "Changed what guests are asked", {"removed": removed})
    return removed


def copy_questions(from_event_id: int, to_event_id: int) -> None:
    """Ask the same at another event."""
    for one in questions(from_event_id):
        session().add(
            Question(
                event_id=to_event_id,
                position=one.position,
                words=one.words,
                kind=one.kind,
                options=one.options,
                is_required=one.is_required,
            )
        )
    session().flush()


def remove_needs() -> int:
    """Remove what people needed who do not come, or whose event is over; returns how many were removed."""
    with transaction() as current:
        is_over = or_(Event.ends_at < clock.now() - KEPT_AFTER, Event.state == EventState.cancelled)
        rsvps = select(Rsvp.id).join(Event, Event.id == Rsvp.event_id)
        rsvps = rsvps.where(or_(is_over, Rsvp.answer == Answer.cancelled))
        statement = delete(Need).where(Need.rsvp_id.in_(rsvps))
        done = current.execute(statement.execution_options(synchronize_session=False))
        return done.rowcount  # type: ignore[attr-defined, no-any-return]

"""The receipt and the one letter for every change of an answer, in the transaction of the deed."""

from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, delete, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import make_transient_to_detached

from portal.core import clock
from portal.core.addresses import Address
from portal.core.db import is_sqlite, session
from portal.events import mail as _letters  # noqa: F401 - the letters posted here are found by name
from portal.events import queries
from portal.events.models import Answer, Change, Event, EventGuest, Rsvp, RsvpChange, Way
from portal.mail import actions as mail
from portal.members.models import Member

LETTERS = {
    Change.seat: "events/seat",
    Change.waiting: "events/waiting",
    Change.offered: "events/offered",
    Change.accepted: "events/seat",
    Change.given: "events/promoted",
    Change.declined: "events/cancelled-by-you",
    Change.lapsed: "events/offer-over",
    Change.given_back: "events/cancelled-by-you",
    Change.left_line: "events/cancelled-by-you",
    Change.switched: "events/seat",
    Change.carried: "",
    Change.called_off: "events/called-off",
}
"""Which letter tells of a change. Who was carried over when the format changed hears of it in `events/moved`."""


def note(event: Event, rsvp: Rsvp, change: Change, **facts: Any) -> None:
    """Write down a change that was just made to an answer, and plan its letter."""
    rsvp.changed_at = clock.now()
    rsvp.turn += 1
    session().flush()
    session().add(
        RsvpChange(
            rsvp_id=rsvp.id,
            turn=rsvp.turn,
            change=change,
            answer=rsvp.answer,
            way=rsvp.way,
            offer_until=rsvp.offer_until,
            at=rsvp.changed_at,
        )
    )
    if letter := LETTERS[change]:
        post(letter, rsvp, change=change.value, **facts)


def first(
    person: Member | EventGuest, event_id: int, answer: Answer, way: Way, source: str, ticket: int = 0
) -> Rsvp | None:
    """Store somebody's first answer with its receipt, and plan its letter.

    None when they have answered already, or were forgotten a moment ago.
    """
    moment = clock.now()
    values: dict[str, Any] = {
        "event_id": event_id,
        "answer": answer,
        "way": way,
        "turn": 1,
        "ticket": ticket,
        "source": source,
        "asked_at": moment,
        "changed_at": moment,
    }
    is_member = isinstance(person, Member)
    session().flush()
    connection = session().connection()
    found = connection.execute(_first(is_member, is_sqlite()), values | {"person": person.id}).first()
    if found is None:
        return None
    change = Change.seat if answer is Answer.seat else Change.waiting
    receipt = {
        "rsvp_id": found.id,
        "turn": 1,
        "change": change,
        "answer": answer,
        "way": way,
        "offer_until": None,
        "at": moment,
    }
    connection.execute(_RECEIPT, receipt)
    rsvp = Rsvp(id=found.id, **values, **{"member_id" if is_member else "guest_id": person.id})
    make_transient_to_detached(rsvp)
    session().add(rsvp)
    _post(LETTERS[change], rsvp, person, change=change.value)
    return rsvp


_RECEIPT = insert(RsvpChange.__table__)  # type: ignore[arg-type]


@lru_cache
def _first(is_member: bool, for_sqlite: bool) -> Any:
    """Insert an answer for somebody who is there and has given none; who is being forgotten is waited for."""
    who = (Member if is_member else EventGuest).__table__
    stored = Rsvp.__table__
    names = "event_id answer way turn ticket source asked_at changed_at".split()
    person = (
        select(who.c.id, *(bindparam(name, type_=stored.c[name].type) for name in names))
        .where(who.c.id == bindparam("person"))
        .with_for_update(read=True, key_share=True)
    )
    column = "member_id" if is_member else "guest_id"
    statement = (sqlite if for_sqlite else postgresql).insert(stored)
    return statement.from_select([column, *names], person).on_conflict_do_nothing().returning(stored.c.id)


def note_all(
    event: Event, change: Change, *answers: Answer, way: Way | None = None, to: Way | None = None
) -> None:
    """Write down what happened to everybody with one of these answers; their letters are the caller's."""
    which = [Rsvp.event_id == event.id, Rsvp.answer.in_(answers)]
    which += [Rsvp.way == way] if way is not None else []
    moment = clock.now()
    session().flush()
    session().execute(
        update(Rsvp)
        .where(*which)
        .values(turn=Rsvp.turn + 1, changed_at=moment)
        .execution_options(synchronize_session="fetch")
    )
    now = select(
        Rsvp.id,
        Rsvp.turn,
        literal(change, RsvpChange.change.type),
        Rsvp.answer,
        literal(to, Rsvp.way.type) if to is not None else Rsvp.way,
        Rsvp.offer_until,
        literal(moment, RsvpChange.at.type),
    ).where(*which)
    columns = ["rsvp_id", "turn", "change", "answer", "way", "offer_until", "at"]
    session().execute(insert(RsvpChange).from_select(columns, now))


def post(letter: str, rsvp: Rsvp, **facts: Any) -> None:
    """Plan a letter about an answer as it stands now; nothing when the person is known no more."""
    person = queries.person_of(rsvp)
    if person is not None:
        _post(letter, rsvp, person, **facts)


def _post(letter: str, rsvp: Rsvp, person: Member | EventGuest, **facts: Any) -> None:
    mail.post(
        letter,
        to=Address(person.address, person.address_key),
        occasion=f"event:{rsvp.event_id}:rsvp:{rsvp.id}:{rsvp.turn}",
        member_id=rsvp.member_id,
        facts={"rsvp": rsvp.id, "turn": rsvp.turn, **facts},
    )


def tell_everybody(letter: str, event: Event, *answers: Answer, **facts: object) -> int:
    """Plan a letter to all who gave one of those answers; returns how many."""
    told = 0
    for rsvp, person in queries.people(event.id, *answers):
        mail.post(
            letter,
            to=Address(person.address, person.address_key),
            occasion=f"event:{event.id}:{event.sequence}:{rsvp.id}",
            member_id=rsvp.member_id,
            facts={"rsvp": rsvp.id, "turn": rsvp.turn, **facts},
        )
        told += 1
    return told


def remove(rsvp: Rsvp) -> None:
    """Remove an answer with its receipts."""
    session().expunge(rsvp)
    session().execute(delete(RsvpChange).where(RsvpChange.rsvp_id == rsvp.id))
    session().execute(delete(Rsvp).where(Rsvp.id == rsvp.id))

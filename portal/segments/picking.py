"""Hand-picked lists: making them, putting people on them and taking them off, and who is on which."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, delete, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult

from portal.core import clock, keyset, paging, words
from portal.core.db import is_sqlite, lock, session
from portal.members import guard
from portal.members.actions import fold
from portal.members.models import Member, Status
from portal.segments import queries
from portal.segments.models import PickedList, PickedMember
from portal.segments.queries import InUse
from portal.staff import actions as staff_actions
from portal.staff.models import Staff

MOST_FOUND = 12


class NameTaken(Exception):
    """Another list has this name."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A list, and how many people are on it."""

    list: PickedList
    people: int


def picked_list(slug: str) -> PickedList | None:
    """The list of that slug."""
    return session().scalar(select(PickedList).where(PickedList.slug == slug))


def by_name() -> Sequence[PickedList]:
    """Every list."""
    return session().scalars(select(PickedList).order_by(PickedList.name)).all()


def counted() -> list[Counted]:
    """Every list with the number of people on it."""
    people = (
        select(PickedMember.list_id, func.count().label("people")).group_by(PickedMember.list_id).subquery()
    )
    rows = session().execute(
        select(PickedList, func.coalesce(people.c.people, 0))
        .outerjoin(people, people.c.list_id == PickedList.id)
        .order_by(PickedList.name)
    )
    return [Counted(one, number) for one, number in rows]


def people_on(one: PickedList, cursor: str | None = None) -> paging.Page[Any]:
    """A page of who is on a list, who was picked last first."""
    statement: Any = (
        select(Member.public_id, Member.name, Member.address, Member.status, PickedMember.at)
        .join(PickedMember, PickedMember.member_id == Member.id)
        .where(PickedMember.list_id == one.id)
    )
    return keyset.page(statement, [PickedMember.at, PickedMember.member_id], cursor)


def found(typed: str) -> Sequence[Member]:
    """People in the network whose name or address holds what was typed, literally; few of them."""
    needles = fold(typed).split()[:8]
    if not needles:
        return []
    holds = [Member.search_name.contains(one, autoescape=True) for one in needles]
    statement = select(Member).where(Member.status == Status.active, *holds)
    return session().scalars(statement.order_by(Member.search_name, Member.id).limit(MOST_FOUND)).all()


def make(name: str, line: str, by: Staff) -> PickedList:
    """Make a list with nobody on it.

    Raises:
        guard.Sensitive: it is about a sensitive trait.
        NameTaken: there is one of that name.
    """
    guard.check(name, line)
    lock("lists")
    if session().scalar(select(PickedList.id).where(func.lower(PickedList.name) == func.lower(name))):
        raise NameTaken
    wished = words.slug(name) or "list"
    slug, number = wished, 1
    while picked_list(slug) is not None:
        number += 1
        slug = f"{wished}-{number}"
    made = PickedList(slug=slug, name=name, line=line, made_by=by.id, created_at=clock.now())
    session().add(made)
    session().flush()
    staff_actions.record("lists.make", subject=f"list:{made.id}", words=f"Made the list {name}")
    return made


def remove(one: PickedList) -> None:
    """Delete a list; the people stay as they are.

    Raises:
        InUse: a segment's rule names it.
    """
    lock("segments")
    uses = queries.naming("lists", one.slug)
    if uses:
        raise InUse(uses)
    session().execute(delete(PickedMember).where(PickedMember.list_id == one.id))
    session().delete(one)
    session().flush()
    staff_actions.record("lists.remove", subject=f"list:{one.id}", words=f"Removed the list {one.name}")


def pick(one: PickedList, people: Select[Any], by: Staff) -> int:
    """Put everybody a statement selects (their ids) on a list; returns how many were not on it."""
    insert: Any = sqlite.insert if is_sqlite() else postgresql.insert
    rows = select(
        Member.id,
        literal(one.id, PickedMember.list_id.type),
        literal(by.id, PickedMember.picked_by.type),
        literal(clock.now(), PickedMember.at.type),
    ).where(Member.id.in_(people))
    result = session().execute(
        insert(PickedMember.__table__)
        .from_select(["member_id", "list_id", "picked_by", "at"], rows)
        .on_conflict_do_nothing(),
        execution_options={"preserve_rowcount": True},
    )
    number = result.rowcount if isinstance(result, CursorResult) else 0
    staff_actions.record(
        "lists.pick",
        subject=f"list:{one.id}",
        words=f"Put people on the list {one.name}",
        facts={"people": number},
    )
    return number


def drop(one: PickedList, people: Select[Any]) -> int:
    """Take everybody a statement selects (their ids) off a list; returns how many were on it."""
    result = session().execute(
        delete(PickedMember).where(PickedMember.list_id == one.id, PickedMember.member_id.in_(people)),
        execution_options={"synchronize_session": False},
    )
    number = result.rowcount if isinstance(result, CursorResult) else 0
    staff_actions.record(
        "lists.drop",
        subject=f"list:{one.id}",
        words=f"Took people off the list {one.name}",
        facts={"people": number},
    )
    return number


def only(member: Member) -> Select[Any]:
    """Select one person, as `pick` and `drop` want them."""
    return select(Member.id).where(Member.id == member.id)

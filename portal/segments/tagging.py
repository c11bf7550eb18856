"""Tags that staff put on people: making them, giving and taking them, and who carries which."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, delete, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult

from portal.core import clock, words
from portal.core.db import is_sqlite, lock, session
from portal.members import guard
from portal.members.models import Member
from portal.segments import queries
from portal.segments.models import MemberTag, Tag
from portal.segments.queries import InUse
from portal.staff import actions as staff_actions
from portal.staff.models import Staff

LONGEST = 60


class NameTaken(Exception):
    """There is such a tag already; `tag` is it."""

    def __init__(self, tag: Tag) -> None:
        super().__init__(tag.name)
        self.tag = tag


@dataclass(frozen=True, slots=True)
class Carried:
    """A tag, and how many people carry it."""

    tag: Tag
    people: int


def tag(slug: str) -> Tag | None:
    """The tag of that slug."""
    return session().scalar(select(Tag).where(Tag.slug == slug))


def named(name: str) -> Tag | None:
    """The tag of that name, whatever its capitals."""
    return session().scalar(select(Tag).where(func.lower(Tag.name) == func.lower(name)))


def by_name() -> Sequence[Tag]:
    """Every tag."""
    return session().scalars(select(Tag).order_by(Tag.name)).all()


def counted() -> list[Carried]:
    """Every tag with the number of people who carry it."""
    people = select(MemberTag.tag_id, func.count().label("people")).group_by(MemberTag.tag_id).subquery()
    rows = session().execute(
        select(Tag, func.coalesce(people.c.people, 0))
        .outerjoin(people, people.c.tag_id == Tag.id)
        .order_by(Tag.name)
    )
    return [Carried(one, number) for one, number in rows]


def tags_of(member: Member) -> Sequence[Tag]:
    """What a member carries, by name."""
    return session().scalars(_of(member)).all()


def _of(member: Member) -> Select[Tag]:
    return (
        select(Tag)
        .join(MemberTag, MemberTag.tag_id == Tag.id)
        .where(MemberTag.member_id == member.id)
        .order_by(Tag.name)
    )


def make(name: str, by: Staff) -> Tag:
    """Make a tag.

    Raises:
        guard.Sensitive: it is about a sensitive trait.
        NameTaken: there is one of that name.
    """
    guard.check(name)
    lock("tags")
    other = named(name)
    if other is not None:
        raise NameTaken(other)
    wished = words.slug(name, LONGEST) or "tag"
    slug, number = wished, 1
    while tag(slug) is not None:
        number += 1
        slug = f"{wished}-{number}"
    made = Tag(slug=slug, name=name, made_by=by.id, created_at=clock.now())
    session().add(made)
    session().flush()
    staff_actions.record("tags.make", subject=f"tag:{made.id}", words=f"Made the tag {name}")
    return made


def remove(one: Tag) -> None:
    """Delete a tag, and take it from everybody who carries it.

    Raises:
        InUse: a segment's rule names it.
    """
    lock("segments")
    uses = queries.naming("tags", one.slug)
    if uses:
        raise InUse(uses)
    session().execute(delete(MemberTag).where(MemberTag.tag_id == one.id))
    session().delete(one)
    session().flush()
    staff_actions.record("tags.remove", subject=f"tag:{one.id}", words=f"Removed the tag {one.name}")


def give(one: Tag, people: Select[Any], by: Staff) -> int:
    """Put a tag on everybody a statement selects (their ids); returns how many did not carry it before."""
    return _count(
        session().execute(
            _insert(MemberTag.__table__)
            .from_select(
                ["member_id", "tag_id", "given_by", "at"],
                select(
                    Member.id,
                    literal(one.id, MemberTag.tag_id.type),
                    literal(by.id, MemberTag.given_by.type),
                    literal(clock.now(), MemberTag.at.type),
                ).where(Member.id.in_(people)),
            )
            .on_conflict_do_nothing(),
            execution_options={"preserve_rowcount": True},
        )
    )


def take(one: Tag, people: Select[Any]) -> int:
    """Take a tag from everybody a statement selects (their ids); returns how many carried it."""
    return _count(
        session().execute(
            delete(MemberTag).where(MemberTag.tag_id == one.id, MemberTag.member_id.in_(people)),
            execution_options={"synchronize_session": False},
        )
    )


def _insert(table: Any) -> Any:
    return (sqlite.insert if is_sqlite() else postgresql.insert)(table)


def _count(result: Any) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0

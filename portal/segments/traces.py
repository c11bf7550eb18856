"""What this room keeps about a member: tags and lists, to be taken along and to be erased."""

from sqlalchemy import delete, select
from sqlalchemy.engine import CursorResult

from portal.core.db import session
from portal.members.models import Member
from portal.members.traces import Row, erases, holds
from portal.segments.models import MemberTag, PickedList, PickedMember, Tag
from portal.staff.models import Staff


@holds("tags", "Words our team put on you")
def _tags(member: Member) -> list[Row]:
    rows = session().execute(
        select(Tag.name, MemberTag.at, Staff.name)
        .join(Tag, Tag.id == MemberTag.tag_id)
        .outerjoin(Staff, Staff.id == MemberTag.given_by)
        .where(MemberTag.member_id == member.id)
        .order_by(Tag.name)
    )
    return [{"word": name, "since": at, "put there by": by} for name, at, by in rows]


@holds("lists", "Lists our team put you on")
def _lists(member: Member) -> list[Row]:
    rows = session().execute(
        select(PickedList.name, PickedMember.at, Staff.name)
        .join(PickedList, PickedList.id == PickedMember.list_id)
        .outerjoin(Staff, Staff.id == PickedMember.picked_by)
        .where(PickedMember.member_id == member.id)
        .order_by(PickedList.name)
    )
    return [{"list": name, "since": at, "put there by": by} for name, at, by in rows]


@erases("tags")
def _forget_tags(member: Member) -> int:
    return _gone(session().execute(delete(MemberTag).where(MemberTag.member_id == member.id)))


@erases("lists")
def _forget_lists(member: Member) -> int:
    return _gone(session().execute(delete(PickedMember).where(PickedMember.member_id == member.id)))


def _gone(result: object) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0

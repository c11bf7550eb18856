"""People we know already: a row fills in what they have not said themselves, and what stood there is kept for a day."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select

from portal.core.db import session
from portal.members.actions import search_name
from portal.members.models import Level, Member, Own, Status, WorkMode
from portal.preferences.models import MemberInterest, MemberPlace
from portal.sheets.following import follow
from portal.sheets.models import SheetChange, SheetImport, SheetRow
from portal.sheets.verdicts import may_change

FIELDS: Mapping[str, Own] = {
    "name": Own.full_name,
    "call_name": Own.call_name,
    "level": Own.level,
    "work_mode": Own.work_mode,
    "zone": Own.zone,
    "country": Own.country,
    "is_remote": Own.is_remote,
    "is_open_to_move": Own.is_open_to_move,
    "birthday_month": Own.birthday,
    "birthday_day": Own.birthday,
    "anniversary_month": Own.anniversary,
    "anniversary_day": Own.anniversary,
    "interest_mask": Own.interests,
}
PLACES = "place_ids"


def update(sheet: SheetImport, known: ColumnElement[bool], moment: datetime) -> None:
    """Fill in what these rows know of people who are in the network or were asked."""
    pairs = (
        session()
        .execute(
            select(Member, SheetRow)
            .join(SheetRow, Member.address_key == SheetRow.address_key)
            .where(known, Member.status != Status.left)
            .order_by(Member.id)
            .with_for_update(of=Member)
            .execution_options(populate_existing=True)
        )
        .all()
    )
    if not pairs:
        return
    places = places_of([member.id for member, _ in pairs])
    changes = []
    _clear(known)
    # While the members' own masks still say who spoke.
    follow(known, may_change(Own.interests), may_change(Own.places))
    for member, row in pairs:
        before, after = _fill_in(member, row, places.get(member.id, []))
        if before:
            changes.append(
                {
                    "import_id": sheet.id,
                    "member_id": member.id,
                    "before": before,
                    "after": after,
                    "at": moment,
                }
            )
    session().flush()
    if changes:
        session().execute(insert(SheetChange), changes)


def store(member: Member, name: str, value: Any) -> None:
    """Set one field from what was kept of it."""
    if name == "level":
        value = Level(value) if value else None
    elif name == "work_mode":
        value = WorkMode(value) if value else None
    setattr(member, name, value)


def places_of(member_ids: list[int]) -> dict[int, list[int]]:
    """The ids of the places of these members."""
    found: dict[int, list[int]] = defaultdict(list)
    statement = select(MemberPlace.member_id, MemberPlace.place_id).where(
        MemberPlace.member_id.in_(member_ids)
    )
    for member_id, place_id in session().execute(statement):
        found[member_id].append(place_id)
    return found


def _fill_in(member: Member, row: SheetRow, places: list[int]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Change a member; returns what stood there, and what stands there now."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name, own in FIELDS.items():
        old, new = getattr(member, name), getattr(row, name)
        if row.given & own and not member.own_fields & own and old != new:
            before[name], after[name] = old, new
            store(member, name, new)
    if "name" in after or "call_name" in after:
        member.search_name = search_name(member.name, member.call_name, member.address_key)
    if row.given & Own.places and not member.own_fields & Own.places:
        new_places = [int(one) for one in row.place_ids.strip(",").split(",")]
        if sorted(new_places) != sorted(places):
            before[PLACES], after[PLACES] = sorted(places), sorted(new_places)
    return before, after


def _clear(known: ColumnElement[bool]) -> None:
    """Take away what the rows replace."""
    for table, own in ((MemberInterest, Own.interests), (MemberPlace, Own.places)):
        who = (
            select(Member.id)
            .join(SheetRow, Member.address_key == SheetRow.address_key)
            .where(known, Member.status != Status.left, may_change(own))
        )
        session().execute(
            delete(table).where(table.member_id.in_(who)).execution_options(synchronize_session=False)
        )

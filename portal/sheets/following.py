"""What imported people follow, put down from the masks and places of their rows."""

from sqlalchemy import ColumnElement, Integer, String, cast, insert, literal, select

from portal.core.db import BIG, session
from portal.members.models import Member
from portal.preferences.models import Interest, MemberInterest, MemberPlace, Place
from portal.sheets.models import SheetRow


def follow(
    rows: ColumnElement[bool], interests_if: ColumnElement[bool], places_if: ColumnElement[bool]
) -> None:
    """Two statements for any number of rows; the conditions are over a row and its member."""
    bit = SheetRow.interest_mask.bitwise_rshift(cast(Interest.bit, Integer)).bitwise_and(literal(1, BIG))
    session().execute(
        insert(MemberInterest).from_select(
            ["member_id", "interest_id"],
            select(Member.id, Interest.id)
            .select_from(SheetRow)
            .join(Member, Member.address_key == SheetRow.address_key)
            .join(Interest, bit == 1)
            .where(rows, SheetRow.interest_mask != 0, interests_if),
        )
    )
    mark = literal("%,").concat(cast(Place.id, String)).concat(",%")
    session().execute(
        insert(MemberPlace).from_select(
            ["member_id", "place_id"],
            select(Member.id, Place.id)
            .select_from(SheetRow)
            .join(Member, Member.address_key == SheetRow.address_key)
            .join(Place, SheetRow.place_ids.like(mark))
            .where(rows, SheetRow.place_ids != "", places_if),
        )
    )

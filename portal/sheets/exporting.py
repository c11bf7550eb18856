"""Writes a list into a file, piece by piece: the next people after the last one, whatever their number.

The file is as long as the row says: what a lost worker wrote beyond it is cut off, and the next one goes on.
"""

import secrets
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update

from portal.core import clock, queue
from portal.core.db import session, transaction
from portal.mail.models import Suppression
from portal.members.models import Consent, Member
from portal.preferences import queries as preferences
from portal.preferences.models import MemberPlace, Place, Topic, TopicChoice
from portal.sheets import cells, files, lists, seals
from portal.sheets.columns import Field
from portal.sheets.models import Going, SheetExport
from portal.sheets.values import listed

JOB = "sheets.write"
CHUNK = 1_000
LEASE = timedelta(minutes=2)
MARK = "\ufeff"
_MONTHS = "January February March April May June July August September October November December".split()


class NotMine(Exception):
    """Another worker writes it by now, or it is over."""


def head(is_whole: bool) -> list[str]:
    """What the columns are called."""
    names = [
        Field.address.words,
        Field.full_name.words,
        Field.call_name.words,
        Field.status.words.removesuffix(" elsewhere"),
        Field.level.words,
        Field.work_mode.words,
        Field.country.words,
        Field.zone.words,
        Field.is_remote.words,
        Field.is_open_to_move.words,
        Field.interests.words,
        Field.places.words,
        Field.birthday.words,
        Field.anniversary.words,
        Field.source.words,
        "Asked to join",
        "Joined",
        "Left",
        "Paused until",
        *(topic.words for topic in Topic),
    ]
    return [*names, Field.seal.words] if is_whole else names


def write(export_id: int) -> None:
    """Write the file to its end; does nothing when another worker does."""
    me = secrets.token_hex(8)
    if not _take(export_id, me):
        return
    try:
        while not queue.is_ending() and _piece(export_id, me):
            pass
        with transaction():
            _mine(export_id, me).lease_until = None
    except NotMine:
        return


def find_lost() -> int:
    """Ask again for files whose writer was lost; returns how many."""
    with transaction():
        lost = (
            session()
            .scalars(
                select(SheetExport.id).where(
                    SheetExport.stage == Going.writing,
                    or_(SheetExport.lease_until.is_(None), SheetExport.lease_until < clock.now()),
                )
            )
            .all()
        )
        for export_id in lost:
            queue.ask(JOB, export_id)
    return len(lost)


def _take(export_id: int, me: str) -> bool:
    moment = clock.now()
    with transaction():
        done = session().execute(
            update(SheetExport)
            .where(
                SheetExport.id == export_id,
                SheetExport.stage == Going.writing,
                or_(SheetExport.lease_until.is_(None), SheetExport.lease_until < moment),
            )
            .values(worker=me, lease_until=moment + LEASE)
            .execution_options(synchronize_session=False)
        )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def _mine(export_id: int, me: str) -> SheetExport:
    found = session().get(SheetExport, export_id, with_for_update=True, populate_existing=True)
    if found is None or found.worker != me:
        raise NotMine
    return found


def _piece(export_id: int, me: str) -> bool:
    """Write the next people; returns whether there may be more. They are read before anybody is kept waiting."""
    export = session().get(SheetExport, export_id)
    if export is None:
        raise NotMine
    after, is_whole = export.row, export.is_whole
    try:
        text, last, people = _rows(lists.from_json(export.asked).condition(), after, is_whole)
    except lists.NoSuchList:
        text = ""
        last, people = after, -1
    session().rollback()
    with transaction():
        mine = _mine(export_id, me)
        if mine.stage is not Going.writing or mine.row != after:
            raise NotMine
        if people < 0:
            mine.stage = Going.broken
            return False
        if not mine.size:
            text = (MARK if mine.has_mark else "") + cells.line(head(is_whole)) + text
        mine.size = _append(mine, text)
        mine.people += people
        mine.row, mine.lease_until = last, clock.now() + LEASE
        if people == CHUNK:
            return True
        mine.stage, mine.ready_at = Going.ready, clock.now()
        # What was searched for may be somebody's name.
        mine.asked = {**mine.asked, "typed": ""}
        return False


def _append(export: SheetExport, text: str) -> int:
    path = files.export(export.public_id)
    with path.open("ab") as file:
        file.truncate(export.size)
        file.seek(export.size)
        file.write(text.encode())
        return file.tell()


def _rows(condition: ColumnElement[bool], after: int, is_whole: bool) -> tuple[str, int, int]:
    """The lines of the next people, the id of the last of them, and how many they are."""
    people = (
        session()
        .execute(
            select(*Member.__table__.columns)
            .where(Member.id > after, condition)
            .order_by(Member.id)
            .limit(CHUNK)
        )
        .all()
    )
    if not people:
        return "", after, 0
    ids = [one.id for one in people]
    interests = list(preferences.all_interests(with_retired=True))
    places = _places(ids)
    choices: dict[int, list[Any]] = defaultdict(list)
    for row in session().execute(
        select(TopicChoice.member_id, TopicChoice.topic, TopicChoice.cadence, TopicChoice.changed_at)
        .where(TopicChoice.member_id.in_(ids))
        .order_by(TopicChoice.topic)
    ):
        choices[row.member_id].append(row)
    told = _told(people) if is_whole else {}
    lines = []
    for one in people:
        chosen = {row.topic: row.cadence.words for row in choices[one.id]}
        values = [
            one.address,
            one.name,
            one.call_name,
            one.status.value,
            one.level.words if one.level else "",
            one.work_mode.words if one.work_mode else "",
            one.country,
            one.zone,
            _flag(one.is_remote),
            _flag(one.is_open_to_move),
            listed(interest.name for interest in interests if one.interest_mask >> interest.bit & 1),
            listed(places[one.id]),
            _day(one.birthday_month, one.birthday_day),
            _day(one.anniversary_month, one.anniversary_day),
            one.source,
            _moment(one.asked_at),
            _moment(one.confirmed_at),
            _moment(one.left_at),
            _moment(one.paused_until),
            *(chosen.get(topic, "") for topic in Topic),
        ]
        if is_whole:
            values.append(seals.write(one.address_key, _facts(one, choices[one.id], told)))
        lines.append(cells.line(values))
    return "".join(lines), ids[-1], len(ids)


def _places(ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for member_id, name, country, zone, region in session().execute(
        select(MemberPlace.member_id, Place.name, Place.country, Place.zone, Place.region)
        .join(Place, Place.id == MemberPlace.place_id)
        .where(MemberPlace.member_id.in_(ids))
        .order_by(Place.name)
    ):
        where = ", ".join(part for part in (country, zone, region) if part)
        found[member_id].append(f"{name} ({where})")
    return found


def _told(people: Sequence[Any]) -> dict[str, list[list[Any]]]:
    """The consent lines of these people by their ledger key, and what stops their mail by their address."""
    found: dict[str, list[list[Any]]] = defaultdict(list)
    for line in session().execute(
        select(*Consent.__table__.columns)
        .where(Consent.person.in_([one.ledger_key for one in people]))
        .order_by(Consent.id)
    ):
        found[line.person].append(
            [line.at, line.about, line.is_given, line.value, line.text_version, line.how, line.by]
        )
    for row in session().execute(
        select(*Suppression.__table__.columns).where(
            Suppression.address_key.in_([one.address_key for one in people])
        )
    ):
        found[row.address_key].append([row.stream.value, row.reason, row.words, row.at])
    return found


def _facts(one: Any, choices: Sequence[Any], told: dict[str, list[list[Any]]]) -> dict[str, Any]:
    return {
        "status": one.status.value,
        "asked": one.asked_at,
        "version": one.asked_version,
        "confirmed": one.confirmed_at,
        "left": one.left_at,
        "paused": one.paused_until,
        "measure": one.may_measure,
        "changed": one.choices_changed_at,
        "own": one.own_fields,
        "topics": [[row.topic.value, row.cadence.value, row.changed_at] for row in choices],
        "consents": told.get(one.ledger_key, []),
        "stops": told.get(one.address_key, []),
    }


def _flag(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _day(month: int | None, day: int | None) -> str:
    return f"{day} {_MONTHS[month - 1]}" if month and day else ""


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else ""

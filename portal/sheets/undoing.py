"""Takes an import back as a whole, a chunk a transaction.

Whoever has spoken since (confirmed, answered an event, changed something) is a person of the network by now and
stays; of them only what they have not said themselves is taken back.
"""

from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, or_, select

from portal.core import clock, queue
from portal.core.db import Base, lock, session, transaction
from portal.core.sessions import BrowserSession
from portal.core.tokens import OneTimeToken
from portal.mail import actions as mail_actions
from portal.mail.models import Message
from portal.members.actions import search_name
from portal.members.models import Member
from portal.preferences.models import Interest, MemberInterest, MemberPlace, Place, TopicChoice
from portal.sheets import files, inviting, updating
from portal.sheets.hand import Hand
from portal.sheets.merging import LOCK
from portal.sheets.models import SheetChange, SheetImport, Stage
from portal.sheets.sealed import standing, standing_of_new

CHUNK = 500
REMOVED, KEPT, RESTORED = "removed", "kept", "restored"
# What an import itself brings, or what is taken out of the ledger with the person: no sign of life.
_BROUGHT = frozenset(
    table.__tablename__ for table in (MemberInterest, MemberPlace, TopicChoice, SheetChange, Message)
)


def take_back(hand: Hand) -> None:
    """Undo chunk after chunk, until nothing of it is left."""
    while not queue.is_ending():
        with transaction():
            lock(LOCK)
            sheet = hand.hold(Stage.undoing)
            changes = (
                session()
                .scalars(
                    select(SheetChange)
                    .where(SheetChange.import_id == sheet.id)
                    .order_by(SheetChange.member_id)
                    .limit(CHUNK)
                )
                .all()
            )
            if not changes:
                _finish(sheet)
                break
            counts = dict(sheet.facts.get("undone", {}))
            _restore([one for one in changes if one.before], counts)
            _remove([one for one in changes if not one.before], counts)
            sheet.facts = {**sheet.facts, "undone": counts}
            session().flush()
            session().execute(
                delete(SheetChange)
                .where(
                    SheetChange.import_id == sheet.id,
                    SheetChange.member_id.in_([one.member_id for one in changes]),
                )
                .execution_options(synchronize_session=False)
            )
    else:
        return
    files.remove(files.upload(sheet.public_id))


def _restore(changes: list[SheetChange], counts: dict[str, int]) -> None:
    """Give people we knew before back what stood there, unless they or somebody else changed it since."""
    by_id = {one.member_id: one for one in changes}
    if not by_id:
        return
    people = session().scalars(
        select(Member)
        .where(Member.id.in_(by_id))
        .order_by(Member.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    places = updating.places_of(list(by_id))
    for member in people.all():
        change = by_id[member.id]
        before, after = change.before or {}, change.after or {}
        for name, own in updating.FIELDS.items():
            if name in before and not member.own_fields & own and getattr(member, name) == after[name]:
                updating.store(member, name, before[name])
                if name == "interest_mask":
                    _follow(member.id, before[name])
        if updating.PLACES in before and sorted(places.get(member.id, [])) == after[updating.PLACES]:
            _go(member.id, before[updating.PLACES])
        member.search_name = search_name(member.name, member.call_name, member.address_key)
    counts[RESTORED] = counts.get(RESTORED, 0) + len(by_id)
    session().flush()


def _follow(member_id: int, mask: int) -> None:
    session().execute(delete(MemberInterest).where(MemberInterest.member_id == member_id))
    ids = [one.id for one in session().scalars(select(Interest)) if mask >> one.bit & 1]
    if ids:
        session().execute(
            insert(MemberInterest), [{"member_id": member_id, "interest_id": one} for one in ids]
        )


def _go(member_id: int, place_ids: list[int]) -> None:
    session().execute(delete(MemberPlace).where(MemberPlace.member_id == member_id))
    if place_ids:
        session().execute(
            insert(MemberPlace), [{"member_id": member_id, "place_id": one} for one in place_ids]
        )


def _remove(changes: list[SheetChange], counts: dict[str, int]) -> None:
    """Remove people the import brought, as if it had never been; who has spoken since stays."""
    if not changes:
        return
    ids = [one.member_id for one in changes]
    arrived = {one.member_id: one.after for one in changes}
    people = session().execute(
        select(Member, _has_traces())
        .where(Member.id.in_(ids))
        .order_by(Member.id)
        .with_for_update(of=Member)
        .execution_options(populate_existing=True)
    )
    untouched = [
        member.id
        for member, has_traces in people
        if not has_traces and standing(member) == (arrived[member.id] or standing_of_new())
    ]
    counts[KEPT] = counts.get(KEPT, 0) + len(ids) - len(untouched)
    counts[REMOVED] = counts.get(REMOVED, 0) + len(untouched)
    if not untouched:
        return
    inviting.take_back(untouched)
    mail_actions.forget_members(untouched)
    subjects = [f"member:{one}" for one in untouched]
    session().execute(delete(OneTimeToken).where(OneTimeToken.subject.in_(subjects)))
    session().execute(
        delete(Member).where(Member.id.in_(untouched)).execution_options(synchronize_session=False)
    )


def _has_traces() -> ColumnElement[bool]:
    """SQL over Member: something hangs on them that no import brings."""
    traces: list[ColumnElement[bool]] = [
        select(key.parent).where(key.parent == Member.id).exists()
        for table in Base.metadata.sorted_tables
        if table.name not in _BROUGHT
        for key in table.foreign_keys
        if key.column.table.name == Member.__tablename__
    ]
    signed_in = select(BrowserSession.id).where(
        BrowserSession.kind == "member", BrowserSession.person_id == Member.id
    )
    return or_(signed_in.exists(), *traces).label("has_traces")


def _finish(sheet: SheetImport) -> None:
    sheet.stage, sheet.ended_at, sheet.lease_until = Stage.undone, clock.now(), None
    _retire(Interest, MemberInterest.interest_id, sheet.facts.get("made_interests", []))
    _retire(Place, MemberPlace.place_id, sheet.facts.get("made_places", []))


def _retire(table: type[Interest] | type[Place], link: Any, ids: list[int]) -> None:
    """Offer what the import added to nobody any more, where nobody has chosen it."""
    for number in ids:
        one: Any = session().get(table, number)
        if one is not None and not session().scalar(select(func.count()).where(link == number)):
            one.retired_at = clock.now()

"""One invitation for each new address, ever: the keyed hash of who had one outlives the person's row."""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, delete, insert, select

from portal.core import queue, tokens
from portal.core.db import session
from portal.core.settings import Settings
from portal.mail.models import Lane, Message, State, Stream
from portal.members.joining import CONFIRM
from portal.members.models import Member
from portal.members.queries import HASHED
from portal.sheets.mail import INVITATION
from portal.sheets.models import Invited, SheetImport, SheetRow

OCCASION = "invitation"


def invite(sheet: SheetImport, fresh: ColumnElement[bool], moment: datetime) -> None:
    """Plan an invitation for the members of these rows who have never had one.

    It is account mail, because it asks whether we may write; it stands in the last line all the same, so that no
    sign-in waits for it.
    """
    had = select(Invited.digest).where(Invited.digest == SheetRow.digest).exists()
    people = session().execute(
        select(Member.id, Member.address, Member.address_key, SheetRow.digest)
        .join(SheetRow, SheetRow.address_key == Member.address_key)
        .where(fresh, ~had)
    )
    rows = people.all()
    if not rows:
        return
    settings: Settings = current_app.extensions["portal"]
    tokens.issue_many(
        CONFIRM, [f"member:{one.id}" for one in rows], timedelta(days=settings.unconfirmed_days)
    )
    session().execute(
        insert(Invited), [{"digest": one.digest, "import_id": sheet.id, "at": moment} for one in rows]
    )
    session().execute(
        insert(Message),
        [
            {
                "letter": INVITATION,
                "occasion": OCCASION,
                "member_id": one.id,
                "address": one.address,
                "address_key": one.address_key,
                "stream": Stream.account,
                "lane": int(Lane.marketing),
                "line": int(Lane.marketing),
                "facts": {},
                "state": State.planned,
                "planned_at": moment,
                "due_at": moment,
            }
            for one in rows
        ],
    )
    queue.ask("mail.hand_over_letters")


def take_back(member_ids: list[int]) -> None:
    """Forget the invitations of these members that have not left: they may be invited another time."""
    waiting = session().scalars(
        select(Message.address_key).where(
            Message.member_id.in_(member_ids), Message.letter == INVITATION, Message.state == State.planned
        )
    )
    digests = [tokens.keyed_hash(HASHED, key) for key in waiting]
    if digests:
        session().execute(delete(Invited).where(Invited.digest.in_(digests)))

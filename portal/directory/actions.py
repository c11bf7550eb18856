"""What staff may do for a member: note something, and take them out when they ask. Nothing here widens consent."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm.exc import ObjectDeletedError

from portal.core import clock
from portal.core.db import session
from portal.members.models import Member, Note
from portal.preferences import actions as preferences
from portal.staff import actions as staff
from portal.staff.models import Staff

ON_REQUEST = "staff on request"
TWICE = timedelta(minutes=10)


class Gone(Exception):
    """The member was forgotten a moment ago."""


class NotYours(Exception):
    """Somebody else wrote this note."""


def write_note(member: Member, text: str, by: Staff) -> Note:
    """Keep a note, which the member reads in their export. The same words again within ten minutes are one note.

    Raises:
        Gone: the member was forgotten meanwhile.
    """
    _lock(member)
    moment = clock.now()
    same = session().scalar(
        select(Note).where(
            Note.member_id == member.id,
            Note.staff_id == by.id,
            Note.text == text,
            Note.at > moment - TWICE,
        )
    )
    staff.record("members.note", f"member:{member.id}", "Wrote a note about a member")
    if same is not None:
        return same
    note = Note(member_id=member.id, staff_id=by.id, text=text, at=moment)
    session().add(note)
    session().flush()
    return note


def remove_note(note: Note, by: Staff) -> None:
    """Take an own note away.

    Raises:
        NotYours: somebody else wrote it.
    """
    if note.staff_id != by.id:
        raise NotYours
    session().delete(note)
    session().flush()
    staff.record("members.note-removed", f"member:{note.member_id}", "Took back an own note about a member")


def take_out(member: Member, by: Staff) -> bool:
    """Let a member leave who asked us to; only they themselves can come back. Returns whether it was news.

    Raises:
        Gone: the member was forgotten meanwhile.
    """
    _lock(member)
    is_news = preferences.leave_everything(member, ON_REQUEST, by=f"staff:{by.id}")
    staff.record("members.left", f"member:{member.id}", "Took a member out on their request")
    return is_news


def _lock(member: Member) -> None:
    try:
        session().refresh(member, with_for_update=True)
    except ObjectDeletedError:
        raise Gone from None

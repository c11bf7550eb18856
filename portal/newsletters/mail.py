"""The letters of this room: the issue for many, and a test of it for one colleague."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.sql.functions import coalesce

from portal.core import words
from portal.mail import letters
from portal.mail.letters import Letter, NotNeeded
from portal.mail.models import Message, Stream
from portal.members import queries as members
from portal.members.models import Member
from portal.newsletters import fields, press, queries, readers
from portal.newsletters.readers import TOPIC
from portal.preferences.models import TopicChoice
from portal.segments import rules
from portal.staff import queries as staff

ISSUE = "newsletters/issue"
TEST = "newsletters/test"


def _made_of(row: Any) -> list[ColumnElement[Any]]:
    """What a member wants to be called, and since when they choose the newsletter."""
    called = select(coalesce(func.nullif(Member.call_name, ""), Member.name)).where(
        Member.id == row.member_id
    )
    chosen = select(TopicChoice.changed_at).where(
        TopicChoice.member_id == row.member_id, TopicChoice.topic == TOPIC
    )
    return [called.scalar_subquery(), chosen.scalar_subquery()]


@letters.mailing(
    ISSUE,
    Stream.marketing,
    _made_of,
    words="The quarterly newsletter",
    trigger="A recruiter sends an issue; it goes to members who chose the newsletter",
)
def issue(name: str | None, chosen_at: datetime | None) -> Mapping[str, str]:
    """The values for the tags of an issue for one member."""
    return _values(name or "", _day(chosen_at.date()) if chosen_at else "")


@letters.letter(
    TEST,
    Stream.account,
    words="A test of a newsletter",
    trigger="Somebody who writes a newsletter asks for it, to their own address",
)
def test(message: Message) -> Letter:
    """The issue as it stands now, as one member would get it, for the colleague who asked."""
    facts = message.facts or {}
    newsletter = queries.by_id(int(facts["newsletter"]))
    person = staff.by_id(int(facts["staff"]))
    if newsletter is None or person is None or not person.is_active:
        raise NotNeeded("the newsletter or the account is gone")
    pieces = queries.pieces(newsletter)
    member = members.by_id(int(facts["member"])) if facts.get("member") else None
    try:
        reader = readers.as_member(newsletter, pieces, member) if member else readers.nobody()
    except rules.Broken:
        reader = readers.nobody()
    sender = queries.sender(newsletter)
    return Letter(
        template=ISSUE,
        context=press.for_reader(newsletter, pieces, reader) | {"is_test": True},
        to_name=person.name,
        sender_name=sender.name,
        reply_to=sender.address,
    )


def _values(name: str, chosen_on: str) -> dict[str, str]:
    return {
        "name": name or fields.FALLBACKS["name"],
        "chosen_on": chosen_on or "the day you joined",
        "percents": "%%",
    }


@lru_cache(maxsize=4096)
def _day(day: date) -> str:
    return words.day(day)

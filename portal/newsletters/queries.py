"""Questions about newsletters: which there are, what stands in them, and what the archive shows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, func, select

from portal.core import clock
from portal.core.db import session
from portal.events.models import Event, EventState
from portal.mail.models import Mailing, MailingState
from portal.members.models import Member
from portal.newsletters.models import AudienceSegment, Block, BlockKind, Newsletter
from portal.preferences.models import Place
from portal.roles.models import OpenRole, RolePlace, RoleState
from portal.segments import queries as segments
from portal.segments.models import Segment
from portal.segments.queries import Use
from portal.staff.models import Staff
from portal.stories.models import Publication, Story

ARCHIVE_PAGE = 40
_NOT_OUT = (MailingState.scheduled, MailingState.held, MailingState.cancelled)


@dataclass(frozen=True, slots=True)
class Piece:
    """A block with what it shows; the thing is None when it is a text or a button, or does not exist any more."""

    block: Block
    story: Story | None = None
    event: Event | None = None
    role: OpenRole | None = None
    person: Staff | None = None
    places: list[str] = field(default_factory=list)
    segment: Segment | None = None

    @property
    def is_public(self) -> bool:
        """Whether what it shows can be opened by everybody now."""
        match self.block.kind:
            case BlockKind.story:
                return self.story is not None and self.story.is_published
            case BlockKind.event:
                return self.event is not None and self.event.is_published
            case BlockKind.role:
                return self.role is not None and self.role.is_open
        return True

    @property
    def title(self) -> str:
        """What it is called in a list."""
        thing = self.story or self.event or self.role
        return thing.title if thing is not None else self.block.text


@dataclass(frozen=True, slots=True)
class Audience:
    """The segments an issue is for, and those it leaves out."""

    included: list[Segment]
    excluded: list[Segment]


def by_id(newsletter_id: int) -> Newsletter | None:
    """The issue with that id."""
    return session().get(Newsletter, newsletter_id)


def locked(newsletter_id: int) -> Newsletter | None:
    """The issue, freshly read, with nobody else able to change or send it until this transaction ends."""
    return session().get(Newsletter, newsletter_id, with_for_update=True, populate_existing=True)


def by_slug(slug: str) -> Newsletter | None:
    """The issue with that address."""
    return session().scalar(select(Newsletter).where(Newsletter.slug == slug))


def all_with_mailings() -> Sequence[tuple[Newsletter, Mailing | None]]:
    """Every issue with its mailing, the newest season first."""
    rows = session().execute(
        select(Newsletter, Mailing)
        .outerjoin(Mailing, Mailing.id == Newsletter.mailing_id)
        .order_by(Newsletter.year.desc(), Newsletter.quarter.desc(), Newsletter.id.desc())
        .limit(200)
    )
    return [(row[0], row[1]) for row in rows]


def archive() -> Sequence[Newsletter]:
    """What the public may read, newest first: issues that were sent and not taken back."""
    return (
        session()
        .scalars(_public().order_by(Newsletter.sent_at.desc(), Newsletter.id.desc()).limit(ARCHIVE_PAGE))
        .all()
    )


def published(slug: str) -> Newsletter | None:
    """An issue of the public archive."""
    return session().scalar(_public().where(Newsletter.slug == slug))


def beside(newsletter: Newsletter) -> tuple[Newsletter | None, Newsletter | None]:
    """The issues of the archive before and after this one."""
    issues = list(archive())
    at = next((number for number, one in enumerate(issues) if one.id == newsletter.id), None)
    if at is None:
        return None, None
    return (issues[at + 1] if at + 1 < len(issues) else None), (issues[at - 1] if at else None)


def sender(newsletter: Newsletter) -> Staff:
    """The person an issue comes from."""
    person = session().get(Staff, newsletter.sender_id)
    assert person is not None  # noqa: S101 - a foreign key
    return person


def block(newsletter: Newsletter, block_id: int) -> Block | None:
    """A block of that issue."""
    found = session().get(Block, block_id)
    return found if found is not None and found.newsletter_id == newsletter.id else None


def blocks(newsletter: Newsletter) -> Sequence[Block]:
    """The blocks of an issue in their order."""
    statement = select(Block).where(Block.newsletter_id == newsletter.id).order_by(Block.position)
    return session().scalars(statement).all()


def pieces(newsletter: Newsletter) -> list[Piece]:
    """The blocks of an issue with what they show, in two statements however many there are."""
    rows = (
        session()
        .execute(
            select(Block, Story, Event, OpenRole, Staff, Place.name, Segment)
            .outerjoin(Story, Story.id == Block.story_id)
            .outerjoin(Event, Event.id == Block.event_id)
            .outerjoin(OpenRole, OpenRole.id == Block.role_id)
            .outerjoin(Staff, Staff.id == func.coalesce(Story.author_id, OpenRole.confirmed_by))
            .outerjoin(Place, Place.id == Event.place_id)
            .outerjoin(Segment, Segment.id == Block.segment_id)
            .where(Block.newsletter_id == newsletter.id)
            .order_by(Block.position)
        )
        .all()
    )
    role_places: dict[int, list[str]] = {}
    role_ids = [row.OpenRole.id for row in rows if row.OpenRole is not None]
    if role_ids:
        places = session().execute(
            select(RolePlace.role_id, Place.name)
            .join(Place, Place.id == RolePlace.place_id)
            .where(RolePlace.role_id.in_(role_ids))
            .order_by(Place.name)
        )
        for role_id, name in places:
            role_places.setdefault(role_id, []).append(name)
    return [
        Piece(
            block=row.Block,
            story=row.Story,
            event=row.Event,
            role=row.OpenRole,
            person=row.Staff,
            places=role_places.get(row.OpenRole.id, []) if row.OpenRole else [row.name] if row.name else [],
            segment=row.Segment,
        )
        for row in rows
    ]


def audience(newsletter: Newsletter) -> Audience:
    """Whom the issue is for, and whom it leaves out."""
    rows = (
        session()
        .execute(
            select(Segment, AudienceSegment.is_excluded)
            .join(AudienceSegment, AudienceSegment.segment_id == Segment.id)
            .where(AudienceSegment.newsletter_id == newsletter.id)
            .order_by(Segment.name)
        )
        .all()
    )
    return Audience(
        [row.Segment for row in rows if not row.is_excluded], [row.Segment for row in rows if row.is_excluded]
    )


def mailing(newsletter: Newsletter) -> Mailing | None:
    """The mailing of an issue, once it has started."""
    return session().get(Mailing, newsletter.mailing_id) if newsletter.mailing_id is not None else None


def of_mailing(mailing_id: int) -> Newsletter | None:
    """The issue that a mailing is."""
    return session().scalar(select(Newsletter).where(Newsletter.mailing_id == mailing_id))


def named(rows: Sequence[Any]) -> dict[int, Member]:
    """The members that rows with a `member_id` are about, by their id."""
    ids = {row.member_id for row in rows if row.member_id is not None}
    if not ids:
        return {}
    return {one.id: one for one in session().scalars(select(Member).where(Member.id.in_(ids)))}


def person(staff_id: int | None) -> Staff | None:
    """A colleague."""
    return session().get(Staff, staff_id) if staff_id is not None else None


def stories_to_show() -> list[tuple[int, str]]:
    """Published stories, newest first."""
    statement = (
        select(Story.id, Story.title)
        .where(Story.state == Publication.published)
        .order_by(Story.published_at.desc(), Story.id.desc())
        .limit(100)
    )
    return [(row.id, row.title) for row in session().execute(statement)]


def events_to_show() -> list[tuple[int, str]]:
    """Published events that have not begun, the next one first."""
    statement = (
        select(Event.id, Event.title)
        .where(Event.state == EventState.published, Event.starts_at > clock.now())
        .order_by(Event.starts_at, Event.id)
        .limit(100)
    )
    return [(row.id, row.title) for row in session().execute(statement)]


def roles_to_show() -> list[tuple[int, str]]:
    """Open roles, newest first."""
    statement = (
        select(OpenRole.id, OpenRole.title)
        .where(OpenRole.state == RoleState.open)
        .order_by(OpenRole.opened_at.desc(), OpenRole.id.desc())
        .limit(100)
    )
    return [(row.id, row.title) for row in session().execute(statement)]


@segments.used_by
def uses_of_segment(segment_id: int) -> Sequence[Use]:
    """The issues that are for a segment, leave it out, or show it a block."""
    in_blocks = select(Block.newsletter_id).where(Block.segment_id == segment_id)
    in_audience = select(AudienceSegment.newsletter_id).where(AudienceSegment.segment_id == segment_id)
    statement = (
        select(Newsletter.id, Newsletter.title)
        .where(Newsletter.id.in_(in_blocks) | Newsletter.id.in_(in_audience))
        .order_by(Newsletter.year.desc(), Newsletter.quarter.desc(), Newsletter.id)
    )
    return [
        Use(f"the newsletter “{row.title}”", "newsletters_admin.edit", {"newsletter_id": row.id})
        for row in session().execute(statement)
    ]


def _public() -> Select[Newsletter]:
    return (
        select(Newsletter)
        .outerjoin(Mailing, Mailing.id == Newsletter.mailing_id)
        .where(
            Newsletter.sent_at.is_not(None),
            (Mailing.id.is_(None)) | (Mailing.state.not_in(_NOT_OUT)),
        )
    )

"""Write an issue: its letter, its blocks, whom it is for. Once its mailing has started, nothing changes any more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select

from portal.core import clock, words
from portal.core.addresses import parse
from portal.core.db import lock, session
from portal.mail import actions as mail
from portal.newsletters import mail as letters
from portal.newsletters import queries
from portal.newsletters.models import AudienceSegment, Block, BlockKind, Newsletter
from portal.staff import actions as staff_actions
from portal.staff.models import Staff

MOST_BLOCKS = 40
OPENING = "Hello {{ name | there }},\n\n"


class Frozen(Exception):
    """The issue has been sent, or is being sent: its words stay as they are."""


class TooManyBlocks(Exception):
    """A letter of that many blocks is not read by anybody."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands on the envelope of an issue."""

    title: str
    year: int
    quarter: int
    subject: str
    preheader: str
    sender_id: int


def create(head: Head) -> Newsletter:
    """Begin a new issue with an opening that calls people by their name."""
    lock("newsletters")
    moment = clock.now()
    newsletter = Newsletter(
        slug=_free_slug(head.title),
        title=head.title,
        year=head.year,
        quarter=head.quarter,
        subject=head.subject,
        preheader=head.preheader,
        sender_id=head.sender_id,
        created_at=moment,
        changed_at=moment,
    )
    session().add(newsletter)
    session().flush()
    session().add(Block(newsletter_id=newsletter.id, position=1, kind=BlockKind.text, text=OPENING))
    session().flush()
    _record("newsletters.create", newsletter, "Began")
    return newsletter


def change(newsletter: Newsletter, head: Head) -> None:
    """Save what stands on the envelope.

    Raises:
        Frozen: it has been sent.
    """
    _draft(newsletter)
    newsletter.title, newsletter.year, newsletter.quarter = head.title, head.year, head.quarter
    newsletter.subject, newsletter.preheader, newsletter.sender_id = (
        head.subject,
        head.preheader,
        head.sender_id,
    )
    _changed(newsletter, "Changed the envelope of")


def choose_audience(newsletter: Newsletter, included: Sequence[int], excluded: Sequence[int]) -> None:
    """Save for which segments the issue is, and which it leaves out; one that is in both is left out.

    Raises:
        Frozen: it has been sent.
    """
    _draft(newsletter)
    session().execute(delete(AudienceSegment).where(AudienceSegment.newsletter_id == newsletter.id))
    session().add_all(
        AudienceSegment(newsletter_id=newsletter.id, segment_id=one, is_excluded=one in excluded)
        for one in sorted({*included, *excluded})
    )
    _changed(newsletter, "Changed the audience of")


def add_block(newsletter: Newsletter, kind: BlockKind, values: Mapping[str, Any]) -> Block:
    """Add a block at the end.

    Raises:
        Frozen: it has been sent.
        TooManyBlocks: there are enough.
    """
    _draft(newsletter)
    last, many = (
        session()
        .execute(select(func.max(Block.position), func.count()).where(Block.newsletter_id == newsletter.id))
        .one()
    )
    if many >= MOST_BLOCKS:
        raise TooManyBlocks
    block = Block(newsletter_id=newsletter.id, position=(last or 0) + 1, kind=kind, **values)
    session().add(block)
    _changed(newsletter, f"Added a {kind} to")
    return block


def change_block(newsletter: Newsletter, block: Block, values: Mapping[str, Any]) -> None:
    """Save what a block shows and to whom.

    Raises:
        Frozen: it has been sent.
    """
    _draft(newsletter)
    for name, value in values.items():
        setattr(block, name, value)
    _changed(newsletter, f"Changed a {block.kind} of")


def move_block(newsletter: Newsletter, block: Block, steps: int) -> None:
    """Move a block up (-1) or down (1); at the end of the list it stays.

    Raises:
        Frozen: it has been sent.
    """
    _draft(newsletter)
    order = list(queries.blocks(newsletter))
    at = next((number for number, one in enumerate(order) if one.id == block.id), 0)
    to = at + steps
    if not 0 <= to < len(order) or to == at:
        return
    other = order[to]
    here, there = block.position, other.position
    for moved, position in ((block, -1), (other, here), (block, there)):
        moved.position = position
        session().flush()
    _changed(newsletter, "Moved a block of")


def remove_block(newsletter: Newsletter, block: Block) -> None:
    """Take a block out.

    Raises:
        Frozen: it has been sent.
    """
    _draft(newsletter)
    session().delete(block)
    _changed(newsletter, f"Removed a {block.kind} from")


def remove(newsletter: Newsletter) -> None:
    """Throw a draft away.

    Raises:
        Frozen: it has been sent.
    """
    _draft(newsletter)
    _record("newsletters.remove", newsletter, "Threw away")
    for table in (Block, AudienceSegment):
        session().execute(delete(table).where(table.newsletter_id == newsletter.id))
    session().delete(newsletter)
    session().flush()


def send_test(newsletter: Newsletter, to: Staff, as_member_id: int = 0) -> None:
    """Plan a test of the issue to the colleague who asked, as one member would get it. Never counted anywhere."""
    moment = clock.now()
    mail.post(
        letters.TEST,
        to=parse(to.address),
        occasion=f"{newsletter.id}:{to.id}:{as_member_id}:{moment.timestamp():.0f}",
        facts={"newsletter": newsletter.id, "staff": to.id, "member": as_member_id},
    )
    _record("newsletters.test", newsletter, "Sent themselves a test of")


def _draft(newsletter: Newsletter) -> None:
    """Let one at a time change the issue, and only while it is a draft."""
    found = queries.locked(newsletter.id)
    if found is None or not found.is_draft:
        raise Frozen


def _changed(newsletter: Newsletter, verb: str) -> None:
    newsletter.changed_at = clock.now()
    session().flush()
    _record("newsletters.change", newsletter, verb)


def _record(action: str, newsletter: Newsletter, verb: str) -> None:
    staff_actions.record(
        action, subject=f"newsletter:{newsletter.id}", words=f"{verb} the newsletter {newsletter.title}"
    )


def _free_slug(title: str) -> str:
    wished = words.slug(title) or "letter"
    slug, number = wished, 1
    while queries.by_slug(slug) is not None:
        number += 1
        slug = f"{wished}-{number}"
    return slug

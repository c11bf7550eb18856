"""The demo's newsletters: the draft, and those that went out, each with the ledger it would have left."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from portal.core import clock
from portal.core.db import session
from portal.demo import content_newsletters
from portal.demo.slugs import ids, staff
from portal.events.models import Event
from portal.mail import actions as mail
from portal.mail.models import Aftermath, Mailing, MailingState, Message, State, Stream, Variant
from portal.members.models import Member
from portal.newsletters import press, queries, readers
from portal.newsletters.mail import ISSUE
from portal.newsletters.models import Block, BlockKind, Newsletter
from portal.newsletters.readers import TOPIC
from portal.roles.models import OpenRole
from portal.segments.models import Segment
from portal.stories.models import Story


def write(one: content_newsletters.Newsletter) -> None:
    """Write an issue; one that went out gets the ledger it would have left."""
    moment = datetime.combine(one.sent_on, time(9, 30), UTC) if one.sent_on else clock.now()
    issue = Newsletter(
        slug=one.slug,
        title=one.title,
        year=one.year,
        quarter=one.quarter,
        subject=one.subject,
        preheader=one.preheader,
        sender_id=staff(one.sender),
        created_at=moment - timedelta(days=6),
        changed_at=moment,
    )
    session().add(issue)
    session().flush()
    for position, block in enumerate(one.blocks, start=1):
        kind = BlockKind(block.kind)
        found = {
            BlockKind.story: ("story_id", Story),
            BlockKind.event: ("event_id", Event),
            BlockKind.role: ("role_id", OpenRole),
        }.get(kind)
        values: dict[str, Any] = (
            {found[0]: ids(found[1], (block.text,))[0]} if found else {"text": block.text}
        )
        segment = ids(Segment, (block.shown_to,))[0] if block.shown_to else None
        session().add(
            Block(
                newsletter_id=issue.id,
                position=position,
                kind=kind,
                url=block.url,
                segment_id=segment,
                **values,
            )
        )
    session().flush()
    if one.sent_on:
        _send(issue, moment)


def _send(issue: Newsletter, moment: datetime) -> None:
    """Write the ledger of an issue that went out then, to those who were members by then."""
    pieces = queries.pieces(issue)
    sender = queries.sender(issue)
    mailing = Mailing(
        letter=ISSUE,
        about=f"newsletter:{issue.id}",
        title=issue.title,
        stream=Stream.marketing,
        topic=TOPIC.value,
        state=MailingState.sending,
        started_by=sender.id,
        started_at=moment,
        finished_at=moment + timedelta(minutes=2),
        sender_name=sender.name,
        sender_address=press.sender_address(),
        reply_to=sender.address,
    )
    mail.start_mailing(mailing, {}, readers.audience(issue, pieces))
    mine = Message.mailing_id == mailing.id
    newer = select(Member.id).where(Member.confirmed_at > moment)
    session().execute(delete(Message).where(mine, Message.member_id.in_(newer)))
    for mask in readers.planned_masks(mailing):
        written = press.frozen(issue, pieces, mask)
        session().add(
            Variant(
                mailing_id=mailing.id,
                mask=mask,
                subject=written.subject,
                html=written.html,
                text=written.text,
            )
        )
    went = (
        update(Message)
        .where(mine, Message.state == State.planned)
        .execution_options(synchronize_session=False)
    )
    bounced = update(Message).where(
        mine, Message.state == State.accepted, Message.member_id % 83 == issue.id % 83
    )
    when = {
        "planned_at": moment,
        "due_at": moment,
        "handed_over_at": moment,
        "aftermath_at": moment,
        "attempt": 1,
    }
    session().execute(went.values(**when, state=State.accepted, aftermath=Aftermath.delivered))
    session().execute(
        bounced.values(aftermath=Aftermath.bounced).execution_options(synchronize_session=False)
    )
    session().execute(
        update(Message)
        .where(mine, Message.state == State.skipped)
        .values(planned_at=moment, due_at=moment)
        .execution_options(synchronize_session=False)
    )
    mailing.intended = session().scalar(select(func.count()).where(mine)) or 0
    mailing.state = MailingState.finished
    issue.mailing_id, issue.sent_at = mailing.id, moment

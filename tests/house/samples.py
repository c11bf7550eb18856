"""One of each thing, and what stands for an argument: `token`, `members.token` or `members.confirm.token`."""

from datetime import timedelta
from typing import Any

from portal.core import clock, tokens
from portal.desk.actions import SIGN_IN as STAFF_SIGN_IN
from portal.events.models import Answer, Rsvp
from portal.mail.models import Lane, Mailing, MailingState, Message, State, Stream
from portal.members.address_change import NEW, UNDO
from portal.members.joining import CONFIRM, SIGN_IN
from portal.members.models import AddressChange, Erasure, Member, Note
from portal.newsletters.models import Block, BlockKind, Newsletter
from portal.segments.models import PickedList, Segment, Tag
from portal.staff.models import Staff
from tests.house import samples_events, samples_sheets
from tests.world import World


def samples(world: World, member: Member) -> dict[str, Any]:
    """Put one of each thing into the world; return the arguments that lead to them."""
    author = world.make.staff("teammate")
    return (
        {
            "filename": "css/tokens.css",
            "code": 404,
            "staff_id": author.id,
            "session_id": 1,
            "outbox.key": "gone",
            "outbox.number": 1,
        }
        | _people(world, author, member)
        | _things(world, author, member)
        | _newsletters(world, author)
        | _links(world, author, member)
        | samples_events.links(world, author, member)
        | samples_sheets.samples(world, author, member)
    )


def _people(world: World, author: Staff, member: Member) -> dict[str, Any]:
    moment = clock.now()
    erasure = world.make.stored(Erasure(receipt="0" * 32, at=moment, removed={}))
    note = world.make.stored(
        Note(member_id=member.id, staff_id=author.id, text="Met at the river", at=moment)
    )
    return {
        "member_id": member.id,
        "public_id": member.public_id,
        "receipt": erasure.receipt,
        "note_id": note.id,
    }


def _things(world: World, author: Staff, member: Member) -> dict[str, Any]:
    make, moment = world.make, clock.now()
    interest, place = make.interest("Rivers"), make.place("Porto")
    story, event, role = make.story(author), make.event(author), make.role(author)
    rsvp = make.stored(
        Rsvp(event_id=event.id, member_id=member.id, answer=Answer.seat, asked_at=moment, changed_at=moment)
    )
    segment = make.stored(
        Segment(
            slug="in-portugal",
            name="In Portugal",
            rule={"is": "remote", "wanted": True},
            made_by=author.id,
            created_at=moment,
            changed_at=moment,
        )
    )
    return {
        "preferences.slug": interest.slug,
        "preferences_admin.edit_place.slug": place.slug,
        "preferences_admin.retire_place.slug": place.slug,
        "stories.slug": story.slug,
        "story_id": story.id,
        "digest": "0" * 32,
        "width": 960,
        "events.slug": event.slug,
        "event_id": event.id,
        "rsvp_id": rsvp.id,
        "roles.slug": role.slug,
        "role_id": role.id,
        "segments.slug": segment.slug,
        "segments_lists.slug": make.stored(PickedList(slug="picked", name="Picked", created_at=moment)).slug,
        "segments_lists.remove_tag.slug": make.stored(
            Tag(slug="speaker", name="Speaker", created_at=moment)
        ).slug,
        "segment_id": segment.id,
    }


def _newsletters(world: World, author: Staff) -> dict[str, Any]:
    """One issue that was sent, and one draft with two blocks."""
    make, moment = world.make, clock.now()
    mailing = make.stored(
        Mailing(
            letter="newsletters/issue",
            about="newsletter:1",
            title="Winter",
            stream=Stream.marketing,
            topic="newsletter",
            state=MailingState.finished,
            started_by=author.id,
            started_at=moment,
            finished_at=moment,
            sender_name="Rae",
            sender_address="rae@example.org",
            reply_to="rae@example.org",
        )
    )
    tracked = make.stored(
        Message(
            letter="newsletters/issue",
            mailing_id=mailing.id,
            address="",
            address_key="forgotten:0",
            stream=Stream.marketing,
            lane=int(Lane.marketing),
            is_tracked=True,
            state=State.accepted,
            planned_at=moment,
            due_at=moment,
        )
    )
    with world.app.app_context():
        measured = tokens.seal("measured", tracked.id)
    issues = [
        make.stored(
            Newsletter(
                slug=slug,
                title=slug.title(),
                year=2026,
                quarter=quarter,
                subject="What the river said",
                sender_id=author.id,
                mailing_id=mailing_id,
                sent_at=moment if mailing_id else None,
                created_at=moment,
                changed_at=moment,
            )
        )
        for slug, quarter, mailing_id in (("winter", 1, mailing.id), ("spring", 2, None))
    ]
    blocks = [
        make.stored(
            Block(newsletter_id=issues[1].id, position=position, kind=BlockKind.text, text="Dear reader")
        )
        for position in (1, 2)
    ]
    return {
        "newsletters.slug": issues[0].slug,
        "newsletter_id": issues[1].id,
        "mailing_id": mailing.id,
        "mail.token": measured,
        "mail.number": 0,
        "block_id": blocks[1].id,
        "newsletters_admin.kind": "text",
        "newsletters_admin.way": "up",
    }


def _links(world: World, author: Staff, member: Member) -> dict[str, Any]:
    """Links that mails carry, all of them good."""
    moment = clock.now()
    message = world.make.stored(
        Message(
            letter="members/welcome",
            occasion="welcome",
            member_id=member.id,
            address=member.address,
            address_key=member.address_key,
            stream=Stream.marketing,
            lane=int(Lane.marketing),
            topic="newsletter",
            facts={},
            state=State.accepted,
            planned_at=moment,
            due_at=moment,
        )
    )
    change = world.make.stored(
        AddressChange(
            member_id=member.id, old_address=member.address, new_address="new@example.org", asked_at=moment
        )
    )
    subjects = {
        CONFIRM: f"member:{member.id}",
        SIGN_IN: f"member:{member.id}",
        NEW: f"change:{change.id}",
        UNDO: f"change:{change.id}",
        STAFF_SIGN_IN: f"staff:{author.id}",
    }
    with world.inside():
        good = {
            name: tokens.issue(name, subject, timedelta(hours=1)).link_text
            for name, subject in subjects.items()
        }
        unsubscribe = tokens.seal("unsubscribe", message.id)
        preferences = tokens.seal("preferences", message.id)
    endings = {"confirm": CONFIRM, "sign_in_link": SIGN_IN, "new_address": NEW, "undo_address": UNDO}
    members = {
        f"members.{endpoint}.token": good[name]
        for ending, name in endings.items()
        for endpoint in (ending, f"use_{ending}", f"{ending}_again")
    }
    return members | {
        "desk.token": good[STAFF_SIGN_IN],
        "preferences.token": unsubscribe,
        "preferences.from_mail.token": preferences,
        "message_id": message.id,
    }

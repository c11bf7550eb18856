"""What the links of events lead to: a wish to be confirmed, a guest's answer, a way in, a calendar."""

from datetime import timedelta
from typing import Any

from portal.core import clock, tokens
from portal.events import asking, feeds, ways_in
from portal.events.answering import PURPOSE as ANSWER
from portal.events.asking import RsvpAsk
from portal.events.follow_ups import FollowUp, FollowUpState, Who
from portal.events.models import Answer, EventGuest, Format, Rsvp, Way
from portal.invitations.models import Invitation
from portal.members.models import Member
from portal.staff.models import Staff
from tests.world import World


def links(world: World, author: Staff, member: Member) -> dict[str, Any]:
    """Return a good link of each kind."""
    make, moment = world.make, clock.now()
    event = make.event(author, format=Format.hybrid, capacity_online=5, join_url="https://meet.example.org/x")
    guest = make.stored(
        EventGuest(
            event_id=event.id, name="Noor Guest", address="noor@example.org", address_key="noor@example.org",
            created_at=moment,
        )
    )  # fmt: skip
    values = {"event_id": event.id, "answer": Answer.seat, "asked_at": moment, "changed_at": moment}
    theirs = make.stored(Rsvp(guest_id=guest.id, way=Way.in_person, **values))
    online = make.stored(Rsvp(member_id=member.id, way=Way.online, **values))
    asked = make.stored(
        RsvpAsk(
            event_id=event.id, address="mo@example.org", address_key="mo@example.org", name="Mo",
            way=Way.in_person, details={}, asked_at=moment,
        )
    )  # fmt: skip
    letters = _letters(world, author)
    with world.inside():
        confirm = tokens.issue(asking.PURPOSE, f"rsvp-ask:{asked.id}", timedelta(hours=1)).link_text
        return letters | {
            "events.token": tokens.seal(ANSWER, theirs.id),
            "events.way_in.token": tokens.seal(ways_in.PURPOSE, online.id),
            "events.confirm.token": confirm,
            "events.use_confirm.token": confirm,
            "events.feed.token": tokens.seal(feeds.PURPOSE, feeds.renew(member).id),
        }


def _letters(world: World, author: Staff) -> dict[str, Any]:
    """Return where the letter after an event, and an invitation to one, are written."""
    make, moment = world.make, clock.now()
    over, coming = make.event(author, in_days=-3), make.event(author)
    made = {"made_at": moment, "changed_at": moment}
    make.stored(
        FollowUp(
            event_id=over.id,
            who=Who.attended,
            state=FollowUpState.draft,
            subject="Good that you came",
            text="Thank you.",
            **made,
        )
    )
    invitation = make.stored(Invitation(event_id=coming.id, **made))
    return {
        "events_follow_ups.event_id": over.id,
        "events_follow_ups.who": "attended",
        "invitations.event_id": coming.id,
        "invitation_id": invitation.id,
    }

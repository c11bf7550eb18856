"""The letter after an event: how it went for this person, a line from the host, and something to read or watch."""

from collections.abc import Mapping
from typing import Any

from portal.core import words
from portal.core.season import season_of
from portal.core.web import link
from portal.events import follow_ups, queries
from portal.events.follow_ups import LETTER, FollowUp, Who
from portal.events.queries import Planned
from portal.events.reminder_mail import reader
from portal.mail import letters
from portal.mail.letters import Letter, NotNeeded
from portal.mail.models import Message, Stream
from portal.members.models import Member, Status
from portal.stories import pictures
from portal.stories import queries as stories

PICTURE_WIDTH = 960


@letters.letter(
    LETTER,
    Stream.event,
    words="After an event",
    trigger="A person looked at the draft and sent it, to those who came, did not come, or waited in vain",
)
def follow_up(message: Message) -> Letter:
    """Write it as the person left it; nothing when what was noted about the reader has changed since."""
    found = follow_ups.by_id(int((message.facts or {}).get("follow_up", 0)))
    person = reader(message, found.event_id) if found is not None else None
    planned = (
        queries.whole(person, event_id=found.event_id) if found is not None and person is not None else None
    )
    if found is None or person is None or planned is None or planned.rsvp is None:
        raise NotNeeded("the answer is gone")
    if not follow_ups.is_still_for(found, planned.rsvp):
        raise NotNeeded("what was noted about them has changed since")
    if isinstance(person, Member) and (person.status is Status.left or person.is_paused):
        raise NotNeeded("they left since, or asked for a pause")
    invites = found.who is Who.guest and not follow_ups.was_invited(message)
    return Letter(
        LETTER,
        context(found, planned, person.called, invites=invites),
        to_name=person.name,
        sender_name=planned.host.name,
        reply_to=planned.host.address,
        offers_choices=isinstance(person, Member),
    )


def context(found: FollowUp, planned: Planned, called: str, *, invites: bool) -> Mapping[str, Any]:
    """Return what the letter is made of for somebody called that."""
    event = planned.event
    story = stories.by_id(found.story_id) if found.story_id is not None else None
    if story is not None and not story.is_published:
        story = None
    begins = event.starts_at.astimezone(words.zone(event.zone))
    return {
        "found": found,
        "who": found.who.value,
        "event": event,
        "subject_words": found.subject,
        "called": called,
        "took_place": words.day(begins.date()),
        "host": planned.host,
        "story": story,
        "story_link": link("stories.show", slug=story.slug) if story is not None else "",
        "story_picture": pictures.link(story.picture, PICTURE_WIDTH)
        if story is not None and story.picture
        else "",
        "event_link": link("events.show", slug=event.slug),
        "events_link": link("events.index"),
        "join_link": link("members.join") if invites else "",
        "season": season_of(begins.date()),
    }

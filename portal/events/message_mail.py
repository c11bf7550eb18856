"""The letter in which a host writes to guests."""

from portal.core import words
from portal.core.season import season_of
from portal.core.web import link
from portal.events import guest_list, messages, queries
from portal.mail.letters import Letter, NotNeeded, letter
from portal.mail.models import Message, Stream


@letter(
    messages.LETTER,
    Stream.event,
    words="A word from the host",
    trigger="A host writes to a part of the guest list",
)
def message(message: Message) -> Letter:
    """What the host wrote, and which event it is about."""
    written = messages.by_id(int((message.facts or {}).get("message", 0)))
    planned = queries.whole(None, event_id=written.event_id) if written is not None else None
    if written is None or planned is None:
        raise NotNeeded("the event is gone")
    person = guest_list.person(written.event_id, message.address_key)
    if person is None:
        raise NotNeeded("they are on the guest list no more")
    event = planned.event
    return Letter(
        messages.LETTER,
        {
            "event": event,
            "planned": planned,
            "called": person.called,
            "written": written,
            "when": words.moment(event.starts_at, event.zone),
            "event_link": link("events.show", slug=event.slug),
            "host": planned.host,
            "season": season_of(event.starts_at.astimezone(words.zone(event.zone)).date()),
        },
        to_name=person.name,
        sender_name=planned.host.name,
        reply_to=planned.host.address,
        offers_choices=message.member_id is not None,
    )

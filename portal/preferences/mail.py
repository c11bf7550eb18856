"""The letter that says a pause is over, before anything else comes."""

from flask import current_app

from portal.core.web import link
from portal.mail.letters import Letter, NotNeeded, letter
from portal.mail.models import Message, Stream
from portal.members import queries as members
from portal.preferences import promise, queries
from portal.preferences.models import Cadence

PAUSE_OVER = "preferences/pause-over"


@letter(PAUSE_OVER, Stream.marketing, words="Your pause is over", trigger="The day a member's pause ends")
def pause_over(message: Message) -> Letter:
    """Say that their choices hold again, and how to pause once more."""
    member = members.by_id(message.member_id) if message.member_id is not None else None
    if member is None or not member.is_active:
        raise NotNeeded("they are not in the network any more")
    choices = queries.choices_of(member)
    if all(cadence is Cadence.never for cadence in choices.values()):
        raise NotNeeded("they chose nothing that could come")
    return Letter(
        template=PAUSE_OVER,
        context={
            "called": member.called,
            "promise": promise.in_words(choices),
            "contact_link": link("preferences.contact"),
            "sender_name": current_app.extensions["portal"].sender_name,
        },
        to_name=member.name,
    )

"""The one letter that an import can cause: an invitation, written once and never again."""

from datetime import timedelta

from flask import current_app

from portal.core import words
from portal.core.settings import Settings
from portal.core.web import link
from portal.mail.letters import Letter, NotNeeded, letter
from portal.mail.models import Message, Stream
from portal.members import queries as members
from portal.members.models import Status
from portal.sheets import queries

INVITATION = "sheets/invitation"


@letter(
    INVITATION,
    Stream.account,
    words="Invitation to confirm, after staff brought an address from elsewhere",
    trigger="A spreadsheet with new people is imported, and staff chose to invite them; once for each address",
)
def invitation(message: Message) -> Letter:
    """Who has their address and from where, what joining means, and that doing nothing ends it."""
    member = members.by_id(message.member_id or 0)
    if member is None or member.status is not Status.asked:
        raise NotNeeded("they have answered already")
    if queries.must_not_be_written_to(member):
        raise NotNeeded("the address must not be written to")
    token = queries.way_in(member)
    if token is None:
        raise NotNeeded("a newer mail has replaced it, or its time is over")
    settings: Settings = current_app.extensions["portal"]
    removed = member.asked_at + timedelta(days=settings.unconfirmed_days)
    return Letter(
        INVITATION,
        {
            "link": link("members.confirm", token=token.link_text),
            "code": token.code,
            "until": words.day(token.expires_at, settings.zone),
            "removed_on": words.day(removed, settings.zone),
            "host": link("members.join").split("/")[2],
            "no_thanks": link("sheets.no_thanks", token=message_seal(message)),
            "privacy": link("home.privacy"),
        },
    )


def message_seal(message: Message) -> str:
    """What names the invitation in the link that refuses it."""
    return queries.seal_of(message)

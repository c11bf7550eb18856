"""The order in which calendars hear from us: a later word about an answer never leaves before an earlier one.

Two workers may hold two letters about the same answer at the same moment: the invitation, slow on its way to the
provider, and the cancellation. Whoever writes the later letter looks whether an earlier one is in somebody's hands,
and if so gives its own back for a few seconds. An earlier letter that is claimed only afterwards is written after
this change and sees that it has lost its point; one that nobody knows the fate of is never sent again without being
written anew. So whatever leaves last says what is true last.
"""

from sqlalchemy import select

from portal.core.db import session
from portal.mail.models import IN_HAND, Message, State

LETTERS = ("events/seat", "events/promoted", "events/moved", "events/cancelled-by-you", "events/called-off")
"""Every letter that carries a calendar file."""


def is_early(message: Message) -> bool:
    """Whether an earlier letter with a calendar file about the same answer may be leaving at this moment."""
    earlier = select(Message.facts).where(
        Message.line == IN_HAND,
        Message.state == State.claimed,
        Message.address_key == message.address_key,
        Message.letter.in_(LETTERS),
        Message.id < message.id,
    )
    mine = (message.facts or {}).get("rsvp")
    return any((facts or {}).get("rsvp") == mine for facts in session().scalars(earlier))

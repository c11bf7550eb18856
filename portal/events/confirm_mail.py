"""The letter that asks who is no member whether it was they who asked for a seat. Nothing typed stands in it."""

from flask import current_app

from portal.core import words
from portal.core.db import session
from portal.core.settings import Settings
from portal.core.tokens import OneTimeToken, Outcome
from portal.core.web import link
from portal.events import queries
from portal.events.asking import RsvpAsk
from portal.mail.letters import Letter, NotNeeded, letter
from portal.mail.models import Message, Stream


@letter(
    "events/confirm-seat",
    Stream.account,
    words="Confirm that you want a seat",
    trigger="Somebody who is not signed in asks for a seat at an event",
)
def confirm_seat(message: Message) -> Letter:
    """The link and the code that turn a wish into an answer."""
    facts = message.facts or {}
    token = session().get(OneTimeToken, int(facts.get("token", 0)))
    asked = session().get(RsvpAsk, int(facts.get("ask", 0)))
    if token is None or asked is None or token.state is not Outcome.good:
        raise NotNeeded("a newer mail has replaced it, or its time is over")
    planned = queries.whole(None, event_id=asked.event_id)
    if planned is None or not planned.event.is_open:
        raise NotNeeded("the event takes no answers any more")
    event, settings = planned.event, _settings()
    return Letter(
        "events/confirm-seat",
        {
            "event": event,
            "planned": planned,
            "when": words.moment(event.starts_at, event.zone),
            "link": link("events.confirm", token=token.link_text),
            "code": token.code,
            "until": words.moment(token.expires_at, settings.zone),
            "host": link("events.index").split("/")[2],
        },
    )


def _settings() -> Settings:
    settings: Settings = current_app.extensions["portal"]
    return settings

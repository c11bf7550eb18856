"""Where the provider tells us what became of our mails: signed requests, stored while it waits."""

from datetime import timedelta

import structlog
from flask import Response, current_app, request
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.metrics import PROVIDER_EVENTS
from portal.core.settings import Settings
from portal.mail import event_reader, inbox, signatures
from portal.mail.views import room

MOST_BYTES = 4 * 1024 * 1024
"""SendGrid posts up to 768 kB at once."""

log = structlog.get_logger("portal.mail")


@room.post("/hooks/sendgrid")
def events() -> ResponseReturnValue:
    """Keep what the provider posts, if it is really the provider; the work on it is done afterwards.

    What is wrong with a signed request is set aside and answered like any other: asking again would not mend it.
    """
    settings: Settings = current_app.extensions["portal"]
    request.max_content_length = MOST_BYTES
    body, moment = request.get_data(cache=False), clock.now()
    try:
        signatures.check(
            body,
            request.headers.get(signatures.SIGNATURE, ""),
            request.headers.get(signatures.TIMESTAMP, ""),
            settings.webhook_keys,
            timedelta(hours=settings.webhook_age_hours),
            moment,
        )
    except signatures.NotSigned as why:
        PROVIDER_EVENTS.labels("refused").inc()
        log.info("a request for the provider's hook was refused", why=str(why))
        return Response(f"Refused: {why}.\n", 403, mimetype="text/plain")
    try:
        inbox.store(event_reader.read(body, moment))
    except inbox.NotStored:
        response = Response("Not stored; please try again.\n", 503, mimetype="text/plain")
        response.headers["Retry-After"] = "60"
        return response
    return Response(status=204)

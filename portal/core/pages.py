"""Pages that are the same for every stranger."""

from flask import Response, make_response, session
from flask_login import current_user

from portal.core import web

FRESH_SECONDS = 60


def for_everybody(page: str) -> Response:
    """Answer with a page that caches may keep for a minute when a stranger reads it.

    What a signed-in person sees is theirs alone, and so is a page that carries a message to one browser.
    """
    response = make_response(page)
    if current_user.kind == "stranger" and not session.modified:
        web.cacheable(response, FRESH_SECONDS)
    return response

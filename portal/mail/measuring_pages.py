"""The measured link and the measured dot: what a reader's mail program asks for, if they agreed to it.

Both are GETs that write: only in `measurements`, apart from the request's own transaction, which is never stored.
"""

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import web
from portal.mail import measuring, sightings
from portal.mail.provider_models import Sight
from portal.mail.views import room

DOT = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c000000000100010000020144003b")


@room.get("/c/<string:token>/<int:number>")
def follow(token: str, number: int) -> ResponseReturnValue:
    """Lead to the page that a link of a mail names; nowhere but to where the mailing itself leads."""
    found = web.or_404(measuring.target(token, number) if number <= measuring.MOST_LINKS else None)
    measuring.write_down(found, Sight.click, number, _agent(Sight.click))
    response = redirect(found.url or url_for("home.index"))
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@room.get("/o/<string:token>.gif")
def dot(token: str) -> ResponseReturnValue:
    """Give the picture of one dot that stands in the mails of people who agreed."""
    found = web.or_404(measuring.of_dot(token))
    measuring.write_down(found, Sight.open, 0, _agent(Sight.open))
    response = Response(DOT, mimetype="image/gif")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _agent(sight: Sight) -> str:
    return sightings.agent_of(request.method, dict(request.headers), sight)

"""The public archive: every issue that was sent, the same for everybody."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.core import pages
from portal.core.web import or_404
from portal.newsletters import press, queries

room = Blueprint("newsletters", __name__)


@room.get("/newsletters")
def index() -> ResponseReturnValue:
    """List the issues that were sent, newest first."""
    issues = [(one, press.envelope(one)) for one in queries.archive()]
    return pages.for_everybody(render_template("newsletters/index.html", issues=issues))


@room.get("/newsletters/<string:slug>")
def show(slug: str) -> ResponseReturnValue:
    """Show an issue without anything personal: the blocks for everybody, as far as they are still public."""
    newsletter = or_404(queries.published(slug))
    older, newer = queries.beside(newsletter)
    envelope = press.envelope(newsletter)
    pieces = queries.pieces(newsletter)
    return pages.for_everybody(
        render_template(
            "newsletters/show.html",
            newsletter=newsletter,
            envelope=envelope,
            season=envelope.season,  # the whole page wears the season of the issue
            parts=press.for_everybody(newsletter, pieces),
            has_chosen_parts=any(one.segment is not None for one in pieces),
            sender=queries.sender(newsletter),
            older=older,
            newer=newer,
        )
    )

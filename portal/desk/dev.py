"""For development only: what everybody's authenticator app would show now."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from portal.desk import queries

room = Blueprint("desk_dev", __name__)


@room.get("/dev/codes")
def codes() -> ResponseReturnValue:
    """Show the codes, so that nobody needs a phone to look around."""
    return render_template("desk/codes.html", rows=queries.codes_now())

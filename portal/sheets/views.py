"""The page that an invitation's "no thanks" leads to."""

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.core import web
from portal.core.limits import limiter
from portal.core.settings import Settings
from portal.members import forgetting
from portal.members.models import Status
from portal.sheets import queries
from portal.sheets.forms import DeedForm

room = Blueprint("sheets", __name__)


@room.get("/invitation/<string:token>/no-thanks")
def no_thanks(token: str) -> ResponseReturnValue:
    """Say what the button does: it removes what somebody brought about this person."""
    message, member = web.or_404(queries.invited(token))
    is_open = member is not None and member.status is Status.asked and bool(message.address)
    return render_template(
        "sheets/no_thanks.html", token=token, is_open=is_open, is_in=member is not None and not is_open
    )


@room.post("/invitation/<string:token>/no-thanks")
@limiter.limit("60 per minute")
def decline(token: str) -> ResponseReturnValue:
    """Remove it, and remember by a hash that this address wants nothing."""
    _message, member = web.or_404(queries.invited(token))
    settings: Settings = current_app.extensions["portal"]
    if not DeedForm().validate_on_submit() or member is None or member.status is not Status.asked:
        return redirect(url_for(".no_thanks", token=token))
    try:
        erasure = forgetting.forget(member, settings)
    except forgetting.GoneAlready:
        return redirect(url_for(".no_thanks", token=token))
    return redirect(url_for("members.forgotten", receipt=erasure.receipt))

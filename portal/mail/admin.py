"""Staff pages: which addresses we do not write to, and what the mail provider told us. Nothing here can be changed."""

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

from portal.core import web
from portal.core.paging import Page
from portal.mail import erasing, stopped, suppressing
from portal.mail.forms import SearchForm
from portal.mail.stopped import Why

room = Blueprint("mail_admin", __name__, url_prefix="/admin/mail")


@room.get("")
@web.staff_only("mail.see")
def index() -> ResponseReturnValue:
    """List the addresses that we do not write to, and why; only the people themselves can change that."""
    form = SearchForm(request.args)
    is_good = form.validate()
    typed, why = (form.q.data or "", Why(form.why.data)) if is_good else ("", Why.any)
    page = stopped.addresses(typed, why, request.args.get("page")) if is_good else Page([])
    kept = {"q": typed or None, "why": why.value or None}
    return render_template(
        "mail/admin/index.html",
        form=form,
        page=page,
        kept=kept,
        is_narrow=bool(typed or why.value),
        count=stopped.count(),
        words_of=suppressing.words_of,
    ), 200 if is_good else 422


@room.get("/events")
@web.staff_only("mail.see")
def events() -> ResponseReturnValue:
    """Say how the provider's hook stands, and show what could not be read."""
    return render_template(
        "mail/admin/events.html",
        told=stopped.told(),
        has_key=bool(current_app.extensions["portal"].webhook_keys),
        erasures=erasing.waiting(),
        page=stopped.set_aside(request.args.get("page")),
    )

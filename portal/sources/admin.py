"""The staff page of where people come from: tagged links, the way to joining, and what stopped people on it."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import web, words
from portal.sources import actions, queries
from portal.sources.forms import DeedForm, LinkForm
from portal.sources.models import WAY

room = Blueprint("sources_admin", __name__, url_prefix="/admin/sources")
SPANS = {"30": "30 days", "90": "90 days", "365": "A year"}


@room.get("")
@web.staff_only("insights.see")
def index() -> ResponseReturnValue:
    """Show how far people get on their way in, by where they come from."""
    return _page(LinkForm())


@room.post("")
@web.staff_only("members.edit")
def make() -> ResponseReturnValue:
    """Make a tagged link."""
    form = LinkForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        link = actions.make(form.name.data or "", by=web.visitor())
    except actions.NameTaken:
        form.name.errors = ["There is a link of that name already. Please choose another one."]
        return _page(form), 422
    except actions.NoTag:
        form.name.errors = ["Please use some letters from a to z or digits: they stand in the link."]
        return _page(form), 422
    flash(f"The link for “{link.name}” is there to copy.", "success")
    return redirect(url_for(".index", _anchor="links"))


@room.post("/<int:link_id>/retirement")
@web.staff_only("members.edit")
def retire(link_id: int) -> ResponseReturnValue:
    """List a link no more."""
    link = web.or_404(queries.link(link_id))
    if not DeedForm().validate_on_submit():
        abort(400)
    actions.retire(link)
    flash(f"“{link.name}” is listed no more. Who still comes by it is counted all the same.", "success")
    return redirect(url_for(".index", _anchor="links"))


def _page(form: LinkForm) -> str:
    span = request.args.get("days", "90")
    span = span if span in SPANS else "90"
    funnel = queries.funnel(int(span))
    bars = [(step.words, funnel.totals[step] or 0) for step in WAY]
    lines = [
        ("Saw the form", [(words.day(day), seen) for day, seen, _ in funnel.by_day]),
        ("Confirmed", [(words.day(day), confirmed) for day, _, confirmed in funnel.by_day]),
    ]
    return render_template(
        "sources/admin/index.html",
        form=form,
        funnel=funnel,
        steps=WAY,
        bars=bars,
        lines=lines,
        spans=[(text, url_for(".index", days=days), days == span) for days, text in SPANS.items()],
        links=[
            (one, web.with_query(web.link("members.join"), **{"from": one.tag})) for one in queries.links()
        ],
        smallest=queries.SMALLEST,
        may_make=web.visitor().may("members.edit"),
    )

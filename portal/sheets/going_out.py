"""Staff pages of the list that goes out: ask for it with a reason, wait, fetch it. Only its maker can."""

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock, web
from portal.core.settings import Settings
from portal.core.words import zone
from portal.directory import queries as directory
from portal.directory.forms import SearchForm
from portal.segments import queries as segments
from portal.sheets import actions, files, forms, lists, queries
from portal.sheets.admin import room
from portal.sheets.models import Going, SheetExport


@room.get("/exports/new")
@web.staff_only("members.export")
def ask() -> ResponseReturnValue:
    """Say whom the list is about, and ask what it is for."""
    return _asking(_wanted(), forms.ExportForm(web.visitor().may("members.import")))


@room.post("/exports/new")
@web.staff_only("members.export")
def write() -> ResponseReturnValue:
    """Let a worker write it."""
    wanted, form = _wanted(), forms.ExportForm(web.visitor().may("members.import"))
    if not form.validate_on_submit():
        return _asking(wanted, form), 422
    try:
        export = actions.ask_for_list(
            wanted, form.reason.data or "", form.kind.data == "whole", form.has_mark.data, by=web.visitor()
        )
    except actions.TooMany:
        form.form_errors.append(
            f"You took out {actions.MOST_EXPORTS_A_DAY} lists within a day. Please wait, or ask a colleague."
        )
        return _asking(wanted, form), 422
    return redirect(url_for(".waiting", public_id=export.public_id))


@room.get("/exports/<string:public_id>")
@web.staff_only("members.export")
def waiting(public_id: str) -> ResponseReturnValue:
    """Show how far it is, and let its maker fetch it."""
    return render_template("sheets/admin/waiting.html", export=_own(public_id), going=Going)


@room.post("/exports/<string:public_id>/file")
@web.staff_only("members.export")
def fetch(public_id: str) -> ResponseReturnValue:
    """Hand the file out, and write down that it went."""
    export = _own(public_id)
    if not forms.DeedForm().validate_on_submit():
        abort(400)
    if not actions.take(export):
        return web.problem(
            410,
            text="The file is gone: it is kept for a day. Ask for a new one, it takes a moment.",
            way_forward=[("The spreadsheet", url_for(".index"))],
        )
    response = Response(files.pieces(files.export(export.public_id)), content_type="text/csv; charset=utf-8")
    response.content_length = export.size
    response.headers["Content-Disposition"] = f'attachment; filename="people-{clock.now():%Y-%m-%d}.csv"'
    return response


@room.post("/exports/<string:public_id>/removal")
@web.staff_only("members.export")
def end(public_id: str) -> ResponseReturnValue:
    """Remove the file before its day is over."""
    export = _own(public_id)
    if not forms.DeedForm().validate_on_submit():
        abort(400)
    actions.end_export(export)
    flash("The file is gone.", "success")
    return redirect(url_for(".index"))


def _asking(wanted: lists.Asked, form: forms.ExportForm) -> str:
    try:
        people = wanted.count()
    except lists.NoSuchList:
        people = 0
    return render_template(
        "sheets/admin/ask.html",
        wanted=wanted,
        people=people,
        form=form,
        here=web.with_query(url_for(".write"), **request.args.to_dict()),
        segments=segments.by_name(),
    )


def _wanted() -> lists.Asked:
    """The list that the address names: a segment, or the members list as it was narrowed."""
    settings: Settings = current_app.extensions["portal"]
    where = zone(web.visitor().zone, settings.company_zone).key
    slug = request.args.get("segment", "")
    if slug:
        segment = web.or_404(segments.segment(slug))
        return lists.Asked(segment=slug, zone=where, words=f"The segment “{segment.name}”")
    known = directory.catalogue()
    form = SearchForm(request.args)
    form.offer(known.interests, known.places)
    if not form.validate():
        abort(404)
    search = form.search
    if search == directory.Search(standings=directory.Standings.everybody):
        return lists.Asked(search=search, zone=where, words="Everybody, whatever their status")
    if not search.is_narrow:
        return lists.Asked(search=search, zone=where, words="Everybody in the network")
    parts = [f"status: {search.standings.words.lower()}"]
    parts += [
        f"{name}: {request.args[name]}"
        for name in ("interest", "place", "level", "since")
        if request.args.get(name)
    ]
    # What was searched for may be a name or an address; it is not written down beside the list.
    parts += ["a search"] if search.typed else []
    return lists.Asked(search=search, zone=where, words=f"The members list, narrowed by {', '.join(parts)}")


def _own(public_id: str) -> SheetExport:
    export = web.or_404(queries.export(public_id))
    if export.made_by != web.visitor().id:
        abort(403, "Only whoever asked for this list may fetch it. Please ask for one of your own.")
    return export

"""Staff pages of members: the list, and one person with everything between them and us."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock, web, words
from portal.core.paging import Page
from portal.core.settings import Settings
from portal.directory import actions, queries, timeline
from portal.directory.forms import LeaveForm, NoteForm, RemoveForm, SearchForm
from portal.directory.timeline import View
from portal.members import queries as members
from portal.members.models import Member
from portal.preferences import queries as preferences
from portal.staff.models import Staff

room = Blueprint("members_admin", __name__, url_prefix="/admin/members")


@room.get("")
@web.staff_only("members.see")
def index() -> ResponseReturnValue:
    """List who is in the network, narrowed by what was asked."""
    known = queries.catalogue()
    form = SearchForm(request.args)
    form.offer(known.interests, known.places)
    is_good = form.validate()
    search = form.search if is_good else queries.Search()
    found = queries.found(search, known, _zone(), request.args.get("page")) if is_good else None
    return render_template(
        "directory/admin/index.html",
        form=form,
        search=search,
        page=found.page if found else Page([]),
        total=found.total if found else None,
        kept={name: value for name, value in request.args.items() if name in form and value},
    ), 200 if is_good else 422


@room.get("/<string:public_id>")
@web.staff_only("members.see")
def show(public_id: str) -> ResponseReturnValue:
    """Show one person: who they are, what they want to hear, and everything that happened, newest first."""
    member = _member(public_id)
    return _shown(member, NoteForm(), LeaveForm(member.address_key))


@room.post("/<string:public_id>/notes")
@web.staff_only("members.edit")
def write_note(public_id: str) -> ResponseReturnValue:
    """Keep a note about them."""
    member, form = _member(public_id), NoteForm()
    if not form.validate_on_submit():
        return _shown(member, form, LeaveForm(member.address_key)), 422
    try:
        actions.write_note(member, form.text.data or "", by=_me())
    except actions.Gone:
        abort(404)
    flash("Your note is kept.", "success")
    return redirect(url_for(".show", public_id=public_id, _anchor="time-line"))


@room.post("/<string:public_id>/notes/<int:note_id>/removal")
@web.staff_only("members.edit")
def remove_note(public_id: str, note_id: int) -> ResponseReturnValue:
    """Take an own note away."""
    member = _member(public_id)
    if not RemoveForm().validate_on_submit():
        abort(400)
    note = web.or_404(next((one for one in members.notes_on(member) if one.id == note_id), None))
    try:
        actions.remove_note(note, by=_me())
    except actions.NotYours:
        abort(403, "Only the person who wrote a note can take it away.")
    flash("Your note is gone.", "success")
    return redirect(url_for(".show", public_id=public_id, _anchor="time-line"))


@room.post("/<string:public_id>/leaving")
@web.staff_only("members.edit")
def take_out(public_id: str) -> ResponseReturnValue:
    """Take somebody out who asked us to; nobody here can bring them back."""
    member = _member(public_id)
    form = LeaveForm(member.address_key)
    if not form.validate_on_submit():
        return _shown(member, NoteForm(formdata=None), form), 422
    try:
        is_news = actions.take_out(member, by=_me())
    except actions.Gone:
        abort(404)
    if is_news:
        flash(f"{member.name} has left. They get no more mail, from this moment on.", "success")
    else:
        flash(f"{member.name} was not in the network; nothing has changed.", "info")
    return redirect(url_for(".show", public_id=public_id))


def _shown(member: Member, note: NoteForm, leaving: LeaveForm) -> str:
    wanted = request.args.get("show", "")
    view = View(wanted) if wanted in set(View) else View.everything
    there = words.zone(member.zone) if member.zone else None
    return render_template(
        "directory/admin/show.html",
        member=member,
        interests=[one.name for one in preferences.interests_of(member)],
        places=[one.name for one in preferences.places_of(member)],
        contact=queries.contact(member),
        view=view,
        views=list(View),
        page=timeline.page(member, view, request.args.get("page")),
        clock_there=f"{clock.now().astimezone(there):%H:%M}" if there else "",
        removed_on=member.asked_at + timedelta(days=_settings().unconfirmed_days),
        note=note,
        leaving=leaving,
    )


def _member(public_id: str) -> Member:
    return web.or_404(members.by_public_id(public_id))


def _me() -> Staff:
    me: Staff = web.visitor()
    return me


def _zone() -> ZoneInfo:
    """Days begin when they do for who looks."""
    return words.zone(_me().zone, _settings().company_zone)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["portal"]
    return settings

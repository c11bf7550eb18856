"""Roles as staff look after them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import edits, web
from portal.members.models import Level, WorkMode
from portal.preferences import queries as preferences
from portal.roles import actions, queries
from portal.roles.forms import RoleForm
from portal.roles.models import OpenRole, RoleState
from portal.stories import fits

room = Blueprint("roles_admin", __name__, url_prefix="/admin/roles")


@room.get("")
@web.staff_only("roles.see")
def index() -> ResponseReturnValue:
    """List all roles, last changed first."""
    wanted = request.args.get("state", "")
    state = RoleState(wanted) if wanted in set(RoleState) else None
    page = queries.desk(state, cursor=request.args.get("page"))
    return render_template("roles/admin/index.html", page=page, state=state, counts=queries.counts())


@room.route("/new", methods=["GET", "POST"])
@web.staff_only("roles.edit")
def create() -> ResponseReturnValue:
    """Write a new role."""
    form = _offered(RoleForm())
    if not form.is_submitted():
        return _page(form, None)
    if not form.validate():
        return _page(form, None), 422
    try:
        role = actions.create(_draft(form, None))
    except actions.SlugTaken:
        return _slug_taken(form, None)
    flash("Kept as a draft. Nobody outside sees it yet.", "success")
    return redirect(url_for(".edit", role_id=role.id))


@room.route("/<int:role_id>/edit", methods=["GET", "POST"])
@web.staff_only("roles.edit")
def edit(role_id: int) -> ResponseReturnValue:
    """Change a role; what somebody else saved meanwhile is shown, never overwritten unseen."""
    role = web.or_404(queries.by_id(role_id))
    if request.method == "GET":
        return _page(_stored(role), role)
    form = _offered(RoleForm())
    if not form.validate_on_submit():
        return _page(form, role), 422
    try:
        actions.save(role_id, _draft(form, role), form.seen.data or "")
    except edits.SavedMeanwhile:
        stored = _stored(role)
        form.seen.data = stored.seen.data
        return _page(form, role, edits.differences(form, stored)), 409
    except actions.SlugTaken:
        return _slug_taken(form, role)
    except actions.NotReady as not_ready:
        form.form_errors = ["It is open, so it cannot be without this.", *not_ready.reasons]
        return _page(form, role), 422
    flash("Saved.", "success")
    return redirect(url_for(".edit", role_id=role_id))


@room.get("/<int:role_id>/preview")
@web.staff_only("roles.see")
def preview(role_id: int) -> ResponseReturnValue:
    """Show the role just as the world would see it."""
    offered = web.or_404(queries.whole(None, role_id=role_id))
    return render_template(
        "roles/show.html",
        offered=offered,
        role=offered.role,
        is_preview=True,
        missing=actions.missing(offered.role),
    )


@room.post("/<int:role_id>/confirm")
@web.staff_only("roles.edit")
def confirm(role_id: int) -> ResponseReturnValue:
    """Put my name and today's date to it."""
    web.or_404(queries.by_id(role_id))
    actions.confirm(role_id, web.visitor().id)
    flash("Confirmed. Your name and today's date stand on its page.", "success")
    return redirect(url_for(".edit", role_id=role_id))


@room.post("/<int:role_id>/open")
@web.staff_only("roles.edit")
def open_up(role_id: int) -> ResponseReturnValue:
    """Show a role to the world."""
    role = web.or_404(queries.by_id(role_id))
    try:
        actions.open_up(role_id)
    except actions.NotReady as not_ready:
        form = _stored(role)
        form.form_errors = ["It cannot be opened yet.", *not_ready.reasons]
        return _page(form, role), 422
    flash("Open. It is on the roles page now.", "success")
    return redirect(url_for(".edit", role_id=role_id))


@room.post("/<int:role_id>/close")
@web.staff_only("roles.edit")
def close(role_id: int) -> ResponseReturnValue:
    """Close a role."""
    web.or_404(queries.by_id(role_id))
    actions.close(role_id)
    flash("Closed. Its address now says so, and shows what else is open.", "success")
    return redirect(url_for(".edit", role_id=role_id))


def _offered(form: RoleForm) -> RoleForm:
    form.offer(fits.interests().active, preferences.all_places())
    return form


def _stored(role: OpenRole) -> RoleForm:
    """Return the form as the role is stored."""
    form = RoleForm(
        formdata=None,
        obj=role,
        interests=queries.interest_ids(role.id),
        places=queries.place_ids(role.id),
        seen=edits.mark(role),
    )
    form.level.data = role.level.value if role.level else ""
    form.work_mode.data = role.work_mode.value if role.work_mode else ""
    return _offered(form)


def _draft(form: RoleForm, role: OpenRole | None) -> actions.Draft:
    return actions.Draft(
        title=form.title.data or "",
        slug=form.slug.data or (role.slug if role else ""),
        summary=form.summary.data or "",
        description=form.description.data or "",
        level=Level(form.level.data) if form.level.data else None,
        work_mode=WorkMode(form.work_mode.data) if form.work_mode.data else None,
        is_remote=bool(form.is_remote.data),
        is_pool=bool(form.is_pool.data),
        pay=form.pay.data or "",
        apply_url=form.apply_url.data or "",
        interest_ids=tuple(form.interests.data or ()),
        place_ids=tuple(form.places.data or ()),
    )


def _slug_taken(form: RoleForm, role: OpenRole | None) -> ResponseReturnValue:
    form.slug.errors = ["Another role has this address already."]
    return _page(form, role), 422


def _page(form: RoleForm, role: OpenRole | None, conflict: list[edits.Difference] | None = None) -> str:
    return render_template(
        "roles/admin/edit.html",
        form=form,
        role=role,
        conflict=conflict,
        missing=actions.missing(role) if role else [],
    )

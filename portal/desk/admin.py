"""What needs a person today, who works here, what they did, and how the portal is set up."""

from zoneinfo import available_timezones

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet

from portal.core import sessions, web
from portal.core.addresses import parse
from portal.desk import actions, queries
from portal.desk.forms import InviteForm, ProfileForm, RoleForm
from portal.mail import letters
from portal.staff import actions as staff
from portal.staff import queries as people_queries
from portal.staff.models import Role, Staff

room = Blueprint("desk_admin", __name__, url_prefix="/admin")


@room.get("", strict_slashes=False)
@web.staff_only("today.see")
def today() -> ResponseReturnValue:
    """Show what needs a person, most pressing first."""
    person = web.visitor()
    return render_template("desk/admin/today.html", needs=queries.needs(person), pulse=queries.pulse())


@room.get("/staff")
@web.staff_only("staff.manage")
def people() -> ResponseReturnValue:
    """Show who works here."""
    return render_template("desk/admin/people.html", people=people_queries.everybody(), form=InviteForm())


@room.post("/staff")
@web.staff_only("staff.manage")
def invite() -> ResponseReturnValue:
    """Invite somebody."""
    form = InviteForm()
    if not form.validate_on_submit():
        return render_template("desk/admin/people.html", people=people_queries.everybody(), form=form), 422
    try:
        person = actions.invite(
            parse(form.address.data or ""), form.name.data or "", Role(form.role.data), form.title.data or ""
        )
    except staff.AlreadyHere:
        form.address.errors = ["Somebody with this address works here already."]
        return render_template("desk/admin/people.html", people=people_queries.everybody(), form=form), 422
    flash(f"{person.name} has been sent an invitation, good for seven days.", "success")
    return redirect(url_for(".people"))


@room.get("/staff/<int:staff_id>")
@web.staff_only("staff.manage")
def person(staff_id: int) -> ResponseReturnValue:
    """Show one account."""
    found = web.or_404(people_queries.by_id(staff_id))
    return _person_page(found, RoleForm(role=found.role))


@room.post("/staff/<int:staff_id>/role")
@web.staff_only("staff.manage")
def change_role(staff_id: int) -> ResponseReturnValue:
    """Give somebody another role."""
    found = web.or_404(people_queries.by_id(staff_id))
    form = RoleForm()
    if not form.validate_on_submit():
        return _person_page(found, form, 422)
    try:
        staff.change_role(found, Role(form.role.data))
    except staff.LastAdmin:
        form.role.errors = ["They are the only admin. Make somebody else an admin first."]
        return _person_page(found, form, 422)
    flash(f"{found.name} is now {found.role}. They will be asked to sign in again.", "success")
    return redirect(url_for(".person", staff_id=staff_id))


@room.post("/staff/<int:staff_id>/invite")
@web.staff_only("staff.manage")
def invite_again(staff_id: int) -> ResponseReturnValue:
    """Send a fresh invitation; an account that was closed is opened again."""
    found = web.or_404(people_queries.by_id(staff_id))
    try:
        actions.invite(parse(found.address), found.name, found.role, found.title)
    except staff.AlreadyHere:
        flash(f"{found.name} has come in already; nothing was sent.", "info")
    else:
        flash(f"A fresh invitation is on its way to {found.name}.", "success")
    return redirect(url_for(".person", staff_id=staff_id))


@room.post("/staff/<int:staff_id>/close")
@web.staff_only("staff.manage")
def close(staff_id: int) -> ResponseReturnValue:
    """End somebody's access at once."""
    found = web.or_404(people_queries.by_id(staff_id))
    try:
        staff.close_account(found)
    except staff.LastAdmin:
        flash("They are the only admin. Make somebody else an admin first.", "harm")
    else:
        flash(f"The account of {found.name} is closed; their sessions have ended.", "success")
    return redirect(url_for(".person", staff_id=staff_id))


@room.get("/me")
@web.staff_only("today.see")
def mine() -> ResponseReturnValue:
    """Show how I am shown, and where I am signed in."""
    me: Staff = web.visitor()
    return _my_page(_profile_form(me))


@room.post("/me")
@web.staff_only("today.see")
def change_mine() -> ResponseReturnValue:
    """Change how I am shown."""
    form = _profile_form()
    if not form.validate_on_submit():
        return _my_page(form, 422)
    staff.change_profile(
        web.visitor(), form.name.data or "", form.title.data or "", form.bio.data or "", form.zone.data or ""
    )
    flash("Saved.", "success")
    return redirect(url_for(".mine"))


@room.post("/me/recovery-codes")
@web.staff_only("today.see")
def fresh_recovery_codes() -> ResponseReturnValue:
    """Make new recovery codes; the old ones are void."""
    me: Staff = web.visitor()
    codes = staff.fresh_recovery_codes(me)
    staff.record("staff.recovery-codes", f"staff:{me.id}", "Made fresh recovery codes")
    return render_template("desk/_recovery_codes.html", codes=codes, person=me)


@room.post("/me/sign-out-elsewhere")
@web.staff_only("today.see")
def sign_out_elsewhere() -> ResponseReturnValue:
    """End my other sessions."""
    row = sessions.current()
    sessions.end_all("staff", web.visitor().id, keep=row.id if row else None)
    staff.record("staff.signed-out-elsewhere", f"staff:{web.visitor().id}", "Ended their other sessions")
    flash("You are signed out everywhere else.", "success")
    return redirect(url_for(".mine"))


@room.get("/audit")
@web.staff_only("audit.see")
def audit() -> ResponseReturnValue:
    """Show what staff did, newest first."""
    everybody = people_queries.everybody()
    asked = request.args.get("by", "")
    staff_id = next((one.id for one in everybody if str(one.id) == asked), None)
    page = people_queries.audit(request.args.get("after"), staff_id, request.args.get("about", "")[:80])
    return render_template("desk/admin/audit.html", page=page, people=everybody, by=staff_id)


@room.get("/settings")
@web.staff_only("settings.see")
def settings() -> ResponseReturnValue:
    """Show how the portal is set up, secrets masked, and every letter it can write."""
    return render_template(
        "desk/admin/settings.html",
        rows=queries.settings_in_words(current_app.extensions["portal"]),
        letters=letters.register(),
        mail_words=queries.transport_words(current_app.extensions["portal"]),
    )


def _profile_form(me: Staff | None = None) -> ProfileForm:
    form = ProfileForm(obj=me)
    zones = sorted(
        name
        for name in available_timezones()
        if "/" in name and not name.startswith(("Etc/", "posix", "right"))
    )
    form.zone.choices = [
        SelectChoice("", "As the company"),
        *(SelectChoice(name, name.replace("_", " ")) for name in zones),
    ]
    return form


def _person_page(found: Staff, form: RoleForm, status: int = 200) -> ResponseReturnValue:
    page = people_queries.audit(staff_id=found.id)
    return render_template("desk/admin/person.html", person=found, form=form, lines=page.rows[:15]), status


def _my_page(form: ProfileForm, status: int = 200) -> ResponseReturnValue:
    me: Staff = web.visitor()
    row = sessions.current()
    return render_template(
        "desk/admin/mine.html",
        form=form,
        sessions=sessions.of_person("staff", me.id),
        current_session=row.id if row else None,
    ), status

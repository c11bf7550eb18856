"""A member's own pages: who I am, and everything you keep."""

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock, doorbell, sessions, web
from portal.core.settings import Settings
from portal.mail import erasing
from portal.members import actions, export, forgetting, queries, signing_in, traces
from portal.members.actions import Profile
from portal.members.forms import ForgetForm, ProfileForm
from portal.members.models import Level, Readiness, WorkMode
from portal.members.views import room


@room.get("/me/profile")
@web.members_only
def profile() -> ResponseReturnValue:
    """Show what a member told us about themselves."""
    member = web.visitor()
    form = ProfileForm(
        data={
            "name": member.name,
            "call_name": member.call_name,
            "level": member.level.value if member.level else "",
            "work_mode": member.work_mode.value if member.work_mode else "",
            "zone": member.zone,
            "birthday_day": str(member.birthday_day or ""),
            "birthday_month": str(member.birthday_month or ""),
            "anniversary_day": str(member.anniversary_day or ""),
            "anniversary_month": str(member.anniversary_month or ""),
        }
    )
    return _profile_page(form)


@room.post("/me/profile")
@web.members_only
def save_profile() -> ResponseReturnValue:
    """Keep it."""
    form = ProfileForm()
    if not form.validate_on_submit():
        return _profile_page(form), 422
    actions.save_profile(
        web.visitor(),
        Profile(
            name=form.name.data or "",
            call_name=form.call_name.data or "",
            level=Level(form.level.data) if form.level.data else None,
            work_mode=WorkMode(form.work_mode.data) if form.work_mode.data else None,
            readiness=Readiness(form.readiness.data) if form.readiness.data else None,
            zone=form.zone.data or "",
            birthday=form.birthday,
            anniversary=form.anniversary,
        ),
    )
    if _is_welcome():
        return redirect(_next_question())
    flash("Your profile is saved.", "success")
    return redirect(url_for(".profile"))


@room.get("/me/data")
@web.members_only
def data() -> ResponseReturnValue:
    """Show everything we keep."""
    return _data_page(ForgetForm())


@room.get("/me/data.json")
@web.members_only
def download() -> ResponseReturnValue:
    """Everything we keep, as one file."""
    response = Response(export.as_json(web.visitor()), content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{export.file_name(clock.now())}"'
    return response


@room.post("/me/data/sessions/<int:session_id>/end")
@web.members_only
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign one browser out."""
    if not signing_in.end_session(web.visitor(), session_id):
        return web.problem(404)
    flash("That browser is signed out.", "success")
    return redirect(url_for(".data", _anchor="sessions"))


@room.post("/me/data/sign-out-everywhere")
@web.members_only
def sign_out_everywhere() -> ResponseReturnValue:
    """Sign every browser out, this one too."""
    sessions.end_all("member", web.visitor().id)
    sessions.end()
    flash("You are signed out everywhere.", "success")
    return redirect(url_for(".sign_in"))


@room.post("/me/data/forget")
@web.members_only
def forget() -> ResponseReturnValue:
    """Erase everything at once, and hand out the receipt."""
    form = ForgetForm()
    if not form.validate_on_submit():
        return _data_page(form), 422
    try:
        erasure = forgetting.forget(web.visitor(), _settings())
    except forgetting.GoneAlready:
        return redirect(url_for(".join"))
    sessions.end()
    doorbell.forget_this_browser()
    doorbell.forget_rings()
    return redirect(url_for(".forgotten", receipt=erasure.receipt))


@room.get("/forgotten/<string:receipt>")
def forgotten(receipt: str) -> ResponseReturnValue:
    """The receipt: what was removed, and when; nothing about the person."""
    erasure = web.or_404(queries.receipt(receipt))
    removed = [(traces.words_of(name), count) for name, count in erasure.removed.items() if count]
    provider = erasing.progress(erasure.receipt)
    return render_template("members/forgotten.html", erasure=erasure, removed=removed, provider=provider)


def _profile_page(form: ProfileForm) -> str:
    is_welcome = _is_welcome()
    return render_template(
        "members/profile.html",
        form=form,
        here=url_for(".save_profile", welcome="2" if is_welcome else None),
        skip=_next_question() if is_welcome else None,
    )


def _is_welcome() -> bool:
    """Whether this is the second of the three questions that follow a confirmation."""
    return request.args.get("welcome") == "2"


def _next_question() -> str:
    return url_for("preferences.contact", welcome="3")


def _data_page(form: ForgetForm) -> str:
    member = web.visitor()
    return render_template(
        "members/data.html",
        form=form,
        held=traces.everything(member),
        sessions=sessions.of_person("member", member.id),
        this_session=sessions.current_id("member"),
    )


def _settings() -> Settings:
    settings: Settings = current_app.extensions["portal"]
    return settings

"""The staff entrance: a link or a code by mail, then the second factor."""

import secrets

import segno
from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.core import clock, limits, sessions, tokens, web
from portal.core.addresses import parse
from portal.core.tokens import OneTimeToken, Outcome
from portal.desk import actions
from portal.desk.forms import CodeForm, SecondStepForm, SignInForm
from portal.staff import actions as staff
from portal.staff import queries
from portal.staff.models import Staff

room = Blueprint("desk", __name__, url_prefix="/admin")

_BELL, _HALFWAY, _NEXT = "desk_bell", "desk_halfway", "desk_next"
_HALFWAY_SECONDS = 900
_WRONG_TRIES = "10 per 10 minutes"


@room.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Ask for the address."""
    if current_user.kind == "staff":
        return redirect(url_for("desk_admin.today"))
    return render_template("desk/sign_in.html", form=SignInForm(), next=request.args.get("next", ""))


@room.post("/sign-in")
@limits.limiter.limit("20 per hour")
def ask() -> ResponseReturnValue:
    """Send a link and a code, if the address belongs to somebody who works here; the answer is the same."""
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("desk/sign_in.html", form=form, next=request.form.get("next", "")), 422
    bell = cookie.setdefault(_BELL, secrets.token_urlsafe(24))
    cookie[_NEXT] = web.safe_next(request.form.get("next"), "")
    actions.ask_to_sign_in(
        parse(form.address.data or ""),
        limits.requester(),
        tokens.browser_digest(bell),
        current_app.extensions["portal"],
    )
    return redirect(url_for(".check_your_mail"))


@room.get("/sign-in/check-your-mail")
def check_your_mail() -> ResponseReturnValue:
    """Wait for the six digits."""
    return _code_page(CodeForm())


@room.post("/sign-in/check-your-mail")
@limits.limiter.limit(_WRONG_TRIES)
def check_code() -> ResponseReturnValue:
    """Take the six digits; five wrong ones end them."""
    form = CodeForm()
    if not form.validate_on_submit():
        return _code_page(form, 422)
    token = tokens.of_browser(actions.SIGN_IN, tokens.browser_digest(cookie.get(_BELL, "")))
    if token is None:
        return redirect(url_for(".sign_in"))
    outcome, person = actions.come_in_by_code(token, form.code.data or "")
    if outcome is Outcome.good and person is not None:
        return _halfway_in(person)
    if outcome is Outcome.wrong:
        form.code.errors = ["That is not the code in the mail. Please look once more."]
        # The wrong try is counted, so this is stored: a redirect keeps the words.
        flash("That is not the code in the mail. Please look once more.", "harm")
        return redirect(url_for(".check_your_mail"))
    flash("This code is over. Please ask for a new one.", "warning")
    return redirect(url_for(".sign_in"))


@room.get("/sign-in/<string:token>")
def link(token: str) -> ResponseReturnValue:
    """Show what the link is for; opening it changes nothing."""
    found, purpose = _find(token)
    if found is None:
        return web.problem(
            404, text="We did not write this link, or it was cut on its way.", way_forward=_ASK_AGAIN
        )
    if found.state is not Outcome.good:
        return _over(found)
    person = actions.person_of(found)
    if person is None:
        return _over(found)
    same_browser = purpose == actions.INVITE or found.browser == tokens.browser_digest(cookie.get(_BELL, ""))
    return render_template(
        "desk/link.html",
        token=token,
        person=person,
        is_invitation=purpose == actions.INVITE,
        same_browser=same_browser,
    )


@room.post("/sign-in/<string:token>")
@limits.limiter.limit("30 per hour")
def use_link(token: str) -> ResponseReturnValue:
    """Use the link up, and go on to the second factor."""
    found, purpose = _find(token)
    if found is None:
        return web.problem(
            404, text="We did not write this link, or it was cut on its way.", way_forward=_ASK_AGAIN
        )
    same_browser = purpose == actions.INVITE or found.browser == tokens.browser_digest(cookie.get(_BELL, ""))
    if not same_browser:
        return redirect(url_for(".link", token=token))
    outcome, person = actions.come_in_by_link(found)
    if outcome is not Outcome.good or person is None:
        return _over(found)
    return _halfway_in(person)


@room.get("/second-step")
def second_step() -> ResponseReturnValue:
    """Ask for the app's code, or connect the app first."""
    person = _halfway()
    if person is None:
        return redirect(url_for(".sign_in"))
    return _second_page(person, SecondStepForm())


@room.post("/second-step")
@limits.limiter.limit(_WRONG_TRIES)
def take_second_step() -> ResponseReturnValue:
    """Sign in when the second factor is right."""
    person = _halfway()
    if person is None:
        flash("That took a while. Please sign in once more.", "warning")
        return redirect(url_for(".sign_in"))
    form = SecondStepForm()
    if not form.validate_on_submit():
        return _second_page(person, form, 422)
    fresh: list[str] | None = None
    if person.has_second_factor:
        is_right = staff.check_second_factor(person, form.code.data or "")
    else:
        fresh = staff.confirm_second_factor(person, form.code.data or "")
        is_right = fresh is not None
    if not is_right:
        form.code.errors = ["That code is not right, or was used already. Please wait for the next one."]
        return _second_page(person, form, 422)
    target = cookie.get(_NEXT, "")
    staff.accept_invitation(person)
    sessions.start("staff", person.id, web.browser_words(request.user_agent.string))
    if fresh is not None:
        return render_template("desk/_recovery_codes.html", codes=fresh, person=person)
    return redirect(web.safe_next(target, url_for("desk_admin.today")))


@room.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this session."""
    sessions.end()
    flash("You are signed out.", "success")
    return redirect(url_for(".sign_in"))


_ASK_AGAIN = [("Send me a new link", "/admin/sign-in")]


def _find(token: str) -> tuple[OneTimeToken | None, str]:
    for purpose in (actions.SIGN_IN, actions.INVITE):
        found = tokens.find(purpose, token)
        if found is not None:
            return found, purpose
    return None, ""


def _over(token: OneTimeToken) -> ResponseReturnValue:
    words = {
        Outcome.used: "It worked once already. If that was you, you are done; else ask for a new one.",
        Outcome.expired: "Its time has passed, or a newer one took its place.",
    }
    return web.problem(
        410, text=words.get(token.state, "It cannot be used any more."), way_forward=_ASK_AGAIN
    )


def _code_page(form: CodeForm, status: int = 200) -> ResponseReturnValue:
    minutes = current_app.extensions["portal"].sign_in_minutes
    return render_template("desk/check_your_mail.html", form=form, minutes=minutes), status


def _halfway_in(person: Staff) -> ResponseReturnValue:
    """Remember who proved their mailbox; nothing is open to them yet."""
    if not person.has_second_factor:
        staff.begin_second_factor(person, current_app.extensions["portal"].brand_name)
    cookie[_HALFWAY] = [person.id, int(clock.now().timestamp()), secrets.token_hex(8)]
    return redirect(url_for(".second_step"))


def _halfway() -> Staff | None:
    held = cookie.get(_HALFWAY)
    if not isinstance(held, list) or clock.now().timestamp() - held[1] > _HALFWAY_SECONDS:
        return None
    person = queries.by_id(held[0])
    return person if person is not None and person.is_active else None


def _second_page(person: Staff, form: SecondStepForm, status: int = 200) -> ResponseReturnValue:
    if person.has_second_factor:
        return render_template("desk/second_step.html", form=form), status
    address = staff.provisioning_address(person, current_app.extensions["portal"].brand_name)
    drawing = segno.make(address, error="m").svg_data_uri(scale=5, border=2, dark="#1d2b1f", light="#fff")
    secret = address.partition("secret=")[2].partition("&")[0]
    return render_template(
        "desk/_connect_app.html",
        form=form,
        drawing=drawing,
        secret=" ".join(secret[i : i + 4] for i in range(0, 32, 4)),
    ), status

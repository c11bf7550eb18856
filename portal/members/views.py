"""The front gate: join, wait for the mail, confirm, sign in and out. GET shows, POST acts."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.core import doorbell, sessions, tokens, web
from portal.core.addresses import parse
from portal.core.doorbell import CodeForm
from portal.core.limits import limiter
from portal.core.settings import Settings
from portal.core.tokens import OneTimeToken, Outcome
from portal.members import consent_texts, joining, signing_in
from portal.members.consent_texts import ConsentText
from portal.members.forms import JoinForm, SignInForm
from portal.members.joining import CONFIRM, SIGN_IN, Asked
from portal.members.models import Member
from portal.sources import counting
from portal.sources.models import Step

room = Blueprint("members", __name__)

JOIN_BELL, SIGN_IN_BELL = "join", "sign-in"
_MAIL_LIMIT = "120 per minute"
_CODE_LIMIT = "20 per minute; 200 per hour"
_LINK_LIMIT = "120 per minute"
_ASK_AGAIN = (
    "We have asked for another mail. Only the newest one counts; at most a few an hour go to one mailbox."
)
_NOT_KNOWN = (
    "We do not know this link. It may have been cut off on its way, a newer mail has replaced it, "
    "or its time was over long ago."
)


@room.get("/join")
def join() -> ResponseReturnValue:
    """Ask for an address, a name and a yes."""
    if current_user.kind == "member":
        return redirect(_my_page())
    form = JoinForm(source=counting.tag_of_request())
    counting.add(Step.seen, form.source.data or "")
    doorbell.ring("next", path=web.safe_next(request.args.get("next"), ""))
    return _join_page(form)


@room.post("/join")
@limiter.limit(_MAIL_LIMIT)
def ask_to_join() -> ResponseReturnValue:
    """Plan the mail that lets them in; the answer is the same for everybody."""
    form = JoinForm()
    if not form.validate_on_submit():
        return _join_page(form), 422
    if words := form.why_once_more():
        form.form_errors.append(words)
        return _join_page(form), 422
    asked = Asked(form.name.data or "", form.call_name.data or "", form.text_version, form.source.data or "")
    address = form.address.address
    doorbell.ring(
        JOIN_BELL,
        address=address.text,
        name=asked.name,
        call_name=asked.call_name,
        text_version=asked.text_version,
        source=asked.source,
    )
    knock = doorbell.knock(address)
    if not form.is_trapped:
        joining.ask(address, asked, knock, _settings())
        counting.add(Step.sent, asked.source)
    return redirect(url_for(".check_your_mail"))


@room.get("/join/check-your-mail")
def check_your_mail() -> ResponseReturnValue:
    """Say what happens next, and wait for the six digits."""
    return _waiting_page(JOIN_BELL, CodeForm())


@room.post("/join/check-your-mail")
@limiter.limit(_CODE_LIMIT)
def open_by_code() -> ResponseReturnValue:
    """Come in with the six digits from the mail."""
    return _open_by_code(JOIN_BELL)


@room.post("/join/check-your-mail/again")
@limiter.limit(_MAIL_LIMIT)
def again() -> ResponseReturnValue:
    """Send the mail once more."""
    kept = doorbell.rung(JOIN_BELL)
    if "address" not in kept:
        return redirect(url_for(".join"))
    address = parse(kept["address"])
    asked = Asked(kept["name"], kept["call_name"], kept["text_version"], kept["source"])
    joining.ask(address, asked, doorbell.knock(address), _settings())
    flash(_ASK_AGAIN, "info")
    return redirect(url_for(".check_your_mail"))


@room.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Ask for the address; no password."""
    target = web.safe_next(request.args.get("next"), "")
    if current_user.kind == "member":
        return redirect(target or _my_page())
    return render_template("members/sign_in.html", form=SignInForm(next=target), next=target)


@room.post("/sign-in")
@limiter.limit(_MAIL_LIMIT)
def ask_to_sign_in() -> ResponseReturnValue:
    """Plan the mail that fits the address; the answer is the same for everybody."""
    form = SignInForm()
    target = web.safe_next(form.next.data, "")
    if not form.validate_on_submit():
        return render_template("members/sign_in.html", form=form, next=target), 422
    address = form.address.address
    doorbell.ring(SIGN_IN_BELL, address=address.text)
    doorbell.ring("next", path=target)
    signing_in.ask(address, doorbell.knock(address), _settings())
    return redirect(url_for(".sign_in_check"))


@room.get("/sign-in/check-your-mail")
def sign_in_check() -> ResponseReturnValue:
    """Wait for the six digits."""
    return _waiting_page(SIGN_IN_BELL, CodeForm())


@room.post("/sign-in/check-your-mail")
@limiter.limit(_CODE_LIMIT)
def sign_in_by_code() -> ResponseReturnValue:
    """Come in with the six digits from the mail."""
    return _open_by_code(SIGN_IN_BELL)


@room.post("/sign-in/check-your-mail/again")
@limiter.limit(_MAIL_LIMIT)
def sign_in_again() -> ResponseReturnValue:
    """Send the mail once more."""
    kept = doorbell.rung(SIGN_IN_BELL)
    if "address" not in kept:
        return redirect(url_for(".sign_in"))
    address = parse(kept["address"])
    signing_in.ask(address, doorbell.knock(address), _settings())
    flash(_ASK_AGAIN, "info")
    return redirect(url_for(".sign_in_check"))


@room.get("/join/confirm/<string:token>")
def confirm(token: str) -> ResponseReturnValue:
    """Show what the link does: one press in the browser that asked, the six digits in any other."""
    return _link_page(CONFIRM, token, CodeForm())


@room.post("/join/confirm/<string:token>")
@limiter.limit(_LINK_LIMIT)
def use_confirm(token: str) -> ResponseReturnValue:
    """Make them a member, and sign them in."""
    return _use_link(CONFIRM, token)


@room.get("/sign-in/<string:token>")
def sign_in_link(token: str) -> ResponseReturnValue:
    """Show whom the link signs in; nobody is signed in by opening it."""
    return _link_page(SIGN_IN, token, CodeForm())


@room.post("/sign-in/<string:token>")
@limiter.limit(_LINK_LIMIT)
def use_sign_in_link(token: str) -> ResponseReturnValue:
    """Sign them in."""
    return _use_link(SIGN_IN, token)


@room.post("/join/confirm/<string:token>/again")
@limiter.limit(_MAIL_LIMIT)
def confirm_again(token: str) -> ResponseReturnValue:
    """Send a new mail for a link whose time is over."""
    return _link_again(CONFIRM, token)


@room.post("/sign-in/<string:token>/again")
@limiter.limit(_MAIL_LIMIT)
def sign_in_link_again(token: str) -> ResponseReturnValue:
    """Send a new mail for a link whose time is over."""
    return _link_again(SIGN_IN, token)


@room.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session of this browser."""
    sessions.end()
    flash("You are signed out of this browser.", "success")
    return redirect(url_for(".sign_in"))


def _join_page(form: JoinForm) -> str:
    form.show_now()
    return render_template("members/join.html", form=form, consent=consent_texts.current())


def _waiting_page(bell: str, form: CodeForm) -> str:
    doorbell.add_what_was_wrong(form)
    kept, settings = doorbell.rung(bell), _settings()
    return render_template(
        "members/check_your_mail.html",
        form=form,
        is_joining=bell == JOIN_BELL,
        typed=kept.get("address") or kept.get("shown", ""),
        may_ask_again="address" in kept,
        minutes=settings.sign_in_minutes,
        days=settings.confirm_days,
        most=settings.mailbox_hourly_limit,
    )


def _open_by_code(bell: str) -> ResponseReturnValue:
    form = CodeForm()
    if not form.validate_on_submit():
        return _waiting_page(bell, form), 422
    typed = form.code.data or ""
    token = signing_in.waiting_for(doorbell.this_browser())
    outcome = _use(token, typed) if token is not None else Outcome.wrong
    if token is not None and outcome is Outcome.good:
        return _let_in(token)
    if bell == JOIN_BELL:
        counting.add(Step.wrong_code)
    doorbell.say_wrong(doorbell.outcome_in_words(token, typed, outcome))
    return redirect(url_for(".check_your_mail" if bell == JOIN_BELL else ".sign_in_check"))


def _link_page(purpose: str, text: str, form: CodeForm) -> ResponseReturnValue:
    token = tokens.find(purpose, text)
    member = joining.member_of(token) if token is not None else None
    if token is None or member is None:
        ways = [("Mail me a new link", url_for(".sign_in")), ("Join", url_for(".join"))]
        return web.problem(404, "This link leads nowhere", _NOT_KNOWN, ways)
    if token.state is Outcome.used:
        return render_template("members/_link_used.html", member=member, purpose=purpose)
    if token.state is Outcome.expired:
        return render_template("members/_link_over.html", purpose=purpose, token=text), 410
    doorbell.add_what_was_wrong(form)
    return render_template(
        "members/_link.html",
        purpose=purpose,
        token=text,
        member=member,
        masked=doorbell.masked(member.address),
        is_same_browser=doorbell.is_same_browser(token),
        form=form,
        consent=consent_texts.of(member.asked_version) or _said_yes_by(purpose, member),
    )


def _said_yes_by(purpose: str, member: Member) -> ConsentText | None:
    """The words in force, for somebody who was invited: their yes is the press that follows."""
    return consent_texts.current() if purpose == CONFIRM and not member.asked_version else None


def _use_link(purpose: str, text: str) -> ResponseReturnValue:
    token = tokens.find(purpose, text)
    if token is None or token.state is not Outcome.good:
        return _link_page(purpose, text, CodeForm())
    if doorbell.is_same_browser(token):
        return _let_in(token) if _use(token, None) is Outcome.good else _link_page(purpose, text, CodeForm())
    form = CodeForm()
    if not form.validate_on_submit():
        return _with_code(_link_page(purpose, text, form), 422)
    typed = form.code.data or ""
    outcome = _use(token, typed)
    if outcome is Outcome.good:
        return _let_in(token)
    if purpose == CONFIRM:
        counting.add(Step.wrong_code)
    doorbell.say_wrong(doorbell.outcome_in_words(token, typed, outcome))
    return redirect(url_for(".confirm" if purpose == CONFIRM else ".sign_in_link", token=text))


def _link_again(purpose: str, text: str) -> ResponseReturnValue:
    token = tokens.find(purpose, text)
    member = joining.member_of(token) if token is not None else None
    if token is None or member is None:
        return _link_page(purpose, text, CodeForm())
    address = joining.address_of(member)
    # An old link may have been passed on: the page shows no more of the address than its owner recognises.
    doorbell.ring(SIGN_IN_BELL, shown=doorbell.masked(address.text))
    signing_in.ask(address, doorbell.knock(address), _settings())
    return redirect(url_for(".sign_in_check"))


def _use(token: OneTimeToken, code: str | None) -> Outcome:
    how = "mail link" if code is None else "mail code"
    if token.purpose == CONFIRM:
        return joining.confirm(token, how, code)
    return signing_in.sign_in(token, code)


def _let_in(token: OneTimeToken) -> ResponseReturnValue:
    """Start the session, and go on: to where they were heading, or to the first questions."""
    member = web.or_404(joining.member_of(token))
    target = web.safe_next(doorbell.rung("next").get("path"), "")
    sessions.start("member", member.id, web.browser_words(request.user_agent.string))
    doorbell.remember(joining.address_of(member))
    if token.purpose == CONFIRM:
        flash("You are in. Welcome!", "success")
        return redirect(target or url_for("preferences.interests", welcome=1))
    return redirect(target or _my_page())


def _my_page() -> str:
    return url_for("home.me")


def _with_code(page: ResponseReturnValue, code: int) -> ResponseReturnValue:
    return (page, code) if isinstance(page, str) else page


def _settings() -> Settings:
    settings: Settings = current_app.extensions["portal"]
    return settings

"""Pages of being written to elsewhere: ask, confirm from the new mailbox, undo from the old one."""

from flask import Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.core import doorbell, sessions, tokens, web
from portal.core.doorbell import CodeForm
from portal.core.limits import limiter
from portal.core.settings import Settings
from portal.core.tokens import Outcome
from portal.members import address_change, queries
from portal.members.address_change import NEW, UNDO, Taken
from portal.members.forms import AddressForm
from portal.members.views import room

_TAKEN = (
    "This address belongs to another membership by now. Sign in with it, or forget that membership first; "
    "nothing has changed here."
)


@room.get("/me/address")
@web.members_only
def address() -> ResponseReturnValue:
    """Show where we write, and what waits to be confirmed."""
    code_form = CodeForm()
    doorbell.add_what_was_wrong(code_form)
    return _address_page(AddressForm(), code_form)


@room.post("/me/address")
@web.members_only
@limiter.limit("60 per hour")
def ask_new_address() -> ResponseReturnValue:
    """Write to the new address; whether it is free is told only there."""
    form, member = AddressForm(), web.visitor()
    if not form.validate_on_submit():
        return _address_page(form, CodeForm()), 422
    new = form.address.address
    if new.key == member.address_key:
        form.address.errors = ["That is the address we have already."]
        return _address_page(form, CodeForm()), 422
    doorbell.ring("address", address=new.text)
    address_change.ask(member, new, doorbell.knock(new), _settings())
    return redirect(url_for(".address"))


@room.post("/me/address/code")
@web.members_only
@limiter.limit("20 per minute; 200 per hour")
def new_address_by_code() -> ResponseReturnValue:
    """Confirm the new address with the six digits from its mail."""
    form, member = CodeForm(), web.visitor()
    if not form.validate_on_submit():
        return _address_page(AddressForm(), form), 422
    token = tokens.of_browser(NEW, doorbell.this_browser())
    change = address_change.of_token(token) if token is not None else None
    is_own = change is not None and change.member_id == member.id
    try:
        outcome = (
            address_change.confirm(token, "mail code", form.code.data, sessions.current_id("member"))
            if token is not None and is_own
            else Outcome.wrong
        )
    except Taken:
        return web.problem(422, "Not this address", _TAKEN, [("Back", url_for(".address"))])
    if outcome is not Outcome.good:
        doorbell.say_wrong(doorbell.outcome_in_words(token, form.code.data or "", outcome))
        return redirect(url_for(".address"))
    return _address_done()


@room.get("/address/<string:token>")
def new_address(token: str) -> ResponseReturnValue:
    """Show what the link from the new mailbox does."""
    return _new_address_page(token, CodeForm())


@room.post("/address/<string:token>")
@limiter.limit("20 per minute; 200 per hour")
def use_new_address(token: str) -> ResponseReturnValue:
    """Write there from now on: one press in the browser that asked, the six digits in any other."""
    found, form = tokens.find(NEW, token), CodeForm()
    if found is None or found.state is not Outcome.good:
        return _new_address_page(token, form)
    code = None
    if not doorbell.is_same_browser(found):
        if not form.validate_on_submit():
            page = _new_address_page(token, form)
            return (page, 422) if isinstance(page, str) else page
        code = form.code.data or ""
    try:
        outcome = address_change.confirm(
            found, "mail link" if code is None else "mail code", code, sessions.current_id("member")
        )
    except Taken:
        return web.problem(422, "Not this address", _TAKEN, [("Sign in", url_for(".sign_in"))])
    if outcome is Outcome.good:
        return _address_done()
    if outcome is Outcome.wrong:
        doorbell.say_wrong(doorbell.NOT_THE_CODE)
        return redirect(url_for(".new_address", token=token))
    return _new_address_page(token, form)


@room.get("/address/undo/<string:token>")
def undo_address(token: str) -> ResponseReturnValue:
    """Show what undoing means."""
    found = tokens.find(UNDO, token)
    change = address_change.of_token(found) if found is not None else None
    if found is None or change is None:
        return _unknown_link()
    if found.state is Outcome.expired:
        return web.problem(
            410,
            text="A change of address can be undone for three days, and they are over.",
            way_forward=_ways(),
        )
    return render_template(
        "members/undo_address.html",
        token=token,
        is_done=found.state is Outcome.used,
        old=doorbell.masked(change.old_address),
        new=doorbell.masked(change.new_address),
    )


@room.post("/address/undo/<string:token>")
@limiter.limit("20 per minute")
def use_undo_address(token: str) -> ResponseReturnValue:
    """Go back to the old address, and sign every browser out."""
    found = tokens.find(UNDO, token)
    if found is None:
        return _unknown_link()
    try:
        address_change.undo(found)
    except Taken:
        return web.problem(422, "Not this address", _TAKEN, [("Sign in", url_for(".sign_in"))])
    return redirect(url_for(".undo_address", token=token))


def _address_page(form: AddressForm, code_form: CodeForm) -> str:
    change = queries.open_address_change(web.visitor())
    waiting = doorbell.rung("address").get("address") or (change.new_address if change else "")
    return render_template("members/address.html", form=form, code_form=code_form, waiting=waiting)


def _new_address_page(text: str, form: CodeForm) -> ResponseReturnValue:
    token = tokens.find(NEW, text)
    change = address_change.of_token(token) if token is not None else None
    if token is None or change is None:
        return _unknown_link()
    if token.state is Outcome.expired:
        return web.problem(
            410, text="The time of this link is over. Ask for it again on your page.", way_forward=_ways()
        )
    doorbell.add_what_was_wrong(form)
    return render_template(
        "members/new_address.html",
        token=text,
        form=form,
        masked=doorbell.masked(change.new_address),
        is_done=token.state is Outcome.used,
        is_same_browser=doorbell.is_same_browser(token),
    )


def _address_done() -> ResponseReturnValue:
    doorbell.forget_rings()
    flash("We write to your new address from now on. Other browsers were signed out.", "success")
    if web.visitor().kind == "member":
        return redirect(url_for(".address"))
    return redirect(url_for(".sign_in"))


def _unknown_link() -> Response:
    return web.problem(
        404,
        "This link leads nowhere",
        "We do not know this link. It may have been cut off on its way, or something newer has replaced it.",
        _ways(),
    )


def _ways() -> list[tuple[str, str]]:
    return [("Go to my page", url_for(".address")), ("Mail me my link", url_for(".sign_in"))]


def _settings() -> Settings:
    settings: Settings = current_app.extensions["portal"]
    return settings

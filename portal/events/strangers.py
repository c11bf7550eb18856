"""A seat for somebody who is not signed in: a form, a mail, and their yes. GET shows, POST acts.

The answer is the same whoever the address belongs to, as at the front gate (portal.members.views).
"""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import doorbell, tokens, web
from portal.core.addresses import parse
from portal.core.doorbell import CodeForm
from portal.core.limits import limiter
from portal.core.settings import Settings
from portal.core.tokens import Outcome
from portal.events import asking, details, queries, seats
from portal.events.answering import act, answer_page, details_form, yes_words
from portal.events.asking import PURPOSE, RsvpAsk, Wish
from portal.events.forms import RsvpForm
from portal.events.guest_forms import Any_Form, ComingForm, DetailsForm, source
from portal.events.guest_forms import asking as form_asking
from portal.events.models import Answer, Event, Rsvp, Way
from portal.events.views import my_zone, room, show_page
from portal.members import consent_texts

BELL = "seat"
_MAIL_LIMIT = "120 per minute"
_CODE_LIMIT = "20 per minute; 200 per hour"
_NOT_KNOWN = (
    "We do not know this link. It may have been cut off on its way, a newer mail has replaced it, "
    "or its time was over long ago."
)


def _is_member() -> bool:
    return bool(web.visitor().kind == "member")


@room.get("/events/<slug>/rsvp")
def coming(slug: str) -> ResponseReturnValue:
    """Ask who comes and what the hosts want to know; a member who answered sees what they told."""
    event = web.or_404(queries.published(slug))
    me, tag = web.visitor(), source(request.args.get("from"))
    if not event.is_open or me.kind == "staff":
        return redirect(url_for(".show", slug=slug))
    if me.kind == "member":
        rsvp = queries.answer_of(me, event.id)
        form = _offered(details_form(event.id), event)
        if rsvp is not None and rsvp.answer is not Answer.cancelled:
            form.show(details.of(rsvp))
            if "way" in form:
                form.way.data = rsvp.way.value
        return _coming_page(event, form, rsvp, tag)
    questions = details.questions(event.id)
    return _coming_page(event, _offered(form_asking(ComingForm, questions)(source=tag), event), None, tag)


@room.post("/events/<slug>/rsvp")
@limiter.limit(_MAIL_LIMIT, exempt_when=_is_member)
def rsvp(slug: str) -> ResponseReturnValue:
    """Save my answer, and say in plain words when there is no seat left; from strangers, ask their address first."""
    event = web.or_404(queries.published(slug))
    me = web.visitor()
    if me.kind == "stranger":
        return _ask(event)
    if me.kind != "member":
        flash("Seats are for guests; you are signed in as staff. Hosts are there without one.", "info")
        return redirect(url_for(".show", slug=slug))
    form = RsvpForm()
    if not form.validate_on_submit():
        flash("Please use one of the buttons.", "warning")
        return show_page(web.or_404(queries.whole(me, slug))), 422
    if form.answer.data == "told":
        return _tell(event)
    act(me, event.id, form, source(request.form.get("source")))
    return redirect(url_for(".show", slug=slug, _anchor="seat"))


@room.get("/seat/check-your-mail")
def check_your_mail() -> ResponseReturnValue:
    """Say what happens next, and wait for the six digits."""
    return _waiting_page(CodeForm())


@room.post("/seat/check-your-mail")
@limiter.limit(_CODE_LIMIT)
def confirm_by_code() -> ResponseReturnValue:
    """Take the seat with the six digits from the mail."""
    form = CodeForm()
    if not form.validate_on_submit():
        return _waiting_page(form), 422
    typed = form.code.data or ""
    token = asking.waiting_for(doorbell.this_browser())
    asked = asking.of_token(token, is_writing=True) if token is not None else None
    outcome = asking.use(token, typed) if token is not None else Outcome.wrong
    if token is not None and asked is not None and outcome is Outcome.good:
        return _take(asked, "mail code")
    doorbell.say_wrong(doorbell.outcome_in_words(token, typed, outcome))
    return redirect(url_for(".check_your_mail"))


@room.post("/seat/check-your-mail/again")
@limiter.limit(_MAIL_LIMIT)
def again() -> ResponseReturnValue:
    """Send the mail once more."""
    kept = doorbell.rung(BELL)
    event = queries.published(kept.get("slug", ""))
    if event is None or not event.is_open or "address" not in kept:
        return redirect(url_for(".index"))
    address = parse(kept["address"])
    asking.ask_again(event, address, doorbell.knock(address), _settings())
    flash(
        "We have asked for another mail. Only the newest one counts; at most a few an hour go to one mailbox.",
        "info",
    )
    return redirect(url_for(".check_your_mail"))


@room.get("/seat/confirm/<string:token>")
def confirm(token: str) -> ResponseReturnValue:
    """Show what the link does: one press in the browser that asked, the six digits in any other."""
    return _link_page(token, CodeForm())


@room.post("/seat/confirm/<string:token>")
@limiter.limit(_MAIL_LIMIT)
def use_confirm(token: str) -> ResponseReturnValue:
    """Take the seat."""
    found = tokens.find(PURPOSE, token)
    asked = asking.of_token(found, is_writing=True) if found is not None else None
    if found is None or asked is None or found.state is not Outcome.good:
        return _link_page(token, CodeForm())
    if doorbell.is_same_browser(found):
        return (
            _take(asked, "mail link")
            if asking.use(found, None) is Outcome.good
            else _link_page(token, CodeForm())
        )
    form = CodeForm()
    if not form.validate_on_submit():
        page = _link_page(token, form)
        return (page, 422) if isinstance(page, str) else page
    typed = form.code.data or ""
    outcome = asking.use(found, typed)
    if outcome is Outcome.good:
        return _take(asked, "mail link and code")
    doorbell.say_wrong(doorbell.outcome_in_words(found, typed, outcome))
    return redirect(url_for(".confirm", token=token))


def _ask(event: Event) -> ResponseReturnValue:
    """Plan the mail that asks the owner of the address; the answer is the same for everybody."""
    if not event.is_open:
        flash("This event takes no answers any more.", "warning")
        return redirect(url_for(".show", slug=event.slug))
    form = _offered(form_asking(ComingForm, details.questions(event.id))(), event)
    tag = form.source.data or ""
    if not form.validate_on_submit():
        return _coming_page(event, form, None, tag), 422
    if words := form.why_once_more():
        form.form_errors.append(words)
        return _coming_page(event, form, None, tag), 422
    address = form.address.address
    wish = Wish(
        name=form.name.data or "",
        way=form.chosen_way or event.format.ways[0],
        zone=form.zone.data or "",
        source=tag,
        joins_version=form.joins_version,
        details=form.details,
    )
    doorbell.ring(BELL, address=address.text, slug=event.slug)
    knock = doorbell.knock(address)
    if not form.is_trapped:
        asking.ask(event, address, wish, knock, _settings())
    return redirect(url_for(".check_your_mail"))


def _tell(event: Event) -> ResponseReturnValue:
    """Take a member's seat with what they tell the hosts, or keep what they tell now."""
    me = web.visitor()
    form = _offered(details_form(event.id), event)
    before = queries.answer_of(me, event.id)
    tag = source(request.form.get("source"))
    if not form.validate_on_submit():
        return _coming_page(event, form, before, tag), 422
    way = form.chosen_way
    try:
        rsvp = seats.take_seat(me, event.id, way, tag)
        if way is not None and rsvp.way is not way:
            rsvp = seats.switch(me, event.id, way)
    except seats.EventClosed as closed:
        flash(closed.words, "warning")
        return redirect(url_for(".show", slug=event.slug))
    except seats.NoSeat:
        form.way.errors = ["There is no free seat that way. You keep the one you have."]
        return _coming_page(event, form, before, tag), 422
    details.keep(rsvp, form.details)
    flash(*_told_words(rsvp, before is not None and before.answer is not Answer.cancelled))
    return redirect(url_for(".show", slug=event.slug, _anchor="seat"))


def _take(asked: RsvpAsk, how: str) -> ResponseReturnValue:
    """Take the seat of somebody whose address is confirmed now, and show them their page."""
    event = queries.by_id(asked.event_id)
    address = parse(asked.address)
    try:
        rsvp = asking.confirm(asked, how)
    except seats.EventClosed as closed:
        asking.forget(asked)
        flash(closed.words, "warning")
        return redirect(url_for(".show", slug=event.slug) if event is not None else url_for(".index"))
    doorbell.remember(address)
    flash(*_told_words(rsvp, False))
    return redirect(answer_page(rsvp))


def _link_page(text: str, form: CodeForm) -> ResponseReturnValue:
    token = tokens.find(PURPOSE, text)
    asked = asking.of_token(token) if token is not None else None
    ways = [("See what is coming", url_for(".index"))]
    if token is not None and token.state is Outcome.used:
        words = "It was used before, and it worked: the mail about your seat has the link to your answer."
        return web.problem(410, "This link has done its work", words, ways)
    if token is None or asked is None:
        return web.problem(404, "This link leads nowhere", _NOT_KNOWN, ways)
    planned = web.or_404(queries.whole(None, event_id=asked.event_id))
    if token.state is Outcome.expired or not planned.event.is_open:
        words = "Its time has passed, its code was tried too often, or the event has begun."
        return web.problem(
            410,
            "This link is over",
            words,
            [("See the event", url_for(".show", slug=planned.event.slug)), *ways],
        )
    doorbell.add_what_was_wrong(form)
    return render_template(
        "events/confirm.html",
        planned=planned,
        event=planned.event,
        asked=asked,
        token=text,
        masked=doorbell.masked(asked.address),
        is_same_browser=doorbell.is_same_browser(token),
        form=form,
        consent=consent_texts.of(asked.joins_version) if asked.joins_version else None,
        my_zone=my_zone(),
    )


def _waiting_page(form: CodeForm) -> str:
    doorbell.add_what_was_wrong(form)
    kept = doorbell.rung(BELL)
    return render_template(
        "events/check_your_mail.html",
        form=form,
        typed=kept.get("address", ""),
        slug=kept.get("slug", ""),
        most=_settings().mailbox_hourly_limit,
    )


def _coming_page(event: Event, form: DetailsForm, rsvp: Rsvp | None, tag: str) -> str:
    if isinstance(form, ComingForm):
        form.show_now()
    planned = web.or_404(queries.whole(web.visitor(), event_id=event.id))
    return render_template(
        "events/coming.html",
        planned=planned,
        event=event,
        form=form,
        rsvp=rsvp if rsvp is not None and rsvp.answer is not Answer.cancelled else None,
        tag=tag,
        consent=consent_texts.current(),
        my_zone=my_zone(),
    )


def _offered(form: Any_Form, event: Event) -> Any_Form:
    form.offer(event.format, {way: left_words(event, way) for way in event.format.ways})
    return form


def left_words(event: Event, way: Way) -> str:
    """Say what is free one way, within a sentence."""
    left = event.left(way)
    if not left:
        return "full, with a waitlist"
    return f"{left:,} {'seat' if left == 1 else 'seats'} left"


def _told_words(rsvp: Rsvp, had_answered: bool) -> tuple[str, str]:
    return ("Saved. The hosts see it before the day.", "success") if had_answered else yes_words(rsvp)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["portal"]
    return settings

"""Staff pages for the letters after an event: look at the drafts, make them one's own, send them or not."""

from flask import Blueprint, abort, current_app, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.core import web, words
from portal.events import follow_up_mail, follow_ups, queries
from portal.events.follow_up_forms import DeedForm, FollowUpForm, SendForm
from portal.events.follow_ups import FollowUp, Who
from portal.events.models import Event
from portal.mail.letters import Letter
from portal.mail.render import Rendered, render
from portal.staff.models import Staff
from portal.stories import queries as stories

room = Blueprint("events_follow_ups", __name__, url_prefix="/admin/events/<int:event_id>/follow-ups")

# The letter is shown as a mail reader would show it: its own inline styles and pictures, and nothing that runs.
LETTER_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'; sandbox allow-same-origin"
)


@room.get("")
@web.staff_only("events.host")
def afterwards(event_id: int) -> ResponseReturnValue:
    """Show the letters of an event, drafts first, and for whom there is none yet."""
    event = _hosted(event_id)
    letters = follow_ups.of_event(event_id)
    return render_template(
        "events/admin/afterwards.html",
        event=event,
        letters=[(who, letters.get(who)) for who in Who],
        reach={who: follow_ups.reach(one) for who, one in letters.items() if one.is_draft},
        states={who: follow_ups.states(one) for who, one in letters.items() if one.sent_at},
        not_noted=follow_ups.not_noted(event_id) if event.is_over else 0,
    )


@room.post("")
@web.staff_only("events.host")
def draft(event_id: int) -> ResponseReturnValue:
    """Write the drafts now instead of waiting for the house to do it."""
    _hosted(event_id)
    made = follow_ups.draft(event_id)
    if made:
        flash(
            f"{words.plural(made, 'draft is', 'drafts are')} there. Nothing leaves before you send it.",
            "success",
        )
    else:
        flash(
            "There is nobody yet whom another letter could be for. Note who came on the guest list first.",
            "info",
        )
    return redirect(url_for(".afterwards", event_id=event_id))


@room.route("/<who>", methods=["GET", "POST"])
@web.staff_only("events.host")
def edit(event_id: int, who: str) -> ResponseReturnValue:
    """Change a draft, see it as a letter, and see who gets it."""
    event, found = _letter(event_id, who)
    form = FollowUpForm(obj=found, story=found.story_id or 0)
    form.offer(stories.search("", 100))
    if not form.is_submitted():
        return _page(event, found, form, SendForm())
    if not form.validate():
        return _page(event, found, form, SendForm(formdata=None)), 422
    try:
        follow_ups.keep(found.id, form.words)
    except follow_ups.NotNow as not_now:
        flash(not_now.words, "warning")
    else:
        flash("Saved. This is how it looks now.", "success")
    return redirect(url_for(".edit", event_id=event_id, who=who))


@room.get("/<who>/letter")
@web.staff_only("events.host")
def letter(event_id: int, who: str) -> ResponseReturnValue:
    """The letter itself, for the frame of the page."""
    event, found = _letter(event_id, who)
    html = _written(event, found).html
    base_url = current_app.extensions["portal"].base_url
    response = make_response(html.replace(f'src="{base_url}/pictures/', 'src="/pictures/'))
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@room.post("/<who>/sending")
@web.staff_only("events.host")
def send(event_id: int, who: str) -> ResponseReturnValue:
    """Send a letter to as many people as were typed, once."""
    event, found = _letter(event_id, who)
    form = SendForm()
    if not form.validate_on_submit() or form.typed is None:
        form.number.errors = ["Type the number in digits."]
        return _page(event, found, None, form), 422
    try:
        sent = follow_ups.send(found.id, form.typed, _me())
    except follow_ups.AnotherNumber as another:
        form.number.errors = [f"{another.number:,} people get it, not {form.typed:,}. Please look again."]
        return _page(event, found, None, form), 422
    except follow_ups.NotNow as not_now:
        flash(not_now.words, "warning")
    else:
        flash(f"On its way to {words.plural(sent, 'person', 'people')}.", "success")
    return redirect(url_for(".afterwards", event_id=event_id))


@room.post("/<who>/discard")
@web.staff_only("events.host")
def discard(event_id: int, who: str) -> ResponseReturnValue:
    """Put a draft aside, or take it back out."""
    _event, found = _letter(event_id, who)
    form = DeedForm()
    if not form.validate_on_submit():
        abort(422)
    is_back = form.deed.data == "restore"
    try:
        follow_ups.put_aside(found.id, is_back=is_back)
    except follow_ups.NotNow as not_now:
        flash(not_now.words, "warning")
    else:
        flash(
            "It is a draft again." if is_back else "Discarded. Nobody gets it; you can take it back out.",
            "success",
        )
    return redirect(url_for(".afterwards", event_id=event_id))


def _page(event: Event, found: FollowUp, form: FollowUpForm | None, send_form: SendForm) -> str:
    if form is None:
        form = FollowUpForm(formdata=None, obj=found, story=found.story_id or 0)
        form.offer(stories.search("", 100))
    return render_template(
        "events/admin/follow_up.html",
        event=event,
        found=found,
        form=form,
        send_form=send_form,
        reach=follow_ups.reach(found),
        written=_written(event, found),
        host=web.or_404(queries.whole(None, event_id=event.id)).host,
    )


def _written(event: Event, found: FollowUp) -> Rendered:
    """The letter as it would read if it went to whoever looks."""
    planned = web.or_404(queries.whole(None, event_id=event.id))
    context = follow_up_mail.context(found, planned, _me().name, invites=found.who is Who.guest)
    shown = Letter(follow_ups.LETTER, context)
    return render(shown.template, shown.context, current_app.jinja_env)


def _letter(event_id: int, who: str) -> tuple[Event, FollowUp]:
    event = _hosted(event_id)
    found = follow_ups.of_event(event_id).get(Who(who)) if who in set(Who) else None
    return event, web.or_404(found)


def _me() -> Staff:
    person: Staff = web.visitor()
    return person


def _hosted(event_id: int) -> Event:
    """The event, for those who run all events or host this one."""
    event = web.or_404(queries.by_id(event_id))
    me = _me()
    if not (me.may("events.edit") or (me.may("events.host") and event.host_id == me.id)):
        abort(403, "Somebody else hosts this event, so its letters are theirs.")
    return event

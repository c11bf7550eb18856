"""More pages of this room: one's own calendar, when to be reminded, and the way into a room online."""

from flask import abort, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import web
from portal.events import feeds, queries, reminders, ways_in
from portal.events.calendar import Method
from portal.events.models import Rsvp
from portal.events.personal_forms import FeedForm, ReminderForm
from portal.events.reminders import Lead
from portal.events.views import room


@room.get("/calendar/<token>.ics")
def feed(token: str) -> ResponseReturnValue:
    """Give somebody's calendar to whoever knows its address; a reader that has this edition is told so."""
    member = web.or_404(feeds.owner(token))
    brand = current_app.jinja_env.globals["brand"]
    found = feeds.content(member, f"My events at {brand.name}")  # type: ignore[attr-defined]
    response = make_response(found.text)
    response.headers["Content-Type"] = Method.publish.content_type
    response.headers["Content-Disposition"] = 'inline; filename="my-events.ics"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(found.mark)
    return response.make_conditional(request)


@room.post("/me/events/calendar")
@web.members_only
def renew_feed() -> ResponseReturnValue:
    """Give me a new address for my calendar, or stop it; the one before stops at once."""
    form = FeedForm()
    if not form.validate_on_submit():
        abort(422)
    if form.deed.data == "close":
        feeds.close(web.visitor())
        flash("Your calendar address is stopped. Nobody can read it any more.", "success")
    else:
        feeds.renew(web.visitor())
        flash("This is the address of your calendar. One you had before does not work any more.", "success")
    return redirect(url_for(".mine", _anchor="calendar"))


@room.post("/events/<slug>/reminder")
@web.members_only
def remind(slug: str) -> ResponseReturnValue:
    """Choose when to be reminded of an event I have a seat at, or wait for one."""
    planned = web.or_404(queries.whole(web.visitor(), slug))
    form = ReminderForm()
    if planned.rsvp is None or not form.validate_on_submit():
        abort(422)
    say_when(planned.rsvp, Lead(str(form.lead.data)))
    return redirect(url_for(".show", slug=slug, _anchor="seat"))


@room.get("/way-in/<token>")
def way_in(token: str) -> ResponseReturnValue:
    """Show the room online to somebody with a seat there, from a quarter of an hour before it begins."""
    rsvp = web.or_404(ways_in.rsvp_of(token))
    person = queries.person_of(rsvp)
    if person is None:
        abort(404)
    planned = web.or_404(queries.whole(person, event_id=rsvp.event_id))
    return render_template(
        "events/way_in.html",
        event=planned.event,
        host=planned.host,
        door=ways_in.door(planned.event, rsvp),
        opens=ways_in.opens_at(planned.event),
        zone=person.zone or None,
    )


def say_when(rsvp: Rsvp, lead: Lead) -> None:
    """Keep when somebody wants to be reminded, and say so."""
    reminders.choose(rsvp, lead)
    if lead is Lead.none:
        flash("We will not remind you of this event.", "success")
    else:
        flash(f"We will remind you {lead.words[0].lower()}{lead.words[1:]} it begins.", "success")


def my_calendar_address() -> str:
    """Return the address of the calendar of whoever looks, "" when they have none."""
    me = web.visitor()
    found = feeds.of(me) if me.kind == "member" else None
    return feeds.address(found) if found is not None else ""


room.add_app_template_global(my_calendar_address, "my_calendar_address")
room.add_app_template_global(ways_in.address, "way_in_address")
room.add_app_template_global(reminders.of, "reminder_of")
room.add_app_template_global(lambda: tuple(Lead), "reminder_leads")

"""Events as candidates meet them: find one, answer, and see one's own."""

from datetime import datetime

from flask import Blueprint, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from portal.core import clock, web, words
from portal.core.pages import FRESH_SECONDS, for_everybody
from portal.core.settings import Settings
from portal.events import calendar, card, chances, company, queries, ways_in, windows
from portal.events.calendar import Links, Method, Person
from portal.events.forms import WishForm
from portal.events.guest_forms import source
from portal.events.models import EventState, Format
from portal.events.queries import Planned, Wish
from portal.preferences import queries as preferences
from portal.stories import fits

room = Blueprint("events", __name__)


@room.get("/events")
def index() -> ResponseReturnValue:
    """List coming events, or those that were, as narrowly as somebody wishes."""
    interests, settings = fits.interests(), _settings()
    places = preferences.all_places()
    form = WishForm(request.args)
    form.offer(interests.active, places, settings.zone)
    month = form.month_bounds(settings.zone)
    wish = Wish(
        interest=interests.named(form.about.data),
        place=next((one for one in places if one.slug == form.place.data), None),
        format=Format(form.format.data) if form.format.data in set(Format) else None,
        begins=month[0] if month else None,
        ends=month[1] if month else None,
    )
    is_past = request.args.get("when") == "past"
    cursor = request.args.get("page")
    if is_past:
        page, before = queries.past(interests, cursor=cursor), []
    else:
        page = queries.listing(web.visitor(), interests, wish, cursor)
        wants_past = wish.is_any and cursor is None
        before = list(queries.past(interests, size=3).rows) if wants_past else []
    return for_everybody(
        render_template(
            "events/index.html",
            page=page,
            before=before,
            form=form,
            wish=wish,
            is_past=is_past,
            my_zone=my_zone(),
            kept={name: value for name, value in request.args.items() if name != "page"},
        )
    )


@room.get("/events/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """Show an event: when, where, who, and whether there is a seat."""
    planned = web.or_404(queries.whole(web.visitor(), slug))
    web.or_404(planned.event.state is not EventState.draft or None)
    return for_everybody(show_page(planned))


@room.get("/events/<slug>/card.png")
def share_card(slug: str) -> ResponseReturnValue:
    """Draw the picture that stands beside a shared link."""
    event = web.or_404(queries.published(slug))
    response = make_response(card.picture(event, str(_settings().brand_name)))
    response.headers["Content-Type"] = "image/png"
    return web.cacheable(response, FRESH_SECONDS)


@room.get("/events/<slug>.ics", endpoint="calendar")
def calendar_file(slug: str) -> ResponseReturnValue:
    """Give the event as a calendar file; the link to join only to those with a seat."""
    planned = web.or_404(queries.whole(web.visitor(), slug))
    web.or_404(planned.event.state is not EventState.draft or None)
    settings = _settings()
    content = calendar.write(
        planned,
        Method.publish,
        Links(web.link("events.show", slug=slug), ways_in.address(planned.rsvp)),
        organizer=Person(planned.host.name, settings.sender_address),
    )
    response = make_response(content)
    response.headers["Content-Type"] = Method.publish.content_type
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.ics"'
    if web.visitor().kind == "stranger":
        web.cacheable(response, FRESH_SECONDS)
    return response


@room.get("/me/events")
@web.members_only
def mine() -> ResponseReturnValue:
    """Show where I have a seat, where I wait, and where I was."""
    answered = queries.answered(web.visitor())
    moment = clock.now()
    coming = [one for one in reversed(answered) if one.event.ends_at > moment]
    return render_template(
        "events/mine.html",
        seats=[one for one in coming if one.has_seat],
        waiting=[one for one in coming if one.is_waiting or one.is_offered],
        others=[one for one in coming if not (one.has_seat or one.is_waiting or one.is_offered)],
        past=[one for one in answered if one.event.ends_at <= moment and one.has_seat],
    )


def show_page(planned: Planned) -> str:
    """Return the page of an event as its reader sees it."""
    event, there = planned.event, company.of(planned.event)
    return render_template(
        "events/show.html",
        planned=planned,
        event=event,
        team=there.team,
        names=there.names if planned.has_seat else [],
        asks=there.asks,
        way_in=ways_in.address(planned.rsvp),
        tag=source(request.args.get("from")),
        chance=chances.in_words(planned) if event.is_open else "",
        is_preview=False,
        my_zone=my_zone(),
    )


def my_zone() -> str | None:
    """Return the zone the reader told us; None when we do not know it."""
    return getattr(web.visitor(), "zone", "") or None


def _settings() -> Settings:
    settings: Settings = current_app.extensions["portal"]
    return settings


def seats_words(planned: Planned) -> str:
    """Say how many seats are left, as lists and pages do."""
    event = planned.event
    if event.is_called_off:
        return "Called off"
    if event.is_over:
        return "It is over"
    if not event.is_open:
        return "It has begun"
    if event.seats_left and not planned.waiting:
        few = f"Only {words.plural(event.seats_left, 'seat', 'seats')} left"
        return few if event.seats_left <= 5 else words.plural(event.seats_left, "seat", "seats") + " left"
    return "Full, with a waitlist"


def time_left(until: datetime) -> str:
    """Say how long is left until then: "5 hours", "40 minutes"."""
    minutes = max(1, round((until - clock.now()).total_seconds() / 60))
    if minutes < 90:
        return words.plural(minutes, "minute", "minutes")
    hours = round(minutes / 60)
    return (
        words.plural(hours, "hour", "hours") if hours < 48 else words.plural(round(hours / 24), "day", "days")
    )


def offer_rule() -> str:
    """Say by which rule seats are offered to those who wait."""
    return windows.RULE


room.add_app_template_global(seats_words, "seats_words")
room.add_app_template_global(time_left, "time_left")
room.add_app_template_global(offer_rule, "offer_rule")

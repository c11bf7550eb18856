"""Events as staff run them: write, publish, change, call off, and meet the guests."""

from datetime import datetime

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from wtforms import Field

from portal.core import edits, web, words
from portal.events import actions, company, queries
from portal.events.forms import CallOffForm, EventForm
from portal.events.models import Answer, Event, Format
from portal.events.moving import Ahead
from portal.preferences import queries as preferences
from portal.staff import queries as staff
from portal.staff.models import Staff
from portal.stories import fits, pictures
from portal.stories.forms import settings_note

room = Blueprint("events_admin", __name__, url_prefix="/admin/events")

VIEWS = (("", "Coming"), ("drafts", "Drafts"), ("past", "Past"), ("called-off", "Called off"))


@room.get("")
@web.staff_only("events.see")
def index() -> ResponseReturnValue:
    """List events."""
    when = request.args.get("when", "")
    when = when if when in dict(VIEWS) else ""
    page = queries.desk(when, cursor=request.args.get("page"))
    return render_template(
        "events/admin/index.html", page=page, when=when, views=VIEWS, may_see_guests=may_see_guests
    )


@room.route("/new", methods=["GET", "POST"])
@web.staff_only("events.edit")
def create() -> ResponseReturnValue:
    """Write a new event."""
    person = me()
    form = _offered(
        EventForm(host=person.id, zone=person.zone or current_app.extensions["portal"].company_zone)
    )
    if not form.is_submitted():
        return _page(form, None)
    draft = _draft(form, None)
    if draft is None:
        return _page(form, None), 422
    try:
        event = actions.create(draft)
    except actions.SlugTaken:
        return _slug_taken(form, None)
    flash(
        " ".join(filter(None, ["Kept as a draft. Nobody outside sees it yet.", form.happens_twice()])),
        "success",
    )
    return redirect(url_for(".edit", event_id=event.id))


@room.route("/<int:event_id>/edit", methods=["GET", "POST"])
@web.staff_only("events.edit")
def edit(event_id: int) -> ResponseReturnValue:
    """Change an event; those with a seat are told when it matters to them."""
    event = web.or_404(queries.by_id(event_id))
    if request.method == "GET":
        return _page(_stored(event), event)
    form = _offered(EventForm())
    draft = _draft(form, event)
    if draft is None:
        return _page(form, event), 422
    ahead = actions.look_ahead(event, draft)
    if ahead.mails and request.form.get("tell") != str(ahead.mails):
        return _page(form, event, ahead=ahead, before=_stored(event)), 422
    try:
        saved = actions.save(event_id, draft, form.seen.data or "")
    except edits.SavedMeanwhile:
        stored = _stored(event)
        form.seen.data = stored.seen.data
        return _page(form, event, edits.differences(form, stored)), 409
    except actions.SlugTaken:
        return _slug_taken(form, event)
    except actions.NotReady as not_ready:
        form.form_errors = ["It is published, so it cannot be without this.", *not_ready.reasons]
        return _page(form, event), 422
    flash(_saved_words(saved, form.happens_twice()), "success")
    return redirect(url_for(".edit", event_id=event_id))


@room.get("/<int:event_id>/preview")
@web.staff_only("events.see")
def preview(event_id: int) -> ResponseReturnValue:
    """Show the event just as the world would see it."""
    planned = web.or_404(queries.whole(None, event_id=event_id))
    return render_template(
        "events/show.html",
        planned=planned,
        event=planned.event,
        team=company.team(planned.event),
        names=[],
        asks=False,
        way_in="",
        tag="",
        chance="",
        is_preview=True,
        my_zone=None,
        missing=actions.missing(planned.event),
    )


@room.post("/<int:event_id>/publish")
@web.staff_only("events.edit")
def publish(event_id: int) -> ResponseReturnValue:
    """Show an event to the world."""
    event = web.or_404(queries.by_id(event_id))
    try:
        actions.publish(event_id)
    except actions.NotReady as not_ready:
        return _refused(event, "It cannot be published yet.", not_ready)
    flash("Published. Members can take seats now.", "success")
    return redirect(url_for(".edit", event_id=event_id))


@room.post("/<int:event_id>/unpublish")
@web.staff_only("events.edit")
def unpublish(event_id: int) -> ResponseReturnValue:
    """Take an event that nobody answered back to a draft."""
    event = web.or_404(queries.by_id(event_id))
    try:
        actions.unpublish(event_id)
    except actions.NotReady as not_ready:
        return _refused(event, "It stays published.", not_ready)
    flash("It is a draft again. Nobody outside sees it.", "success")
    return redirect(url_for(".edit", event_id=event_id))


@room.route("/<int:event_id>/call-off", methods=["GET", "POST"])
@web.staff_only("events.edit")
def call_off(event_id: int) -> ResponseReturnValue:
    """Call an event off: who will be told stands on the page, and their number is typed."""
    event = web.or_404(queries.by_id(event_id))
    counts = queries.counts(event_id)
    told = counts[Answer.seat] + counts[Answer.offered] + counts[Answer.waiting]
    form = CallOffForm()
    answer = {"form": form, "event": event, "counts": counts, "told": told}
    if not form.is_submitted():
        return render_template("events/admin/call_off.html", **answer)
    is_fine = form.validate()
    if (form.typed.data or "").replace(",", "") != str(told):
        form.typed.errors = [*form.typed.errors, f"Please type {told}: so many people will be told."]
        is_fine = False
    if not is_fine:
        return render_template("events/admin/call_off.html", **answer), 422
    try:
        told = actions.call_off(event_id, form.why.data or "")
    except actions.NotReady as not_ready:
        form.form_errors = not_ready.reasons
        return render_template("events/admin/call_off.html", **answer), 422
    flash(f"Called off. {words.plural(told, 'person is', 'people are')} being told.", "success")
    return redirect(url_for(".index", when="called-off"))


@room.post("/<int:event_id>/duplicate")
@web.staff_only("events.edit")
def duplicate(event_id: int) -> ResponseReturnValue:
    """Keep a copy as a draft."""
    web.or_404(queries.by_id(event_id))
    copy = actions.duplicate(event_id)
    flash(
        "A copy, kept as a draft. Please look at its date, and give it a link to join if it needs one.",
        "success",
    )
    return redirect(url_for(".edit", event_id=copy.id))


def me() -> Staff:
    """Return who is signed in."""
    person: Staff = web.visitor()
    return person


def may_see_guests(event: Event) -> bool:
    """Whether this person may meet the guests: they run all events, or are a host of this one."""
    person = me()
    return person.may("events.edit") or (person.may("events.host") and company.hosts(event, person.id))


def hosted(event_id: int) -> Event:
    """Return the event if this person may meet its guests."""
    event = web.or_404(queries.by_id(event_id))
    if not may_see_guests(event):
        abort(403, "Somebody else hosts this event, so its guest list is theirs.")
    return event


def _offered(form: EventForm) -> EventForm:
    form.offer(fits.interests().active, preferences.all_places(), staff.working())
    return form


def _stored(event: Event) -> EventForm:
    """Return the form as the event is stored, its times on the clock of its own zone."""
    zone = words.zone(event.zone)
    form = EventForm(
        formdata=None,
        obj=event,
        host=event.host_id,
        place=event.place_id or 0,
        interests=queries.interest_ids(event.id),
        starts=event.starts_at.astimezone(zone).replace(tzinfo=None),
        ends=event.ends_at.astimezone(zone).replace(tzinfo=None),
        seen=edits.mark(event),
    )
    form.format.data = event.format.value
    form.capacity.data = event.capacity_in_person
    return _offered(form)


def _draft(form: EventForm, event: Event | None) -> actions.Draft | None:
    """Return what was typed, or None when the form has mistakes. A picture that came with it is kept either way."""
    is_fine = form.validate_on_submit()
    if form.upload.data and not form.without_picture.data:
        try:
            form.picture.data = pictures.store(form.upload.data.stream)
        except pictures.NotAPicture as refused:
            form.upload.errors = [refused.words]
            return None
    picture = form.picture.data or ""
    if picture and not pictures.keep(picture):
        form.picture.data = picture = ""
    starts, ends = form.moments()
    if not is_fine or starts is None or ends is None:
        return None
    return actions.Draft(
        title=form.title.data or "",
        slug=form.slug.data or (event.slug if event else ""),
        summary=form.summary.data or "",
        description=form.description.data or "",
        format=Format(form.format.data),
        place_id=form.place.data or None,
        venue=form.venue.data or "",
        join_url=form.join_url.data or "",
        zone=form.zone.data,
        starts_at=starts,
        ends_at=ends,
        **form.capacities(),
        host_id=form.host.data,
        interest_ids=tuple(form.interests.data or ()),
        picture=picture,
        picture_alt=form.picture_alt.data or "",
        outcome=form.outcome.data or "",
    )


def _slug_taken(form: EventForm, event: Event | None) -> ResponseReturnValue:
    form.slug.errors = ["Another event has this address already."]
    return _page(form, event), 422


def _refused(event: Event, opening: str, not_ready: actions.NotReady) -> ResponseReturnValue:
    form = _stored(event)
    form.form_errors = [opening, *not_ready.reasons]
    return _page(form, event), 422


def _saved_words(saved: actions.Saved, remark: str) -> str:
    parts = ["Saved."]
    if saved.told:
        parts.append(f"{words.plural(saved.told, 'guest is', 'guests are')} being told what changed.")
    if saved.promoted:
        offered = words.plural(saved.promoted, "person in the waitlist is", "people in the waitlist are")
        parts.append(f"{offered} offered a seat.")
    return " ".join([*parts, remark]).strip()


def _moves(form: EventForm, before: EventForm) -> list[tuple[str, str, str]]:
    """Return what a guest must know to be there, as it stands and as it would: (what, before, after)."""
    names = ("starts", "ends", "zone", "format", "place", "venue", "join_url")
    pairs = [(form[name].label.text, _shown(before[name]), _shown(form[name])) for name in names]
    return [(what, old, new) for what, old, new in pairs if old != new]


def _shown(field: Field) -> str:
    """Return a field's value as a person reads it."""
    if hasattr(field, "iter_choices"):
        return next((str(text) for _value, text, is_chosen, *_ in field.iter_choices() if is_chosen), "")
    return f"{field.data:%d.%m.%Y %H:%M}" if isinstance(field.data, datetime) else str(field.data or "-")


def _page(
    form: EventForm,
    event: Event | None,
    conflict: list[edits.Difference] | None = None,
    ahead: Ahead | None = None,
    before: EventForm | None = None,
) -> str:
    """Return the form; `ahead` is what saving it would mean for people, to be looked at first."""
    return render_template(
        "events/admin/edit.html",
        form=form,
        event=event,
        conflict=conflict,
        ahead=ahead,
        moves=_moves(form, before) if before is not None else [],
        counts=queries.counts(event.id) if event else None,
        missing=actions.missing(event) if event else [],
        upload_hint=settings_note(current_app.extensions["portal"]),
        accept=pictures.ACCEPT,
    )

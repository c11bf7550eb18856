"""The day at the door: a list for the phone, walk-ins, and a sheet for the wall by which guests check themselves in."""

import segno
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import web, words
from portal.core.limits import limiter
from portal.events import guest_list, queries, the_day
from portal.events.admin import hosted
from portal.events.admin import room as desk
from portal.events.guest_forms import ArrivalForm, WalkInForm
from portal.events.models import Event, EventState, Way
from portal.events.views import my_zone, room


@desk.get("/<int:event_id>/door")
@web.staff_only("events.host")
def door(event_id: int) -> ResponseReturnValue:
    """List who has a seat, to be tapped as they come; `q` narrows it by name."""
    event = hosted(event_id)
    return _door_page(event, WalkInForm())


@desk.post("/<int:event_id>/door")
@web.staff_only("events.host")
def note_arrival(event_id: int) -> ResponseReturnValue:
    """Note one arrival, or take it back: the button says whose."""
    event = hosted(event_id)
    deed, _, number = request.form.get("deed", "").partition(":")
    if not number.isdecimal() or deed not in {"came", "undo"}:
        abort(422)
    if not the_day.may_note(event):
        flash("The list opens two hours before the event.", "warning")
        return redirect(url_for(".door", event_id=event_id))
    if deed == "came":
        if not the_day.arrive(event_id, int(number)):
            abort(404)
        return redirect(url_for(".door", event_id=event_id, last=number))
    the_day.undo(event_id, int(number))
    flash("Taken back.", "success")
    return redirect(url_for(".door", event_id=event_id))


@desk.post("/<int:event_id>/door/walk-in")
@web.staff_only("events.host")
def walk_in(event_id: int) -> ResponseReturnValue:
    """Let somebody in who has no seat; with an address they are known, without one they are counted."""
    event, form = hosted(event_id), WalkInForm()
    if not the_day.may_note(event):
        flash("The list opens two hours before the event.", "warning")
        return redirect(url_for(".door", event_id=event_id))
    if not form.validate_on_submit():
        return _door_page(event, form), 422
    address = form.address.address if form.address.data else None
    rsvp = the_day.walk_in(event, form.name.data or "", address)
    return redirect(url_for(".door", event_id=event_id, last=rsvp.id))


@desk.get("/<int:event_id>/wall")
@web.staff_only("events.host")
def wall(event_id: int) -> ResponseReturnValue:
    """A sheet to print: the code, and the same as a QR that opens the page with the code in it."""
    event = hosted(event_id)
    code = the_day.code(event)
    link = web.with_query(web.link("events.here", slug=event.slug), code=code)
    drawing = segno.make(link, error="m", boost_error=False)
    return render_template(
        "events/admin/wall.html",
        event=event,
        code=code,
        address=web.link("events.here", slug=event.slug),
        drawing=drawing.svg_data_uri(scale=8, border=3, dark="#1d2b1f", light="#fff"),
    )


@room.get("/events/<slug>/here")
def here(slug: str) -> ResponseReturnValue:
    """Ask for the code on the wall, and who it is from those who are not signed in. Opening it checks nobody in."""
    event = web.or_404(queries.published(slug))
    form = ArrivalForm(formdata=None, code=words.clean(request.args.get("code", ""))[:20])
    return _here_page(event, form)


@room.post("/events/<slug>/here")
@limiter.limit("30 per minute; 200 per hour", exempt_when=lambda: web.visitor().kind != "stranger")
def check_in(slug: str) -> ResponseReturnValue:
    """Check myself in. To strangers the answer is the same whether that address has a seat or not."""
    event, form, me = web.or_404(queries.published(slug)), ArrivalForm(), web.visitor()
    if not the_day.is_open(event):
        return _here_page(event, form), 422
    is_fine = form.validate_on_submit()
    if is_fine and not the_day.is_the_code(event, form.code.data or ""):
        form.code.errors = ["That is not the code on the wall. It has six signs."]
        is_fine = False
    if me.kind == "stranger" and not form.address.data and not form.address.errors:
        form.address.errors = ["Please type the address you answered with."]
        is_fine = False
    if not is_fine:
        return _here_page(event, form), 422
    member = me if me.kind == "member" else None
    has_seat = the_day.check_in(event, member, form.address.address if form.address.data else None)
    if member is None:
        flash("Thank you. If that address has a seat, its owner is checked in now.", "success")
    elif has_seat:
        flash(f"Welcome, {member.called}. You are checked in.", "success")
    else:
        flash("You have no seat in your name here. The hosts at the door can let you in.", "warning")
    return redirect(url_for(".here", slug=slug, done=1))


def _door_page(event: Event, form: WalkInForm) -> str:
    typed = words.clean(request.args.get("q", ""))[:80]
    listed = guest_list.at_the_door(event.id, typed)
    last = request.args.get("last", "")
    return render_template(
        "events/admin/door.html",
        event=event,
        typed=typed,
        coming=[one for one in listed if one.rsvp.attended is not True],
        arrived=[one for one in listed if one.rsvp.attended is True],
        counts=guest_list.counts(event.id, Way.in_person),
        last=guest_list.one(int(last), event.id) if last.isdecimal() and len(last) < 12 else None,
        form=form,
        may_note=the_day.may_note(event),
        opens=event.starts_at - the_day.OPENS_BEFORE,
    )


def _here_page(event: Event, form: ArrivalForm) -> str:
    if event.state is not EventState.published:
        abort(404)
    return render_template(
        "events/here.html",
        event=event,
        form=form,
        is_open=the_day.is_open(event),
        is_done=request.args.get("done") == "1",
        opens=event.starts_at - the_day.OPENS_BEFORE / 2,
        my_zone=my_zone(),
    )

"""Writing to the guests of an event: to a part of the list, looked at first, sent to a number typed by hand."""

import secrets

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import web, words
from portal.events import messages
from portal.events.admin import hosted, me, room
from portal.events.guest_list import Filter, Standing
from portal.events.messages import Words
from portal.events.models import Event, Way
from portal.events.question_forms import MessageForm


@room.route("/<int:event_id>/message", methods=["GET", "POST"])
@web.staff_only("events.host")
def message(event_id: int) -> ResponseReturnValue:
    """Write to those with a seat, who wait, who came, who did not: whoever the list shows."""
    event, to = hosted(event_id), _to()
    form = MessageForm()
    if not form.is_submitted():
        form.once.data = secrets.token_hex(16)
        return _page(event, to, form)
    is_fine = form.validate()
    number = (form.typed.data or "").replace(",", "")
    if not is_fine or request.form.get("deed") == "look":
        return _page(event, to, form, is_looked_at=is_fine), 422
    if not number.isdecimal():
        form.typed.errors = ["Please type the number of people, in digits."]
        return _page(event, to, form, is_looked_at=True), 422
    written = Words(form.subject.data or "", form.text.data or "")
    try:
        told = messages.send(event, to, written, me(), int(number), form.once.data or secrets.token_hex(16))
    except messages.AnotherNumber as another:
        form.typed.errors = [
            f"It is for {words.plural(another.number, 'person', 'people')} now. Please look again."
        ]
        return _page(event, to, form, is_looked_at=True), 422
    flash(
        f"On its way to {words.plural(told, 'person', 'people')}." if told else "It was sent already.",
        "success",
    )
    return redirect(url_for(".message", event_id=event_id))


def _to() -> Filter:
    standing, way = request.args.get("standing", ""), request.args.get("way", "")
    return Filter(
        Standing(standing) if standing in set(Standing) else Standing.seat,
        Way(way) if way in set(Way) else None,
    )


def _page(event: Event, to: Filter, form: MessageForm, is_looked_at: bool = False) -> str:
    way = to.way.value if to.way else None
    return render_template(
        "events/admin/message.html",
        event=event,
        to=to,
        form=form,
        is_looked_at=is_looked_at,
        people=messages.count(event.id, to),
        standings=list(Standing),
        sent=messages.sent(event.id),
        here=url_for(".message", event_id=event.id, standing=to.standing.value or None, way=way),
    )

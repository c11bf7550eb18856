"""One's own answer: taken, changed and given back, by members on the event's page and by guests through their link.

The link of a guest is sealed: it names one answer, opens nothing else, and shows no address. Looking changes nothing.
"""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.core import tokens, web
from portal.core.limits import limiter
from portal.events import asking, chances, details, guest_list, queries, seats, the_day, ways_in
from portal.events.forms import RsvpForm
from portal.events.guest_forms import DetailsForm
from portal.events.guest_forms import asking as form_asking
from portal.events.models import Answer, Event, EventGuest, EventState, Rsvp, Way
from portal.events.personal import say_when
from portal.events.personal_forms import ReminderForm
from portal.events.queries import Planned
from portal.events.reminders import Lead
from portal.events.views import my_zone, room
from portal.members.models import Member

PURPOSE = "answer"
_GONE = (
    "This link belongs to an answer that is not there any more. It was removed some time after the event, "
    "or at once when its owner asked for that."
)

_WAITING = (
    "All seats are taken, so you are in the waitlist. If one comes free and it is your turn, we hold it for you "
    "and write at once."
)


def answer_page(rsvp: Rsvp) -> str:
    """Return where somebody sees and changes this answer without signing in."""
    return url_for("events.answer", token=tokens.seal(PURPOSE, rsvp.id))


@room.get("/seat/<string:token>")
def answer(token: str) -> ResponseReturnValue:
    """Show a guest how their answer stands, and every way to change it."""
    rsvp, person = _theirs(token)
    return _page(token, rsvp, person)


@room.post("/seat/<string:token>")
@limiter.limit("120 per minute")
def change(token: str) -> ResponseReturnValue:
    """Take an offer, switch, come after all, or give the seat back: one tap each."""
    rsvp, person = _theirs(token)
    form = RsvpForm()
    if not form.validate_on_submit():
        flash("Please use one of the buttons.", "warning")
        return _page(token, rsvp, person), 422
    act(person, rsvp.event_id, form)
    return redirect(url_for(".answer", token=token))


@room.post("/seat/<string:token>/details")
@limiter.limit("120 per minute")
def change_details(token: str) -> ResponseReturnValue:
    """Keep what a guest tells us for the day."""
    rsvp, person = _theirs(token)
    form = details_form(rsvp.event_id)
    del form.way
    if not form.validate_on_submit():
        return _page(token, rsvp, person, form), 422
    details.keep(rsvp, form.details)
    flash("Saved. The hosts see it before the day.", "success")
    return redirect(url_for(".answer", token=token))


@room.post("/seat/<string:token>/reminder")
@limiter.limit("120 per minute")
def remind_guest(token: str) -> ResponseReturnValue:
    """Choose when a guest is reminded."""
    rsvp, _person = _theirs(token)
    form = ReminderForm()
    if not form.validate_on_submit():
        abort(422)
    say_when(rsvp, Lead(form.lead.data or ""))
    return redirect(url_for(".answer", token=token))


@room.post("/seat/<string:token>/forget")
@limiter.limit("120 per minute")
def forget(token: str) -> ResponseReturnValue:
    """Erase a guest at once; a seat goes to whoever has waited longest."""
    _rsvp, person = _theirs(token)
    if not isinstance(person, EventGuest):
        flash("You are a member: your data page is where everything can be taken along and erased.", "info")
        return redirect(url_for("members.data"))
    asking.forget_guest(person)
    return render_template("events/_forgotten.html")


def act(person: Member | EventGuest, event_id: int, form: RsvpForm, source: str = "") -> None:
    """Do what one of the buttons says, and say in plain words what came of it."""
    way = Way(form.way.data) if form.way.data in set(Way) else None
    try:
        match form.answer.data:
            case "yes":
                flash(*yes_words(seats.take_seat(person, event_id, way, source)))
            case "accept":
                flash(*yes_words(seats.accept(person, event_id)))
            case "switch" if way is not None:
                rsvp = seats.switch(person, event_id, way)
                flash(*_switched_words(rsvp))
            case _:
                flash(*_no_words(seats.give_up(person, event_id)))
    except seats.EventClosed as closed:
        flash(closed.words, "warning")
    except seats.OfferOver:
        flash("The time of that offer is over, and the seat has gone on. You can ask again.", "warning")
    except seats.NoSeat:
        flash("There is no free seat that way. You keep the one you have.", "warning")
    except LookupError:
        flash("You have no seat to switch. Take one first.", "warning")


def details_form(event_id: int) -> DetailsForm:
    """Return the form with the questions of that event."""
    return form_asking(DetailsForm, details.questions(event_id))()


def _theirs(token: str) -> tuple[Rsvp, Member | EventGuest]:
    """Return whose answer the link names."""
    rsvp = guest_list.by_id(tokens.unseal(PURPOSE, token) or 0)
    person = queries.person_of(rsvp) if rsvp is not None else None
    if rsvp is None or person is None:
        web.gone(_GONE, [("See what is coming", url_for(".index"))])
    return rsvp, person


def _page(token: str, rsvp: Rsvp, person: Member | EventGuest, form: DetailsForm | None = None) -> str:
    planned: Planned = web.or_404(queries.whole(person, event_id=rsvp.event_id))
    event: Event = planned.event
    if event.state is EventState.draft:
        web.gone("This event is being changed. We write to you when it is settled.", [])
    tells = event.is_open and rsvp.answer is not Answer.cancelled
    if form is None and tells:
        form = details_form(event.id)
        del form.way
        form.show(details.of(rsvp))
    return render_template(
        "events/answer.html",
        planned=planned,
        event=event,
        token=token,
        person=person,
        form=form if tells else None,
        is_guest=isinstance(person, EventGuest),
        my_zone=person.zone or my_zone(),
        way_in=ways_in.address(rsvp),
        chance=chances.in_words(planned) if event.is_open else "",
        may_check_in=the_day.is_open(event),
    )


def yes_words(rsvp: Rsvp) -> tuple[str, str]:
    """Say what a yes led to, and in which tone."""
    if rsvp.answer is Answer.offered:
        return "A seat is held for you. Please say whether you want it.", "info"
    if rsvp.answer is Answer.seat:
        return (
            "You have a seat. A mail with the date, the place and a calendar file is on its way.",
            "success",
        )
    return _WAITING, "info"


def _switched_words(rsvp: Rsvp) -> tuple[str, str]:
    if rsvp.answer is Answer.seat:
        return f"Changed: you come {rsvp.way.words}. A mail with the new details is on its way.", "success"
    return f"Changed: you are in the waitlist to come {rsvp.way.words}.", "info"


def _no_words(rsvp: Rsvp | None) -> tuple[str, str]:
    if rsvp is None:
        return "That is fine. Nothing was reserved for you.", "info"
    return "Thank you for saying so. Somebody else can have your place now.", "success"

"""Staff pages for inviting to an event: write, see who gets it and who does not, send once, ask once more."""

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from portal.core import web
from portal.core.settings import Settings
from portal.events import queries as events
from portal.events.queries import Planned
from portal.invitations import actions, mail, queries
from portal.invitations.forms import EVERYBODY, InvitationForm, NumberForm, PressForm
from portal.invitations.models import Invitation
from portal.mail import queries as ledger
from portal.mail.render import Rendered
from portal.segments import rules
from portal.staff.models import Staff

room = Blueprint("invitations", __name__, url_prefix="/admin/events/<int:event_id>/invitations")

# The letter is shown as a mail reader would show it: its own inline styles and pictures, and nothing that runs.
LETTER_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'; sandbox allow-same-origin"
)


@room.route("", methods=["GET", "POST"])
@web.staff_only("events.edit")
def index(event_id: int) -> ResponseReturnValue:
    """List the invitations to an event, and write another."""
    event = web.or_404(events.by_id(event_id))
    form = InvitationForm()
    form.offer(queries.choices())
    status = 200
    if form.is_submitted():
        if form.validate():
            found = actions.write(event_id, _segment(form), form.line.data or "", _me())
            return redirect(url_for(".show", event_id=event_id, invitation_id=found.id))
        status = 422
    page = render_template(
        "invitations/admin/index.html",
        event=event,
        form=form,
        rows=[(one, segment, _standing(one)) for one, segment in queries.of_event(event_id)],
    )
    return page, status


@room.route("/<int:invitation_id>", methods=["GET", "POST"])
@web.staff_only("events.edit")
def show(event_id: int, invitation_id: int) -> ResponseReturnValue:
    """See and change an invitation, who gets it, and how it goes."""
    planned, found = _found(event_id, invitation_id)
    form = InvitationForm(segment=found.segment_id or EVERYBODY, line=found.line)
    form.offer(queries.choices())
    if not form.is_submitted():
        return _page(planned, found, form, NumberForm())
    if not form.validate():
        return _page(planned, found, form, NumberForm(formdata=None)), 422
    try:
        actions.keep(found.id, _segment(form), form.line.data or "")
    except actions.NotNow as not_now:
        flash(not_now.words, "warning")
    else:
        flash("Saved. This is how it looks now.", "success")
    return redirect(url_for(".show", event_id=event_id, invitation_id=invitation_id))


@room.get("/<int:invitation_id>/letter")
@web.staff_only("events.edit")
def letter(event_id: int, invitation_id: int) -> ResponseReturnValue:
    """The letter itself, for the frame of the page."""
    planned, found = _found(event_id, invitation_id)
    response = make_response(_written(planned, found).html)
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@room.post("/<int:invitation_id>/sending")
@web.staff_only("newsletters.send")
def send(event_id: int, invitation_id: int) -> ResponseReturnValue:
    """Send it to as many people as were typed, once."""
    return _confirmed(event_id, invitation_id, is_reminder=False)


@room.post("/<int:invitation_id>/reminder")
@web.staff_only("newsletters.send")
def remind(event_id: int, invitation_id: int) -> ResponseReturnValue:
    """Ask those once more who have not answered, as many as were typed."""
    return _confirmed(event_id, invitation_id, is_reminder=True)


@room.post("/<int:invitation_id>/discard")
@web.staff_only("events.edit")
def discard(event_id: int, invitation_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    _planned, found = _found(event_id, invitation_id)
    if not PressForm().validate_on_submit():
        abort(400)
    try:
        actions.discard(found.id)
    except actions.NotNow as not_now:
        flash(not_now.words, "warning")
    else:
        flash("Thrown away. Nobody got it.", "success")
    return redirect(url_for(".index", event_id=event_id))


def _confirmed(event_id: int, invitation_id: int, *, is_reminder: bool) -> ResponseReturnValue:
    planned, found = _found(event_id, invitation_id)
    form = NumberForm()
    here = url_for(".show", event_id=event_id, invitation_id=invitation_id)
    if not form.validate_on_submit() or form.typed is None:
        form.number.errors = ["Type the number in digits."]
        return _page(planned, found, None, form), 422
    deed = actions.remind if is_reminder else actions.send
    try:
        deed(found.id, form.typed, _me(), _settings())
    except actions.AnotherNumber as another:
        form.number.errors = [f"{another.number:,} people get it, not {form.typed:,}. Please look again."]
    except actions.NotNow as not_now:
        form.number.errors = [not_now.words]
    except rules.Broken as broken:
        form.number.errors = broken.problems
    else:
        flash("On its way. You can take it back, pause it or cancel the rest.", "success")
        return redirect(here)
    return _page(planned, web.or_404(queries.by_id(invitation_id)), None, form), 422


def _page(planned: Planned, found: Invitation, form: InvitationForm | None, number: NumberForm) -> str:
    if form is None:
        form = InvitationForm(formdata=None, segment=found.segment_id or EVERYBODY, line=found.line)
        form.offer(queries.choices())
    count, broken = None, []
    try:
        if found.is_draft:
            count = queries.count(found)
    except rules.Broken as problem:
        broken = problem.problems
    standing = _standing(found)
    may_remind = standing.get("first_state") == "finished" and found.reminder_id is None
    return render_template(
        "invitations/admin/show.html",
        event=planned.event,
        host=planned.host,
        found=found,
        segment=queries.segment(found),
        form=form,
        number=number,
        count=count,
        broken=broken,
        reminded=queries.count_reminded(found) if may_remind and planned.event.is_open else None,
        written=_written(planned, found),
        **standing,
    )


def _standing(found: Invitation) -> dict[str, object]:
    """Where its mailings stand."""
    first, second = queries.mailing(found.mailing_id), queries.mailing(found.reminder_id)
    return {
        "first": first,
        "first_state": first.state.value if first is not None else "",
        "first_balance": ledger.balance(first) if first is not None else None,
        "second": second,
        "second_balance": ledger.balance(second) if second is not None else None,
        "answers": queries.answers(found) if first is not None else {},
    }


def _written(planned: Planned, found: Invitation) -> Rendered:
    """The letter as it would read if it went to whoever looks."""
    is_reminder = bool(request.args.get("once_more")) and found.sent_at is not None
    return mail.shown(planned, found, _me().name, _me().zone, is_reminder=is_reminder)


def _found(event_id: int, invitation_id: int) -> tuple[Planned, Invitation]:
    planned = web.or_404(events.whole(None, event_id=event_id))
    found = web.or_404(queries.by_id(invitation_id))
    if found.event_id != event_id:
        abort(404)
    return planned, found


def _segment(form: InvitationForm) -> int | None:
    return form.segment.data if form.segment.data != EVERYBODY else None


def _me() -> Staff:
    person: Staff = web.visitor()
    return person


def _settings() -> Settings:
    settings: Settings = current_app.extensions["portal"]
    return settings

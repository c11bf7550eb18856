"""Staff pages of a mailing on its way: hold it, let it go on, take it back, settle what is uncertain."""

from datetime import timedelta

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import words
from portal.core.settings import Settings
from portal.core.web import or_404, safe_next, staff_only, visitor
from portal.mail import queries as ledger
from portal.mail import report, residence, steering, unsettled
from portal.mail.letters import register
from portal.mail.models import Mailing, MailingState, Verdict
from portal.newsletters import queries, steps
from portal.newsletters.forms import PressForm
from portal.newsletters.sending_forms import LaterForm, SettleForm

room = Blueprint("mailings", __name__, url_prefix="/admin/mailings")


@room.get("")
@staff_only("newsletters.see")
def mailings() -> ResponseReturnValue:
    """List every mailing, newest first, and say when this database is a copy."""
    return render_template(
        "newsletters/admin/mailings.html",
        page=report.newest(request.args.get("page")),
        residence=residence.held(),
    )


@room.post("/residence")
@staff_only("newsletters.send")
def take_over() -> ResponseReturnValue:
    """Say that this copy of the database is the one that sends from now on."""
    _pressed()
    letters = steps.take_over(_settings(), with_letters=request.form.get("letters") == "send")
    said = "They leave now." if request.form.get("letters") == "send" else "They will not be sent."
    flash(
        f"This one sends from now on. {words.plural(letters, 'letter was', 'letters were')} waiting. {said} "
        "Each mailing that was held waits for your decision.",
        "success",
    )
    return redirect(url_for(".mailings"))


@room.post("/<int:mailing_id>/undo")
@staff_only("newsletters.send")
def undo(mailing_id: int) -> ResponseReturnValue:
    """Take Send back before anything leaves."""
    mailing = _pressed_on(mailing_id)
    newsletter = queries.of_mailing(mailing.id)
    try:
        steps.take_back(mailing)
    except steering.NotRunning:
        flash(
            "It had begun to leave, so it could not be taken back. You can still cancel the rest.", "warning"
        )
        return _back(mailing)
    flash("Taken back. Nobody got anything.", "success")
    if newsletter is None:
        return _back(mailing)
    return redirect(url_for("newsletters_admin.edit", newsletter_id=newsletter.id))


@room.post("/<int:mailing_id>/pause")
@staff_only("newsletters.send")
def pause(mailing_id: int) -> ResponseReturnValue:
    """Hold the mailing."""
    mailing = _pressed_on(mailing_id)
    try:
        steps.pause(mailing)
    except steering.NotRunning:
        flash("It is not sending any more, so there was nothing to pause.", "warning")
    else:
        flash(
            "Paused. Whoever is being handed over at this moment still gets it; nobody after them.", "success"
        )
    return _back(mailing)


@room.post("/<int:mailing_id>/resume")
@staff_only("newsletters.send")
def resume(mailing_id: int) -> ResponseReturnValue:
    """Let the mailing go on."""
    mailing = _pressed_on(mailing_id)
    try:
        steps.resume(mailing)
    except steering.NotRunning:
        flash("It was not paused.", "warning")
    else:
        flash("It goes on where it stopped.", "success")
    return _back(mailing)


@room.post("/<int:mailing_id>/cancellation")
@staff_only("newsletters.send")
def cancel(mailing_id: int) -> ResponseReturnValue:
    """End the mailing for whoever has not got it yet."""
    mailing = _pressed_on(mailing_id)
    try:
        skipped = steps.cancel(mailing)
    except steering.NotRunning:
        flash("It was over already.", "warning")
    else:
        flash(
            f"Cancelled. {words.plural(skipped, 'person', 'people')} who had not got it yet will not get it.",
            "success",
        )
    return _back(mailing)


@room.get("/<int:mailing_id>/decision")
@staff_only("newsletters.send")
def decision(mailing_id: int) -> ResponseReturnValue:
    """Ask what becomes of a mailing that is held: now, later, or not at all."""
    mailing = or_404(ledger.mailing(mailing_id))
    if mailing.state is not MailingState.held:
        return _back(mailing)
    return _decision(mailing, LaterForm())


@room.post("/<int:mailing_id>/decision")
@staff_only("newsletters.send")
def decide(mailing_id: int) -> ResponseReturnValue:
    """Let a held mailing leave at another moment."""
    mailing, form = or_404(ledger.mailing(mailing_id)), LaterForm()
    form.zone = _zone()
    if not form.validate_on_submit():
        return _decision(mailing, form), 422
    try:
        steps.reschedule(mailing, form.moment)
    except steering.NotRunning:
        flash("Somebody has decided about it meanwhile.", "warning")
    else:
        flash("It waits for its new time.", "success")
    return _back(mailing)


@room.post("/<int:mailing_id>/release")
@staff_only("newsletters.send")
def release(mailing_id: int) -> ResponseReturnValue:
    """Let a held mailing go after all."""
    mailing = _pressed_on(mailing_id)
    if not residence.is_home(_settings()):
        flash("First say whether this copy of the database is the one that sends.", "warning")
        return redirect(url_for(".mailings"))
    try:
        steps.let_go(mailing)
    except steering.NotRunning:
        flash("Somebody has decided about it meanwhile.", "warning")
    else:
        flash("It goes on.", "success")
    return _back(mailing)


@room.route("/<int:mailing_id>/retry", methods=["GET", "POST"])
@staff_only("newsletters.send")
def retry(mailing_id: int) -> ResponseReturnValue:
    """Show exactly who was refused, then try again with them and nobody else."""
    mailing, form = or_404(ledger.mailing(mailing_id)), PressForm()
    said, status = "", 200
    if form.validate_on_submit():
        try:
            done = steps.retry(mailing, request.form.get("number", 0, int))
        except steering.NotRunning:
            flash("It is held or was cancelled, so nobody is tried again.", "warning")
            return _back(mailing)
        except steering.AnotherNumber:
            said, status = "The list has changed while you were looking. Please look again.", 422
        else:
            flash(f"{words.plural(done, 'person is', 'people are')} tried again, and nobody else.", "success")
            return _back(mailing)
    found = report.refused(mailing.id, request.args.get("page"))
    return render_template(
        "newsletters/admin/retry.html",
        mailing=mailing,
        page=found,
        number=report.refused_count(mailing.id),
        people=queries.named(found.rows),
        reasons=str,
        said=said,
    ), status


@room.get("/<int:mailing_id>/unknown")
@staff_only("mail.see")
def unknown(mailing_id: int) -> ResponseReturnValue:
    """Show what is known about messages of which nobody knows whether they arrived."""
    mailing = or_404(ledger.mailing(mailing_id))
    return _unknown(mailing, SettleForm())


@room.post("/<int:mailing_id>/unknown")
@staff_only("newsletters.send")
def settle(mailing_id: int) -> ResponseReturnValue:
    """Write down what a person decided about them: one, a request's, or all."""
    mailing, form = or_404(ledger.mailing(mailing_id)), SettleForm()
    if not form.validate_on_submit():
        return _unknown(mailing, form), 422
    verdict = Verdict(form.verdict.data)
    try:
        done = steps.settle(
            mailing,
            verdict,
            visitor().id,
            form.number.data or 0,
            form.batch.data if form.which.data != "all" else None,
            form.message.data if form.which.data == "one" else None,
        )
    except unsettled.Settled:
        flash("Some of them were settled meanwhile. Please look again.", "warning")
    except unsettled.TooLate:
        flash("The mailing was cancelled, so nobody can be planned again.", "warning")
    else:
        flash(f"{words.plural(done, 'message', 'messages')} {steps.SETTLED[verdict]}.", "success")
    return redirect(url_for(".unknown", mailing_id=mailing.id))


@room.get("/letters")
@staff_only("mail.see")
def letters() -> ResponseReturnValue:
    """Show single letters of which nobody knows whether they arrived."""
    rows = unsettled.letters()
    return render_template(
        "newsletters/admin/letters.html",
        rows=rows,
        number=unsettled.letter_count(),
        people=queries.named(rows),
        words={one.name: one.words for one in register()},
    )


@room.post("/letters/<int:message_id>")
@staff_only("newsletters.send")
def settle_letter(message_id: int) -> ResponseReturnValue:
    """Write down what a person decided about one letter."""
    _pressed()
    verdict = request.form.get("verdict", "")
    if verdict not in set(Verdict):
        abort(400)
    try:
        steps.settle_letter(message_id, Verdict(verdict), visitor().id)
    except unsettled.Settled:
        flash("It was settled meanwhile.", "warning")
    else:
        flash(f"The letter {steps.SETTLED_ONE[Verdict(verdict)]}.", "success")
    return redirect(url_for(".letters"))


def _unknown(mailing: Mailing, form: SettleForm) -> str:
    requests = unsettled.requests(mailing.id)
    chosen = request.args.get("batch")
    shown = next((one for one in requests if one.batch == chosen), None)
    rows = unsettled.people(mailing.id, shown.batch) if shown is not None else []
    return render_template(
        "newsletters/admin/unknown.html",
        mailing=mailing,
        form=form,
        requests=requests,
        number=unsettled.count(mailing.id),
        shown=shown,
        rows=rows,
        people=queries.named(rows),
    )


def _decision(mailing: Mailing, form: LaterForm) -> str:
    return render_template(
        "newsletters/admin/decision.html",
        mailing=mailing,
        form=form,
        zone=_zone(),
        balance=ledger.balance(mailing),
        grace=timedelta(minutes=_settings().missed_after_minutes),
        is_copy=not residence.is_home(_settings()),
    )


def _back(mailing: Mailing) -> ResponseReturnValue:
    """Where the button stood, or the report of the mailing."""
    return redirect(
        safe_next(request.form.get("next"), url_for("mailing_reports.report", mailing_id=mailing.id))
    )


def _pressed_on(mailing_id: int) -> Mailing:
    mailing = or_404(ledger.mailing(mailing_id))
    _pressed()
    return mailing


def _pressed() -> None:
    if not PressForm().validate_on_submit():
        abort(400)


def _zone() -> str:
    return visitor().zone or _settings().company_zone


def _settings() -> Settings:
    settings: Settings = current_app.extensions["portal"]
    return settings

"""Staff pages about what became of a mailing: its figures, and the people behind each of them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask import Blueprint, Response, abort, current_app, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from portal.core import words
from portal.core.settings import Settings
from portal.core.web import or_404, staff_only, visitor
from portal.mail import gate
from portal.mail import queries as ledger
from portal.mail import report as ledger_report
from portal.mail.models import Aftermath, State
from portal.mail.report import AFTERMATH_WORDS, OUTCOME_WORDS, Timeline
from portal.newsletters import cells, queries
from portal.newsletters.forms import PressForm
from portal.staff import actions as staff

room = Blueprint("mailing_reports", __name__, url_prefix="/admin/mailings/<int:mailing_id>")


@room.get("")
@staff_only("newsletters.see")
def report(mailing_id: int) -> ResponseReturnValue:
    """Show what became of a mailing."""
    mailing = or_404(ledger.mailing(mailing_id))
    timeline = ledger_report.over_time(mailing)
    return render_template(
        "newsletters/admin/report.html",
        mailing=mailing,
        balance=ledger.balance(mailing),
        newsletter=queries.of_mailing(mailing.id),
        settings=_settings(),
        series=_series(timeline),
        step=ledger_report.STEPS[timeline.step],
        aftermath_words=AFTERMATH_WORDS,
        started_by=queries.person(mailing.started_by),
    )


@room.get("/people")
@staff_only("mail.see")
def people(mailing_id: int) -> ResponseReturnValue:
    """Show who is behind a figure, a page at a time."""
    mailing = or_404(ledger.mailing(mailing_id))
    state, why, after = _figure()
    page = ledger_report.people(mailing.id, state, why, after, request.args.get("page"))
    return render_template(
        "newsletters/admin/people.html",
        mailing=mailing,
        page=page,
        number=ledger_report.count(mailing.id, state, why, after),
        people=queries.named(page.rows),
        reasons=gate.words_of if state is State.skipped else str,
        title=_title(state, why, after),
        asked={name: value for name, value in request.args.items() if name in {"state", "why", "after"}},
    )


@room.post("/sheet")
@staff_only("members.export")
def sheet(mailing_id: int) -> ResponseReturnValue:
    """Every message of the mailing as CSV, however many there are."""
    mailing = or_404(ledger.mailing(mailing_id))
    if not PressForm().validate_on_submit():
        abort(400)
    staff.record(
        "mailings.sheet", subject=f"mailing:{mailing.id}", words=f"Took the sheet of {mailing.title}"[:300]
    )
    response = Response(stream_with_context(_lines(mailing.id)), mimetype="text/csv; charset=utf-8")
    name = words.slug(mailing.title) or "mailing"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{mailing.id}.csv"'
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _lines(mailing_id: int) -> Iterator[str]:
    yield cells.line(
        "message", "address", "state", "reason", "attempts", "attempted at", "handed over at", "outcome", "outcome at",
        "provider id",
    )  # fmt: skip
    for row in ledger_report.ledger(mailing_id):
        why = gate.words_of(row.why) if row.state is State.skipped else row.why
        yield cells.line(
            row.id, row.address, row.state.value, why, row.attempt, _iso(row.attempted_at), _iso(row.handed_over_at),
            row.aftermath.value if row.aftermath else "", _iso(row.aftermath_at), row.provider_id,
        )  # fmt: skip


def _iso(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment is not None else ""


def _series(timeline: Timeline) -> list[tuple[str, list[tuple[str, int]]]]:
    """The chart's lines; a step is named by the moment it begins, with its day when it spans more than one."""
    zone = words.zone(visitor().zone or _settings().company_zone)
    local = [moment.astimezone(zone) for moment in timeline.starts]
    days = {one.date() for one in local}
    if timeline.step >= timedelta(days=1).total_seconds():
        names = [words.day(one, zone) for one in local]
    else:
        shown = "%H:%M:%S" if timeline.step < 60 else "%H:%M"
        names = [f"{one:{shown}}" if len(days) == 1 else f"{one.day} {one:%b %H:%M}" for one in local]
    return [(name, list(zip(names, points, strict=True))) for name, points in timeline.series.items()][:4]


def _figure() -> tuple[State, str | None, Aftermath | None]:
    state, after = request.args.get("state", State.accepted.value), request.args.get("after", "")
    if state not in set(State) or (after and after not in set(Aftermath)):
        abort(404)
    why = request.args.get("why")
    why = why.replace("\0", "")[:300] if why is not None else None
    return State(state), why, Aftermath(after) if after else None


def _title(state: State, why: str | None, after: Aftermath | None) -> str:
    if after is not None:
        return AFTERMATH_WORDS[after]
    if why is not None:
        return f"{OUTCOME_WORDS[state]}: {gate.words_of(why)}"
    return OUTCOME_WORDS[state]


def _settings() -> Settings:
    settings: Settings = current_app.extensions["portal"]
    return settings

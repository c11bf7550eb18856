"""The guests of an event as its hosts meet them: the list, a file of it, who came, and what guests are asked."""

import csv
from collections.abc import Sequence
from io import StringIO
from typing import Any

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import web, words
from portal.events import company, details, guest_list, queries, the_day
from portal.events.admin import hosted, me, room
from portal.events.details import Asked, Question, QuestionKind
from portal.events.forms import AttendanceForm
from portal.events.guest_list import Filter, Listed, Standing
from portal.events.models import Event, Part, Way
from portal.events.question_forms import QuestionsForm, TeamForm
from portal.staff import queries as staff
from portal.staff.actions import record

STARTS_A_FORMULA = {"=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "%"}


@room.get("/<int:event_id>/guests")
@web.staff_only("events.host")
def guests(event_id: int) -> ResponseReturnValue:
    """Show who comes, who waits, and who came; narrowed by answer, way and name."""
    event, narrowed = hosted(event_id), _filter()
    page = guest_list.page(event_id, narrowed, request.args.get("page"))
    is_host = company.hosts(event, me().id)
    return render_template(
        "events/admin/guests.html",
        event=event,
        page=page,
        narrowed=narrowed,
        standings=list(Standing),
        counts=guest_list.counts(event_id),
        questions=details.questions(event_id),
        answers=details.answers_by_rsvp(event_id),
        needs=details.needs_by_rsvp(event_id) if is_host else {},
        is_host=is_host,
        may_see_addresses=me().may("events.edit"),
        may_note=the_day.may_note(event),
        kept=_kept(narrowed),
    )


@room.post("/<int:event_id>/guests/<int:rsvp_id>")
@web.staff_only("events.host")
def attended(event_id: int, rsvp_id: int) -> ResponseReturnValue:
    """Note whether somebody came, with one tap."""
    hosted(event_id)
    form = AttendanceForm()
    if not form.validate_on_submit() or guest_list.one(rsvp_id, event_id) is None:
        abort(422)
    deed = {"yes": the_day.arrive, "no": the_day.miss}.get(form.attended.data or "", the_day.undo)
    if not deed(event_id, rsvp_id):
        flash("They have no seat, so there is nothing to note.", "warning")
    back: dict[str, Any] = _kept(_filter()) | {
        name: value for name, value in request.args.items() if name == "page"
    }
    return redirect(url_for(".guests", event_id=event_id, _anchor=f"guest-{rsvp_id}", **back))


@room.post("/<int:event_id>/guests/close")
@web.staff_only("events.host")
def close(event_id: int) -> ResponseReturnValue:
    """Once it is over: everybody else with a seat that way did not come."""
    event = hosted(event_id)
    way = request.form.get("way", "")
    if way not in set(Way) or not event.is_over:
        abort(422)
    missed = the_day.close(event, Way(way))
    flash(f"Noted: {words.plural(missed, 'person', 'people')} did not come.", "success")
    return redirect(url_for(".guests", event_id=event_id))


@room.post("/<int:event_id>/guests.csv")
@web.staff_only("events.host")
def guest_file(event_id: int) -> ResponseReturnValue:
    """Give the guest list as a file for a spreadsheet; by a button, because it leaves a line in the audit."""
    event, narrowed = hosted(event_id), _filter(Standing.everybody)
    record("events.guest-file", f"event:{event_id}", f"Downloaded the guest list of {event.slug}")
    response = make_response(_file(event, guest_list.everybody(event_id, narrowed)))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{event.slug}-guests.csv"'
    return response


@room.route("/<int:event_id>/questions", methods=["GET", "POST"])
@web.staff_only("events.edit")
def questions(event_id: int) -> ResponseReturnValue:
    """Write what guests are asked: up to three questions."""
    event = web.or_404(queries.by_id(event_id))
    stored, answered = details.questions(event_id), details.answered(event_id)
    form = QuestionsForm()
    if not form.is_submitted():
        form.show(stored)
        return _questions_page(event, form, stored, answered)
    if not form.validate():
        return _questions_page(event, form, stored, answered), 422
    removed = details.ask(
        event_id,
        [
            Asked(
                one.words.data or "",
                QuestionKind(one.kind.data),
                one.options_text if one.kind.data != QuestionKind.text else "",
                bool(one.is_required.data),
            )
            for one in form.written
        ],
    )
    gone = (
        f" {words.plural(removed, 'answer', 'answers')} to what is asked no more went with it."
        if removed
        else ""
    )
    flash(f"Saved. Guests are asked this from now on.{gone}", "success")
    return redirect(url_for(".questions", event_id=event_id))


@room.route("/<int:event_id>/team", methods=["GET", "POST"])
@web.staff_only("events.edit")
def team(event_id: int) -> ResponseReturnValue:
    """Say who of the team is there besides the host; nobody of them takes a seat."""
    event = web.or_404(queries.by_id(event_id))
    there = company.team(event)
    form = TeamForm(
        hosts=[one.person.id for one in there if one.part is Part.host],
        others=[one.person.id for one in there if one.part is Part.guest],
    )
    form.offer(one for one in staff.working() if one.id != event.host_id)
    if not form.is_submitted():
        return render_template("events/admin/team.html", event=event, form=form)
    if not form.validate():
        return render_template("events/admin/team.html", event=event, form=form), 422
    company.lead(event, form.hosts.data or (), form.others.data or ())
    flash("Saved. The page of the event shows them.", "success")
    return redirect(url_for(".team", event_id=event_id))


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet runs: a leading apostrophe before what could begin a formula."""
    first = cell.lstrip(" \t\r\n\"';,")[:1]
    return f"'{cell}" if first in STARTS_A_FORMULA and first else cell


def _file(event: Event, listed: list[Listed]) -> str:
    """Return the file: UTF-8 with a mark that spreadsheets know, and no cell that they could take for a formula.

    Addresses stand in it for those who run all events, what somebody needs only for a host.
    """
    asked, answers = details.questions(event.id), details.answers_by_rsvp(event.id)
    with_addresses, is_host = me().may("events.edit"), company.hosts(event, me().id)
    needs = details.needs_by_rsvp(event.id) if is_host else {}
    head = ["Name", "Called", "Address", "Answer", "Position", "Asked", "Attended"]
    head += ["How", "Arrived", "Who", "Source", *(one.words for one in asked), "Needs"]
    hidden = {name for name, is_seen in (("Address", with_addresses), ("Needs", is_host)) if not is_seen}
    out = StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    shown = [place for place, name in enumerate(head) if name not in hidden]
    writer.writerow([harmless(head[place]) for place in shown])
    for one in listed:
        cells = _cells(event, one) + [answers.get(one.rsvp.id, {}).get(each.id, "") for each in asked]
        cells.append(needs.get(one.rsvp.id, ""))
        writer.writerow([harmless(cells[place]) for place in shown])
    return out.getvalue()


def _cells(event: Event, one: Listed) -> list[str]:
    zone, rsvp = words.zone(event.zone), one.rsvp
    came = {True: "walked in" if rsvp.is_walk_in else "yes", False: "no", None: ""}[rsvp.attended]
    return [
        one.name,
        one.called,
        one.address,
        rsvp.answer.value,
        str(one.position or ""),
        f"{rsvp.asked_at.astimezone(zone):%Y-%m-%d %H:%M}",
        came,
        rsvp.way.words,
        f"{rsvp.arrived_at.astimezone(zone):%H:%M}" if rsvp.arrived_at else "",
        "member" if one.is_member else "guest" if one.is_guest else "",
        rsvp.source,
    ]


def _filter(otherwise: Standing = Standing.seat) -> Filter:
    given = request.args
    standing, way = given.get("standing", ""), given.get("way", "")
    return Filter(
        standing=Standing(standing) if standing and standing in set(Standing) else otherwise,
        way=Way(way) if way in set(Way) else None,
        typed=words.clean(given.get("q", ""))[:80],
    )


def _kept(narrowed: Filter) -> dict[str, str]:
    """Return the filter as it stands in the address."""
    way = narrowed.way.value if narrowed.way else ""
    wanted = {"standing": narrowed.standing.value, "way": way, "q": narrowed.typed}
    return {name: value for name, value in wanted.items() if value}


def _questions_page(
    event: Event, form: QuestionsForm, stored: Sequence[Question], answered: dict[int, int]
) -> str:
    return render_template(
        "events/admin/questions.html", event=event, form=form, stored=stored, answered=answered
    )

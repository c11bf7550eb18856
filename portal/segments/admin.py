"""Staff pages of segments: the list, one segment with its people, and the form that builds a rule."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core.web import or_404, staff_only, visitor
from portal.members import guard
from portal.members import queries as members
from portal.segments import actions, builder, choices, queries, rules, why
from portal.segments.criteria import NotARule
from portal.segments.forms import RemoveForm, SegmentForm
from portal.segments.models import Segment

room = Blueprint("segments_admin", __name__, url_prefix="/admin/segments")


@room.get("")
@staff_only("segments.see")
def index() -> ResponseReturnValue:
    """List every segment with its live count."""
    return render_template("segments/admin/index.html", rows=queries.counted())


@room.get("/<string:slug>")
@staff_only("segments.see")
def show(slug: str) -> ResponseReturnValue:
    """Show a segment: its rule in words, how many it holds and reaches, some of them, and where it is used."""
    return _shown(or_404(queries.segment(slug)))


@room.route("/new", methods=["GET", "POST"])
@staff_only("segments.edit")
def create() -> ResponseReturnValue:
    """Build a new segment; a list of members that was narrowed by something is a good beginning."""
    if request.method == "GET":
        narrowed = builder.from_filters(request.args)
        rule = builder.rule_of(narrowed) if narrowed is not None else None
        return _page(None, SegmentForm(formdata=None), narrowed or builder.blank(), rule)
    return _answer(None)


@room.get("/draft")
@staff_only("segments.edit")
def draft() -> ResponseReturnValue:
    """Count a rule while it is built, for the script of the builder; nothing is stored."""
    root, deed = builder.from_form(request.args), request.args.get("do", "")
    if deed.startswith(("add:", "remove:")):
        root = builder.change(root, deed, request.args)
    segment = queries.segment(request.args.get("of", "")[:80])
    return _page(segment, SegmentForm(formdata=None), root, builder.finished(root))


@room.route("/<string:slug>/edit", methods=["GET", "POST"])
@staff_only("segments.edit")
def edit(slug: str) -> ResponseReturnValue:
    """Change a segment, perhaps beginning with a rule it had before."""
    segment = or_404(queries.segment(slug))
    if request.method == "GET":
        number = request.args.get("version", "")
        earlier = queries.version(segment, int(number)) if number.isdecimal() and len(number) < 9 else None
        rule = None
        try:
            rule = rules.parse(earlier.rule if earlier is not None else segment.rule)
            root = builder.from_rule(rule)
        except NotARule:
            root = builder.blank()
        return _page(segment, SegmentForm(obj=segment), root, rule)
    return _answer(segment)


@room.get("/<string:slug>/why/<string:public_id>")
@staff_only("members.see")
def explain(slug: str, public_id: str) -> ResponseReturnValue:
    """Show line by line why somebody is in a segment, or is not."""
    segment = or_404(queries.segment(slug))
    member = or_404(members.by_public_id(public_id))
    problems = rules.problems(segment.rule, [segment.slug])
    step = why.trace(segment.rule, member) if not problems else None
    return render_template(
        "segments/admin/explain.html",
        segment=segment,
        member=member,
        problems=problems,
        step=step,
        told=why.told(step) if step is not None else "",
    )


@room.post("/<string:slug>/removal")
@staff_only("segments.edit")
def remove(slug: str) -> ResponseReturnValue:
    """Delete a segment, unless something uses it: then say where."""
    segment = or_404(queries.segment(slug))
    if not RemoveForm().validate_on_submit():
        abort(400)
    try:
        actions.remove(segment)
    except queries.InUse:
        return _shown(segment, is_refused=True), 409
    flash(f"“{segment.name}” is gone.", "success")
    return redirect(url_for(".index"))


def _shown(segment: Segment, is_refused: bool = False) -> str:
    problems = rules.problems(segment.rule, [segment.slug])
    return render_template(
        "segments/admin/show.html",
        segment=segment,
        is_refused=is_refused,
        problems=problems,
        in_words=rules.in_words(segment.rule),
        reach=None if problems else queries.reach(segment.rule),
        people=_samples(segment.rule) if not problems else [],
        uses=queries.uses_of(segment),
        versions=queries.versions(segment),
    )


def _answer(segment: Segment | None) -> ResponseReturnValue:
    """Do what the pressed button says; nothing that was typed is lost. Only saving answers below 400."""
    form, root = SegmentForm(), builder.from_form(request.form)
    deed = request.form.get("do", "")
    if deed.startswith(("add:", "remove:")):
        root = builder.change(root, deed, request.form)
        return _page(segment, form, root, builder.finished(root)), 422
    rule = builder.rule_of(root)
    if deed != "save":
        return _page(segment, form, root, rule), 422
    if not form.validate_on_submit() or rule is None:
        return _page(segment, form, root, rule, is_refused=True), 422
    name, line = form.name.data or "", form.line.data or ""
    try:
        if segment is None:
            segment = actions.create(name, line, rule, by=visitor())
        else:
            actions.change(segment, name, line, rule, by=visitor())
    except guard.Sensitive as refused:
        form.name.errors = [*form.name.errors, refused.words]
    except actions.NameTaken:
        form.name.errors = [*form.name.errors, "Another segment has this name already."]
    except rules.Broken as broken:
        root.error = " ".join(broken.problems)
    else:
        flash(f"“{segment.name}” is saved.", "success")
        return redirect(url_for(".show", slug=segment.slug))
    return _page(segment, form, root, rule, is_refused=True), 422


def _page(
    segment: Segment | None,
    form: SegmentForm,
    root: builder.Group,
    rule: rules.Node | None = None,
    is_refused: bool = False,
) -> str:
    problems = rules.problems(rule, [segment.slug] if segment is not None else []) if rule is not None else []
    counted = rule if not problems else None
    context = {
        "segment": segment,
        "form": form,
        "root": root,
        "mistakes": [
            *builder.errors(root),
            *((root.path, one) for one in problems if one not in root.error),
        ],
        "is_refused": is_refused,
        "choices": choices.offered(builder.kinds_in(root)),
        "joins": builder.JOINS,
        "kinds": builder.KINDS,
        "in_words": rules.in_words(rule) if rule is not None else "",
        "left": queries.left(root, counted) if counted is not None else {},
        "reach": queries.reach(counted) if counted is not None else None,
        "people": _samples(counted) if counted is not None else [],
    }
    if segment is None:
        return render_template("segments/admin/create.html", **context)
    return render_template("segments/admin/edit.html", **context)


def _samples(rule: rules.Rule) -> list[tuple[str, str]]:
    """The public ids and names of some people, for those who may see people."""
    if not visitor().may("members.see"):
        return []
    return [(person.public_id, person.name) for person in queries.samples(rule)]

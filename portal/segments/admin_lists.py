"""Staff pages of tags and hand-picked lists."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core.web import or_404, staff_only, visitor
from portal.core.words import plural
from portal.members import guard
from portal.members import queries as members
from portal.segments import picking, queries, tagging
from portal.segments.forms import ListForm, PickForm, RemoveForm, TagForm
from portal.segments.models import PickedList

room = Blueprint("segments_lists", __name__, url_prefix="/admin/segments")


@room.get("/lists")
@staff_only("members.see")
def lists() -> ResponseReturnValue:
    """List the tags and the lists."""
    return _index(TagForm(formdata=None, prefix="tag"), ListForm(formdata=None))


@room.post("/tags")
@staff_only("segments.edit")
def make_tag() -> ResponseReturnValue:
    """Make a tag."""
    form = TagForm(prefix="tag")
    if form.validate_on_submit():
        try:
            made = tagging.make(form.name.data or "", by=visitor())
        except guard.Sensitive as refused:
            form.name.errors = [*form.name.errors, refused.words]
        except tagging.NameTaken:
            form.name.errors = [*form.name.errors, "There is such a tag already."]
        else:
            flash(f"The tag “{made.name}” is there.", "success")
            return redirect(url_for(".lists"))
    return _index(form, ListForm(formdata=None)), 422


@room.post("/tags/<string:slug>/removal")
@staff_only("segments.edit")
def remove_tag(slug: str) -> ResponseReturnValue:
    """Delete a tag, unless a segment asks for it: then say which."""
    tag = or_404(tagging.tag(slug))
    if not RemoveForm().validate_on_submit():
        abort(400)
    try:
        tagging.remove(tag)
    except queries.InUse as used:
        refused = f"The tag “{tag.name}” stays: it is used by {used}."
        return _index(TagForm(formdata=None, prefix="tag"), ListForm(formdata=None), refused), 409
    flash(f"The tag “{tag.name}” is gone.", "success")
    return redirect(url_for(".lists"))


@room.post("/lists")
@staff_only("segments.edit")
def make_list() -> ResponseReturnValue:
    """Make a list."""
    form = ListForm()
    if form.validate_on_submit():
        try:
            made = picking.make(form.name.data or "", form.line.data or "", by=visitor())
        except guard.Sensitive as refused:
            form.name.errors = [*form.name.errors, refused.words]
        except picking.NameTaken:
            form.name.errors = [*form.name.errors, "Another list has this name already."]
        else:
            flash(f"The list “{made.name}” is there. Now put people on it.", "success")
            return redirect(url_for(".one_list", slug=made.slug))
    return _index(TagForm(formdata=None, prefix="tag"), form), 422


@room.get("/lists/<string:slug>")
@staff_only("members.see")
def one_list(slug: str) -> ResponseReturnValue:
    """Show who is on a list; what is typed into the search finds people to put on it."""
    return _shown(or_404(picking.picked_list(slug)), request.args.get("q", ""))


@room.post("/lists/<string:slug>/people")
@staff_only("segments.edit")
def pick(slug: str) -> ResponseReturnValue:
    """Put somebody on a list."""
    one, form = or_404(picking.picked_list(slug)), PickForm()
    if not form.validate_on_submit():
        abort(400)
    member = or_404(members.by_public_id(form.person.data or ""))
    is_new = picking.pick(one, picking.only(member), by=visitor())
    flash(
        f"{member.name or 'They'} {'is on the list now.' if is_new else 'was on the list already.'}",
        "success",
    )
    return redirect(url_for(".one_list", slug=slug))


@room.post("/lists/<string:slug>/people/<string:public_id>/removal")
@staff_only("segments.edit")
def drop(slug: str, public_id: str) -> ResponseReturnValue:
    """Take somebody off a list."""
    one, member = or_404(picking.picked_list(slug)), or_404(members.by_public_id(public_id))
    if not RemoveForm().validate_on_submit():
        abort(400)
    number = picking.drop(one, picking.only(member))
    flash(f"{plural(number, 'person is', 'people are')} off the list.", "success")
    return redirect(url_for(".one_list", slug=slug))


@room.post("/lists/<string:slug>/removal")
@staff_only("segments.edit")
def remove(slug: str) -> ResponseReturnValue:
    """Delete a list, unless a segment asks for it: then say which."""
    one = or_404(picking.picked_list(slug))
    if not RemoveForm().validate_on_submit():
        abort(400)
    try:
        picking.remove(one)
    except queries.InUse as used:
        return _shown(one, refused=f"The list stays: it is used by {used}."), 409
    flash(f"The list “{one.name}” is gone; the people stay as they are.", "success")
    return redirect(url_for(".lists"))


def _index(tag_form: TagForm, list_form: ListForm, refused: str = "") -> str:
    return render_template(
        "segments/admin/lists.html",
        tags=tagging.counted(),
        lists=picking.counted(),
        tag_form=tag_form,
        list_form=list_form,
        refused=refused,
    )


def _shown(one: PickedList, typed: str = "", refused: str = "") -> str:
    return render_template(
        "segments/admin/one_list.html",
        picked=one,
        page=picking.people_on(one, request.args.get("page")),
        typed=typed[:100],
        found=picking.found(typed[:100]),
        uses=queries.naming("lists", one.slug),
        refused=refused,
    )

"""Staff pages where an issue is written: its envelope, its blocks, whom it is for."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.core import clock
from portal.core.season import season_of
from portal.core.web import or_404, staff_only, visitor
from portal.newsletters import actions, preflight, queries
from portal.newsletters.forms import AudienceForm, HeadForm, PressForm, block_form, choices
from portal.newsletters.models import BlockKind, Newsletter
from portal.segments import queries as segments
from portal.staff import queries as staff

room = Blueprint("newsletters_admin", __name__, url_prefix="/admin/newsletters")

KINDS = {
    BlockKind.text: "Text",
    BlockKind.story: "Story",
    BlockKind.event: "Event",
    BlockKind.role: "Role",
    BlockKind.button: "Button",
}
THINGS: dict[BlockKind, Callable[[], list[tuple[int, str]]]] = {
    BlockKind.story: queries.stories_to_show,
    BlockKind.event: queries.events_to_show,
    BlockKind.role: queries.roles_to_show,
}


@room.get("")
@staff_only("newsletters.see")
def index() -> ResponseReturnValue:
    """List every issue, newest season first."""
    return render_template("newsletters/admin/index.html", rows=queries.all_with_mailings())


@room.route("/new", methods=["GET", "POST"])
@staff_only("newsletters.edit")
def create() -> ResponseReturnValue:
    """Begin the next issue."""
    season = season_of(clock.now().date())
    form = HeadForm(title=str(season), year=season.year, quarter=season.quarter, sender_id=visitor().id)
    form.sender_id.choices = choices(_senders(visitor().id))
    if not form.validate_on_submit():
        return render_template(
            "newsletters/admin/create.html", form=form
        ), 422 if form.is_submitted() else 200
    newsletter = actions.create(_head(form))
    flash("Now write it, block by block.", "success")
    return redirect(url_for(".edit", newsletter_id=newsletter.id))


@room.route("/<int:newsletter_id>", methods=["GET", "POST"])
@staff_only("newsletters.see")
def edit(newsletter_id: int) -> ResponseReturnValue:
    """Show an issue with its blocks; POST saves what stands on the envelope."""
    newsletter = or_404(queries.by_id(newsletter_id))
    form = HeadForm(obj=newsletter)
    form.sender_id.choices = choices(_senders(newsletter.sender_id))
    if not form.is_submitted():
        return _page(newsletter, form)
    _may_edit()
    if not form.validate_on_submit():
        return _page(newsletter, form), 422
    return _changed(newsletter, lambda: actions.change(newsletter, _head(form)), "The envelope is saved.")


@room.post("/<int:newsletter_id>/audience")
@staff_only("newsletters.edit")
def audience(newsletter_id: int) -> ResponseReturnValue:
    """Save for whom the issue is."""
    newsletter = or_404(queries.by_id(newsletter_id))
    form = _audience_form(None)
    if not form.validate_on_submit():
        head = HeadForm(formdata=None, obj=newsletter)
        head.sender_id.choices = choices(_senders(newsletter.sender_id))
        return _page(newsletter, head, form), 422
    included, excluded = form.included.data or [], form.excluded.data or []
    return _changed(
        newsletter,
        lambda: actions.choose_audience(newsletter, included, excluded),
        "The audience is saved.",
        anchor="audience",
    )


@room.route(
    "/<int:newsletter_id>/blocks/new/<any(text,story,event,role,button):kind>", methods=["GET", "POST"]
)
@staff_only("newsletters.edit")
def add_block(newsletter_id: int, kind: str) -> ResponseReturnValue:
    """Add a block at the end."""
    newsletter = _draft(newsletter_id)
    block_kind = BlockKind(kind)
    is_first = block_kind is BlockKind.text and not any(
        one.kind is BlockKind.text for one in queries.blocks(newsletter)
    )
    form = block_form(block_kind, _segments(), THINGS.get(block_kind, list)(), is_first=is_first)
    if not form.validate_on_submit():
        page = render_template(
            "newsletters/admin/add_block.html", **_block_page(newsletter, form, block_kind)
        )
        return page, 422 if form.is_submitted() else 200
    try:
        block = actions.add_block(newsletter, block_kind, form.values())
    except actions.TooManyBlocks:
        flash(f"A letter has at most {actions.MOST_BLOCKS} blocks. Nobody reads further.", "warning")
        return redirect(url_for(".edit", newsletter_id=newsletter.id))
    except actions.Frozen:
        return _frozen(newsletter)
    return redirect(url_for(".edit", newsletter_id=newsletter.id, _anchor=f"block-{block.id}"))


@room.route("/<int:newsletter_id>/blocks/<int:block_id>", methods=["GET", "POST"])
@staff_only("newsletters.edit")
def edit_block(newsletter_id: int, block_id: int) -> ResponseReturnValue:
    """Change a block."""
    newsletter = _draft(newsletter_id)
    block = or_404(queries.block(newsletter, block_id))
    first = next((one for one in queries.blocks(newsletter) if one.kind is BlockKind.text), None)
    things = THINGS.get(block.kind, list)()
    shown = next((one for one in queries.pieces(newsletter) if one.block.id == block.id), None)
    chosen = block.story_id or block.event_id or block.role_id
    if shown is not None and chosen is not None and chosen not in {key for key, _ in things}:
        things.append((chosen, f"{shown.title} (not public now)"))
    form = block_form(block.kind, _segments(), things, is_first=first is not None and first.id == block.id)
    if not form.is_submitted():
        form.fill(block)
    if not form.validate_on_submit():
        page = render_template(
            "newsletters/admin/edit_block.html", **_block_page(newsletter, form, block.kind)
        )
        return page, 422 if form.is_submitted() else 200
    return _changed(
        newsletter,
        lambda: actions.change_block(newsletter, block, form.values()),
        "",
        anchor=f"block-{block.id}",
    )


@room.post("/<int:newsletter_id>/blocks/<int:block_id>/<any(up,down):way>")
@staff_only("newsletters.edit")
def move_block(newsletter_id: int, block_id: int, way: str) -> ResponseReturnValue:
    """Move a block one place up or down."""
    newsletter = _draft(newsletter_id)
    block = or_404(queries.block(newsletter, block_id))
    _pressed()
    steps = -1 if way == "up" else 1
    return _changed(
        newsletter, lambda: actions.move_block(newsletter, block, steps), "", anchor=f"block-{block.id}"
    )


@room.post("/<int:newsletter_id>/blocks/<int:block_id>/removal")
@staff_only("newsletters.edit")
def remove_block(newsletter_id: int, block_id: int) -> ResponseReturnValue:
    """Take a block out."""
    newsletter = _draft(newsletter_id)
    block = or_404(queries.block(newsletter, block_id))
    _pressed()
    return _changed(
        newsletter, lambda: actions.remove_block(newsletter, block), "The block is gone.", anchor="blocks"
    )


@room.post("/<int:newsletter_id>/removal")
@staff_only("newsletters.edit")
def remove(newsletter_id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    newsletter = _draft(newsletter_id)
    _pressed()
    try:
        actions.remove(newsletter)
    except actions.Frozen:
        return _frozen(newsletter)
    flash(f"The draft “{newsletter.title}” is gone.", "success")
    return redirect(url_for(".index"))


def _page(newsletter: Newsletter, form: HeadForm, audience_form: AudienceForm | None = None) -> str:
    pieces = queries.pieces(newsletter)
    return render_template(
        "newsletters/admin/edit.html",
        newsletter=newsletter,
        form=form,
        audience_form=audience_form or _audience_form(newsletter),
        audience=queries.audience(newsletter),
        pieces=pieces,
        sender=queries.sender(newsletter),
        report=preflight.check(newsletter, pieces),
        kinds=KINDS,
        has_segments=bool(_segments()),
    )


def _block_page(newsletter: Newsletter, form: Any, kind: BlockKind) -> dict[str, Any]:
    return {"newsletter": newsletter, "form": form, "kind": kind, "noun": KINDS[kind].lower()}


def _changed(
    newsletter: Newsletter, deed: Callable[[], object], said: str, anchor: str | None = None
) -> ResponseReturnValue:
    """Do it and go back to the page of the issue."""
    try:
        deed()
    except actions.Frozen:
        return _frozen(newsletter)
    if said:
        flash(said, "success")
    return redirect(url_for(".edit", newsletter_id=newsletter.id, _anchor=anchor))


def _frozen(newsletter: Newsletter) -> ResponseReturnValue:
    flash(f"“{newsletter.title}” has been sent. Its words stay as they are.", "warning")
    return redirect(url_for(".edit", newsletter_id=newsletter.id))


def _draft(newsletter_id: int) -> Newsletter:
    newsletter = or_404(queries.by_id(newsletter_id))
    if not newsletter.is_draft:
        abort(409, "This newsletter has been sent. Its words stay as they are.")
    return newsletter


def _may_edit() -> None:
    if not visitor().may("newsletters.edit"):
        abort(403)


def _pressed() -> None:
    if not PressForm().validate_on_submit():
        abort(400)


def _head(form: HeadForm) -> actions.Head:
    return actions.Head(
        title=form.title.data or "",
        year=form.year.data or 2000,
        quarter=form.quarter.data,
        subject=form.subject.data or "",
        preheader=form.preheader.data or "",
        sender_id=form.sender_id.data,
    )


def _senders(present: int) -> list[tuple[int, str]]:
    people = [one for one in staff.working() if one.may("newsletters.see")]
    listed = [(one.id, f"{one.name} <{one.address}>") for one in people]
    gone = staff.by_id(present)
    if gone is not None and gone.id not in {one.id for one in people}:
        listed.append((gone.id, f"{gone.name} (does not work here any more)"))
    return listed


def _segments() -> list[tuple[int, str]]:
    return [(one.id, one.name) for one in segments.by_name()]


def _audience_form(newsletter: Newsletter | None) -> AudienceForm:
    """The audience as it is stored, or as it was sent when no issue is given."""
    if newsletter is None:
        form = AudienceForm()
    else:
        chosen = queries.audience(newsletter)
        form = AudienceForm(
            formdata=None,
            data={
                "included": [one.id for one in chosen.included],
                "excluded": [one.id for one in chosen.excluded],
            },
        )
    form.included.choices = form.excluded.choices = choices(_segments())
    return form

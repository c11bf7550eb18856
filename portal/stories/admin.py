"""Stories as staff write them: a teammate their own, a recruiter everybody's."""

from datetime import UTC, datetime, time

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core import edits, web, words
from portal.staff import queries as staff
from portal.staff.models import Staff
from portal.stories import actions, fits, forms, pictures, queries
from portal.stories.forms import StoryForm
from portal.stories.models import Publication, Story

room = Blueprint("stories_admin", __name__, url_prefix="/admin/stories")


@room.get("")
@web.staff_only("stories.see")
def index() -> ResponseReturnValue:
    """List all stories, last changed first."""
    wanted = request.args.get("state", "")
    state = Publication(wanted) if wanted in set(Publication) else None
    page = queries.desk(state, cursor=request.args.get("page"))
    return render_template(
        "stories/admin/index.html", page=page, state=state, counts=queries.counts(), can_edit=_can_edit
    )


@room.route("/new", methods=["GET", "POST"])
@web.staff_only("stories.edit")
def create() -> ResponseReturnValue:
    """Write a new story."""
    form = _offered(StoryForm(author=_me().id))
    if not form.is_submitted():
        return _page(form, None)
    draft = _draft(form, None)
    if draft is None:
        return _page(form, None), 422
    try:
        story = actions.create(draft)
    except actions.SlugTaken:
        return _slug_taken(form, None)
    flash("Kept as a draft. Nobody outside sees it yet.", "success")
    return redirect(url_for(".edit", story_id=story.id))


@room.route("/<int:story_id>/edit", methods=["GET", "POST"])
@web.staff_only("stories.edit")
def edit(story_id: int) -> ResponseReturnValue:
    """Change a story; what somebody else saved meanwhile is shown, never overwritten unseen."""
    story = _mine(story_id)
    if request.method == "GET":
        return _page(_stored(story), story)
    form = _offered(StoryForm())
    draft = _draft(form, story)
    if draft is None:
        return _page(form, story), 422
    try:
        actions.save(story_id, draft, form.seen.data or "")
    except edits.SavedMeanwhile:
        return _both(form, story)
    except actions.SlugTaken:
        return _slug_taken(form, story)
    except actions.NotReady as not_ready:
        form.form_errors = ["It is published, so it cannot be without this.", *not_ready.reasons]
        return _page(form, story), 422
    flash("Saved." if story.is_published else "Saved. Nobody outside sees it yet.", "success")
    return redirect(url_for(".edit", story_id=story_id))


@room.get("/<int:story_id>/preview")
@web.staff_only("stories.see")
def preview(story_id: int) -> ResponseReturnValue:
    """Show the story just as the world would see it."""
    told = web.or_404(queries.whole(story_id))
    return render_template(
        "stories/show.html",
        told=told,
        because=[],
        related=queries.related(told),
        is_preview=True,
        missing=actions.missing(told.story),
        can_edit=_can_edit(told.story),
    )


@room.post("/<int:story_id>/publish")
@web.staff_only("stories.publish")
def publish(story_id: int) -> ResponseReturnValue:
    """Show a story to the world."""
    story = web.or_404(queries.by_id(story_id))
    try:
        actions.publish(story_id)
    except actions.NotReady as not_ready:
        form = _stored(story)
        form.form_errors = ["It cannot be published yet.", *not_ready.reasons]
        return _page(form, story), 422
    flash("Published. It is on the stories page now.", "success")
    return redirect(url_for(".edit", story_id=story_id))


@room.post("/<int:story_id>/withdraw")
@web.staff_only("stories.publish")
def withdraw(story_id: int) -> ResponseReturnValue:
    """Take a story from the world's eyes."""
    web.or_404(queries.by_id(story_id))
    actions.withdraw(story_id)
    flash("Withdrawn. Its address now says that it was taken back.", "success")
    return redirect(url_for(".edit", story_id=story_id))


def _me() -> Staff:
    person: Staff = web.visitor()
    return person


def _can_edit(story: Story) -> bool:
    """Whether this person may change the story: it is their own, or they may publish."""
    me = _me()
    return me.may("stories.edit") and (me.may("stories.publish") or story.author_id == me.id)


def _mine(story_id: int) -> Story:
    story = web.or_404(queries.by_id(story_id))
    if not _can_edit(story):
        abort(403, "This story belongs to somebody else. A recruiter can change it, or its author.")
    return story


def _offered(form: StoryForm) -> StoryForm:
    """Fill in what this person can choose: a teammate writes in their own name only."""
    me = _me()
    form.offer(fits.interests().active, staff.working() if me.may("stories.publish") else [me])
    return form


def _stored(story: Story) -> StoryForm:
    """Return the form as the story is stored."""
    form = StoryForm(
        formdata=None,
        obj=story,
        author=story.author_id,
        interests=queries.interest_ids(story.id),
        agreed_on=story.agreed_at.date() if story.agreed_at else None,
        seen=edits.mark(story),
    )
    return _offered(form)


def _draft(form: StoryForm, story: Story | None) -> actions.Draft | None:
    """Return what was typed, or None when the form has mistakes. A picture that came with it is kept either way."""
    is_fine = form.validate_on_submit()
    if form.upload.data and not form.without_picture.data:
        try:
            form.picture.data = pictures.store(form.upload.data.stream)
        except pictures.NotAPicture as refused:
            form.upload.errors = [refused.words]
            return None
    picture = form.picture.data or ""
    if picture and not pictures.keep(picture):
        form.picture.data = picture = ""
    if not is_fine:
        return None
    return actions.Draft(
        title=form.title.data or "",
        slug=form.slug.data or (story.slug if story else ""),
        summary=form.summary.data or "",
        body=form.body.data or "",
        author_id=form.author.data,
        interest_ids=tuple(form.interests.data or ()),
        picture=picture,
        picture_alt=form.picture_alt.data or "",
        agreed_at=datetime.combine(form.agreed_on.data, time(), UTC) if form.agreed_on.data else None,
    )


def _slug_taken(form: StoryForm, story: Story | None) -> ResponseReturnValue:
    form.slug.errors = ["Another story has this address already."]
    return _page(form, story), 422


def _both(form: StoryForm, story: Story) -> ResponseReturnValue:
    """Show the typed text beside the stored one; saving again then is a choice made knowingly."""
    stored = _stored(story)
    form.seen.data = stored.seen.data
    return _page(form, story, edits.differences(form, stored)), 409


def _page(form: StoryForm, story: Story | None, conflict: list[edits.Difference] | None = None) -> str:
    return render_template(
        "stories/admin/edit.html",
        form=form,
        story=story,
        conflict=conflict,
        missing=actions.missing(story) if story else [],
        opening=words.impersonal_opening(form.body.data or ""),
        upload_hint=forms.settings_note(current_app.extensions["portal"]),
        accept=pictures.ACCEPT,
    )

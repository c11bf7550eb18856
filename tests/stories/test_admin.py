"""Stories as staff write them."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import session
from portal.staff.models import AuditLine
from portal.stories.models import Picture, Publication, Story, StoryInterest
from tests.stories import uploads


def stored(world, story_id=None):
    with world.inside():
        which = select(Story).order_by(Story.id.desc()).limit(1)
        found = session().get(Story, story_id) if story_id else session().scalar(which)
        session().expunge(found)
        return found


def value(text, name):
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', text)
    found = re.search(r'value="([^"]*)"', tag.group(0)) if tag else None
    return found.group(1) if found else ""


def typed(browser, **more):
    return {
        "title": "A night",
        "summary": "It rained.",
        "body": "Long **night**.",
        "author": browser.person.id,
        **more,
    }


def test_a_recruiter_writes_publishes_and_withdraws(world, make, as_staff, stranger):
    recruiter, rivers = as_staff("recruiter"), make.interest("Rivers")
    page = recruiter.post("/admin/stories/new", **typed(recruiter, interests=[rivers.id]), follow=True)
    assert "Kept as a draft" in page.text
    story = stored(world)
    assert (story.slug, story.state) == ("a-night", Publication.draft)
    assert stranger.get("/stories/a-night").status_code == 404
    assert "agreed to be shown" in recruiter.post(f"/admin/stories/{story.id}/publish").text
    assert stored(world).state is Publication.draft
    seen = value(recruiter.get(f"/admin/stories/{story.id}/edit").text, "seen")
    recruiter.post(
        f"/admin/stories/{story.id}/edit",
        **typed(recruiter, interests=[rivers.id], agreed_on="2026-01-05", slug="that-night", seen=seen),
    )
    assert recruiter.post(f"/admin/stories/{story.id}/publish").status_code == 302
    page = stranger.get("/stories/that-night")
    assert "<strong>night</strong>" in page.text
    assert "Rivers" in page.text
    recruiter.post(f"/admin/stories/{story.id}/withdraw")
    assert stranger.get("/stories/that-night").status_code == 410
    with world.inside():
        actions = list(session().scalars(select(AuditLine.action).order_by(AuditLine.id)))
        assert session().scalar(select(StoryInterest.interest_id)) == rivers.id
    assert actions == ["stories.create", "stories.save", "stories.publish", "stories.withdraw"]


def test_a_teammate_writes_their_own_and_does_not_publish(world, make, as_staff):
    teammate, other = as_staff("teammate"), make.staff("teammate")
    foreign = make.story(other)
    teammate.post("/admin/stories/new", **typed(teammate))
    mine = stored(world)
    assert mine.author_id == teammate.person.id
    assert teammate.get(f"/admin/stories/{mine.id}/edit").status_code == 200
    assert teammate.post(f"/admin/stories/{mine.id}/publish").status_code == 403
    assert teammate.get(f"/admin/stories/{foreign.id}/edit").status_code == 403
    assert teammate.post(f"/admin/stories/{foreign.id}/edit", **typed(teammate)).status_code == 403
    assert teammate.get(f"/admin/stories/{foreign.id}/preview").status_code == 200
    pretends = teammate.post("/admin/stories/new", **typed(teammate, author=other.id, title="Not mine"))
    assert pretends.status_code == 422


@pytest.mark.parametrize("who", ["viewer", None])
def test_others_cannot_write(world, make, as_staff, stranger, member, who):
    story = make.story()
    for browser in [as_staff("viewer")] if who else [stranger, member]:
        for url in ("/admin/stories/new", f"/admin/stories/{story.id}/edit"):
            assert browser.get(url).status_code in {302, 403}
            assert browser.post(url, title="x").status_code in {302, 403}
        assert browser.post(f"/admin/stories/{story.id}/withdraw").status_code in {302, 403}
    assert stored(world, story.id).is_published


def test_an_address_is_made_of_the_title_and_given_once(world, as_staff):
    recruiter = as_staff("recruiter")
    slugs = []
    for title in ("A night", "A night", "夜の川", "???", "A" * 140):
        assert recruiter.post("/admin/stories/new", **typed(recruiter, title=title)).status_code == 302
        slugs.append(stored(world).slug)
    assert slugs[:4] == ["a-night", "a-night-2", "story", "story-2"]
    taken = recruiter.post("/admin/stories/new", **typed(recruiter, slug="a-night"))
    assert taken.status_code == 422
    assert "has this address already" in taken.text
    for odd in ("../x", "A B", "x.ics", "-", "a--b", "é"):
        assert recruiter.post("/admin/stories/new", **typed(recruiter, slug=odd)).status_code == 422


def test_the_address_of_a_published_story_stays(world, make, as_staff):
    recruiter = as_staff("recruiter")
    story = make.story(recruiter.person, slug="links-lead-here")
    seen = value(recruiter.get(f"/admin/stories/{story.id}/edit").text, "seen")
    day = story.agreed_at.date().isoformat()
    recruiter.post(
        f"/admin/stories/{story.id}/edit", **typed(recruiter, slug="elsewhere", agreed_on=day, seen=seen)
    )
    assert (stored(world).slug, stored(world).title) == ("links-lead-here", "A night")


def test_a_mistake_gives_back_all_that_was_typed_and_the_picture(world, as_staff):
    recruiter = as_staff("recruiter")
    page = recruiter.post(
        "/admin/stories/new",
        **typed(recruiter, title="", body="My <long> text", upload=(BytesIO(uploads.photo()), "me.jpg")),
    )
    assert page.status_code == 422
    assert "Please give the story a title" in page.text
    assert "My &lt;long&gt; text" in page.text
    digest = value(page.text, "picture")
    assert re.fullmatch(r"[0-9a-f]{32}", digest)
    with world.inside():
        assert session().get(Picture, digest) is None
    recruiter.post("/admin/stories/new", **typed(recruiter, picture=digest))
    assert stored(world).picture == digest


def test_a_picture_needs_words_before_the_world_sees_it(world, as_staff):
    recruiter = as_staff("recruiter")
    recruiter.post(
        "/admin/stories/new",
        **typed(recruiter, agreed_on="2026-01-05", upload=(BytesIO(uploads.photo()), "../../evil.php\0.svg")),
    )
    story = stored(world)
    assert story.picture
    page = recruiter.post(f"/admin/stories/{story.id}/publish")
    assert page.status_code == 422
    assert "what it shows" in page.text


@pytest.mark.parametrize("what", ["a bomb by its header", "an SVG", "a page", "noise", "a GIF"])
def test_what_is_no_picture_is_refused_beside_the_field(world, as_staff, what):
    recruiter = as_staff("recruiter")
    upload = (BytesIO(uploads.HOSTILE[what]), "holiday.jpg", "image/jpeg")
    page = recruiter.post("/admin/stories/new", **typed(recruiter, upload=upload))
    assert page.status_code == 422
    assert "upload-error" in page.text
    assert "Long **night**." in page.text


def test_a_made_up_picture_is_no_picture(world, as_staff):
    recruiter = as_staff("recruiter")
    for odd in ("f" * 32, "../../../etc/passwd", "x" * 500):
        recruiter.post("/admin/stories/new", **typed(recruiter, picture=odd, title=odd[:20]))
        assert stored(world).picture is None


def test_two_people_edit_and_neither_loses_a_word(world, make, as_staff):
    ada, bo = as_staff("recruiter"), as_staff("recruiter")
    story = make.story(ada.person, title="Before")
    url, day = f"/admin/stories/{story.id}/edit", story.agreed_at.date().isoformat()
    seen = value(ada.get(url).text, "seen")
    assert ada.post(url, **typed(ada, title="Ada's title", agreed_on=day, seen=seen)).status_code == 302
    page = bo.post(url, **typed(ada, title="Bo's title", body="Bo's words", agreed_on=day, seen=seen))
    assert page.status_code == 409
    for both in ("Ada&#39;s title", "Bo&#39;s title", "Bo&#39;s words", "Somebody else saved"):
        assert both in page.text
    assert stored(world).title == "Ada's title"
    bo.post(url, **typed(ada, title="Bo's title", agreed_on=day, seen=value(page.text, "seen")))
    assert stored(world).title == "Bo's title"


def test_what_is_published_cannot_lose_what_it_needs(world, make, as_staff):
    recruiter = as_staff("recruiter")
    story = make.story(recruiter.person)
    url = f"/admin/stories/{story.id}/edit"
    page = recruiter.post(url, **typed(recruiter, seen=value(recruiter.get(url).text, "seen")))
    assert page.status_code == 422
    assert "agreed to be shown" in page.text
    assert stored(world).agreed_at is not None


def test_long_and_hostile_words_are_refused_or_kept_as_they_are(world, as_staff):
    recruiter = as_staff("recruiter")
    for field, most in (("title", 141), ("summary", 241), ("body", 40_001), ("picture_alt", 301)):
        page = recruiter.post("/admin/stories/new", **typed(recruiter, **{field: "x" * most}))
        assert page.status_code == 422, field
    hostile = "<img src=x onerror=alert(1)> {{7*7}} \u202eevil \x1b[2J ' OR 1=1 -- %s 😀"
    page = recruiter.post(
        "/admin/stories/new", **typed(recruiter, title=hostile, summary=hostile, body=hostile), follow=True
    )
    assert page.status_code == 200
    assert "<img src=x" not in page.text
    assert "\u202e" not in stored(world).title
    assert "\x1b" not in stored(world).body
    assert recruiter.post("/admin/stories/new", **typed(recruiter, title="a\x00b")).status_code == 400


def test_agreement_has_a_date_that_has_come(as_staff):
    recruiter = as_staff("recruiter")
    tomorrow = (clock.now() + timedelta(days=2)).date().isoformat()
    for odd in (tomorrow, "0001-01-01", "soon", "2026-02-30"):
        assert recruiter.post("/admin/stories/new", **typed(recruiter, agreed_on=odd)).status_code == 422


def test_the_list_says_what_is_where(make, as_staff):
    make.story(title="Out there")
    make.story(title="In the drawer", state=Publication.draft, published_at=None)
    viewer = as_staff("viewer")
    assert "Out there" in viewer.get("/admin/stories").text
    drafts = viewer.get("/admin/stories?state=draft").text
    assert "In the drawer" in drafts
    assert "Out there" not in drafts
    assert viewer.get("/admin/stories?state=%27").status_code == 200

"""The Atom feed."""

from datetime import timedelta
from xml.etree import ElementTree

from portal.core import clock
from portal.stories.models import Publication, Story

ATOM = "{http://www.w3.org/2005/Atom}"


def read(browser):
    answer = browser.get("/stories/feed.xml")
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    return ElementTree.fromstring(answer.data)  # noqa: S314 - our own words


def test_the_feed_has_what_the_standard_asks_for(make, stranger):
    make.story(title="Older & wiser", published_at=clock.now() - timedelta(days=5))
    make.story(title="Newer <b>", slug="newer", published_at=clock.now() - timedelta(days=1))
    make.story(title="A draft", state=Publication.draft)
    feed = read(stranger)
    for needed in ("id", "title", "updated"):
        assert feed.findtext(ATOM + needed)
    entries = feed.findall(ATOM + "entry")
    assert [one.findtext(ATOM + "title") for one in entries] == ["Newer <b>", "Older & wiser"]
    for one in entries:
        assert one.findtext(ATOM + "id").startswith("urn:uuid:")
        assert one.find(ATOM + "link").get("href").startswith("http://portal.test/stories/")
        assert one.findtext(f"{ATOM}author/{ATOM}name")
        assert one.findtext(ATOM + "updated").endswith("Z")
        assert "<strong>And</strong>" in one.findtext(ATOM + "content")
    assert len({one.findtext(ATOM + "id") for one in entries}) == 2


def test_an_entry_keeps_its_name_when_title_and_address_change(world, make, stranger):
    story = make.story()
    before = read(stranger).findtext(f"{ATOM}entry/{ATOM}id")
    with world.inside() as current:
        stored = current.get(Story, story.id)
        stored.title, stored.slug, stored.changed_at = (
            "Another",
            "another",
            clock.now() + timedelta(seconds=5),
        )
    assert read(stranger).findtext(f"{ATOM}entry/{ATOM}id") == before


def test_an_empty_feed_and_characters_that_xml_does_not_know(make, stranger):
    assert read(stranger).findtext(ATOM + "updated")
    make.story(title="odd \ufffe\uffff title", body="body \uffff ]]> &")
    assert "odd" in read(stranger).findtext(f"{ATOM}entry/{ATOM}title")


def test_readers_are_told_when_nothing_is_new(make, stranger):
    make.story()
    tag = stranger.get("/stories/feed.xml").headers["ETag"]
    again = stranger.get("/stories/feed.xml", headers={"If-None-Match": tag})
    assert again.status_code == 304

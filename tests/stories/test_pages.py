"""Stories as strangers and members read them."""

from datetime import timedelta

from portal.core import clock
from portal.stories.models import Publication, StoryInterest


def tag(make, story, *interests):
    make.stored(*(StoryInterest(story_id=story.id, interest_id=one.id) for one in interests))


def test_the_list_shows_the_newest_first_and_a_stranger_gets_no_cookie(make, stranger):
    make.story(title="Long ago", published_at=clock.now() - timedelta(days=90))
    make.story(title="Yesterday", published_at=clock.now() - timedelta(days=1))
    make.story(title="Not for you yet", state=Publication.draft, published_at=None)
    page = stranger.get("/stories")
    assert page.status_code == 200
    assert page.text.index("Yesterday") < page.text.index("Long ago")
    assert "Not for you yet" not in page.text
    assert page.headers["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in page.headers


def test_a_member_sees_what_they_follow_first_and_why(make, world):
    rivers, money = make.interest("Rivers"), make.interest("Money")
    old = make.story(title="About rivers", published_at=clock.now() - timedelta(days=300))
    new = make.story(title="About money", published_at=clock.now() - timedelta(days=1))
    tag(make, old, rivers)
    tag(make, new, money)
    page = world.browser(make.member(interests=(rivers,))).get("/stories")
    assert page.text.index("About rivers") < page.text.index("About money")
    assert "Because you follow Rivers" in page.text
    assert "no-store" in page.headers["Cache-Control"]


def test_the_list_can_be_about_one_interest(make, stranger):
    rivers = make.interest("Rivers")
    tag(make, make.story(title="About rivers"), rivers)
    make.story(title="About something else")
    page = stranger.get("/stories?about=rivers")
    assert "About rivers" in page.text
    assert "About something else" not in page.text
    assert "No story about" in stranger.get(f"/stories?about={make.interest('Tea').slug}").text
    assert "About something else" in stranger.get("/stories?about=%25").text


def test_pages_go_on_without_gaps_in_both_directions(make, world):
    rivers = make.interest("Rivers")
    stories = [make.story(title=f"Number {n:02d}x") for n in range(40)]
    for story in stories[::3]:
        tag(make, story, rivers)
    for browser in (world.browser(), world.browser(make.member(interests=(rivers,)))):
        seen, url, pages = [], "/stories", []
        while url:
            text = browser.get(url).text
            pages.append([n for n in range(40) if f"Number {n:02d}x" in text])
            seen += pages[-1]
            url = link_named(text, "next")
        assert sorted(seen) == list(range(40))
        back = link_named(browser.get(url_of_last(browser)).text, "prev")
        text = browser.get(back).text
        assert [n for n in range(40) if f"Number {n:02d}x" in text] == pages[-2]


def link_named(text, rel):
    for part in text.split("<a ")[1:]:
        tag_text = part.split(">", 1)[0]
        if f'rel="{rel}"' in tag_text:
            return tag_text.split('href="', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    return ""


def url_of_last(browser):
    url = "/stories"
    while following := link_named(browser.get(url).text, "next"):
        url = following
    return url


def test_a_made_up_cursor_is_the_first_page(make, stranger):
    make.story(title="Here it is")
    for cursor in ("x", "%00x"[3:], "a" * 3000, "eyJhIjoxfQ.sig"):
        page = stranger.get("/stories", query_string={"page": cursor})
        assert page.status_code == 200
        assert "Here it is" in page.text


def test_a_story_shows_who_tells_it_and_what_a_preview_elsewhere_needs(make, stranger):
    author = make.staff("teammate", name="Leonor Reis", title="Hydrologist", bio="She **measures** things.")
    story = make.story(author, title="The night & the river", slug="the-night", summary="It rained.")
    tag(make, story, make.interest("Rivers"))
    make.story(title="Another one")
    text = stranger.get("/stories/the-night").text
    assert "<h1" in text
    assert "Leonor Reis" in text
    assert "Hydrologist" in text
    assert "<strong>measures</strong>" in text
    assert "<strong>And</strong>" in text
    assert 'property="og:title" content="The night &amp; the river"' in text
    assert 'property="og:url" content="http://portal.test/stories/the-night"' in text
    assert "Another one" in text


def test_a_draft_is_not_there_and_a_withdrawn_story_says_so(make, stranger):
    make.story(slug="draft", state=Publication.draft)
    make.story(slug="gone", state=Publication.withdrawn)
    assert stranger.get("/stories/draft").status_code == 404
    assert stranger.get("/stories/nothing").status_code == 404
    gone = stranger.get("/stories/gone")
    assert gone.status_code == 410
    assert "taken back" in gone.text


def test_hostile_text_stays_text(make, stranger):
    hostile = "<script>alert(1)</script>\"'{{7*7}}{% x %}${7*7}"
    author = make.staff("teammate", name=hostile, title=hostile, bio=hostile)
    story = make.story(author, title=hostile, summary=hostile, body=hostile + "\n\n[x](javascript:alert(1))")
    for url in ("/stories", f"/stories/{story.slug}", "/stories/feed.xml"):
        text = stranger.get(url).text
        assert "<script>alert" not in text
        assert "javascript:alert" not in text.replace("[x](javascript:alert(1))", "")
        assert "{{7*7}}" in text
        assert ">49<" not in text


def test_a_page_takes_the_same_few_statements_however_much_there_is(make, world):
    rivers = make.interest("Rivers")
    reader = world.browser(make.member(interests=(rivers,)))
    counts = []
    for _round in range(2):
        for _ in range(8):
            tag(make, make.story(), rivers)
        story = make.story(slug=f"one-{_round}")
        tag(make, story, rivers)
        for url in ("/stories", f"/stories/one-{_round}"):
            with world.statements() as seen:
                assert reader.get(url).status_code == 200
            counts.append(len(seen))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 6

"""The front door: who we are, what is new, and what we do with data."""

from datetime import timedelta
from pathlib import Path

import pytest

from portal.core import clock
from portal.events.models import Answer, Rsvp
from portal.home import queries
from portal.members import consent_texts
from portal.preferences import consent_texts as topic_texts
from portal.preferences.models import Cadence, Topic
from portal.stories.models import StoryInterest
from tests.world import Browser, World

PUBLIC = ("/", "/about", "/privacy")


@pytest.mark.parametrize("address", PUBLIC)
def test_a_stranger_gets_a_page_that_caches_may_keep(stranger: Browser, address: str) -> None:
    answer = stranger.get(address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" in answer.headers["Vary"]


@pytest.mark.parametrize("address", [*PUBLIC, "/me"])
def test_what_a_member_sees_is_kept_by_nobody(member: Browser, address: str) -> None:
    assert member.get(address).headers["Cache-Control"] == "no-store"


def test_an_empty_house_still_welcomes(stranger: Browser) -> None:
    page = stranger.get("/").text
    for words in ("Join the network", "The first story is being written", "Nothing is planned right now"):
        assert words in page


def test_the_newest_stories_and_next_events_stand_on_the_front_page(world: World, stranger: Browser) -> None:
    stories = [world.make.story() for _ in range(4)]
    events = [world.make.event(in_days=days) for days in (30, 3, 20, 10)]
    over = world.make.event(in_days=-3)
    page = stranger.get("/").text
    assert [one.title in page for one in stories] == [True, True, True, False]
    assert [one.title in page for one in events] == [False, True, True, True]
    assert over.title not in page


def test_a_member_sees_their_next_event_and_what_fits_first(world: World) -> None:
    interest = world.make.interest("Hydrology")
    person = world.make.member(interests=(interest,))
    stories = [world.make.story() for _ in range(5)]
    world.make.stored(StoryInterest(story_id=stories[-1].id, interest_id=interest.id))
    event = world.make.event(in_days=5)
    moment = clock.now()
    world.make.stored(
        Rsvp(event_id=event.id, member_id=person.id, answer=Answer.seat, asked_at=moment, changed_at=moment)
    )
    browser = world.browser(person)
    page = browser.get("/").text
    assert "Because you follow Hydrology" in page
    assert stories[-1].title in page
    assert event.title in page
    assert "Join the network" not in page
    mine = browser.get("/me").text
    assert "You have a seat" in mine
    assert event.title in mine


@pytest.mark.parametrize("amount", [1, 30])
def test_public_pages_take_at_most_six_statements(world: World, amount: int) -> None:
    interest = world.make.interest("Hydrology")
    author = world.make.staff("teammate")
    for _ in range(amount):
        world.make.story(author)
        world.make.event(author)
    for browser in (world.browser(), world.browser(world.make.member(interests=(interest,)))):
        for address in PUBLIC:
            with world.statements() as seen:
                assert browser.get(address).status_code == 200
            assert len(seen) <= 6, (address, seen)


def test_about_shows_the_companys_own_words(world: World, stranger: Browser) -> None:
    assert "This is a talent network" in stranger.get("/about").text
    own = world.settings.instance / "about.md"
    own.write_text("## We measure rivers\n\n<script>alert(1)</script> **Come** by.", encoding="utf-8")
    try:
        page = stranger.get("/about").text
        assert "We measure rivers" in page
        assert "<strong>Come</strong>" in page
        assert "<script>alert" not in page
        own.write_text("Changed.", encoding="utf-8")
        assert "Changed." in stranger.get("/about").text
    finally:
        own.unlink()


def test_privacy_shows_the_texts_in_force(stranger: Browser) -> None:
    page = stranger.get("/privacy").text
    for text in (consent_texts.current(), topic_texts.topics(), topic_texts.measuring()):
        assert text.version in page
        assert text.words.replace("'", "&#39;") in page


# --- My page ------------------------------------------------------------------------------------


def test_my_page_says_what_comes_and_one_thing_to_do(world: World) -> None:
    interest = world.make.interest("Hydrology")
    page = world.browser(world.make.member(topics={Topic.newsletter: Cadence.quarterly})).get("/me").text
    assert "You get about 1 mail a quarter." in page
    assert "The next newsletter comes about" in page
    assert "Choose your interests" in page
    done = world.make.member(interests=(interest,), is_remote=True, level="senior", zone="Europe/Lisbon")
    page = world.browser(done).get("/me").text
    assert 'id="next-step"' not in page
    assert "Hydrology" in page
    quiet = world.make.member(paused_until=clock.now() + timedelta(days=40))
    assert "We are quiet until" in world.browser(quiet).get("/me").text


def test_somebody_who_left_finds_the_way_back(world: World) -> None:
    left = world.make.member(status="left", left_at=clock.now(), topics={})
    page = world.browser(left).get("/me").text
    assert "You get no mail from us." in page
    assert "Come back" in page


def test_my_page_is_mine(stranger: Browser, world: World) -> None:
    assert stranger.get("/me").status_code == 302
    assert world.browser(world.make.staff("viewer")).get("/me").status_code == 403


# --- Small things -------------------------------------------------------------------------------


def test_the_brand_sets_its_hue(world: World, stranger: Browser) -> None:
    answer = stranger.get("/brand.css")
    assert answer.text == f":root {{ --brand-hue: {world.settings.brand_hue}; }}\n"
    assert answer.mimetype == "text/css"
    assert answer.headers["Cache-Control"].startswith("public")


def test_robots_are_told_what_is_nobodys_business(stranger: Browser) -> None:
    text = stranger.get("/robots.txt").text
    for path in ("/me", "/admin", "/p/", "/u/"):
        assert f"Disallow: {path}\n" in text


def test_the_icon_is_there_under_its_old_name(stranger: Browser) -> None:
    answer = stranger.get("/favicon.ico")
    assert answer.status_code == 200
    assert b"<svg" in answer.data


def test_without_a_logo_there_is_none(stranger: Browser) -> None:
    assert stranger.get("/brand/logo").status_code == 404


def test_a_logo_comes_from_the_instance_folder_only(tmp_path: Path) -> None:
    inside = tmp_path / "instance"
    inside.mkdir()
    (inside / "logo.svg").write_text("<svg/>")
    (inside / "portal.db").write_text("secret")
    (tmp_path / "outside.svg").write_text("<svg/>")
    assert queries.logo(inside, "logo.svg") == (inside / "logo.svg").resolve()
    for name in ("", "portal.db", "../outside.svg", "missing.svg", str(tmp_path / "outside.svg")):
        assert queries.logo(inside, name) is None

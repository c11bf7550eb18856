"""Pages for strangers are written once, and never late."""

from datetime import timedelta

from sqlalchemy import delete, update

from portal.core.db import session
from portal.mail.models import Message
from portal.members.models import Member
from portal.stories.models import Publication, Story
from tests.mail.post_room import later
from tests.world import Browser, World


def statements(world: World, browser: Browser, path: str) -> int:
    with world.statements() as seen:
        assert browser.get(path).status_code == 200
    return len(seen)


def test_a_stranger_gets_the_page_another_had_for_one_statement(world: World) -> None:
    story = world.make.story()
    path = f"/stories/{story.slug}"
    first, second = world.browser(), world.browser()
    first.client.delete_cookie("session")
    second.client.delete_cookie("session")
    pages = [browser.get(path) for browser in (first, second)]
    assert pages[0].text == pages[1].text
    assert pages[0].headers["Cache-Control"] == pages[1].headers["Cache-Control"] == "public, max-age=60"
    assert {name for name, _ in pages[0].headers} == {name for name, _ in pages[1].headers}
    assert statements(world, second, path) == 1


def test_every_change_is_seen_at_once(world: World) -> None:
    story = world.make.story()
    path, stranger = f"/stories/{story.slug}", world.browser()
    stranger.client.delete_cookie("session")
    assert story.title in stranger.get(path).text
    with world.inside() as current:
        current.get_one(Story, story.id).title = "Another title"
    assert "Another title" in stranger.get(path).text
    with world.inside() as current:
        current.execute(update(Story).where(Story.id == story.id).values(title="A third title"))
    assert "A third title" in stranger.get(path).text
    with world.inside() as current:
        current.execute(update(Story).values(state=Publication.withdrawn))
    assert stranger.get(path).status_code == 410
    with world.inside() as current:
        current.connection().exec_driver_sql("UPDATE stories SET state = 'published', title = 'A fourth'")
    assert "A fourth" in stranger.get(path).text


def test_what_no_stranger_sees_changes_no_page(world: World) -> None:
    story = world.make.story()
    person = world.make.member()
    path, stranger = f"/stories/{story.slug}", world.browser()
    stranger.client.delete_cookie("session")
    stranger.get(path)
    with world.inside() as current:
        current.get_one(Member, person.id).name = "Somebody else"
        current.execute(delete(Message))
    assert statements(world, stranger, path) == 1


def test_what_was_rolled_back_changes_no_page(world: World) -> None:
    story = world.make.story()
    path, stranger = f"/stories/{story.slug}", world.browser()
    stranger.client.delete_cookie("session")
    stranger.get(path)
    with world.app.test_request_context():
        session().execute(update(Story).values(title="Never"))
        session().rollback()
    assert statements(world, stranger, path) == 1


def test_a_page_is_written_anew_after_a_minute(world: World) -> None:
    story = world.make.story()
    path, stranger = f"/stories/{story.slug}", world.browser()
    stranger.client.delete_cookie("session")
    stranger.get(path)
    with later(seconds=timedelta(minutes=1, seconds=1).total_seconds()):
        assert statements(world, stranger, path) > 1


def test_a_member_gets_their_own_page(world: World, member: Browser) -> None:
    story = world.make.story()
    path, stranger = f"/stories/{story.slug}", world.browser()
    stranger.client.delete_cookie("session")
    assert "My page" not in stranger.get(path).text
    assert "My page" in member.get(path).text
    assert "My page" not in stranger.get(path).text


def test_another_query_is_another_page(world: World) -> None:
    world.make.interest("Rivers")
    stranger = world.browser()
    stranger.client.delete_cookie("session")
    pages = {stranger.get(path).text for path in ("/stories", "/stories?about=rivers", "/events")}
    assert len(pages) == 3

"""The public archive: the same for everybody, nothing personal, nothing that is not public any more."""

from datetime import timedelta

from portal.core import clock
from portal.newsletters.models import Newsletter
from portal.stories.models import Publication
from tests.newsletters.conftest import Desk


def publish(desk: Desk) -> None:
    with desk.world.inside() as current:
        current.get(Newsletter, desk.issue.id).sent_at = clock.now() - timedelta(days=2)


def test_a_draft_is_not_in_the_archive(desk: Desk) -> None:
    stranger = desk.world.browser()
    assert "still being written" in stranger.get("/newsletters").text
    assert stranger.get("/newsletters/winter-2027").status_code == 404


def test_everybody_reads_the_same_words_with_fallbacks(desk: Desk) -> None:
    desk.block("text", 2, text="Only for builders", segment_id=desk.builders.id)
    desk.block("story", 3, story_id=desk.make.story(title="Out there").id)
    desk.block("story", 4, story_id=desk.make.story(title="Taken back", state=Publication.withdrawn).id)
    publish(desk)
    stranger = desk.world.browser()
    assert "What ice does, you" in stranger.get("/newsletters").text
    page = stranger.get("/newsletters/winter-2027")
    assert page.status_code == 200
    assert page.headers["Cache-Control"].startswith("public")
    assert 'data-season="winter"' in page.text
    assert "Hello there," in page.text
    assert "Out there" in page.text
    assert "Taken back" not in page.text
    assert "Only for builders" not in page.text
    assert "%%name%% stays" in page.text
    ada = desk.make.member("Ada Lovelace", interests=(desk.interests["build"],))
    mine = desk.world.browser(ada).get("/newsletters/winter-2027").text
    assert "Hello there," in mine
    assert "Only for builders" not in mine


def test_the_number_of_statements_does_not_grow_with_the_letter(desk: Desk) -> None:
    publish(desk)

    def statements() -> int:
        with desk.world.statements() as seen:
            assert desk.world.browser().get("/newsletters/winter-2027").status_code == 200
        return len(seen)

    before = statements()
    for position in range(2, 14):
        desk.block("role", position, role_id=desk.make.role().id)
    assert statements() <= before + 1 <= 7

"""The end of a pause: one letter, once, to who still wants to hear from us."""

from datetime import timedelta

from portal.core import clock
from portal.mail.models import Message, State
from portal.members.models import Member, Status
from portal.preferences import pauses
from portal.preferences.models import Cadence, Topic
from tests.preferences.scene import choices
from tests.world import World


def tell(world: World) -> int:
    with world.app.app_context():
        return pauses.tell_who_is_back(most=2)


def test_whose_pause_ended_hears_it_once(world: World) -> None:
    ended = clock.now() - timedelta(hours=1)
    people = [world.make.member(paused_until=ended) for _ in range(5)]
    world.make.member(paused_until=clock.now() + timedelta(days=1))
    world.make.member(paused_until=clock.now() - timedelta(days=3))
    world.make.member(paused_until=ended, status=Status.left)
    world.make.member(paused_until=ended, topics={Topic.newsletter: Cadence.never})
    world.make.member()
    assert tell(world) == 5
    assert tell(world) == 0
    letters = world.letters()
    assert {one.address for one in letters} == {one.address for one in people}
    letter = letters[0]
    assert letter.subject.startswith("Your pause is over")
    assert "You get about 4 mails a quarter." in letter.text
    assert "List-Unsubscribe-Post" in letter.headers


def test_who_paused_again_meanwhile_is_left_in_peace(world: World) -> None:
    person = world.make.member(paused_until=clock.now() - timedelta(hours=1))
    assert tell(world) == 1
    with world.inside() as current:
        current.get(Member, person.id).paused_until = clock.now() + timedelta(days=30)
    assert world.letters() == []
    with world.inside() as current:
        message = current.query(Message).one()
        assert (message.state, message.why) == (State.skipped, "paused")


def test_its_links_belong_to_its_reader_and_opening_them_changes_nothing(world: World) -> None:
    person, other = (world.make.member(paused_until=clock.now() - timedelta(hours=1)) for _ in range(2))
    tell(world)
    (letter,) = world.letters(to=person.address)
    before = choices(world, person)
    browser = world.browser()
    paths = [
        one.removeprefix(world.settings.base_url)
        for one in letter.links
        if one.startswith(world.settings.base_url)
    ]
    assert any(path.startswith("/u/") for path in paths)
    assert any(path.startswith("/p/") for path in paths)
    for path in paths:
        for method in ("GET", "HEAD", "OPTIONS"):
            assert browser.client.open(path, method=method).status_code in {200, 302}
    assert choices(world, person) == before
    address = letter.headers["List-Unsubscribe"].strip("<>").removeprefix(world.settings.base_url)
    assert world.app.test_client().post(address, data="List-Unsubscribe=One-Click").status_code == 200
    assert set(choices(world, person).values()) == {Cadence.never}
    assert choices(world, other) == before

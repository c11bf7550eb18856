"""/me/interests: what one follows and where, and the mask beside it."""

from sqlalchemy import select

from portal.core import clock
from portal.members.models import Member
from portal.preferences import queries
from portal.preferences.models import Interest, MemberInterest, MemberPlace
from tests.world import Browser, World


def follows(world: World, person: Member | None) -> tuple[set[int], int]:
    """The interests in the join table, and the mask that must say the same."""
    with world.inside() as current:
        ids = set(
            current.scalars(select(MemberInterest.interest_id).where(MemberInterest.member_id == person.id))
        )  # type: ignore[union-attr]
        bits = {one.id: one.bit for one in current.scalars(select(Interest))}
        mask = current.get(Member, person.id).interest_mask  # type: ignore[union-attr]
    assert mask == sum(1 << bits[one] for one in ids), "the mask is in step with the table"
    return ids, mask


def test_interests_are_added_and_taken_back_in_one_save(world: World, member: Browser) -> None:
    one, two, three = (world.make.interest(name) for name in ("Hydrology", "Design", "Data"))
    page = member.post("/me/interests", follow=True, interests=[one.id, two.id])
    assert "Saved." in page.text
    assert follows(world, member.person)[0] == {one.id, two.id}
    member.post("/me/interests", interests=[two.id, three.id])
    assert follows(world, member.person)[0] == {two.id, three.id}
    member.post("/me/interests")
    assert follows(world, member.person) == (set(), 0)


def test_the_page_shows_what_is_stored(world: World, member: Browser) -> None:
    one, two = world.make.interest("Hydrology"), world.make.interest("Design")
    place = world.make.place("Lisbon")
    member.post("/me/interests", interests=[one.id], places=[place.id], is_remote="y")
    page = member.get("/me/interests").text
    assert f'value="{one.id}" checked' in page
    assert f'value="{two.id}" checked' not in page
    with world.inside() as current:
        person = current.get(Member, member.person.id)  # type: ignore[union-attr]
        assert (person.is_remote, person.is_open_to_move) == (True, False)
        assert [row.name for row in queries.places_of(person)] == ["Lisbon"]
        assert person.choices_changed_at is not None


def test_the_last_bit_fits_in_the_mask(world: World, member: Browser) -> None:
    first, last = world.make.interest("First", bit=0), world.make.interest("Last", bit=62)
    member.post("/me/interests", interests=[first.id, last.id])
    assert follows(world, member.person)[1] == (1 << 62) + 1


def test_the_country_comes_from_the_first_place_and_is_never_overwritten(
    world: World, member: Browser
) -> None:
    porto, utrecht = world.make.place("Porto", country="PT"), world.make.place("Utrecht", country="NL")
    member.post("/me/interests", places=[utrecht.id, porto.id])
    member.post("/me/interests", places=[porto.id])
    with world.inside() as current:
        person = current.get(Member, member.person.id)  # type: ignore[union-attr]
        assert person.country == "NL"
        assert set(current.scalars(select(MemberPlace.place_id))) == {porto.id}


def test_a_retired_interest_leaves_the_choices_and_not_the_people(world: World, member: Browser) -> None:
    kept, gone, other = (world.make.interest(name) for name in ("Kept", "Going away", "Other"))
    town = world.make.place("Old town")
    member.post("/me/interests", interests=[kept.id, gone.id], places=[town.id])
    with world.inside() as current:
        current.get(Interest, gone.id).retired_at = clock.now()
        current.get(type(town), town.id).retired_at = clock.now()
    page = member.get("/me/interests").text
    assert f'name="interests" value="{gone.id}"' not in page
    assert "Stop following Going away" in page
    assert "Going away" not in world.browser(world.make.member()).get("/me/interests").text
    member.post("/me/interests", interests=[other.id])
    assert follows(world, member.person)[0] == {other.id, gone.id}
    with world.inside() as current:
        assert current.scalars(select(MemberPlace.place_id)).all() == [town.id]
    assert member.post("/me/interests", interests=[gone.id]).status_code == 422, "it cannot be chosen anew"
    member.post("/me/interests", do="unfollow", interest=str(gone.id))
    assert follows(world, member.person)[0] == {other.id}


def test_what_is_not_on_offer_is_refused_in_words(world: World, member: Browser) -> None:
    one = world.make.interest("Hydrology")
    for wrong in ("999", "-1", "x", "1e3", "٣"):
        page = member.post("/me/interests", interests=[str(one.id), wrong])
        assert page.status_code == 422
        assert "error-summary" in page.text
    assert follows(world, member.person)[0] == set()
    assert member.post("/me/interests", do="unfollow", interest=str(one.id)).status_code == 404


def test_opening_the_page_changes_nothing(world: World, member: Browser) -> None:
    world.make.interest("Hydrology")
    member.get("/me/interests?interests=1&do=unfollow")
    assert follows(world, member.person) == (set(), 0)


def test_the_first_question_after_joining_leads_on(world: World, member: Browser) -> None:
    one = world.make.interest("Hydrology")
    page = member.get("/me/interests?welcome=1")
    assert "1 of 3" in page.text
    assert "Why we ask" in page.text
    assert "/me/profile?welcome=2" in page.text, "it can be skipped"
    answer = member.post("/me/interests?welcome=1", interests=[one.id])
    assert answer.location == "/me/profile?welcome=2"
    page = member.get("/me/contact?welcome=3")
    assert "3 of 3" in page.text
    assert member.post("/me/contact?welcome=3", do="save", roles="each").location == "/me"


def test_strangers_and_staff_have_no_interests(world: World, stranger: Browser) -> None:
    for address in ("/me/interests", "/me/contact"):
        assert stranger.get(address).status_code == 302
        assert stranger.post(address, do="leave").status_code == 302
        assert world.browser(world.make.staff("admin")).get(address).status_code == 403


def test_an_empty_house_says_so(member: Browser) -> None:
    assert "Nothing to follow yet" in member.get("/me/interests").text

"""/admin/interests: what staff offer to follow, and how many people chose it."""

from collections.abc import Callable

import pytest

from portal.preferences import catalogue, queries
from portal.preferences.models import Interest, Place
from tests.world import Browser, World

Staff = Callable[[str], Browser]


def stored(world: World, kind: type[Interest] | type[Place], slug: str) -> Interest | Place | None:
    with world.inside() as current:
        found = current.query(kind).filter_by(slug=slug).one_or_none()
        current.expunge_all()
        return found


def test_an_interest_is_added_and_can_be_followed(world: World, as_staff: Staff, member: Browser) -> None:
    page = as_staff("recruiter").post(
        "/admin/interests/add", follow=True, name=" Field  operations ", line="Boats."
    )
    assert "Field operations can be followed now." in page.text
    made = stored(world, Interest, "field-operations")
    assert made is not None
    assert made.bit == 0
    member.post("/me/interests", interests=[made.id])
    page = as_staff("recruiter").get("/admin/interests")
    assert "Field operations" in page.text
    assert '<td class="number">1</td>' in page.text


def test_followers_are_counted_with_few_statements_whatever_the_amount(world: World, as_staff: Staff) -> None:
    interests = tuple(world.make.interest() for _ in range(12))
    for _ in range(3):
        world.make.member(interests=interests)
    world.make.member(interests=interests, status="left")
    staff = as_staff("recruiter")
    with world.statements() as seen:
        page = staff.get("/admin/interests").text
    assert page.count('<td class="number">3</td>') == 12
    assert len(seen) <= 6


def test_renaming_keeps_address_bit_and_followers(world: World, as_staff: Staff) -> None:
    one = world.make.interest("Hydrology")
    person = world.make.member(interests=(one,))
    as_staff("admin").post("/admin/interests/hydrology", name="Water science", line="")
    found = stored(world, Interest, "hydrology")
    assert found is not None
    assert (found.name, found.bit) == ("Water science", one.bit)
    with world.inside() as current:
        assert [row.name for row in queries.interests_of(current.merge(person))] == ["Water science"]


def test_retiring_and_offering_again(world: World, as_staff: Staff) -> None:
    one = world.make.interest("Hydrology")
    staff = as_staff("recruiter")
    assert "offered to nobody new" in staff.post("/admin/interests/hydrology/retirement", follow=True).text
    assert "Retired" in staff.get("/admin/interests").text
    with world.inside():
        assert queries.all_interests() == []
        assert [row.id for row in queries.all_interests(with_retired=True)] == [one.id]
    staff.post("/admin/interests/hydrology/retirement")
    with world.inside():
        assert [row.id for row in queries.all_interests()] == [one.id]


@pytest.mark.parametrize(
    ("name", "line", "words"),
    [
        ("", "", "Please give it a name."),
        ("   ", "", "Please give it a name."),
        ("hydrology", "", "There is one called Hydrology already."),
        ("x" * 81, "", "under 80 letters"),
        ("Fine", "x" * 201, "under 200 letters"),
    ],
)
def test_what_does_not_fit_is_said_beside_the_field(
    world: World, as_staff: Staff, name: str, line: str, words: str
) -> None:
    world.make.interest("Hydrology")
    page = as_staff("recruiter").post("/admin/interests/add", name=name, line=line)
    assert page.status_code == 422
    assert words in page.text


def test_names_in_any_script_get_an_address(world: World) -> None:
    with world.inside():
        slugs = [
            catalogue.add_interest(name, "").slug for name in ("水文学", "هيدرولوجيا", "Data!", "data ?")
        ]
    assert len(set(slugs)) == 4
    assert all(slugs)


def test_the_mask_has_room_for_sixty_three_and_a_bit_is_never_reused(world: World, as_staff: Staff) -> None:
    with world.inside():
        made = [catalogue.add_interest(f"Interest {number}", "") for number in range(queries.BITS)]
        catalogue.retire(made[0])
        assert sorted(one.bit for one in made) == list(range(63))
    page = as_staff("recruiter").post("/admin/interests/add", name="One too many")
    assert page.status_code == 422
    assert "There is no room" in page.text


def test_a_place_is_added_corrected_and_retired(world: World, as_staff: Staff) -> None:
    staff = as_staff("recruiter")
    fields = {"name": "Utrecht", "country": "nl", "region": "Europe", "zone": "Europe/Amsterdam"}
    assert staff.post("/admin/interests/places/add", **fields).status_code == 302
    found = stored(world, Place, "utrecht")
    assert found is not None
    assert (found.country, found.zone) == ("NL", "Europe/Amsterdam")  # type: ignore[union-attr]
    for wrong in ({"country": "NLD"}, {"country": "1!"}, {"zone": "Europe/Nowhere"}, {"name": ""}):
        assert (
            staff.post("/admin/interests/places/add", **(fields | {"name": "Else"} | wrong)).status_code
            == 422
        )
    assert staff.post("/admin/interests/places/add", **fields).status_code == 422, "there is one already"
    staff.post("/admin/interests/places/utrecht", **(fields | {"name": "Utrecht centre"}))
    staff.post("/admin/interests/places/utrecht/retirement")
    found = stored(world, Place, "utrecht")
    assert found is not None
    assert found.name == "Utrecht centre"
    assert found.retired_at is not None


def test_only_who_may_edit_interests_gets_in(
    world: World, as_staff: Staff, member: Browser, stranger: Browser
) -> None:
    world.make.interest("Hydrology")
    for role, status in (("admin", 200), ("recruiter", 200), ("teammate", 403), ("viewer", 403)):
        assert as_staff(role).get("/admin/interests").status_code == status
        assert as_staff(role).get("/admin/interests/hydrology").status_code == status
    assert member.get("/admin/interests").status_code == 403
    assert stranger.get("/admin/interests").status_code == 302
    for address in ("/admin/interests/add", "/admin/interests/hydrology/retirement"):
        assert as_staff("recruiter").post_without_token(address, name="x").status_code == 400
        assert as_staff("viewer").post(address, name="x").status_code == 403
    assert as_staff("recruiter").get("/admin/interests/nothing").status_code == 404

"""Who a member says they are."""

import pytest

from portal.members import actions
from portal.members.models import Level, Member, Readiness, WorkMode
from tests.world import Browser, World


def stored(world: World, browser: Browser) -> Member:
    with world.inside() as current:
        found = current.get(Member, browser.person.id)  # type: ignore[union-attr]
        current.expunge(found)
        return found


def test_everything_said_is_kept_and_shown(world: World, member: Browser) -> None:
    answer = member.post(
        "/me/profile",
        name="Zoë Ångström",
        call_name="Zoë",
        level="lead",
        readiness="later",
        work_mode="part_time",
        zone="America/Argentina/Buenos_Aires",
        birthday_day="29",
        birthday_month="2",
        anniversary_day="1",
        anniversary_month="9",
        follow=True,
    )
    assert "Your profile is saved" in answer.text
    person = stored(world, member)
    assert (person.level, person.work_mode) == (Level.lead, WorkMode.part_time)
    assert person.readiness is Readiness.later
    assert person.readiness_said_at is not None
    assert (person.birthday_month, person.birthday_day) == (2, 29)
    assert (person.anniversary_month, person.anniversary_day) == (9, 1)
    assert person.zone == "America/Argentina/Buenos_Aires"
    assert "zoe angstrom" in person.search_name
    for shown in ('value="Zoë Ångström"', 'value="America/Argentina/Buenos_Aires"', "checked"):
        assert shown in answer.text


def test_everything_but_the_name_can_be_taken_back(world: World, member: Browser) -> None:
    member.post("/me/profile", name="Ada", level="lead", birthday_day="3", birthday_month="4", zone="UTC")
    member.post("/me/profile", name="Ada", level="", birthday_day="", birthday_month="", zone="")
    person = stored(world, member)
    assert (person.level, person.birthday_day, person.zone) == (None, None, "")


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "A" * 121},
        {"birthday_day": "30", "birthday_month": "2"},
        {"birthday_day": "5"},
        {"anniversary_month": "5"},
        {"birthday_day": "31", "birthday_month": "13"},
        {"level": "emperor"},
        {"zone": "Mars/Olympus"},
    ],
)
def test_what_cannot_be_is_shown_again_with_words(
    world: World, member: Browser, fields: dict[str, str]
) -> None:
    before = stored(world, member)
    answer = member.post("/me/profile", data={"name": "Ada", "call_name": "Typed", **fields})
    assert answer.status_code == 422
    assert 'value="Typed"' in answer.text
    assert "needs another look" in answer.text
    after = stored(world, member)
    assert (after.name, after.call_name) == (before.name, before.call_name)


def test_extra_fields_are_ignored(world: World, member: Browser) -> None:
    before = stored(world, member)
    columns = {
        column.name: "1" for column in Member.__table__.columns if column.name not in {"name", "call_name"}
    }
    forms = {"level": "", "work_mode": "", "zone": "", "birthday_day": "", "birthday_month": ""}
    forms |= {"anniversary_day": "", "anniversary_month": ""}
    member.post("/me/profile", data={**columns, **forms, "name": before.name})
    after = stored(world, member)
    for column in (
        "id",
        "status",
        "address",
        "address_key",
        "confirmed_at",
        "interest_mask",
        "may_measure",
        "source",
    ):
        assert getattr(after, column) == getattr(before, column), column


def test_strangers_and_staff_are_kept_out(stranger: Browser, as_staff: object) -> None:
    for path in ("/me/profile", "/me/data", "/me/data.json", "/me/address"):
        assert stranger.get(path).location == f"/sign-in?next={path}"
        assert as_staff("admin").get(path).status_code == 403  # type: ignore[operator]


def test_search_finds_without_accents_and_case() -> None:
    found = actions.search_name("Łucja Żółć-O'Brien", "Luca", "lucja@example.org")
    assert actions.fold("ZOŁC") in found or actions.fold("zołc") in found
    assert actions.fold("Renée") == "renee"
    assert actions.fold("山田 花子") == "山田 花子"
    assert len(actions.search_name("A" * 120, "ﬃ" * 60, "x" * 254)) == 400

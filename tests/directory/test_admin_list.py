"""The list of members as staff find it: who may see it, what finds whom, and pages that hold still."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event, update

from portal.core import clock
from portal.core.db import db
from portal.members.actions import search_name
from portal.members.models import Level, Member, Status
from portal.preferences.models import MemberPlace
from portal.staff.models import Role
from tests.world import Browser, Make, World

Enter = Callable[[str], Browser]


def named(make: Make, name: str, address: str = "", **fields: object) -> Member:
    """A member whose search name is written as the portal writes it."""
    person = make.member(name, address, **fields)
    with make._world.inside() as current:
        current.execute(
            update(Member)
            .where(Member.id == person.id)
            .values(search_name=search_name(person.name, person.call_name, person.address_key))
        )
    return person


def listed(page: str) -> list[str]:
    """The public ids on a page, in their order."""
    return re.findall(r'<a href="/admin/members/(m\d{21})">', page)


def people(browser: Browser, **query: object) -> list[str]:
    """The public ids that a search finds."""
    answer = browser.get("/admin/members", query_string=query)
    assert answer.status_code == 200
    return listed(answer.text)


@pytest.mark.parametrize(
    ("role", "code"), [("admin", 200), ("recruiter", 200), ("teammate", 403), ("viewer", 403)]
)
def test_who_may_see_names(make: Make, as_staff: Enter, role: str, code: int) -> None:
    person = make.member("Ada Stone")
    browser = as_staff(role)
    for path in ("/admin/members", f"/admin/members/{person.public_id}"):
        answer = browser.get(path)
        assert answer.status_code == code
        assert ("Ada Stone" in answer.text) is (code == 200)


def test_strangers_and_members_stay_outside(make: Make, stranger: Browser, member: Browser) -> None:
    for path in ("/admin/members", f"/admin/members/{member.person.public_id}"):
        assert stranger.get(path).status_code == 302
        assert member.get(path).status_code == 403


def test_every_role_is_decided_about() -> None:
    assert set(Role) == {"admin", "recruiter", "teammate", "viewer"}


def test_an_empty_network_says_what_to_do(as_staff: Enter) -> None:
    page = as_staff("recruiter").get("/admin/members").text
    assert "Nobody has joined yet" in page
    assert "Nobody fits" not in page


def test_letters_with_a_stroke_are_found_by_plain_ones(make: Make, as_staff: Enter) -> None:
    people_named = [named(make, name) for name in ("Łukasz Gołąb", "Søren Ægir", "Đặng Işık")]
    browser = as_staff("recruiter")
    for typed, wanted in zip(("lukasz golab", "soren aegir", "dang isik"), people_named, strict=True):
        assert people(browser, q=typed) == [wanted.public_id]
    assert people(browser, q="ŁUKASZ") == [people_named[0].public_id]


@pytest.mark.parametrize(
    "typed",
    [
        "maria",
        "MARÍA",
        "müller",
        "Muller",
        "MULLER maria",
        "maria@fluss",
        "  ulle   ari ",
        "Maria@Fluss.Example",
    ],
)
def test_capitals_and_accents_make_no_difference(make: Make, as_staff: Enter, typed: str) -> None:
    wanted = named(make, "María Müller", "maria@fluss.example")
    named(make, "Mark Mulder", "mark@bach.example")
    assert people(as_staff("recruiter"), q=typed) == [wanted.public_id]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("%", "Half 50% Off"),
        ("_", "Under_Score"),
        ("\\", "Back\\Slash"),
        ("/", "Ada/Lovelace"),
        ("'", "Ana O'Neil"),
        ('"', 'Ada "Countess" Stone'),
        ("🌱", "Sprout 🌱"),
        ("太郎", "田中太郎"),
        ("محمد", "محمد علي"),
        ("<script>", "<script>alert(1)</script>"),
        ("{{", "{{ 7 * 7 }}"),
    ],
)
def test_odd_letters_mean_themselves(make: Make, as_staff: Enter, typed: str, name: str) -> None:
    named(make, "Somebody Else")
    wanted = named(make, name)
    assert people(as_staff("recruiter"), q=typed) == [wanted.public_id]


@pytest.mark.parametrize(
    "typed", ["'; DROP TABLE members; --", "a" * 200, "\u0301", "\u202e", "((((" * 50, "*" * 200]
)
def test_nothing_typed_breaks_the_list(make: Make, as_staff: Enter, typed: str) -> None:
    named(make, "Ada Stone")
    assert as_staff("recruiter").get("/admin/members", query_string={"q": typed}).status_code == 200


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("q=%00", 400),
        ("q=" + "a" * 201, 422),
        ("status=king", 422),
        ("level=king", 422),
        ("interest=nothing-of-ours", 422),
        ("place=nowhere", 422),
        ("since=yesterday", 422),
        ("since=0001-01-01", 422),
        ("since=9999-12-31", 422),
        ("order=random", 422),
        ("page=made-up", 200),
    ],
)
def test_a_filter_that_is_none_says_so(make: Make, as_staff: Enter, query: str, code: int) -> None:
    make.member("Ada Stone")
    answer = as_staff("recruiter").get(f"/admin/members?{query}")
    assert answer.status_code == code
    assert ("Ada Stone" in answer.text) is (code == 200)
    assert "Not a valid" not in answer.text


def test_each_filter_and_all_together(make: Make, as_staff: Enter) -> None:
    rivers, birds = make.interest("Rivers"), make.interest("Birds")
    porto, moment = make.place("Porto"), clock.now()
    both = named(
        make, "Ada", interests=(rivers, birds), level=Level.senior, confirmed_at=moment - timedelta(days=3)
    )
    river = named(make, "Bo", interests=(rivers,), level=Level.junior)
    paused = named(make, "Cy", paused_until=moment + timedelta(days=9))
    over = named(make, "Di", paused_until=moment - timedelta(days=9))
    asked = named(make, "Ed", status=Status.asked, confirmed_at=None)
    left = named(make, "Fay", status=Status.left, left_at=moment)
    make.stored(*(MemberPlace(member_id=one.id, place_id=porto.id) for one in (both, left)))
    browser = as_staff("recruiter")

    def found(**query: object) -> set[str]:
        ids = people(browser, **query)
        return {one.name for one in (both, river, paused, over, asked, left) if one.public_id in ids}

    assert found() == {"Ada", "Bo", "Cy", "Di"}
    assert found(status="active") == {"Ada", "Bo", "Di"}
    assert found(status="paused") == {"Cy"}
    assert found(status="asked") == {"Ed"}
    assert found(status="left") == {"Fay"}
    assert found(status="all") == {"Ada", "Bo", "Cy", "Di", "Ed", "Fay"}
    assert found(interest="rivers") == {"Ada", "Bo"}
    assert found(interest="birds") == {"Ada"}
    assert found(place="porto") == {"Ada"}
    assert found(place="porto", status="all") == {"Ada", "Fay"}
    assert found(level="junior") == {"Bo"}
    assert found(since=(moment - timedelta(days=5)).date().isoformat()) == {"Ada"}
    assert found(interest="rivers", level="senior", place="porto", q="ada") == {"Ada"}
    assert found(interest="rivers", level="junior", place="porto") == set()


@pytest.mark.parametrize("order", ["", "name"])
@pytest.mark.parametrize("status", ["", "all"])
def test_pages_hold_still_forwards_and_back(make: Make, as_staff: Enter, order: str, status: str) -> None:
    moment = clock.now()
    standings = [Status.active, Status.left, Status.active, Status.active]
    everybody = [
        named(
            make,
            f"Twin {number % 7}",
            asked_at=moment - timedelta(days=number % 5),
            status=standings[number % 4],
        )
        for number in range(130)
    ]
    browser = as_staff("recruiter")
    wanted = [one for one in everybody if status or one.status is Status.active]
    pages, url = [], f"/admin/members?order={order}&status={status}"
    while url:
        text = browser.get(url).text
        pages.append((url, listed(text)))
        further = re.search(r'<a class="button secondary" href="([^"]+)" rel="next"', text)
        url = further.group(1).replace("&amp;", "&") if further else ""
    seen = [one for _, ids in pages for one in ids]
    assert len(seen) == len(set(seen)) == len(wanted)
    if order:
        keys = {one.public_id: (search_name(one.name, "", one.address_key), one.id) for one in everybody}
        assert seen == sorted(seen, key=keys.__getitem__)
    else:
        ages = {one.public_id: (one.asked_at, one.id) for one in everybody}
        assert seen == sorted(seen, key=ages.__getitem__, reverse=True)
    back = re.search(r'<a class="button secondary" href="([^"]+)" rel="prev"', browser.get(pages[-1][0]).text)
    assert back
    assert listed(browser.get(back.group(1).replace("&amp;", "&")).text) == pages[-2][1]


def test_the_count_is_exact(make: Make, as_staff: Enter) -> None:
    for number in range(53):
        named(make, f"Ada {number}", level=Level.senior if number < 3 else None)
    browser = as_staff("recruiter")
    assert "<b>53 people</b> in the network, 50 on this page" in browser.get("/admin/members").text
    assert "<b>3 people</b> fit." in browser.get("/admin/members?level=senior").text
    assert "Nobody fits all of that" in browser.get("/admin/members?level=lead").text


def test_as_many_statements_for_one_as_for_many(world: World, make: Make, as_staff: Enter) -> None:
    interests = [make.interest() for _ in range(5)]
    places = [make.place() for _ in range(5)]
    browser, counts = as_staff("recruiter"), []
    for many in (0, 1, 60):
        for _ in range(many):
            person = named(make, "Ada", interests=tuple(interests))
            make.stored(*(MemberPlace(member_id=person.id, place_id=one.id) for one in places))
        with world.statements() as seen:
            browser.get("/admin/members?q=ada")
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2] - 1  # when they are more than a page, they are counted
    assert counts[2] <= 9


def test_hostile_names_are_only_names(make: Make, as_staff: Enter) -> None:
    name = '"><img src=x onerror=alert(1)>{{7*7}}${7*7}</title>'
    named(make, name, call_name="<b>x</b>")
    page = as_staff("recruiter").get("/admin/members").text
    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "49" not in re.sub(r"<[^>]*>", "", page)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?status=all",
        "?status=paused",
        "?level=lead",
        "?interest=rivers",
        "?q=zzqx",
        "?q=zzqx&status=all",
        "?since=2026-01-01",
    ],
)
def test_the_list_is_read_in_the_order_of_its_index(
    world: World, make: Make, as_staff: Enter, query: str
) -> None:
    make.interest("Rivers")
    browser, asked = as_staff("recruiter"), []

    def note(_connection: object, _cursor: object, statement: str, given: object, *_rest: object) -> None:
        if "FROM members" in statement and "asked_at" in statement and "members.address," not in statement:
            asked.append((statement, given))

    with world.app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            browser.get(f"/admin/members{query}")
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        assert len(asked) == 1
        explain = "EXPLAIN QUERY PLAN " if db.engine.dialect.name == "sqlite" else "EXPLAIN "
        with db.engine.connect() as connection:
            if explain == "EXPLAIN ":
                # So few rows are read and sorted at once; what matters is that the index has the order.
                for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
                    connection.exec_driver_sql(f"SET enable_{way} = off")
            plan = str(connection.exec_driver_sql(explain + asked[0][0], asked[0][1]).all())
    if explain == "EXPLAIN " and "status=all" in query:
        return  # PostgreSQL merges no branches that have conditions of their own: it sorts, which costs it little.
    assert "ix_members_listing" in plan
    assert "Sort" not in plan
    if explain != "EXPLAIN ":
        assert "USING COVERING INDEX ix_members_listing" in plan
        assert "TEMP B-TREE" not in plan

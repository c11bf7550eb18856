"""Open roles as candidates find them."""

from datetime import timedelta

from portal.core import clock
from portal.members.models import Level, WorkMode
from portal.preferences.models import MemberPlace
from portal.roles import queries
from portal.roles.models import RoleInterest, RolePlace, RoleState


def tag(make, role, interests=(), places=()):
    make.stored(
        *(RoleInterest(role_id=role.id, interest_id=one.id) for one in interests),
        *(RolePlace(role_id=role.id, place_id=one.id) for one in places),
    )


def test_the_list_says_who_confirmed_each_and_when(make, stranger):
    make.role(make.staff(name="Amina Diallo"), title="Older", opened_at=clock.now() - timedelta(days=9))
    make.role(title="Newer")
    make.role(title="Draft one", state=RoleState.draft)
    make.role(title="Closed one", state=RoleState.closed)
    page = stranger.get("/roles")
    assert page.text.index("Newer") < page.text.index("Older")
    assert "Confirmed real by" in page.text
    assert "Amina Diallo" in page.text
    assert "Draft one" not in page.text
    assert "Closed one" not in page.text
    assert page.headers["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in page.headers


def test_the_list_can_be_narrowed(make, stranger):
    rivers, lisbon = make.interest("Rivers"), make.place("Lisbon")
    one = make.role(title="River engineer", level=Level.senior, work_mode=WorkMode.full_time)
    tag(make, one, [rivers], [lisbon])
    make.role(title="Night writer", level=Level.junior, is_remote=True)
    make.role(title="Open door", is_pool=True)

    def shown(query):
        text = stranger.get(f"/roles?{query}").text
        return [title for title in ("River engineer", "Night writer", "Open door") if title in text]

    assert shown("about=rivers") == ["River engineer"]
    assert shown("place=lisbon") == ["River engineer"]
    assert shown("level=senior") == ["River engineer", "Open door"]
    assert shown("mode=part_time") == ["Night writer", "Open door"]
    assert shown("remote=y") == ["Night writer"]
    assert shown("remote=y&about=rivers") == []
    assert len(shown("about=%25&place=_&level=x&mode=%27&remote=&page=zzz")) == 3


def test_a_member_is_told_why_it_fits(world, make):
    rivers, lisbon = make.interest("Rivers"), make.place("Lisbon")
    role = make.role(level=Level.senior, is_remote=True)
    other = make.role(title="Something else", level=Level.senior)
    tag(make, role, [rivers], [lisbon])
    person = make.member(interests=(rivers,), level=Level.senior)
    make.stored(MemberPlace(member_id=person.id, place_id=lisbon.id))
    reader = world.browser(person)
    for url in ("/roles", f"/roles/{role.slug}"):
        text = reader.get(url).text
        assert "Fits because you follow Rivers, it can be done in Lisbon and it is at your level" in text
    assert "Fits because" not in reader.get(f"/roles/{other.slug}").text


def test_the_page_leads_out_and_is_honest(make, stranger):
    role = make.role(is_pool=True, apply_url="https://jobs.example.org/1?a=b&c=d", pay="52,000 euros a year")
    text = stranger.get(f"/roles/{role.slug}").text
    assert "This is not one vacancy" in text
    assert 'href="https://jobs.example.org/1?a=b&amp;c=d" rel="noopener' in text
    assert "This leads to jobs.example.org" in text
    assert "<strong>water</strong>" in text


def test_a_closed_role_says_so_and_shows_what_is_open(make, stranger, member):
    gone = make.role(title="Was open", state=RoleState.closed, closed_at=clock.now())
    make.role(title="Still open")
    for browser in (stranger, member):
        page = browser.get(f"/roles/{gone.slug}")
        assert page.status_code == 410
        assert "Was open is closed" in page.text
        assert "Still open" in page.text
    assert stranger.get(f"/roles/{make.role(state=RoleState.draft).slug}").status_code == 404
    assert stranger.get("/roles/nothing").status_code == 404


def test_a_page_takes_the_same_few_statements_however_much_there_is(world, make):
    rivers, lisbon = make.interest("Rivers"), make.place("Lisbon")
    reader = world.browser(make.member(interests=(rivers,)))
    counts = []
    for _round in range(2):
        for _ in range(8):
            role = make.role()
            tag(make, role, [rivers], [lisbon])
        for url in ("/roles", f"/roles/{role.slug}"):
            with world.statements() as seen:
                assert reader.get(url).status_code == 200
            counts.append(len(seen))
        with world.inside():
            assert len(queries.open_ones(3)) == 3
    assert counts[:2] == counts[2:]
    assert max(counts) <= 6


def test_hostile_words_stay_words(make, stranger):
    hostile = "<script>alert(1)</script>\"'{{7*7}}"
    role = make.role(
        make.staff(name=hostile), title=hostile, summary=hostile, description=hostile, pay=hostile
    )
    for url in ("/roles", f"/roles/{role.slug}"):
        text = stranger.get(url).text
        assert "<script>alert" not in text
        assert ">49<" not in text

"""Files of every broken kind: a clear report, nothing half-imported, nothing lost."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.core.addresses import NotAnAddress, parse
from portal.members.models import Member
from portal.sheets import files, reading, values
from portal.sheets.models import SheetRow
from tests.sheets import office

HEAD = "Email,Name,Country\n"
GOOD = "ada@example.org,Ada,PT\n"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\n\n \n", "empty"),
        (b"PK\x03\x04" + b"\0" * 200, "workbook"),
        (b"%PDF-1.7 and so on", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        (b"\x1f\x8b\x08\x00", "packed"),
        ((",".join(f"c{n}" for n in range(500)) + "\n").encode(), "500 columns"),
        (b"Email,Name\n" + b"x" * 10_000_000, "longer than"),
        (b'Email,"Name\nada@example.org,Ada\n', "never closed"),
    ],
)
def test_no_table_is_refused_at_once_and_kept_nowhere(world, as_staff, data, words):
    page = office.refused(as_staff("admin"), data)
    assert words in page
    with world.app.app_context():
        assert files.everything() == []


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (GOOD * 20 + '"bob@example.org,Bob,PT\n' + GOOD * 20, "line 22"),
        (GOOD * 20 + '"bob@example.org"x,Bob,PT\n', "line 22"),
        (GOOD * 20 + "x" * 200_000 + "\n" + GOOD, "Line 22"),
        (GOOD * 20 + "a," * 500 + "\n", "line 22"),
        ("", "no row"),
    ],
)
def test_a_break_further_down_stops_the_whole_file(world, as_staff, rows, words):
    admin = as_staff("admin")
    page = office.looked_through(world, admin, HEAD + rows)
    shown = admin.get(page).text
    assert words.lower() in shown.lower()
    assert "Nothing was imported" in shown
    assert "Bring another file" in shown
    assert office.people(world) == {}
    with world.inside() as current:
        assert current.scalar(select(func.count()).select_from(SheetRow)) == 0
    admin.post(f"{page}/start")
    world.run_jobs()
    assert office.people(world) == {}


def test_bad_rows_are_named_and_good_ones_come_in(world, as_staff):
    admin = as_staff("admin")
    data = (
        HEAD.encode()
        + "zoë@example.org,Zoë,PT\n".encode()
        + b"nul@example.org,N\0ul,PT\n"
        + b"latin@example.org,Jos\xe9,PT\n"
        + "joseé@example.org,x,PT\nanna@example.org,Änna Ünal,SE\nole@example.org,Øle,NO\n".encode()
        + b"wide@example.org,Wide,PT,more,cells\n"
        + b"ADA@EXAMPLE.ORG,Ada,PT\nada@example.org,Twice,PT\n"
        + "mixed@exаmple.org,Cyrillic a,PT\n".encode()
        + b",No address,PT\n"
        + b"short@example.org\n"
        + b"two@@example.org,Two,PT\n"
    )
    page = office.imported(world, admin, data)
    people = office.people(world)
    assert set(people) == {"anna@example.org", "ole@example.org", "ada@example.org"}
    assert people["ole@example.org"].name == "Øle"
    assert people["ada@example.org"].name == "Ada"
    told = office.report(admin, page)
    assert "cannot be read in the encoding" in told["latin@example.org"][1]
    assert "cannot be read" in told["nul@example.org"][1] or "NUL" in told["nul@example.org"][1]
    assert "more than there are columns" in told["wide@example.org"][1]
    assert "two alphabets" in told["mixed@exаmple.org"][1]
    assert "further up" in told["ada@example.org"][0]
    assert "There is no mail address" in told[""][1]
    assert "needs a name" in told["short@example.org"][1]
    assert "cannot be right" in told["two@@example.org"][1]


@pytest.mark.parametrize(
    ("encoding", "separator", "mark"),
    [
        ("utf-8", ",", ""), ("utf-8", ";", "\ufeff"), ("utf-16", "\t", ""), ("utf-16-le", "\t", ""),
        ("utf-16-be", ",", ""), ("cp1252", ";", ""), ("mac_roman", ",", ""), ("cp1251", ";", ""),
        ("cp932", ",", ""), ("gb18030", ",", ""), ("cp1250", ";", ""),
    ],
)  # fmt: skip
def test_any_common_encoding_and_separator(world, as_staff, encoding, separator, mark):
    names = {
        "cp1251": "Дмитрий Сергеевич Щукин",
        "cp932": "太田 さくら カタカナ",
        "gb18030": "王小明 北京 上海",
        "cp1250": "Łukasz Żółć Dvořák Ąęś",
    }
    name = names.get(encoding, "Zoë Müller-Strauß à côté")
    rows = [["Email", "Name"]] + [[f"p{number}@example.org", f"{name}"] for number in range(30)]
    text = mark + "\r\n".join(separator.join(row) for row in rows)
    office.imported(world, as_staff("admin"), text.encode(encoding))
    people = office.people(world)
    assert len(people) == 30
    assert {one.name for one in people.values()} == {name}


def test_an_encoding_that_was_guessed_wrong_can_be_said(world, as_staff):
    admin = as_staff("admin")
    page = office.brought(admin, "Email;Name\nada@example.org;Γιώργος\n".encode("cp1253"))
    answer = admin.post(f"{page}/shape", encoding="cp1253", separator=";", has_head="y", follow=True)
    assert "Γιώργος" in answer.text
    admin.post(f"{page}/columns", origin="A list.")
    world.run_jobs()
    admin.post(f"{page}/start")
    world.run_jobs()
    assert office.people(world)["ada@example.org"].name == "Γιώργος"


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_any_line_ends_and_lines_within_a_cell(world, as_staff, ends):
    office.imported(
        world,
        as_staff("admin"),
        ends.join(["Email,Name", f'ada@example.org,"Ada{ends}Stone"', "bob@example.org,Bob"]),
    )
    people = office.people(world)
    assert (people["ada@example.org"].name, people["bob@example.org"].name) == ("Ada Stone", "Bob")


def test_excels_own_hint_and_no_head(world, as_staff):
    admin = as_staff("admin")
    office.imported(world, admin, "sep=;\nEmail;Name\nada@example.org;Ada\n")
    page = office.brought(admin, "bob@example.org,Bob\ncy@example.org,Cy\n")
    assert "Column 2" in admin.get(page).text
    admin.post(f"{page}/columns", origin="A list.", **{"column-1": "name"})
    world.run_jobs()
    admin.post(f"{page}/start")
    world.run_jobs()
    assert {one.name for one in office.people(world).values()} == {"Ada", "Bob", "Cy"}


def test_two_columns_of_one_name_are_told_apart(world, as_staff):
    admin = as_staff("admin")
    page = office.brought(admin, "Email,Name,Email,Name\nada@example.org,Ada,old@example.org,Old\n")
    assert "Another column is taken for" in admin.get(page).text
    answer = admin.post(f"{page}/columns", origin="A list.", **{"column-2": "address"})
    assert answer.status_code == 422
    assert "Only one column" in answer.text
    assert "A list." in answer.text, "what was typed is still there"


@pytest.mark.parametrize(
    "name", ["Gender", "Date of birth", "Religion", "ethnicity", "Geschlecht", "Union member"]
)
def test_a_column_about_a_sensitive_trait_is_left_out_with_words(world, as_staff, name):
    admin = as_staff("admin")
    page = office.brought(admin, f"Email,Name,{name}\nada@example.org,Ada,secret-value\n")
    assert "Left out." in admin.get(page).text
    answer = admin.post(f"{page}/columns", origin="A list.", **{"column-2": "level"})
    assert answer.status_code == 422
    admin.post(f"{page}/columns", origin="A list.")
    world.run_jobs()
    with world.inside() as current:
        row = current.scalars(select(SheetRow)).one()
        assert "secret-value" not in str([getattr(row, one.name) for one in row.__table__.columns])


def test_a_birth_year_is_never_kept(world, as_staff):
    admin = as_staff("admin")
    page = office.imported(
        world,
        admin,
        "Email,Name,Birthday\na@example.org,A,1990-03-14\nb@example.org,B,14 March\nc@example.org,C,3/4/91\n",
    )
    people = office.people(world)
    assert (people["a@example.org"].birthday_month, people["b@example.org"].birthday_month) == (None, 3)
    assert people["c@example.org"].birthday_day is None
    assert "year of birth" in office.report(admin, page)["a@example.org"][1]


def test_formulas_come_in_as_text_and_go_out_defused(world, as_staff):
    admin = as_staff("admin")
    page = office.imported(
        world,
        admin,
        'Email,Name\nada@example.org,"=HYPERLINK(""http://x"")"\nbob@example.org,\'+49 170\n=1@example,x\n',
    )
    people = office.people(world)
    assert people["ada@example.org"].name.startswith("=HYPERLINK")
    assert people["bob@example.org"].name == "+49 170"
    out = office.taken_out(world, admin, "?everybody=1&status=all").text
    assert "\"'=HYPERLINK" in out
    assert '"\'+49 170"' in out
    assert '"\'=1@example"' in admin.get(f"{page}/report.csv").text


def test_a_large_file_is_read_in_little_memory(world, tmp_path):
    path = tmp_path / "large.csv"
    with path.open("w") as file:
        file.write(HEAD)
        for number in range(200_000):
            file.write(f"p{number}@example.org,Person number {number},PT\n")
    with world.inside():
        reading.shape(path)
        tracemalloc.start()
        assert sum(1 for _ in reading.records(path, "utf-8", ",")) == 200_001
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
        tracemalloc.stop()


def test_an_import_takes_more_at_once_than_other_pages(world, as_staff):
    data = (HEAD + "".join(f"p{n}@example.org,{'x' * 100},PT\n" for n in range(120_000))).encode()
    assert len(data) > world.settings.max_request_mib * 2**20
    assert office.brought(as_staff("admin"), data)


def test_an_address_is_read_as_everywhere(world):
    parts = st.text(alphabet="aZ9._+-@é ", max_size=12)

    @given(
        parts,
        st.sampled_from(["example.org", "EXAMPLE.org", "x", "a..b", "-a.com", "bücher.de", "a.test", ""]),
    )
    def same(local, domain):
        typed = f"{local}@{domain}"
        try:
            expected = parse(typed)
        except NotAnAddress:
            expected = None
        try:
            found = values.address_of(typed)
        except NotAnAddress:
            found = None
        assert found == expected

    same()


def test_nobody_lost_between_looking_and_importing(world, make, as_staff):
    admin = as_staff("admin")
    page = office.looked_through(world, admin, HEAD + GOOD + "bob@example.org,Bob,PT\n")
    make.member("Bob himself", "bob@example.org")
    admin.post(f"{page}/start")
    world.run_jobs()
    people = office.people(world)
    assert people["bob@example.org"].name == "Bob himself"
    assert set(people) == {"ada@example.org", "bob@example.org"}
    assert isinstance(people["ada@example.org"], Member)

"""The parts of the design are sound in every face, and a page for candidates is light."""

import re

import pytest

from portal.core import places
from tests.rig import pages
from tests.world import Browser


@pytest.mark.parametrize("face", ["site", "me", "plain", "staff"])
def test_every_part_in_every_state_is_sound(stranger: Browser, face: str) -> None:
    page = stranger.get(f"/dev/parts?face={face}")
    assert page.status_code == 200
    pages.inspect(page.text)


def test_an_unknown_face_is_not_there(stranger: Browser) -> None:
    assert stranger.get("/dev/parts?face=other").status_code == 404


@pytest.mark.parametrize("code", [400, 403, 404, 405, 410, 413, 429, 500, 503])
def test_every_problem_has_its_page(stranger: Browser, code: int) -> None:
    page = stranger.get(f"/dev/parts/problem/{code}")
    assert page.status_code == code
    pages.inspect(page.text)


def test_mistakes_are_said_beside_their_fields(stranger: Browser) -> None:
    page = stranger.get("/dev/parts").text
    assert re.search(r'id="wrong-name"[^>]*aria-invalid="true"', page) or re.search(
        r'aria-invalid="true"[^>]*id="wrong-name"', page
    )
    assert 'aria-describedby="wrong-name-error"' in page
    assert 'id="wrong-name-error"' in page
    assert '<a href="#wrong-level-0">' in page


def test_what_people_write_is_text_never_markup(stranger: Browser) -> None:
    page = stranger.get("/dev/parts").text
    assert "<b>Robert</b>" not in page
    assert "&lt;b&gt;Robert&lt;/b&gt;" in page


def test_a_candidate_page_carries_less_than_40_kilobytes_of_styles_and_scripts(stranger: Browser) -> None:
    page = stranger.get("/dev/parts/problem/404").text
    linked = re.findall(r'/static/((?:css|js)/[^"?]+)', page)
    assert linked
    assert sum((places.static() / path).stat().st_size for path in linked) < 40_000


def test_nothing_comes_from_elsewhere() -> None:
    sheets = [*places.static().rglob("*.css"), *places.static().rglob("*.js")]
    assert sheets
    for sheet in sheets:
        assert not re.search(r"https?://|@import|url\(", sheet.read_text()), sheet

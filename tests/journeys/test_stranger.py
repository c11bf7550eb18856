"""A stranger looks around."""

import pytest

from tests.rig import browser
from tests.rig.browser import OpenPage
from tests.rig.server import Site


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_address_that_does_not_exist_has_a_kind_page(
    site: Site, open_page: OpenPage, scripts: bool
) -> None:
    page = open_page(site.address, scripts=scripts)
    answer = page.goto("/no-such-page")
    assert answer is not None
    assert answer.status == 404
    browser.inspect(page)

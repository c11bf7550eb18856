"""Letters as they look in a reader: on a phone and on a desk, by day and by night, with pictures off."""

import pytest

from tests.mail.test_palette import contrast
from tests.mail.test_render import TAGS, letter

pytestmark = pytest.mark.browser
COLOUR = "element => getComputedStyle(element).%s"


def _hex(css: str) -> str:
    red, green, blue = (int(part) for part in css.removeprefix("rgb(").removesuffix(")").split(","))
    return f"#{red:02x}{green:02x}{blue:02x}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 600, 1280])
def test_a_letter_fits_and_can_be_read(chromium, width, scheme):
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=True
    )
    page = context.new_page()
    page.route("**/*", lambda route: route.abort())
    page.set_content(letter(words="Donaudampfschifffahrtsgesellschaft " * 8, **TAGS).html)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    paper = _hex(page.locator("div.page").evaluate(COLOUR % "backgroundColor"))
    card = _hex(page.locator("div.card").evaluate(COLOUR % "backgroundColor"))
    assert (contrast(card, "#000000") < 3) == (scheme == "dark")
    for words in ("Hello %%first_name%%", "Mia Sato, Engineering", "204813", "What happened"):
        found = page.get_by_text(words).first
        assert contrast(_hex(found.evaluate(COLOUR % "color")), card) >= 4.5, words
    for words in ("You get this because", "Stop these mails"):
        found = page.get_by_text(words).first
        assert contrast(_hex(found.evaluate(COLOUR % "color")), paper) >= 4.5, words
    button = page.get_by_role("link", name="Say that it is you")
    ground = _hex(button.evaluate(COLOUR % "backgroundColor"))
    assert contrast(_hex(button.evaluate(COLOUR % "color")), ground) >= 4.5
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert page.get_by_role("img", name="Mia at a long table, laughing").count() == 1
    assert page.get_by_role("heading", level=1).count() == 1
    context.close()

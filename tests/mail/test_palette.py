"""A letter's colours can be read, whatever the brand's hue, by day and by night."""

import pytest

from portal.mail.palette import SEASON_HUES, hex_of, palette

PAIRS = [
    *(("ink", "raised"), ("ink", "paper"), ("ink_soft", "raised"), ("ink_soft", "paper")),
    *(("leaf", "raised"), ("on_leaf", "leaf"), ("season_ink", "raised"), ("season_ink", "paper")),
    *(("season_ink", "season_tint"), ("ink", "season_tint")),
]


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("season", ["", *SEASON_HUES])
def test_words_stand_out_for_any_brand(season):
    for hue in range(0, 361, 10):
        colours = palette(hue, season)
        for scheme in (colours.light, colours.dark):
            for words, ground in PAIRS:
                assert contrast(scheme[words], scheme[ground]) >= 4.5, (hue, words, ground)
            assert not {"#ffffff", "#000000"} & set(scheme.values())


@pytest.mark.parametrize(
    ("colour", "expected"),
    [((1, 0, 0), "#ffffff"), ((0, 0, 0), "#000000"), ((0.628, 0.2577, 29.23), "#ff0000")],
)
def test_colours_are_what_css_says_they_are(colour, expected):
    assert hex_of(*colour) == expected


def test_a_colour_outside_the_screen_gives_way():
    assert contrast(hex_of(0.5, 0.4, 145), hex_of(0.5, 0.0, 145)) < 1.2

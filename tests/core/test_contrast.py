"""Words stay readable (WCAG 2.2: 4.5, edges of fields 3) whatever hue a company or a season gives them."""

import math
import re

import pytest

from portal.core import places

_COLOUR = re.compile(r"oklch\(([\d.]+) ([\d.]+) (var\(--[\w-]+\)|[\d.]+)\)")
_TOKEN = re.compile(r"--([\w-]+):\s*(light-dark\(oklch\(.*?\)\)(?=;)|oklch\([^;]*)")
TOKENS = dict(_TOKEN.findall((places.static() / "css" / "tokens.css").read_text()))
SEASONS = [
    float(hue)
    for hue in re.findall(
        r'season="\w+"\] \{ --season-hue: (\d+)', (places.static() / "css" / "tokens.css").read_text()
    )
]

TEXT = [
    *(
        (ink, paper)
        for paper in ("paper", "raised", "sunk")
        for ink in (
            "ink",
            "ink-soft",
            "leaf",
            "leaf-deep",
            "harm",
            "harm-deep",
            "marigold-ink",
            "season-ink",
            "focus",
        )
    ),
    *((ink, "leaf-tint") for ink in ("ink", "ink-soft", "leaf", "leaf-deep")),
    ("on-leaf", "leaf"),
    ("on-leaf", "leaf-deep"),
    ("on-harm", "harm"),
    ("on-harm", "harm-deep"),
    ("harm", "harm-tint"),
    ("harm-deep", "harm-tint"),
    ("ink", "harm-tint"),
    ("marigold-ink", "marigold-tint"),
    ("ink", "marigold-tint"),
    ("season-ink", "season-tint"),
    ("ink", "season-tint"),
    ("ink", "rule"),
    ("on-soil", "soil"),
    ("on-soil-soft", "soil"),
]
EDGES = [("rule-strong", paper) for paper in ("paper", "raised", "sunk")]


def luminance(token: str, dark: bool, hue: float, season: float) -> float:
    """The relative luminance of a token, clipped to sRGB as browsers do."""
    shades = _COLOUR.findall(TOKENS[token])
    light, chroma, angle = shades[-1 if dark else 0]
    turn = {"var(--hue)": hue, "var(--season-hue)": season}.get(angle) if "var" in angle else float(angle)
    assert turn is not None
    a, b = (float(chroma) * f(math.radians(turn)) for f in (math.cos, math.sin))
    lms = [
        (float(light) + u * a + v * b) ** 3
        for u, v in (
            (0.3963377774, 0.2158037573),
            (-0.1055613458, -0.0638541728),
            (-0.0894841775, -1.2914855480),
        )
    ]
    rgb = [
        min(1.0, max(0.0, sum(part * one for part, one in zip(row, lms, strict=True))))
        for row in (
            (4.0767416621, -3.3077115913, 0.2309699292),
            (-1.2684380046, 2.6097574011, -0.3413193965),
            (-0.0041960863, -0.7034186147, 1.7076147010),
        )
    ]
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


def worst(ink: str, paper: str) -> float:
    """The lowest contrast of the pair over all hues, seasons and both schemes."""
    found = []
    for dark in (False, True):
        for hue in range(0, 360, 5):
            for season in SEASONS:
                high, low = sorted((luminance(t, dark, hue, season) for t in (ink, paper)), reverse=True)
                found.append((high + 0.05) / (low + 0.05))
    return min(found)


def test_black_on_white_is_21() -> None:
    TOKENS["black"], TOKENS["white"] = "oklch(0 0 0)", "oklch(1 0 0)"
    assert worst("black", "white") == pytest.approx(21, abs=0.01)


def test_every_season_has_its_hue() -> None:
    assert len(SEASONS) == 4


@pytest.mark.parametrize(("ink", "paper"), TEXT)
def test_words_can_be_read(ink: str, paper: str) -> None:
    assert worst(ink, paper) >= 4.5


@pytest.mark.parametrize(("ink", "paper"), EDGES)
def test_edges_of_fields_can_be_seen(ink: str, paper: str) -> None:
    assert worst(ink, paper) >= 3

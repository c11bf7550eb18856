"""The colours of a letter: mail readers know neither oklch() nor variables, so they become hex here."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

SEASON_HUES = MappingProxyType({"winter": 240.0, "spring": 130.0, "summer": 325.0, "autumn": 52.0})

_FIXED: dict[str, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
    "paper": ((0.965, 0.011, 85), (0.185, 0.012, 100)),
    "raised": ((0.993, 0.005, 85), (0.235, 0.013, 100)),
    "sunk": ((0.952, 0.013, 85), (0.285, 0.014, 100)),
    "ink": ((0.25, 0.018, 130), (0.935, 0.012, 90)),
    "ink_soft": ((0.445, 0.018, 120), (0.765, 0.015, 95)),
    "rule": ((0.885, 0.016, 85), (0.36, 0.014, 100)),
}
_BRAND = {
    "leaf": ((0.425, 0.105), (0.835, 0.115)),
    "on_leaf": ((0.985, 0.01), (0.21, 0.035)),
}
_SEASON = {
    "season": ((0.63, 0.13), (0.75, 0.12)),
    "season_ink": ((0.45, 0.105), (0.84, 0.095)),
    "season_tint": ((0.925, 0.045), (0.325, 0.055)),
}


@dataclass(frozen=True, slots=True)
class Palette:
    """Hex colours by name, for light and for dark readers."""

    light: Mapping[str, str]
    dark: Mapping[str, str]


@lru_cache(maxsize=64)
def palette(brand_hue: float, season: str) -> Palette:
    """Return the colours for a brand's hue (degrees) and a season's name."""
    season_hue = SEASON_HUES.get(season, brand_hue)
    colours: list[dict[str, str]] = [{}, {}]
    for scheme in (0, 1):
        for name, fixed in _FIXED.items():
            colours[scheme][name] = hex_of(*fixed[scheme])
        for name, brand in _BRAND.items():
            colours[scheme][name] = hex_of(*brand[scheme], brand_hue)
        for name, own in _SEASON.items():
            colours[scheme][name] = hex_of(*own[scheme], season_hue)
    return Palette(MappingProxyType(colours[0]), MappingProxyType(colours[1]))


def hex_of(lightness: float, chroma: float, hue: float) -> str:
    """Return an oklch colour as #rrggbb; chroma gives way until it fits sRGB (CSS Color 4, 13)."""
    while True:
        channels = _linear(lightness, chroma, hue)
        if chroma <= 0 or all(-0.0005 <= channel <= 1.0005 for channel in channels):
            return "#" + "".join(f"{round(_gamma(channel) * 255):02x}" for channel in channels)
        chroma -= 0.002


def _linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _gamma(channel: float) -> float:
    channel = min(1.0, max(0.0, channel))
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055

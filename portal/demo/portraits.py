"""Portraits without faces: everybody gets a plant of their own."""

# Points stay side by side.
# fmt: off

import math
import random

from portal.demo.brush import Rim, Shade, Sheet
from portal.demo.outlines import Point, box, crown, leaf, oval, smooth, stroke

_GROUNDS = (("#cfdccb", "#9dbba8"), ("#f2d7a6", "#dca765"), ("#e9b79a", "#c77c5f"), ("#b9d2d6", "#7ea7b2"),
    ("#2f5560", "#173742"), ("#e6dcc0", "#c5b48a"), ("#8fab86", "#5d8468"), ("#3a4a6a", "#222f4c"))
_LEAVES = (("#5f8a5a", "#2a5246", "#dfe3a0"), ("#86a862", "#3f7050", "#eef0b8"),
    ("#3f7078", "#1d444f", "#b9dad2"), ("#c9603c", "#85372e", "#f7c79a"), ("#e0a53c", "#a3682b",
    "#fbe6a6"), ("#7d9a60", "#3e6058", "#e6e39a"))


def sprig(sheet: Sheet, rng: random.Random) -> None:
    """Draw a sprig, a fan or heads of seeds before a sun; which, and in what colours, the numbers say."""
    pale, deep = rng.choice(_GROUNDS)
    dark = pale.startswith(("#2", "#3"))
    tone, shadow, light = rng.choice([leaf for leaf in _LEAVES if leaf[0] != deep])
    sheet.fill(box(300, -50, 1000, 1000), pale, Shade(deep, rng.choice((60, 90, 120)), 0.15, 0.95))
    disc = (rng.uniform(690, 910), rng.uniform(300, 420), rng.uniform(190, 270))
    sheet.fill(oval(*disc), "#f6d98e" if not dark else "#f3e3b8", Shade("#ec9f5a" if not dark else "#d9b27a",
        80, 0.3, 0.8))
    ground = smooth([(300, 820), (520, 770), (800, 800), (1060, 760), (1320, 810), (1320, 980), (300, 980)],
        steps=8)
    rng.choice((_twig, _fan, _seeds))(sheet, rng, (tone, shadow, light))
    sheet.fill(ground, shadow, Shade(deep, 0, 0.3, 0.5), Rim(light, 0, 14, 0.5, 12))


def _twig(sheet: Sheet, rng: random.Random, colours: tuple[str, str, str]) -> None:
    tone, shadow, light = colours
    lean, wide, long = rng.uniform(-90, 90), rng.uniform(60, 105), rng.uniform(170, 240)
    spine = smooth([(800, 860), (800 + lean * 0.2, 620), (800 + lean, 380), (800 + lean * 1.7, 170)],
        closed=False)
    sheet.fill(stroke(spine, 17, 5), shadow)
    many = rng.randint(5, 7)
    for number in range(many):
        x, y = spine[int(4 + number * (len(spine) - 6) / many)]
        reach = 1 - 0.07 * abs(number - 1.5)
        for side in (-1, 1):
            turn = -90 + lean * 0.12 + side * rng.uniform(46, 60)
            sheet.fill(leaf(x, y, long * reach, wide * reach, turn), tone, Shade(shadow, turn + 90, 0.3, 0.9),
                Rim(light, 5, 6, 0.5, 8))
            sheet.fill(leaf(x, y, long * reach * 0.9, 5, turn), light, alpha=0.75)
    x, y = spine[-1]
    sheet.fill(leaf(x, y + 30, long * 0.8, wide * 0.8, -90 + lean * 0.2), tone, Shade(shadow, 0, 0.3, 0.9),
        Rim(light, 5, 6, 0.5, 8))


def _fan(sheet: Sheet, rng: random.Random, colours: tuple[str, str, str]) -> None:
    tone, shadow, light = colours
    many, long = rng.choice((7, 9, 11)), rng.uniform(430, 560)
    for number in sorted(range(many), key=lambda n: -abs(n - many // 2)):
        turn = -90 + (number - many // 2) * 150 / many
        reach = long * (1 - 0.05 * abs(number - many // 2))
        sheet.fill(leaf(800, 830, reach, 900 / many, turn), tone, Shade(shadow, turn + 80, 0.35, 0.95),
            Rim(light, 6, 6, 0.5, 8))
        sheet.fill(leaf(800, 830, reach * 0.92, 6, turn), light, alpha=0.7)


def _seeds(sheet: Sheet, rng: random.Random, colours: tuple[str, str, str]) -> None:
    tone, shadow, light = colours
    for lean, high in ((rng.uniform(-230, -130), 0.72), (rng.uniform(130, 230), 0.8),
        (rng.uniform(-50, 50), 1.0)):
        x, y = 800 + lean, 850 - 560 * high
        sheet.fill(stroke(smooth([(800 + lean * 0.2, 860), (800 + lean * 0.7, 620), (x, y)], closed=False),
            14, 8), shadow)
        for turn in (-150, -30):
            sheet.fill(leaf(800 + lean * 0.6, 680, 150, 52, turn + lean * 0.08), tone,
                Shade(shadow, 90, 0.3, 0.9))
        size = 118 * high
        rays: list[list[Point]] = []
        for number in range(26):
            angle = 2 * math.pi * number / 26
            rays.append(leaf(x, y, size * rng.uniform(0.9, 1.12), size * 0.24, math.degrees(angle)))
        sheet.fill(rays, light, Shade(tone, 60, 0.3, 0.9))
        sheet.fill(crown(rng, x, y, size * 0.5, size * 0.48), tone, Shade(shadow, 60, 0.2, 0.9),
            Rim(light, 6, 8, 0.6, 8))
        dots = [oval(x + rng.gauss(0, size * 0.2), y + rng.gauss(0, size * 0.2), 5) for _ in range(14)]
        sheet.fill(dots, shadow, alpha=0.7)

"""Pictures of rivers, and of what goes along them."""

# Points stay side by side.
# fmt: off

import math
import random

from portal.demo.brush import Rim, Shade, Sheet
from portal.demo.outlines import (
    box,
    cloud,
    crown,
    hedge,
    leaf,
    oval,
    poplar,
    reeds,
    ridge,
    ripples,
    smooth,
    stroke,
    winding,
)


def river_walk(sheet: Sheet, rng: random.Random) -> None:
    """Draw a path that follows the bends of a river through reeds, and a heron."""
    sheet.sky("#d8e2d2", "#f3e4c3", "#f6cf9c", down_to=360)
    sheet.glow(1120, 250, 460, "#fbe0a0", 0.8)
    sheet.fill(oval(1120, 262, 56), "#fdeec2")
    sheet.fill(ridge([(-20, 300), (260, 240), (520, 300), (840, 230), (1150, 296), (1400, 240), (1620, 280)]),
        "#b3c3ad", Shade("#e7d3a8", 90, 0.1, 0.7))
    sheet.fill(ridge([(-20, 350), (300, 318), (700, 352), (1100, 312), (1620, 348)]), "#8aa68d",
        Shade("#c6c691", 90, 0.05, 0.6))
    sheet.fill(hedge(rng, -40, 1640, 372, 58), "#7a9a78", Shade("#4f7a64", 90, 0.3, 0.7))
    sheet.fill(box(-10, 362, 1620, 560), "#9db170", Shade("#5d8454", 90, 0.1, 0.95))
    band = winding([(1010, 366), (930, 384), (1080, 408), (1130, 440), (900, 486), (800, 540), (1000, 620),
        (1180, 730), (1120, 940)], (20, 90, 150, 250, 420, 760))
    sheet.fill(band, "#7dadab", Shade("#2f6878", 90, 0.2, 0.95), Shade("#f3dcae", -90, 0.7, 0.8))
    sheet.fill(ripples(rng, (560, 400, 1600, 900), 150, 120), "#f4ecd0", alpha=0.55, inside=band)
    sheet.fill(ripples(rng, (560, 440, 1600, 900), 80, 120), "#2d6473", alpha=0.4, inside=band)
    path = winding([(830, 366), (720, 384), (600, 412), (640, 452), (560, 510), (400, 590), (340, 690),
        (420, 800), (330, 940)], (6, 30, 60, 100, 170, 260))
    sheet.fill(path, "#ecdaab", Shade("#c9a86a", 90, 0.3, 0.8))
    for x, y, size in ((250, 430, 60), (140, 470, 84), (380, 400, 40), (1340, 420, 58), (1460, 450, 80),
        (1560, 410, 60)):
        sheet.fill(oval(x + size * 0.3, y + size * 0.9, size, size * 0.16), "#5d8454", alpha=0.7)
        sheet.fill(stroke([(x, y + size), (x, y)], size * 0.14), "#5b4a38")
        sheet.fill(crown(rng, x, y, size * 0.8, size * 0.9), "#7c9a55", Shade("#3f6a50", 200, 0.3, 0.9),
            Rim("#f3d987", -8, 10, 0.5, 12))
    for left, right, base, tall, tone in ((640, 760, 560, 80, "#7d9650"), (1120, 1330, 520, 90, "#7d9650"),
        (600, 740, 660, 140, "#5c8352"), (560, 720, 800, 200, "#4a7550"), (540, 760, 910, 230, "#35604c")):
        sheet.fill(reeds(rng, left, right, base, tall, 60, 24), tone)
    for x, y, tall in ((506, 480, 50), (236, 620, 92), (130, 800, 150)):
        sheet.fill(stroke([(x, y), (x, y - tall)], tall * 0.09), "#6d6a5c")
        sheet.fill(box(x - tall * 0.13, y - tall, tall * 0.26, tall * 0.26, 4), "#f2e7cd",
            Shade("#9a9a86", 0, 0.4, 0.8))
    _heron(sheet, 960, 640)
    sheet.fill(reeds(rng, 960, 1640, 950, 210, 120, -40), "#2f5a4a")
    sheet.fill(reeds(rng, -20, 240, 940, 260, 60, 40), "#2f5a4a")


def _heron(sheet: Sheet, x: float, y: float) -> None:
    sheet.fill([stroke([(x + 6, y + 40), (x + 2, y + 150)], 5), stroke([(x + 22, y + 40), (x + 34, y + 90),
        (x + 20, y + 150)], 5)], "#4f5148")
    sheet.fill(smooth([(x - 44, y - 20), (x + 6, y - 34), (x + 70, y + 6), (x + 124, y + 64),
        (x + 60, y + 56), (x + 2, y + 48), (x - 40,
        y + 20)]), "#8398a0", Shade("#3f5964", 60, 0.3, 0.9), Rim("#e9eee0", 0, 12, 0.6, 12))
    neck = smooth([(x - 26, y + 6), (x - 60, y - 30), (x - 30, y - 84), (x - 50, y - 130), (x - 74, y - 140)],
        closed=False)
    sheet.fill(stroke(neck, 32, 15), "#d5dbd0", Shade("#8398a0", 0, 0.4, 0.8))
    sheet.fill(oval(x - 76, y - 142, 21, 13, -8), "#e4e7da")
    sheet.fill(stroke([(x - 88, y - 140), (x - 164, y - 122)], 12, 1), "#e2a03b")
    sheet.fill(smooth([(x - 84, y - 150), (x - 50, y - 156), (x - 12, y - 138), (x - 54, y - 142)]),
        "#24323a")
    sheet.fill(oval(x - 82, y - 144, 3), "#24323a")


def paper_boats(sheet: Sheet, rng: random.Random) -> None:
    """Draw three boats folded from printed paper on a green river."""
    sheet.sky("#7fa37b", "#4f8272", "#2f6a68")
    sheet.glow(1100, 120, 760, "#e9e2a4", 0.5)
    far = smooth([(-40, -40), (1640, -40), (1640, 150), (1380, 190), (1080, 160), (820, 196), (520, 170),
        (240, 214), (-40, 180)])
    sheet.fill(ripples(rng, (0, 150, 1600, 900), 150, 200), "#bcd3a5", alpha=0.5)
    sheet.fill(ripples(rng, (0, 150, 1600, 900), 110, 200), "#1f5355", alpha=0.45)
    sheet.fill(far, "#54784c", Shade("#9fae5f", 90, 0.2, 0.8), Rim("#26504a", 0, -16, 0.7, 18))
    sheet.fill(reeds(rng, -10, 1610, 120, 130, 220, 20), "#33604c")
    sheet.fill(reeds(rng, -10, 1610, 148, 90, 200, 24), "#7a984f")
    for x, y, size, turn in ((1080, 330, 0.62, -0.1), (420, 470, 0.92, 0.12), (1010, 690, 1.25, -0.05)):
        _boat(sheet, rng, x, y, size, turn)
    for x, y, size in ((190, 760, 80), (330, 830, 60), (640, 300, 46), (1380, 480, 70), (1290, 540, 48),
        (90, 610, 52)):
        sheet.fill(oval(x + 6, y + 8, size, size * 0.42), "#1f5355", alpha=0.5)
        pad = [p
            for p in oval(x, y, size,
            size * 0.42) if not (p[0] > x + size * 0.55 and abs(p[1] - y) < size * 0.13)]
        sheet.fill([*pad], "#7ea35a", Shade("#3f7355", 60, 0.2, 0.9))
    sheet.fill([leaf(346, 820, 46, 26, turn) for turn in (-150, -120, -90, -60, -30)], "#f3e4d0",
        Shade("#d98f8a", 90, 0.3, 0.8))
    sheet.fill(reeds(rng, -30, 300, 960, 420, 50, 60), "#1d4a47")
    sheet.fill(reeds(rng, 1300, 1640, 960, 480, 60, -70), "#1d4a47")
    sheet.fill(reeds(rng, 1330, 1640, 950, 300, 34, -50), "#4f7f4e")


def _boat(sheet: Sheet, rng: random.Random, x: float, y: float, size: float, turn: float) -> None:
    def at(*points: tuple[float, float]) -> list[tuple[float, float]]:
        return [(x + (u - v * turn) * size, y + (v + u * turn) * size) for u, v in points]

    sheet.fill(at((-190, 64), (190, 60), (130, 150), (-20, 190), (-130, 150)), "#dfe6c4",
        Shade("#2f6a68", 90, 0.05, 1.0), alpha=0.4)
    sheet.fill(smooth(at((-170, 66), (0, 84), (170, 62), (60, 108), (-80, 110))), "#173f44", alpha=0.55)
    sail = at((0, -190), (96, 20), (-96, 20))
    sheet.fill(sail, "#f8f0dc", Shade("#c9c2a4", 0, 0.5, 0.85))
    lines = [at((-90, v), (90, v), (90, v + 4), (-90, v + 4)) for v in range(-120, 20, 17)]
    sheet.fill(lines, "#70776f", alpha=0.55, inside=at((-10, -140), (-66, 10), (-8, 10)))
    sheet.fill(at((0, -190), (0, 20), (96, 20)), "#ded5b8", Shade("#a9a688", 90, 0.2, 0.7))
    hull = at((-214, -30), (0, 24), (214, -30), (124, 84), (-124, 84))
    sheet.fill(hull, "#fbf4e2", Shade("#b9b698", 90, 0.35, 0.8))
    rows = [at((-220, v), (20 + rng.uniform(-60, 90), v), (20, v + 4), (-220, v + 4))
        for v in range(14, 80, 15)]
    sheet.fill(rows, "#70776f", alpha=0.5, inside=at((-160, 4), (-20, 30), (90, 60), (80, 80), (-118, 80)))
    sheet.fill(at((0, 24), (214, -30), (124, 84), (0, 84)), "#d8d0b2", Shade("#8f937c", 60, 0.2, 0.8),
        alpha=0.75)
    sheet.line(at((70, 40), (86, 56), (118, 14)), "#c9502f", 6 * size)
    for shift in (0, 40):
        sheet.line(smooth(at((-150 - shift, 92 + shift * 0.5), (0, 116 + shift * 0.7),
            (150 + shift, 90 + shift * 0.5)), closed=False), "#eef0d4", 3, 0.5)


def boat_day(sheet: Sheet, rng: random.Random) -> None:
    """Draw a flat boat with a measuring arm on a wide river, poplars and a mill behind it."""
    sheet.sky("#a9cbd0", "#d9e2cb", "#f3e6c0", down_to=470)
    for x, y, w in ((300.0, 130, 190), (700, 90, 150), (1280, 160, 210), (1000, 230, 120)):
        sheet.fill(cloud(rng, x, y, w * 0.8, w * 0.4), "#fbf6e4", Shade("#c9d5cb", 90, 0.45, 0.8))
    sheet.fill(ridge([(-20, 440), (400, 424), (900, 438), (1620, 420)], 480), "#9db59c")
    for number in range(7):
        x, tall = 60 + number * 74 + rng.uniform(-10, 10), 280.0 - number * 14
        sheet.fill(stroke([(x, 454), (x, 420)], 6), "#5b4a38")
        sheet.fill(poplar(rng, x, 456, tall, 58), "#64895f", Shade("#35594f", 0, 0.3, 0.9),
            Rim("#d9d48d", 8, 2, 0.5, 8))
    sheet.fill(hedge(rng, -20, 1640, 460, 34), "#7a9a7e", Shade("#557f6b", 90, 0.3, 0.6))
    _mill(sheet, 1330, 440)
    sheet.fill(box(-10, 456, 1620, 460), "#8fb6b0", Shade("#2f6675", 90, 0.08, 0.95))
    sheet.mirror(456, 300, "#7aa6a4", 0.6, 2.5)
    sheet.fill(ripples(rng, (0, 470, 1600, 900), 150, 190), "#eef1dc", alpha=0.5)
    sheet.fill(ripples(rng, (0, 500, 1600, 900), 110, 190), "#255b6b", alpha=0.45)
    sheet.fill(smooth([(390, 706), (760, 728), (1180, 700), (1080, 780), (760, 800), (470, 776)]), "#1c4a58",
        alpha=0.6)
    sheet.fill(stroke([(1010, 616), (1306, 462)], 14, 9), "#6b5a44", Shade("#3d3a36", 0, 0.3, 0.7))
    sheet.fill(stroke([(1296, 470), (1296, 640)], 4), "#4c5a58")
    sheet.fill([box(1280, 630, 32, 66, 8), oval(1296, 700, 14, 18)], "#e8e0c8", Shade("#6d7b78", 0, 0.4, 0.8))
    for radius in (24, 44, 66):
        sheet.line(oval(1296, 730, radius, radius * 0.26)[:33], "#f4f2df", 3, 0.75)
    hull = smooth([(340, 610), (420, 622), (760, 634), (1120, 618), (1230, 590), (1190, 668), (1090, 726),
        (480, 730), (392, 680)], steps=6)
    sheet.fill(hull, "#4f7d5a", Shade("#1f4a46", 90, 0.3, 0.95), Rim("#b9cf8c", 0, 16, 0.6, 14))
    sheet.fill(stroke(smooth([(340, 610), (420, 624), (760, 636), (1120, 620), (1232, 590)], closed=False),
        14), "#f0e0b6", Shade("#b98f55", 90, 0.4, 0.7))
    sheet.fill(box(470, 520, 210, 104, 6), "#f4ead0", Shade("#c2b592", 0, 0.5, 0.8))
    sheet.fill(box(450, 500, 252, 26, 8), "#c9603c", Shade("#8a3f33", 0, 0.4, 0.8))
    sheet.fill([box(492, 544, 66, 48, 4), box(592, 544, 66, 48, 4)], "#3f6a78",
        Shade("#a9c9c4", -50, 0.4, 0.8))
    for x, coat, cap in ((770, "#e3a13a", "#294650"), (850, "#b4503d", "#f0e0b6"),
        (938, "#35607a", "#c9603c")):
        sheet.fill(smooth([(x - 30, 632), (x - 26, 566), (x, 546), (x + 26, 566), (x + 30, 632)]), coat,
            Shade("#3a3238", 0, 0.4, 0.6), Rim("#fbe9bf", 6, 8, 0.4, 8))
        sheet.fill(oval(x + 3, 530, 19, 21), "#a8734f" if x != 850 else "#e3b58e",
            Shade("#6d4334", 0, 0.5, 0.5))
        sheet.fill([p for p in oval(x + 2, 524, 22, 22) if p[1] <= 526], cap)
    sheet.fill(stroke([(412, 622), (330, 500), (326, 420)], 6, 4), "#6b5a44")
    sheet.fill(smooth([(328, 424), (270, 430), (230, 448), (280, 462), (328, 466)], steps=6), "#c9603c",
        Shade("#8a3f33", 180, 0.3, 0.7))
    sheet.fill(ripples(rng, (380, 716, 1180, 760), 40, 150), "#f4f2df", alpha=0.7)
    sheet.fill(reeds(rng, -20, 300, 960, 240, 80, 50), "#2a5a50")
    sheet.fill(reeds(rng, 1250, 1640, 970, 200, 90, -40), "#3c6f56")


def _mill(sheet: Sheet, x: float, y: float) -> None:
    sheet.fill([(x - 52, y + 16), (x - 34, y - 110), (x + 34, y - 110), (x + 52, y + 16)], "#8b5a45",
        Shade("#523731", 0, 0.3, 0.85), Rim("#e2b286", 10, 0, 0.5, 10))
    sheet.fill(smooth([(x - 42, y - 106), (x - 26, y - 140), (x + 10, y - 150), (x + 42, y - 112)], steps=6),
        "#54605a", Shade("#2e3c3d", 0, 0.3, 0.8))
    sheet.fill(box(x - 66, y - 56, 132, 8), "#54483c")
    for turn in (20, 110, 200, 290):
        sail = [(x + u * math.cos(math.radians(turn)) - v * math.sin(math.radians(turn)),
            y - 124 + u * math.sin(math.radians(turn)) + v * math.cos(math.radians(turn))) for u, v in ((30,
            2), (140, 2), (140, 24), (30, 18))]
        sheet.fill(sail, "#f4ead0", Shade("#b9ac8c", turn, 0.3, 0.7))
        sheet.fill(stroke([(x, y - 124), (x + 144 * math.cos(math.radians(turn)),
            y - 124 + 144 * math.sin(math.radians(turn)))], 5), "#4a4238")
    sheet.fill([box(x - 9, y - 34, 18, 46), box(x - 8, y - 90, 14, 18)], "#efe3c6")

"""Pictures of rooms at home and by the door, and of what people keep in them."""

# Points stay side by side.
# fmt: off

import random

from portal.demo.brush import Rim, Shade, Sheet
from portal.demo.outlines import (
    Outline,
    Point,
    box,
    cloud,
    hedge,
    leaf,
    oval,
    poplar,
    ridge,
    ripples,
    smooth,
    stroke,
)


def boots(sheet: Sheet, rng: random.Random) -> None:
    """Draw boots on a bench by a door, one pair muddy, and coats on hooks."""
    sheet.sky("#c9cfae", "#bcc5a2", "#aab693", down_to=560)
    sheet.fill([box(x, 330, 3, 330) for x in range(20, 1600, 74)], "#8b9a78", alpha=0.55)
    sheet.fill(box(-10, 316, 1620, 18), "#e7dfc2", Shade("#9c9f80", 90, 0.4, 0.8))
    sheet.fill(box(-10, 650, 1620, 24), "#7d8a6c", Shade("#566551", 90, 0.3, 0.8))
    sheet.fill(box(-10, 672, 1620, 240), "#b8795a", Shade("#6f4640", 90, 0.2, 0.9),
        Shade("#6f4640", 180, 0.6, 0.7))
    tiles = [stroke([(x, 672), (800 + (x - 800) * 1.9, 910)], 3) for x in range(-400, 2000, 130)]
    sheet.fill([*tiles, *(box(-10, y, 1620, 3) for y in (716, 778, 862))], "#8d5a49", alpha=0.6)
    _wet_window(sheet, rng)
    sheet.fill(box(60, 128, 960, 26, 6), "#8a5f3f", Shade("#5d3f31", 90, 0.3, 0.8))
    for x in (150, 380, 610, 840):
        sheet.fill([stroke(smooth([(x, 140), (x + 2, 178), (x + 20, 182), (x + 22, 164)], closed=False), 8)],
            "#3c3a36")
    _coat(sheet, 160, 176, "#e8b23e", "#b2762d", 1.0)
    _coat(sheet, 400, 176, "#3f6b74", "#274852", 0.93)
    _coat(sheet, 850, 176, "#587a4c", "#37543f", 1.04)
    scarf = smooth([(606, 168), (640, 170), (652, 216), (654, 300), (650, 420), (596, 420), (598, 300),
        (594, 216)], steps=8)
    sheet.fill([box(x, 414, 5, 30) for x in range(600, 648, 9)], "#c35b43")
    sheet.fill(scarf, "#c35b43", Shade("#82392f", 0, 0.3, 0.8))
    sheet.fill([box(592, y, 64, 13) for y in (236, 290, 344, 398)], "#f1dfb8", inside=scarf)
    sheet.fill([box(60, 566, 900, 30, 6)], "#a9744c", Shade("#6e4736", 90, 0.3, 0.9),
        Rim("#e6bd84", 0, 6, 0.7, 6))
    sheet.fill([box(96, 594, 28, 150), box(496, 594, 28, 150), box(896, 594, 28, 150)], "#7d5440",
        Shade("#4d352e", 0, 0.3, 0.8))
    sheet.fill(oval(520, 752, 500, 24), "#5c3b37", alpha=0.4)
    for x, y, colour, deep, size in ((150, 566, "#446e5c", "#233f3b", 0.72),
        (350, 566, "#d9a23c", "#97662b", 0.66), (690, 566, "#35586f", "#1f3748", 0.8)):
        _pair(sheet, x, y, colour, deep, size)
    sheet.fill(smooth([(1020, 838), (1130, 812), (1320, 820), (1440, 846), (1380, 876), (1180, 884),
        (1050, 872)]), "#5f4a3e", Shade("#8fa3a0", -90, 0.4, 0.8))
    sheet.fill(ripples(rng, (1060, 826, 1400, 870), 12, 90), "#cfd9cd", alpha=0.7)
    _pair(sheet, 1130, 842, "#c2553c", "#7c332e", 1.05, mud=rng)
    sheet.fill(box(1480, 300, 140, 480), "#5d7f6d", Shade("#36554f", 0, 0.2, 0.8))
    sheet.fill([box(1502, 330, 110, 180, 4), box(1502, 540, 110, 200, 4)], "#4d6e60",
        Shade("#86a58a", 90, 0.5, 0.5))
    sheet.fill(oval(1500, 560, 14), "#e3bd6a", Rim("#8d6a35", -4, -4, 0.7, 4))


def _wet_window(sheet: Sheet, rng: random.Random) -> None:
    sheet.fill(box(1064, 90, 356, 470, 6), "#f0e8cf", Shade("#b9b594", 0, 0.4, 0.7))
    pane = box(1088, 114, 308, 422)
    sheet.fill(pane, "#93aab0", Shade("#c8cfc0", 90, 0.2, 0.9))
    sheet.fill(hedge(rng, 1060, 1420, 470, 80), "#6d8f84", Shade("#4a7070", 90, 0.2, 0.7), inside=pane)
    sheet.fill(box(1088, 466, 308, 70), "#7fa0a0", Shade("#55808a", 90, 0.1, 0.8))
    for x, tall in ((1130, 250), (1182, 220), (1330, 270)):
        sheet.fill(poplar(rng, x, 474, tall, 46), "#5f837c", Shade("#3d6364", 0, 0.2, 0.8), inside=pane)
    drops = [stroke([(x, y), (x - 12, y + 40)], 2.4, 1) for x, y in ((rng.uniform(1090, 1400),
        rng.uniform(110, 500)) for _ in range(90))]
    sheet.fill(drops, "#edf2e6", alpha=0.7, inside=pane)
    sheet.fill([box(1236, 114, 12, 422), box(1088, 300, 308, 12)], "#f0e8cf")
    sheet.fill(box(1044, 556, 396, 26, 5), "#f6eed6", Shade("#a9a686", 90, 0.4, 0.9))
    sheet.fill([(1088, 114), (1120, 114), (1100, 536), (1088, 536)], "#fffdf0", alpha=0.18)


def _coat(sheet: Sheet, x: float, y: float, colour: str, deep: str, size: float) -> None:
    def at(*points: Point) -> list[Point]:
        return [(x + u * size, y + v * size) for u, v in points]

    body = smooth(at((-6, -6), (22, -6), (64, 24), (86, 110), (92, 320), (70, 336), (-58, 336), (-82, 322),
        (-74, 110), (-50, 24)), steps=7)
    for side in (at((-52, 30), (-96, 120), (-104, 236), (-74, 244), (-60, 150)),
        at((64, 30), (108, 120), (116, 236), (88, 244), (72, 150))):
        sheet.fill(smooth(side, steps=6), colour, Shade(deep, 90, 0.2, 0.8))
    sheet.fill(body, colour, Shade(deep, 30, 0.4, 0.85), Rim("#fbf0cd", 8, 10, 0.35, 14))
    sheet.fill(smooth(at((-34, 6), (8, -14), (50, 6), (40, 60), (8, 74), (-24, 60)), steps=6), deep,
        Shade(colour, -90, 0.4, 0.7))
    sheet.line(at((8, 70), (10, 334)), deep, 4)
    sheet.fill([oval(*p, 5) for p in at((22, 120), (22, 180), (22, 240))], "#f3e6c3")
    sheet.line(at((-56, 232), (-20, 224)), deep, 5)
    sheet.line(at((36, 224), (72, 232)), deep, 5)


def _pair(sheet: Sheet, x: float, y: float, colour: str, deep: str, size: float,
    mud: random.Random | None = None) -> None:
    for dx, dy in ((92, -8), (0, 0)):

        def at(*points: Point, left: float = x + dx * size, top: float = y + dy * size) -> list[Point]:
            return [(left + u * size, top + v * size) for u, v in points]

        shape = smooth(at((-34, -232), (38, -236), (36, -150), (42, -70), (92, -44), (120, -14), (116, 0),
            (-40, 0), (-42, -40), (-30, -110)), steps=8)
        sheet.fill(at((-44, -8), (120, -8), (122, 6), (-46, 6)), "#2f2b2a")
        sheet.fill(shape, colour, Shade(deep, 0, 0.35, 0.85), Shade(deep, 90, 0.72, 0.7),
            Rim("#fff0d0", 8, 4, 0.4, 10))
        sheet.fill(oval(*at((2, -234))[0], 36 * size, 11 * size, -2), deep, Shade("#1f2224", 90, 0.3, 0.7))
        sheet.fill(at((-33, -214), (38, -217), (38, -200), (-33, -197)), "#f3e2b8", Shade(deep, 0, 0.4, 0.6),
            inside=shape)
        sheet.line(at((-38, -22), (40, -22), (112, -10)), deep, 5 * size)
        if mud is not None:
            splash = smooth(at((-50, -64), (-20, -88), (10, -60), (44, -76), (70, -38), (124, -30), (126, 12),
                (-50, 12)), steps=6)
            sheet.fill(splash, "#6b5140", Shade("#3f3029", 90, 0.2, 0.8), inside=shape)
            spots = [oval(*at((mud.uniform(-28, 34), mud.uniform(-190, -80)))[0], mud.uniform(2, 6))
                for _ in range(12)]
            sheet.fill(spots, "#6b5140", inside=shape)


def desk_plant(sheet: Sheet, rng: random.Random) -> None:
    """Draw a desk by a bright window, a tall plant, and a child's drawing of a boat."""
    sheet.sky("#f3e3c4", "#edd5b0", "#e3c49d")
    sheet.fill(box(120, 60, 600, 560, 6), "#fbf4e0", Shade("#d4c19a", 0, 0.4, 0.6))
    pane = box(146, 86, 548, 508)
    sheet.fill(pane, "#b9d5d3", Shade("#f3ecc9", 90, 0.2, 0.95))
    sheet.fill(cloud(rng, 300, 210, 110, 66) + cloud(rng, 560, 160, 90, 50), "#fdf8e8",
        Shade("#cfdacb", 90, 0.5, 0.7), inside=pane)
    sheet.fill(ridge([(120, 470), (300, 440), (500, 466), (720, 430)], 600), "#a9c19a",
        Shade("#7d9f7a", 90, 0.1, 0.7), inside=pane)
    for x, tall in ((206, 210), (258, 240), (640, 220)):
        sheet.fill(poplar(rng, x, 500, tall, 46), "#7d9f68", Shade("#4c7560", 0, 0.3, 0.9), inside=pane)
    sheet.fill(stroke(smooth([(146, 560), (300, 540), (460, 556), (700, 530)], closed=False), 64), "#8ab4b4",
        Shade("#5d939c", 90, 0.2, 0.7), inside=pane)
    sheet.fill([box(412, 86, 16, 508), box(146, 320, 548, 14)], "#fbf4e0", Shade("#d4c19a", 0, 0.3, 0.5))
    sheet.fill(smooth([(60, 40), (170, 40), (176, 250), (150, 420), (180, 640), (60, 650)], steps=6),
        "#f7efe0", Shade("#d3b898", 0, 0.2, 0.8), alpha=0.96)
    sheet.fill([stroke(smooth([(x, 40), (x + 8, 300), (x - 4, 640)], closed=False), 4)
        for x in (86, 112, 140)], "#d3b898", alpha=0.6)
    sheet.fill(box(40, 30, 720, 14, 7), "#8a5f3f")
    sheet.fill([(700, 120), (1180, 280), (1180, 760), (700, 590)], "#fff6d4", alpha=0.22)
    _childs_drawing(sheet, rng)
    sheet.fill([box(1080, 128, 150, 110, 3)], "#f7d77c", Shade("#e3b24f", 90, 0.4, 0.6))
    sheet.fill([box(1100, 156 + n * 22, 104 - n * 22, 5) for n in range(3)], "#8a6a3f", alpha=0.7)
    sheet.fill(box(-10, 690, 1620, 26), "#c58b58", Shade("#8d5a3d", 90, 0.4, 0.8))
    sheet.fill(box(-10, 714, 1620, 200), "#a96f47", Shade("#6e4436", 90, 0.2, 0.9),
        Shade("#dba368", 180, 0.55, 0.6))
    sheet.fill([box(1040, 742, 460, 130, 6)], "#b57b50", Shade("#7d4f3a", 90, 0.3, 0.7))
    sheet.fill(oval(1270, 800, 26, 9), "#5d3d31")
    sheet.fill(smooth([(560, 694), (1000, 694), (1030, 712), (530, 712)], steps=4), "#7d4f3a", alpha=0.5)
    sheet.fill([(580, 690), (948, 690), (968, 704), (560, 704)], "#d5d3c6", Shade("#8f958f", 90, 0.3, 0.8))
    sheet.fill(box(604, 470, 322, 222, 12), "#3d4c50", Shade("#26363c", 0, 0.3, 0.8))
    inner = box(618, 484, 294, 194, 4)
    sheet.fill(inner, "#f4efdd")
    sheet.fill([ridge([(610, 640), (700, 600), (760, 560), (830, 600), (920, 630)], 690)], "#8ab4b4",
        Shade("#5d939c", 90, 0.2, 0.7), inside=inner)
    sheet.fill([box(640, 508, 120, 9), box(640, 530, 82, 7), box(850, 508, 40, 20, 4)], "#b9b7a4")
    _mug(sheet, 470, 640)
    _plant(sheet, 1330, 690)


def _childs_drawing(sheet: Sheet, rng: random.Random) -> None:
    def at(*points: Point) -> list[Point]:
        return [(900 + u * 0.998 - v * 0.06, 250 + v * 0.998 + u * 0.06) for u, v in points]

    sheet.fill(at((-128, -92), (134, -92), (134, 98), (-128, 98)), "#c9a67e", alpha=0.7)
    paper = at((-134, -98), (126, -98), (126, 92), (-134, 92))
    sheet.fill(paper, "#fffaf0")
    sheet.fill(at((-16, -108), (24, -104), (22, -88), (-18, -92)), "#d9c48a", alpha=0.8)
    for shift in (0, 18, 36):
        wave = smooth(at(*((u, 44 + shift + (7 if n % 2 else -7)) for n,
            u in enumerate(range(-120, 121, 24)))), closed=False)
        sheet.line(wave, "#4f8fae", 6, 0.9)
    sheet.fill(smooth(at((-74, 8), (70, 2), (44, 44), (-48, 46)), steps=4), "#d9603f")
    sheet.line(at((-4, 6), (-6, -72)), "#6d4a36", 6)
    sheet.fill(at((2, -70), (60, -8), (2, -6)), "#f0b43c")
    sheet.fill(at((-12, -60), (-52, -6), (-12, -4)), "#6fa35c")
    sheet.fill(oval(*at((92, -64))[0], 21), "#f4c53f")
    for turn in range(0, 360, 45):
        ray = leaf(*at((92, -64))[0], 38, 4, turn + rng.uniform(-8, 8))
        sheet.fill(ray, "#f4c53f")
    sheet.line(smooth(at((-108, -70), (-94, -80), (-84, -70), (-72, -80), (-60, -72)), closed=False),
        "#4a4a4a", 4)


def _mug(sheet: Sheet, x: float, y: float) -> None:
    sheet.fill(oval(x + 4, y + 56, 66, 11), "#7d4f3a", alpha=0.5)
    sheet.fill(stroke(smooth([(x - 38, y - 14), (x - 78, y - 12), (x - 76, y + 34), (x - 36, y + 32)],
        closed=False), 11), "#d9704a")
    sheet.fill(box(x - 42, y - 36, 88, 92, 12), "#e07c52", Shade("#a3472f", 0, 0.35, 0.85),
        Rim("#ffd9a8", 6, 4, 0.5, 8))
    sheet.fill(oval(x + 2, y - 34, 44, 10), "#5d3628")
    sheet.fill(stroke(smooth([(x - 42, y + 10), (x - 14, y), (x + 16, y + 14), (x + 46, y + 4)],
        closed=False), 7), "#fbe9c6")
    for shift in (-10, 14):
        sheet.fill(stroke(smooth([(x + shift, y - 50), (x + shift + 14, y - 84), (x + shift - 8, y - 116),
            (x + shift + 12, y - 150)], closed=False), 8, 2), "#fffdf2", alpha=0.55)


def _plant(sheet: Sheet, x: float, y: float) -> None:
    stems = ((-150, -330, -10), (-70, -450, -6), (20, -500, 0), (110, -430, 6), (170, -300, 10),
        (-30, -300, -4), (70, -260, 4))
    for dx, dy, foot in stems:
        spine = smooth([(x + foot, y - 130), (x + dx * 0.3, y - 130 + dy * 0.5),
            (x + dx * 0.8, y - 100 + dy)], closed=False)
        sheet.fill(stroke(spine, 9, 4), "#4f7a4b")
    for number, (dx, dy, _) in enumerate(stems):
        for across, turn in ((0.0, -90), (-34.0, -150), (34.0, -30), (-20.0, 160), (26.0, 24)):
            lean = turn + dx * 0.22
            tone, deep = (("#6f9f58", "#2f5f4c"), ("#86b062", "#3f7050"))[number % 2]
            sheet.fill(leaf(x + dx * 0.8 + across * 0.3, y - 100 + dy, 128, 62, lean), tone,
                Shade(deep, lean + 80, 0.35, 0.9), Rim("#e6e39a", 5, 5, 0.4, 6))
            tip = leaf(x + dx * 0.8 + across * 0.3, y - 100 + dy, 116, 3, lean)
            sheet.fill(tip, "#dbe3a0", alpha=0.6)
    sheet.fill(oval(x + 8, y + 4, 120, 14), "#6e4436", alpha=0.6)
    sheet.fill([(x - 96, y - 146), (x + 96, y - 146), (x + 72, y), (x - 72, y)], "#f4ead6",
        Shade("#b59f7d", 0, 0.35, 0.85), Rim("#fffdf0", 8, 2, 0.5, 8))
    pot: Outline = [(x - 96, y - 146), (x + 96, y - 146), (x + 72, y), (x - 72, y)]
    zigzag = [(x - 110 + n * 22, y - 84 + (16 if n % 2 else -16)) for n in range(11)]
    sheet.fill(stroke(zigzag, 9), "#35607a", inside=pot)
    sheet.fill(box(x - 104, y - 158, 208, 24, 6), "#f9f0dd", Shade("#b59f7d", 0, 0.4, 0.8))

"""Pictures of rooms in which people work."""

# Points stay side by side.
# fmt: off

import random

from portal.demo.brush import Rim, Shade, Sheet
from portal.demo.outlines import Point, box, leaf, oval, ridge, ripples, smooth, stroke


def two_chairs(sheet: Sheet, rng: random.Random) -> None:
    """Draw two chairs at a round table before a window, and a screen with lines of text between them."""
    sheet.sky("#dcd6c0", "#d3c9ad", "#c8b996", down_to=700)
    sheet.fill(box(420, 50, 760, 470, 8), "#f7efda", Shade("#c2b38f", 90, 0.5, 0.6))
    pane = box(446, 76, 708, 418)
    sheet.fill(pane, "#9cc3c9", Shade("#f5e3b9", 90, 0.2, 0.95))
    sheet.fill(box(446, 400, 708, 94), "#7fb0b5", Shade("#5a919e", 90, 0.2, 0.7))
    sheet.fill(ridge([(440, 380), (600, 362), (800, 384), (1000, 366), (1160, 380)], 404), "#a9bfa9",
        inside=pane)
    sheet.fill(ripples(rng, (446, 402, 1154, 470), 30, 60), "#eef3e2", alpha=0.7, inside=pane)
    walls = ("#f3e0bd", "#e9b796", "#f6ecd6", "#d9cfa9", "#efc7a0", "#f3e0bd", "#e6d8bd", "#eab48f",
        "#f6ecd6")
    left = 430.0
    for number, wall in enumerate(walls):
        wide, top = rng.uniform(70, 100), 352 + rng.uniform(-10, 60) + abs(number - 4) * -12
        sheet.fill(box(left, top, wide, 200), wall, Shade("#a98b73", 0, 0.5, 0.5), inside=pane)
        sheet.fill([(left - 6, top + 2), (left + wide * 0.2, top - 26), (left + wide * 0.8, top - 26),
            (left + wide + 6, top + 2)], "#c4653f", Shade("#8a4232", 0, 0.4, 0.6), inside=pane)
        sheet.fill([box(left + 14, top + 22, 14, 24), box(left + wide - 34, top + 22, 14, 24),
            box(left + 14, top + 66, 14, 24), box(left + wide - 34, top + 66, 14,
            24)], "#5d7a80", inside=pane)
        left += wide - 4
    sheet.line(smooth([(440, 190), (700, 222), (900, 222), (1160, 186)], closed=False), "#4d5a5c", 3, 0.8,
        inside=pane)
    sheet.fill([box(794, 76, 14, 418)], "#f7efda")
    sheet.fill(box(400, 516, 800, 22, 5), "#fbf5e4", Shade("#b5a582", 90, 0.4, 0.8))
    sheet.fill(box(-10, 690, 1620, 230), "#b98f63", Shade("#7d5a45", 90, 0.2, 0.9))
    sheet.fill([stroke([(x, 690), (800 + (x - 800) * 1.8, 910)], 3) for x in range(-300, 1900, 120)],
        "#8d684b", alpha=0.5)
    sheet.fill(smooth([(240, 790), (500, 742), (1100, 742), (1360, 790), (1180, 872), (800, 896),
        (420, 872)]), "#5f8078", Shade("#35595a", 90, 0.1, 0.8))
    sheet.fill(smooth([(320, 792), (540, 758), (1060, 758), (1280, 792), (1130, 852), (800, 870),
        (470, 852)]), "#7fa092", Shade("#55807a", 90, 0.1, 0.8))
    sheet.fill(oval(800, 822, 300, 30), "#2f4f50", alpha=0.5)
    _chair(sheet, 330, 1, "#d98e3f", "#96592c")
    _chair(sheet, 1270, -1, "#3f6f78", "#234852")
    sheet.fill([stroke([(800, 620), (800, 800)], 30, 36)], "#8a5f3f", Shade("#523a2f", 0, 0.3, 0.8))
    sheet.fill(smooth([(690, 824), (800, 790), (910, 824), (800, 838)], steps=6), "#6e4a36")
    sheet.fill(oval(800, 622, 286, 46), "#7d5440")
    sheet.fill(oval(800, 612, 286, 46), "#c58f5c", Shade("#8d5a3d", 20, 0.4, 0.8),
        Rim("#f3d09a", 0, 10, 0.6, 10))
    sheet.fill([(760, 622), (840, 622), (826, 590), (774, 590)], "#39484b")
    sheet.fill(box(650, 400, 300, 196, 14), "#2b3d42", Shade("#1a2a30", 0, 0.3, 0.8))
    sheet.fill(box(664, 414, 272, 168, 6), "#1c3037")
    for y, parts in ((440, ((686, 150), (848, 60))), (474, ((686, 70), (768, 142))), (508, ((686, 190),)),
        (542, ((686, 96),))):
        sheet.fill([box(x, y, wide, 14, 7) for x, wide in parts], "#f4ead0" if y < 540 else "#f0b04a")
    for x, colour in ((600, "#fbf5e4"), (1010, "#fbf5e4")):
        sheet.fill(oval(x, 622, 34, 8), "#8d5a3d", alpha=0.6)
        sheet.fill([(x - 24, 560), (x + 24, 560), (x + 19, 620), (x - 19, 620)], colour,
            Shade("#a9b7b0", 0, 0.4, 0.8), alpha=0.95)
        sheet.fill([(x - 22, 580), (x + 22, 580), (x + 19, 618), (x - 19, 618)], "#a9cdc9", alpha=0.9)
    _fern(sheet, 120, 700)
    _fern(sheet, 1500, 690)


def _chair(sheet: Sheet, x: float, side: int, colour: str, deep: str) -> None:
    def at(*points: Point) -> list[Point]:
        return [(x + u * side, v) for u, v in points]

    sheet.fill(oval(x + 30 * side, 838, 150, 18), "#5d4334", alpha=0.5)
    legs = [stroke(at(a, b), 13, 10) for a, b in (((-76, 690), (-104, 850)), ((116, 690), (140, 846)),
        ((-40, 690), (-56, 806)), ((90, 690), (104, 802)))]
    sheet.fill(legs, "#6b4a38", Shade("#3d2c26", 90, 0.3, 0.7))
    back = smooth(at((-128, 390), (-96, 372), (-66, 392), (-58, 520), (-40, 640), (-44, 690), (-92, 690),
        (-112, 560)), steps=8)
    sheet.fill(back, colour, Shade(deep, 90 + 70 * side, 0.4, 0.85), Rim("#ffe3b0", 10 * side, 6, 0.5, 12))
    seat = smooth(at((-92, 650), (0, 640), (120, 646), (146, 672), (136, 706), (0, 712), (-88, 706)), steps=8)
    sheet.fill(seat, colour, Shade(deep, 90, 0.4, 0.9), Rim("#ffe3b0", 0, 10, 0.5, 10))


def _fern(sheet: Sheet, x: float, y: float) -> None:
    for turn in range(-168, -10, 14):
        tone = "#5f8a5a" if turn % 28 else "#86a862"
        sheet.fill(leaf(x, y - 96, 190 - abs(turn + 90) * 0.6, 40, turn), tone,
            Shade("#2f5a4a", turn + 90, 0.4, 0.9))
    sheet.fill(oval(x, y + 86, 84, 14), "#5d4334", alpha=0.5)
    sheet.fill(smooth([(x - 66, y - 100), (x + 66, y - 100), (x + 76, y - 20), (x + 54, y + 84),
        (x - 54, y + 84), (x - 76,
        y - 20)], steps=6), "#b9573f", Shade("#74332f", 0, 0.3, 0.9), Rim("#f0a878", 8, 2, 0.5, 10))


def workbench(sheet: Sheet, rng: random.Random) -> None:
    """Draw a workbench with a vice, a gauge taken apart, a lamp, and tools in a row on the wall."""
    sheet.sky("#3f5f60", "#4d6f6b", "#587a70", down_to=660)
    sheet.fill(box(90, 70, 470, 380, 6), "#2c4649", Shade("#1d3338", 90, 0.4, 0.6))
    pane = box(110, 90, 430, 340)
    sheet.fill(pane, "#e9d6a6", Shade("#f3b878", 90, 0.2, 0.8))
    roofs = [(110, 330), (170, 290), (230, 330), (230, 300), (290, 262), (350, 300), (350, 340), (430, 290),
        (510, 340), (560, 340), (560, 440), (100, 440)]
    sheet.fill(roofs, "#b7795a", Shade("#7d5148", 90, 0.3, 0.8), inside=pane)
    sheet.fill([box(x, 300 + (x % 60), 12, 16) for x in range(130, 540, 46)], "#f6dfa4", inside=pane)
    sheet.fill([box(318, 90, 12, 340), box(110, 250, 430, 10), *(box(110, y, 430, 5) for y in (170, 340))],
        "#2c4649")
    sheet.fill([(110, 430), (540, 430), (900, 640), (330, 640)], "#f6dfa4", alpha=0.14)
    sheet.fill(box(620, 84, 900, 330, 6), "#a9845a", Shade("#6e5440", 90, 0.3, 0.8),
        Rim("#dcb983", 8, 8, 0.5, 10))
    sheet.fill([oval(x, y, 3) for x in range(648, 1510, 36) for y in range(112, 404, 36)], "#5d4636",
        alpha=0.7)
    _tools(sheet)
    sheet.fill(box(-10, 640, 1620, 42), "#c98f57", Shade("#8a5a3a", 90, 0.4, 0.9),
        Rim("#f3cc8f", 0, 8, 0.7, 8))
    sheet.fill(box(-10, 680, 1620, 240), "#7d5138", Shade("#3f2c2a", 90, 0.2, 0.95))
    for x in (60, 420, 780, 1140):
        sheet.fill(box(x, 712, 320, 150, 8), "#94623f", Shade("#5c3d30", 90, 0.3, 0.8),
            Rim("#c48f5c", 4, 6, 0.5, 6))
        sheet.fill(box(x + 110, 770, 100, 18, 9), "#e0bd72", Shade("#8d6a35", 90, 0.4, 0.8))
        sheet.fill(box(x + 116, 736, 88, 24, 3), "#f4ead0")
    sheet.glow(930, 560, 470, "#f8cf7a", 0.6)
    _vice(sheet, 250, 640)
    _gauge_in_pieces(sheet, rng)
    _bench_lamp(sheet)


def _tools(sheet: Sheet) -> None:
    for number, x in enumerate((676, 742, 808)):
        long = 190 - number * 26
        sheet.fill(box(x - 5, 130 + 80, 10, long - 40, 4), "#c9d0c8", Shade("#6d7b7c", 0, 0.4, 0.8))
        sheet.fill(box(x - 15, 126, 30, 92, 12), ("#c9503a", "#e3a63e", "#3f6f78")[number],
            Shade("#3a2c2a", 0, 0.5, 0.6), Rim("#fff0c8", 5, 3, 0.5, 5))
    x = 900
    sheet.fill([stroke([(x - 18, 150), (x + 26, 348)], 17), stroke([(x + 18, 150), (x - 26, 348)], 17)],
        "#35545c", Shade("#1d343c", 90, 0.3, 0.6))
    sheet.fill([leaf(x - 4, 190, 84, 30, -112), leaf(x + 4, 190, 84, 30, -68)], "#b5bdb6",
        Shade("#66757a", 90, 0.3, 0.7))
    sheet.fill(oval(x, 196, 13), "#5d6b6e")
    x = 1020
    sheet.fill(box(x - 11, 170, 22, 200, 8), "#b5793f", Shade("#744a2c", 0, 0.4, 0.8))
    sheet.fill(smooth([(x - 62, 130), (x + 20, 122), (x + 60, 134), (x + 60, 166), (x + 20, 176),
        (x - 40, 168), (x - 76,
        190)], steps=5), "#8f9a9a", Shade("#48565b", 90, 0.3, 0.9), Rim("#e6e8da", 4, 6, 0.6, 6))
    x = 1130
    sheet.fill(box(x - 12, 190, 24, 180, 8), "#9aa5a3", Shade("#566468", 0, 0.4, 0.8))
    ring = [p for p in oval(x, 158, 42) if not (abs(p[0] - x) < 17 and p[1] < 158)]
    sheet.fill(ring, "#9aa5a3", Shade("#566468", 0, 0.4, 0.8))
    sheet.fill(box(x - 15, 114, 30, 44), "#a17d55")
    x = 1250
    saw = [(x - 44, 130), (x + 44, 130), (x + 26, 330), (x - 4, 330)]
    sheet.fill(saw, "#c2c9c2", Shade("#7b888a", 0, 0.3, 0.8))
    sheet.fill([[(x + 44 - n * 0.9 * 1.0, 136 + n * 10), (x + 54 - n * 0.9, 141 + n * 10),
        (x + 43 - n * 0.9, 146 + n * 10)] for n in range(19)], "#c2c9c2")
    sheet.fill(smooth([(x - 18, 326), (x + 40, 322), (x + 54, 370), (x + 20, 396), (x - 20, 380)], steps=6),
        "#a3633c", Shade("#62392a", 90, 0.3, 0.8))
    sheet.fill(oval(x + 16, 356, 17, 13), "#86623f")
    x = 1400
    sheet.fill(stroke(oval(x, 210, 66)[:60], 16), "#e0a53c", Shade("#9a672b", 90, 0.4, 0.7))
    sheet.fill(stroke(oval(x + 5, 216, 48)[:60], 10), "#c9503a", Shade("#7c332e", 90, 0.4, 0.7))
    sheet.fill(stroke(smooth([(x + 40, 262), (x + 52, 320), (x + 30, 372)], closed=False), 7), "#e0a53c")
    sheet.fill(box(x - 5, 116, 10, 36, 4), "#3c3a36")


def _vice(sheet: Sheet, x: float, y: float) -> None:
    sheet.fill([(x - 96, y + 4), (x + 96, y + 4), (x + 70, y - 46), (x - 70, y - 46)], "#3f6f78",
        Shade("#1f3f4a", 90, 0.2, 0.9))
    sheet.fill(box(x - 118, y - 132, 106, 92, 8), "#4a7f88", Shade("#234852", 90, 0.3, 0.9),
        Rim("#b9dad2", 6, 6, 0.5, 8))
    sheet.fill(box(x + 26, y - 132, 84, 92, 8), "#4a7f88", Shade("#234852", 90, 0.3, 0.9),
        Rim("#b9dad2", 6, 6, 0.5, 8))
    sheet.fill(box(x - 16, y - 92, 210, 26, 6), "#a3aeab", Shade("#566468", 90, 0.4, 0.8))
    sheet.fill(stroke([(x + 186, y - 146), (x + 186, y - 14)], 12), "#c9d0c8", Shade("#66757a", 0, 0.3, 0.7))
    sheet.fill([oval(x + 186, y - 148, 12), oval(x + 186, y - 12, 12)], "#c9503a")
    sheet.fill(box(x - 14, y - 214, 42, 130, 4), "#e4dcc4", Shade("#8f917f", 0, 0.4, 0.8))
    sheet.fill(box(x - 10, y - 206, 34, 8), "#d9682f")


def _gauge_in_pieces(sheet: Sheet, rng: random.Random) -> None:
    sheet.fill(box(640, 632, 620, 14, 5), "#3f6b5c", Shade("#274a45", 90, 0.3, 0.7))
    sheet.fill(box(668, 500, 150, 134, 16), "#eee5cb", Shade("#a39d86", 0, 0.4, 0.8),
        Rim("#fffbe8", 8, 6, 0.5, 10))
    sheet.fill(box(688, 526, 110, 50, 6), "#2b4a52", Shade("#6d9a9a", -50, 0.5, 0.6))
    sheet.line(smooth([(694, 634), (706, 616), (698, 602), (712, 590)], closed=False), "#6b5a4a", 4)
    sheet.fill([oval(x, y, 5) for x, y in ((682, 514), (804, 514), (804, 622))], "#8f917f")
    board = box(862, 596, 180, 38, 4)
    sheet.fill(board, "#4f8a5f", Shade("#28573f", 0, 0.3, 0.8))
    sheet.fill([box(880, 580, 40, 18, 3), box(940, 586, 26, 12, 2), box(984, 574, 34, 24, 3)], "#26363a")
    sheet.fill([box(x, 606, 7, 7) for x in range(876, 1030, 17)], "#e3bd5c")
    sheet.line(smooth([(1030, 610), (1070, 560), (1100, 620), (1140, 604)], closed=False), "#c9503a", 6)
    sheet.line(smooth([(1030, 620), (1076, 590), (1100, 632), (1140, 612)], closed=False), "#2f3c46", 6)
    sheet.fill([(1130, 634), (1230, 634), (1206, 566), (1154, 566)], "#d9d3bd", Shade("#7b7d70", 0, 0.3, 0.9),
        Rim("#fffbe8", 6, 4, 0.5, 8))
    sheet.fill(oval(1180, 566, 27, 8), "#4f5c5c")
    screws = [oval(rng.uniform(1270, 1360), rng.uniform(622, 634), 6, 4) for _ in range(9)]
    sheet.fill(screws, "#e0c684", Rim("#7d6233", -2, -3, 0.7, 3))
    for x in (1400, 1444):
        sheet.fill(box(x, 566, 34, 70, 5), "#d9682f", Shade("#8a3a28", 0, 0.4, 0.8))
        sheet.fill([box(x, 584, 34, 16), box(x + 11, 558, 12, 10, 2)], "#efe5c8")


def _bench_lamp(sheet: Sheet) -> None:
    sheet.fill([(880, 440), (1010, 470), (1130, 640), (650, 640)], "#ffe7a8", alpha=0.2)
    sheet.fill([stroke([(1530, 640), (1400, 470)], 13), stroke([(1400, 472), (1060, 420)], 12)], "#2c3a3e",
        Shade("#5d7478", -90, 0.5, 0.6))
    sheet.fill([oval(1400, 471, 16), oval(1060, 420, 12)], "#1d2a2e")
    sheet.fill(box(1480, 626, 100, 18, 8), "#1d2a2e")
    sheet.fill(smooth([(1070, 396), (1082, 440), (1010, 486), (856, 452), (960, 394)], steps=6), "#c9503a",
        Shade("#74302c", 90, 0.3, 0.8), Rim("#ffb98a", 4, 12, 0.6, 10))
    sheet.fill(oval(934, 470, 84, 13, 13), "#fff0bd")

"""Pictures of towns: a canal, a workshop by a wide river, four windows at four times of day."""

# Points stay side by side.
# fmt: off

import random

from portal.demo.brush import Rim, Shade, Sheet
from portal.demo.outlines import (
    Outline,
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
)


def canal_lock(sheet: Sheet, rng: random.Random) -> None:
    """Draw a canal with a lock gate, houses with stepped gables, and a canoe."""
    sheet.sky("#b4cfd0", "#dfe3cb", "#f5e6c2", down_to=480)
    sheet.fill(cloud(rng, 300, 130, 150, 70) + cloud(rng, 1240, 100, 170, 80) + cloud(rng, 860, 170, 90, 44),
        "#fcf6e6", Shade("#cdd8cd", 90, 0.45, 0.8))
    left = -30.0
    bricks = ("#a9553f", "#c98a5a", "#7d4a44", "#d8b483", "#b3644a", "#8b5a4d", "#c2704b", "#e0c69a",
        "#94503f", "#b98055", "#7d4a44", "#c98a5a")
    for number, brick in enumerate(bricks):
        wide = rng.uniform(118, 156)
        _gable(sheet, left, 500, wide, 250 + rng.uniform(-30, 50), brick, number)
        left += wide
    for x, size in ((250, 74), (700, 64), (1180, 84)):
        sheet.fill(stroke([(x, 512), (x + 2, 400)], 13, 9), "#5b4a38", Shade("#332c26", 0, 0.3, 0.7))
        sheet.fill(crown(rng, x, 384, size, size * 1.1, 13), "#7f9d58", Shade("#3c6850", 30, 0.3, 0.9),
            Rim("#f0dc90", 8, 10, 0.5, 12))
    sheet.fill(box(-10, 500, 1620, 50), "#b9a284", Shade("#77634f", 90, 0.2, 0.8))
    sheet.fill([box(x, 512 + (x // 46 % 2) * 18, 40, 3) for x in range(-10, 1610, 46)], "#7d6a55", alpha=0.6)
    sheet.fill(box(-10, 496, 1620, 9), "#e5d4b0")
    sheet.fill(box(-10, 548, 1620, 370), "#7fa59d", Shade("#234f5c", 90, 0.08, 0.95))
    sheet.mirror(548, 330, "#4d7f82", 0.55, 3)
    sheet.fill(ripples(rng, (0, 556, 1600, 900), 150, 170), "#e6ecd4", alpha=0.5)
    sheet.fill(ripples(rng, (0, 580, 1600, 900), 110, 170), "#1d4752", alpha=0.45)
    _gate(sheet, rng)
    _canoe(sheet, rng)
    sheet.fill(smooth([(-80, 800), (100, 790), (260, 830), (340, 940), (-80, 960)]), "#5f8453",
        Shade("#2c5146", 60, 0.2, 0.9), Rim("#cfd083", 0, 14, 0.5, 14))
    sheet.fill(reeds(rng, -20, 300, 930, 210, 80, 40), "#2a5247")


def _gable(sheet: Sheet, x: float, base: float, wide: float, tall: float, brick: str, number: int) -> None:
    top = base - tall
    step = wide / 8
    steps: Outline
    if number % 3 == 1:
        steps = [(x, base), (x, top + 40), *smooth([(x, top + 40), (x + wide * 0.18, top + 22),
            (x + wide * 0.3, top - 34), (x + wide * 0.5, top - 60), (x + wide * 0.7,
            top - 34), (x + wide * 0.82, top + 22), (x + wide, top + 40)], closed=False), (x + wide, base)]
    else:
        rise = [(x, base), (x, top)]
        for n in range(1, 4):
            rise += [(x + step * n, top - (n - 1) * 26), (x + step * n, top - n * 26)]
        steps = [*rise, *((2 * x + wide - u, v) for u, v in reversed(rise))]
    sheet.fill(steps, brick, Shade("#4d3431", 0, 0.55, 0.6), Shade("#f3d9a8", 180, 0.6, 0.45),
        Rim("#f7e8c6", 0, 10, 0.5, 6))
    frame, glass = "#f6ecd4", "#3f5f66"
    for row in range(3):
        y = top + 32 + row * (tall - 60) / 3
        for n in range(3 if wide > 134 else 2):
            gap = wide / (3 if wide > 134 else 2)
            sheet.fill(box(x + gap * (n + 0.5) - 14, y, 28, 46), frame)
            lit = (number + row * 2 + n) % 5 == 0
            sheet.fill(box(x + gap * (n + 0.5) - 11, y + 3, 22, 40), "#f4c766" if lit else glass,
                Shade("#a9c6c2", -50, 0.5, 0.6))
            sheet.fill([box(x + gap * (n + 0.5) - 1, y + 3, 2, 40), box(x + gap * (n + 0.5) - 11, y + 17, 22,
                2)], frame)
    sheet.fill(box(x + wide * 0.5 - 10, top - 34, 20, 26, 10), frame)
    sheet.fill(box(x + wide * 0.5 - 7, top - 31, 14, 21, 7), glass)
    door = ("#2f5d55", "#c9603c", "#35607a", "#e0a53c")[number % 4]
    sheet.fill(box(x + wide * 0.5 - 17, base - 56, 34, 58), frame)
    sheet.fill(box(x + wide * 0.5 - 13, base - 52, 26, 54), door, Shade("#2b2a2c", 0, 0.4, 0.5))


def _gate(sheet: Sheet, rng: random.Random) -> None:
    sheet.fill([(900, 540), (980, 540), (980, 900), (880, 900)], "#a9977c", Shade("#57493f", 0, 0.2, 0.9),
        Rim("#efe0bd", 8, 4, 0.5, 8))
    sheet.fill([(1420, 540), (1520, 540), (1560, 900), (1420, 900)], "#a9977c",
        Shade("#57493f", 180, 0.2, 0.9))
    leaf_left = [(980, 590), (1200, 626), (1200, 830), (980, 800)]
    leaf_right = [(1420, 590), (1200, 626), (1200, 830), (1420, 800)]
    for side, deep in ((leaf_left, "#3a2c26"), (leaf_right, "#2c2422")):
        sheet.fill(side, "#6b4f3a", Shade(deep, 0 if side is leaf_left else 180, 0.2, 0.8))
    boards = [stroke([(x, 596 + (x - 980) * 0.16), (x, 800)], 3) for x in range(1008, 1200,
        32)] + [stroke([(x, 596 + (1420 - x) * 0.16), (x, 800)], 3) for x in range(1232, 1420, 32)]
    sheet.fill(boards, "#2f2622", alpha=0.6)
    sheet.fill([stroke([(980, 650), (1200, 688)], 15), stroke([(1420, 650), (1200, 688)], 15),
        stroke([(980, 740), (1200, 774)], 15), stroke([(1420, 740), (1200, 774)],
        15)], "#8a6a4a", Shade("#4d3b2e", 90, 0.3, 0.7))
    sheet.fill([box(1186, 700, 12, 130), box(1204, 706, 7, 124)], "#d7e6dc", alpha=0.75)
    foam = [oval(1198 + rng.uniform(-74, 74), 832 + rng.uniform(-9, 14), rng.uniform(8, 24),
        rng.uniform(4, 9)) for _ in range(34)]
    sheet.fill(foam, "#eef4e6", alpha=0.8)
    for beam in ([(800, 520), (1190, 596)], [(1600, 510), (1212, 596)]):
        sheet.fill(stroke(beam, 30, 24), "#3c4a46", Shade("#1f2b2b", 90, 0.3, 0.8),
            Rim("#94a596", 0, 8, 0.6, 6))
        (ax, ay), (bx, by) = beam
        sheet.fill(stroke([(ax, ay), (ax + (bx - ax) * 0.2, ay + (by - ay) * 0.2)], 30, 29), "#f6efdc",
            Shade("#a9a48f", 90, 0.4, 0.8))
    sheet.fill(stroke([(1120, 588), (1120, 470)], 10), "#7d8b84")
    sheet.fill(box(1096, 424, 50, 58, 7), "#e9e1c9", Shade("#7b857c", 0, 0.3, 0.8))
    sheet.fill(box(1106, 436, 30, 18, 3), "#27454d")
    sheet.fill([(1088, 420), (1156, 404), (1158, 412), (1090, 430)], "#27424e")


def _canoe(sheet: Sheet, rng: random.Random) -> None:
    sheet.fill(smooth([(330, 752), (560, 776), (800, 748), (730, 800), (560, 812), (400, 798)]), "#163d48",
        alpha=0.6)
    hull = smooth([(300, 690), (350, 716), (560, 732), (770, 712), (824, 682), (800, 738), (720, 770),
        (560, 778), (400, 772), (326, 742)], steps=8)
    sheet.fill(hull, "#c9553a", Shade("#74302c", 90, 0.3, 0.9), Rim("#f7b48a", 0, 12, 0.6, 10))
    sheet.fill(smooth([(344, 716), (560, 734), (778, 710), (560, 716)], steps=8), "#5d3d2e")
    sheet.fill([box(450, 714, 60, 9, 3), box(620, 713, 60, 9, 3)], "#e0bd82")
    sheet.fill([stroke([(480, 722), (700, 640)], 7), leaf(690, 646, 88, 30, -20)], "#e3c48c",
        Shade("#8d6a3f", 60, 0.3, 0.7))
    sheet.fill(ripples(rng, (320, 776, 820, 830), 30, 130), "#eef2dc", alpha=0.75)


def open_workshop(sheet: Sheet, rng: random.Random) -> None:
    """Draw a tiled workshop by a wide river at dusk, with light in its windows and a boat on a trailer."""
    sheet.sky("#3d5a78", "#b98a86", "#f0b27a", "#f8d79a", down_to=560)
    sheet.glow(1460, 480, 420, "#fbe0a0", 0.7)
    sheet.fill(oval(1460, 486, 50), "#fdeec2")
    sheet.fill(cloud(rng, 1330, 200, 180, 50) + cloud(rng, 1120, 300, 120, 36), "#e9a08a",
        Shade("#f8d09a", 90, 0.4, 0.8), alpha=0.8)
    sheet.fill(ridge([(1000, 500), (1180, 474), (1340, 492), (1480, 470), (1640, 490)], 530), "#8a7a84",
        Shade("#d8a083", 90, 0.2, 0.7))
    sheet.fill([box(1240, 420, 8, 80), box(1352, 420, 8, 76)], "#6d6472")
    sheet.line(smooth([(1100, 486), (1244, 424), (1300, 466), (1356, 424), (1500, 482)], closed=False),
        "#6d6472", 4)
    sheet.fill(box(1000, 518, 640, 150), "#c98f7c", Shade("#55788a", 90, 0.2, 0.9))
    sheet.fill(ripples(rng, (1000, 524, 1620, 660), 80, 110), "#fbe3b4", alpha=0.65)
    sheet.fill(box(-10, 640, 1620, 280), "#8d7a74", Shade("#4a4654", 90, 0.2, 0.9),
        Shade("#e3b58a", 0, 0.6, 0.5))
    sheet.fill([stroke([(560 + (x - 560) * 0.5, 640), (560 + (x - 560) * 1.6, 910)], 3)
        for x in range(-700, 2400, 110)], "#5d525a", alpha=0.4)
    _facade(sheet)
    for x in (196, 516, 836):
        pool = [(x - 86, 668), (x + 86, 668), (x + 150, 850), (x - 96, 850)]
        sheet.fill(pool, "#fbd98c", Shade("#8d7a74", 90, 0.1, 0.95, 0.8), alpha=0.5)
    sheet.fill([oval(1250, 824, 250, 22), oval(80, 800, 90, 14)], "#332f3c", alpha=0.5)
    hull = smooth([(1020, 650), (1110, 664), (1300, 664), (1480, 640), (1450, 730), (1360, 768), (1130, 766),
        (1050, 724)], steps=8)
    sheet.fill(hull, "#4f8a74", Shade("#1f4a4c", 90, 0.3, 0.9), Rim("#c9e0b0", 0, 14, 0.6, 12))
    sheet.fill(stroke(smooth([(1020, 650), (1110, 666), (1300, 666), (1482, 640)], closed=False), 13),
        "#f3e3bd", Shade("#b08a5a", 90, 0.4, 0.7))
    sheet.fill(stroke([(990, 786), (1470, 786)], 12), "#3a3a44")
    sheet.fill([oval(1200, 796, 36), oval(1330, 796, 36)], "#26262e", Rim("#777783", 6, 6, 0.6, 6))
    sheet.fill([oval(1200, 796, 14), oval(1330, 796, 14)], "#d9cfb4")
    sheet.fill([stroke([(1110, 784), (1130, 758)], 9), stroke([(1410, 784), (1390, 756)], 9)], "#3a3a44")
    sheet.fill(stroke([(1160, 664), (1162, 470)], 9, 6), "#d9cfb4")
    sheet.fill(stroke([(1160, 500), (1310, 560)], 6), "#d9cfb4")
    for x, y in ((70, 700), (940, 700)):
        sheet.fill([(x - 40, y), (x + 40, y), (x + 30, y + 92), (x - 30, y + 92)], "#c06a45",
            Shade("#74392f", 0, 0.3, 0.9))
        sheet.fill([leaf(x, y + 4, 100, 26, turn) for turn in (-160, -130, -104, -78, -50, -22)], "#54805a",
            Shade("#26504a", -60, 0.3, 0.8))


def _facade(sheet: Sheet) -> None:
    sheet.fill(box(20, 150, 980, 520), "#e9dfc8", Shade("#9fa7a9", 180, 0.5, 0.6),
        Shade("#f3c48c", 0, 0.6, 0.5))
    tiles_blue, tiles_pale = "#4f86a3", "#cfe0dc"
    for row in range(9):
        for column in range(22):
            x, y = 36 + column * 43.2, 236 + row * 43.2
            sheet_tone = tiles_blue if (row + column) % 2 else "#6a9db3"
            sheet.fill(leaf(x + 21, y + 21, 21, 15, 45), sheet_tone)
            sheet.fill([leaf(x + 21, y + 21, 21, 15, turn) for turn in (135, 225, 315)], sheet_tone)
            if (row + column) % 2:
                sheet.fill(oval(x, y, 5), "#e0a94a")
    grid = [box(36 + n * 43.2 - 1, 236, 2, 400) for n in range(23)] + [box(36, 236 + n * 43.2 - 1, 940, 2)
        for n in range(10)]
    sheet.fill(grid, tiles_pale, alpha=0.7)
    sheet.fill(box(20, 236, 980, 420), "#3d4a6a", Shade("#f3b877", 0, 0.1, 0.9), alpha=0.28)
    sheet.fill(box(0, 132, 1020, 34, 4), "#f3e9d2", Shade("#a99f90", 90, 0.4, 0.8))
    sheet.fill(box(20, 200, 980, 28), "#f3e9d2", Shade("#b5a58f", 90, 0.4, 0.8))
    sheet.fill([(60, 134), (510, 40), (960, 134)], "#f0e4ca", Shade("#a99f90", 180, 0.4, 0.7))
    sheet.fill(oval(510, 100, 27), "#4f86a3", Rim("#f9f2df", 4, 4, 0.8, 4))
    sheet.fill([leaf(510, 118, 36, 22, turn) for turn in (-90, -140, -40)], "#f3e9d2")
    for number, x in enumerate((196, 516, 836)):
        arch = [(x - 104, 668), (x - 104, 420), *_half(x, 420, 104), (x + 104, 420), (x + 104, 668)]
        sheet.fill(arch, "#f6ecd6", Shade("#b5a58f", 0, 0.4, 0.7))
        inner = [(x - 86, 668), (x - 86, 420), *_half(x, 420, 86), (x + 86, 420), (x + 86, 668)]
        sheet.fill(inner, "#ffdf93", Shade("#ee9d3f", -90, 0.2, 0.85))
        sheet.fill(box(x - 86, 596, 172, 76), "#8a5a3f", Shade("#5d3b30", 90, 0.3, 0.8), inside=inner)
        if number == 0:
            sheet.fill([stroke([(x - 40, 596), (x - 36, 470)], 8), stroke([(x - 40, 476), (x + 46, 462)], 7),
                box(x + 30, 450, 34, 26, 5)], "#4a4038")
        elif number == 1:
            sheet.fill([box(x - 60, 540, 56, 56, 6), oval(x + 34, 566, 30)], "#5d4636")
            sheet.fill(oval(x + 34, 566, 17), "#ffdf93")
            sheet.fill(stroke([(x, 316), (x, 400)], 4), "#4a4038")
            sheet.fill([(x - 40, 430), (x - 18, 396), (x + 18, 396), (x + 40, 430)], "#c9503a")
        else:
            sheet.fill([box(x - 66 + n * 27, 596 - 30 - n % 3 * 22, 16, 30 + n % 3 * 22, 4)
                for n in range(5)], "#5d4636")
        sheet.fill([stroke([(x, 334 if number != 1 else 600), (x, 596)], 5),
            *([] if number == 1 else [stroke([(x - 86, 440), (x + 86, 440)],
            5)])], "#4a5d5c", alpha=0.7, inside=inner)
        sheet.glow(x, 540, 210, "#ffe6a3", 0.35)


def _half(x: float, y: float, radius: float) -> Outline:
    return [p for p in _turned(oval(x, y, radius)) if p[1] < y - 0.5]


def _turned(outline: Outline) -> Outline:
    half = len(outline) // 2
    return [*outline[half:], *outline[:half]]


def four_windows(sheet: Sheet, rng: random.Random) -> None:
    """Draw four windows of four houses, with another time of day in each."""
    walls = (("#2b3a5a", "#1b2744"), ("#c9745a", "#8d463f"), ("#e3c48c", "#b98f5a"), ("#5f8478", "#335a58"))
    skies = (("#13233f", "#2f5474"), ("#f3b58a", "#fbe0a8"), ("#8fc1cc", "#e6efd6"), ("#4d5a86", "#e89a78"))
    for number, ((wall, deep), sky) in enumerate(zip(walls, skies, strict=True)):
        x = number * 400.0
        sheet.fill(box(x - 2, -10, 404, 920), wall, Shade(deep, 90, 0.2, 0.8), Shade(deep, 180, 0.7, 0.4))
        courses = [box(x + (24 if row % 2 else 0) + n * 80, 30 + row * 44, 46, 4) for row in range(20)
            for n in range(5)]
        sheet.fill(courses, deep, alpha=0.35)
        sheet.fill([(x + 46, 150), (x + 354, 150), (x + 338, 120), (x + 62, 120)], "#f3e7cb",
            Shade("#a9977c", 90, 0.4, 0.7))
        sheet.fill(box(x + 60, 150, 280, 520, 4), "#f6ecd6", Shade("#b5a58f", 0, 0.4, 0.7))
        pane = box(x + 78, 168, 244, 484)
        sheet.fill(pane, sky[0], Shade(sky[1], 90, 0.1, 0.95))
        _beyond(sheet, rng, number, x, pane)
        _within(sheet, number, x, pane)
        sheet.fill([box(x + 195, 168, 10, 484), box(x + 78, 330, 244, 10)], "#f6ecd6")
        sheet.fill(box(x + 40, 668, 320, 28, 5), "#fbf3df", Shade("#a9977c", 90, 0.4, 0.8))
        sheet.fill(box(x + 52, 694, 296, 16), deep, alpha=0.5)
        _sill(sheet, rng, number, x)


def _beyond(sheet: Sheet, rng: random.Random, number: int, x: float, pane: Outline) -> None:
    if number == 0:
        sheet.fill([oval(x + rng.uniform(80, 320), rng.uniform(170, 420), rng.uniform(1, 2.4))
            for _ in range(50)], "#fdf3d4")
        sheet.fill(oval(x + 140, 250, 34), "#f7ecca", Rim("#c9b384", -12, 6, 0.8, 10), inside=pane)
        sheet.fill(hedge(rng, x + 60, x + 340, 652, 120), "#12283c", inside=pane)
        sheet.fill([poplar(rng, x + 270, 652, 260, 50), poplar(rng, x + 306, 652, 220, 44)], "#0f2135",
            inside=pane)
    elif number == 1:
        sheet.fill(oval(x + 200, 520, 70), "#fdf0c4", inside=pane)
        sheet.fill(ridge([(x + 60, 540), (x + 160, 500), (x + 240, 530), (x + 340, 490)], 660), "#c98a70",
            Shade("#e9b28a", 90, 0.2, 0.7), inside=pane)
        sheet.fill(stroke(smooth([(x + 60, 620), (x + 180, 590), (x + 340, 630)], closed=False), 40),
            "#f8dca6", inside=pane)
    elif number == 2:
        sheet.fill(cloud(rng, x + 150, 260, 70, 46) + cloud(rng, x + 280, 400, 56, 36), "#fdf8e8",
            inside=pane)
        sheet.fill(stroke(smooth([(x + 250, 660), (x + 262, 560), (x + 246, 460)], closed=False), 14, 9),
            "#7d5a40", inside=pane)
        sheet.fill([leaf(x + 246, 462, 110, 30, turn) for turn in (-178, -140, -100, -64, -26, 8)], "#5f9058",
            Shade("#2f6350", 60, 0.3, 0.8), inside=pane)
        sheet.fill(ridge([(x + 60, 600), (x + 200, 584), (x + 340, 606)], 660), "#a9b86a", inside=pane)
    else:
        sheet.fill(ridge([(x + 60, 560), (x + 130, 470), (x + 190, 420), (x + 230, 420), (x + 290, 490),
            (x + 340, 540)], 660), "#55618a", Shade("#a3748a", 90, 0.2, 0.8), inside=pane)
        sheet.fill([(x + 166, 444), (x + 190, 419), (x + 230, 419), (x + 250, 444), (x + 228, 438),
            (x + 210, 452), (x + 192, 438)], "#fbeede", inside=pane)
        sheet.fill(hedge(rng, x + 60, x + 340, 656, 70), "#34406a", inside=pane)


def _within(sheet: Sheet, number: int, x: float, pane: Outline) -> None:
    curtain = ("#c9603c", "#f6ead0", "#4f7f86", "#e0a94a")[number]
    fold = ("#7c332e", "#d3b48d", "#2b5560", "#a36f2b")[number]
    for side in (0, 1):
        edge = x + 78 if side == 0 else x + 322
        way = 1 if side == 0 else -1
        drape = smooth([(edge - 8 * way, 160), (edge + 62 * way, 160), (edge + 50 * way, 360),
            (edge + 18 * way, 520), (edge + 36 * way, 660), (edge - 8 * way, 660)], steps=6)
        sheet.fill(drape, curtain, Shade(fold, 0 if side else 180, 0.35, 0.6), inside=pane)
    if number in (0, 3):
        sheet.glow(x + 216, 560, 150, "#ffd98a", 0.85)
    sheet.fill(stroke([(x + 226, 652), (x + 226, 566)], 6), "#3a3430", inside=pane)
    sheet.fill([(x + 190, 570), (x + 262, 570), (x + 244, 520), (x + 208, 520)],
        "#f8cf74" if number in (0, 3) else "#f3e7cb", Shade("#c98a3f", 90, 0.3, 0.7), inside=pane)
    sheet.fill([(x + 118, 652), (x + 190, 652), (x + 182, 596), (x + 126, 596)], "#39484f",
        Shade("#22303a", 0, 0.3, 0.7), inside=pane)
    sheet.fill(oval(x + 154, 624, 8), "#c9dcd6")


def _sill(sheet: Sheet, rng: random.Random, number: int, x: float) -> None:
    if number == 0:
        sheet.fill(box(x + 80, 628, 46, 42, 8), "#e07c52", Shade("#a3472f", 0, 0.35, 0.85))
        sheet.fill(stroke(smooth([(x + 100, 620), (x + 110, 590), (x + 98, 566), (x + 108, 540)],
            closed=False), 7, 2), "#fffdf2", alpha=0.5)
    elif number == 1:
        sheet.fill(box(x + 70, 712, 260, 70, 6), "#8a5a3f", Shade("#5d3b30", 90, 0.3, 0.8))
        for n in range(13):
            px, py = x + 84 + n * 19.5, 672 + rng.uniform(-14, 8)
            sheet.fill([leaf(px, 716, 50, 18, turn) for turn in (-120, -60)], "#54805a")
            sheet.fill([oval(px + dx, py + dy, 8) for dx, dy in ((-6, 0), (6, 0), (0, -7))],
                "#f6e3c0" if n % 2 else "#e0574a")
    elif number == 2:
        cat = smooth([(x + 262, 670), (x + 256, 630), (x + 268, 596), (x + 262, 560), (x + 272, 546),
            (x + 284, 558), (x + 298, 558), (x + 310, 546), (x + 318, 562), (x + 314, 594), (x + 330,
            630), (x + 332, 670)], steps=7)
        sheet.fill(cat, "#3f3a3c", Shade("#221f24", 0, 0.4, 0.8), Rim("#8f857c", 5, 5, 0.5, 6))
        sheet.fill(stroke(smooth([(x + 322, 664), (x + 356, 690), (x + 348, 744), (x + 366, 770)],
            closed=False), 15, 8), "#3f3a3c")
    else:
        sheet.fill([(x + 86, 616), (x + 140, 616), (x + 132, 670), (x + 94, 670)], "#e9dfc8",
            Shade("#a39d86", 0, 0.3, 0.8))
        sheet.fill([leaf(x + 113, 622, 92, 20, turn) for turn in (-130, -108, -84, -62, -44)], "#8fb06a",
            Shade("#3f7050", 60, 0.3, 0.8))
        glove = smooth([(x + 262, 670), (x + 258, 620), (x + 266, 586), (x + 296, 582), (x + 306, 612),
            (x + 322, 600), (x + 332, 612), (x + 312, 644), (x + 306, 670)], steps=7)
        sheet.fill(glove, "#c9503a", Shade("#7c332e", 0, 0.3, 0.8), Rim("#f7b48a", 4, 5, 0.5, 6))
        sheet.fill(box(x + 256, 652, 56, 20, 4), "#f6ecd6")

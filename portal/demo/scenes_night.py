"""Pictures that are set at night."""

# Points stay side by side.
# fmt: off

import random

from portal.demo.brush import Rim, Shade, Sheet
from portal.demo.outlines import (
    box,
    bulrushes,
    crown,
    hedge,
    leaf,
    oval,
    reeds,
    ridge,
    ripples,
    smooth,
    stroke,
)


def night_calibration(sheet: Sheet, rng: random.Random) -> None:
    """Draw a gauge that leans over a river by night, and a lantern."""
    sheet.sky("#0e1d35", "#1d3a5a", "#4d7a8c", down_to=470)
    _stars(sheet, rng, 400, 150)
    far = ridge([(-20, 400), (220, 350), (470, 392), (760, 330), (1050, 388), (1330, 338), (1620, 380)], 480)
    sheet.fill(far, "#2b5068", Shade("#4d7a8c", 90, 0.2, 0.7))
    near = ridge([(-20, 440), (180, 410), (420, 446), (700, 420), (980, 452), (1240, 405), (1620, 440)], 490)
    sheet.fill(near, "#183650", Shade("#2b5068", 90, 0.3, 0.6))
    sheet.fill(hedge(rng, 1090, 1640, 476, 74), "#122c43", Shade("#24506a", -90, 0.6, 0.5))
    sheet.fill(box(-10, 470, 1620, 450), "#1c4159", Shade("#0c2136", 90, 0.05, 0.95, 0.4))
    sheet.mirror(470, 240, "#1c4159", 0.6)
    sheet.fill(ripples(rng, (0, 490, 1600, 900), 120), "#5c8ea0", alpha=0.4)
    sheet.fill(ripples(rng, (0, 490, 1600, 900), 70), "#0c2136", alpha=0.5)
    sheet.glow(742, 432, 520, "#f2a93b", 0.75)
    warm = ripples(rng, (690, 500, 800, 860), 70, 90) + ripples(rng, (640, 520, 860, 870), 26, 110)
    sheet.fill(warm, "#f5c768", alpha=0.85)
    _heron_gauge(sheet)
    bank = smooth([(-60, 660), (180, 690), (420, 750), (640, 790), (700, 840), (560, 930), (-60, 960)])
    sheet.fill(bank, "#16323a", Shade("#3d5a3c", -40, 0.45, 0.9), Rim("#c98a3a", 8, 16, 0.5, 16))
    sheet.fill(reeds(rng, -10, 420, 800, 300, 60), "#0f262f")
    sheet.fill(reeds(rng, 10, 560, 840, 200, 70), "#22443f")
    stalks, heads = bulrushes(rng, 40, 430, 830, 380, 11)
    sheet.fill(stalks, "#2c4f45")
    sheet.fill(heads, "#6a4630", Shade("#e0973f", 0, 0.3, 0.7))
    sheet.fill(reeds(rng, 1280, 1640, 930, 220, 60, -50), "#0c2230")
    sheet.fill(reeds(rng, 1360, 1640, 940, 160, 40, -30), "#1d3f46")


def _heron_gauge(sheet: Sheet) -> None:
    post = stroke([(604, 830), (612, 330)], 20, 14)
    sheet.fill(post, "#7d8b84", Shade("#22363f", 180, 0.2, 0.85), Shade("#f2b75a", 0, 0.55, 0.8))
    sheet.fill(stroke([(606, 346), (1000, 300)], 14, 8), "#a2aca3", Shade("#2e444b", 90, 0.3, 0.8))
    sheet.fill(stroke([(610, 470), (820, 322)], 6, 5), "#5a6d6c")
    sheet.fill(box(572, 360, 74, 96, 8), "#d9d3bd", Shade("#4a5c5a", 180, 0.2, 0.8),
        Rim("#f5c768", -10, 0, 0.5, 10))
    sheet.fill(box(586, 378, 46, 24, 4), "#20414b")
    sheet.fill([(566, 352), (654, 326), (660, 338), (572, 364)], "#27424e")
    sheet.fill(box(952, 276, 74, 44, 10), "#e4dcc4", Shade("#55676a", 0, 0.2, 0.8))
    sheet.fill([(966, 320), (1012, 320), (1030, 352), (948, 352)], "#c9c2aa", Shade("#3f545a", 0, 0.2, 0.8))
    for radius, alpha in ((60, 0.5), (104, 0.36), (150, 0.24)):
        arc = [p for p in oval(989, 344, radius) if p[1] > 344 + radius * 0.82]
        sheet.line(sorted(arc), "#dce9dc", 3, alpha)
    sheet.line([(742, 330), (742, 384)], "#2e2a24", 3)
    sheet.fill([(716, 394), (742, 372), (768, 394)], "#3a3228")
    sheet.fill(box(720, 394, 44, 66, 8), "#ffe6a3", Shade("#f0a032", 90, 0.3, 0.8))
    sheet.fill([box(716, 456, 52, 12, 3), box(740, 396, 4, 60)], "#3a3228")
    sheet.glow(742, 428, 120, "#fff2c8", 0.8)


def _stars(sheet: Sheet, rng: random.Random, down_to: float, many: int) -> None:
    small = [oval(rng.uniform(0, 1600), rng.uniform(0, down_to) ** 1.02, rng.uniform(0.8, 1.9))
        for _ in range(many)]
    sheet.fill(small, "#f6ecd2", alpha=0.75)
    sheet.fill([oval(rng.uniform(0, 1600), rng.uniform(0, down_to * 0.8), rng.uniform(2.2, 3.2))
        for _ in range(12)], "#fff4d6")


def desk_at_night(sheet: Sheet, rng: random.Random) -> None:
    """Draw a desk, a lamp and a screen before a window with the moon over flat roofs."""
    sheet.sky("#20273f", "#2c3450", "#262c45")
    pane = box(690, 70, 720, 520, 10)
    sheet.fill(box(668, 48, 764, 564, 14), "#171c30")
    sheet.fill(pane, "#274b6d", Shade("#5f8a97", 90, 0.2, 0.9))
    moon = oval(1120, 240, 104)
    sheet.glow(1120, 240, 330, "#f4e6bd", 0.55)
    sheet.fill(moon, "#f7ecca", Shade("#d9bd86", 50, 0.35, 0.75), inside=pane)
    seas = [crown(rng, 1080, 210, 30, 22), crown(rng, 1150, 270, 36, 24), crown(rng, 1140, 190, 18, 14)]
    sheet.fill(seas, "#d6bd88", alpha=0.55)
    roofs = [(690, 470), (780, 470), (780, 430), (880, 430), (880, 490), (960, 490), (960, 410), (1060, 410),
        (1060, 470), (1170, 470), (1170, 440), (1270, 440), (1270, 500), (1410, 500), (1410, 590), (690, 590)]
    sheet.fill(roofs, "#1b3550", Shade("#35607a", -90, 0.4, 0.6))
    sheet.fill([box(900, 452, 40, 40, 6), box(1196, 400, 46, 42, 6), box(1010, 374, 4, 40),
        box(994, 380, 36, 3), box(998, 390, 28, 3)], "#162b43")
    lit = [box(722, 512, 20, 28), box(1000, 450, 20, 28), box(1086, 520, 20, 26), box(1320, 530, 20, 28)]
    sheet.fill(lit, "#f3bd5c")
    palm_x = 1350
    sheet.fill(stroke(smooth([(palm_x, 590), (palm_x + 8, 480), (palm_x - 6, 380)], closed=False), 12, 8),
        "#12243a")
    sheet.fill([leaf(palm_x - 6, 384, 112, 26, turn) for turn in (-170, -140, -98, -60, -22, 12, 168)],
        "#12243a", inside=pane)
    sheet.fill([box(1044, 70, 12, 520), box(690, 318, 720, 10)], "#171c30")
    sheet.fill([(655, 606), (1445, 606), (1460, 636), (640, 636)], "#3c4461")
    sheet.fill(box(-10, 690, 1620, 230), "#8a5a3f", Shade("#3b2a33", 90, 0.15, 0.9),
        Shade("#3b2a33", 0, 0.55, 0.7))
    sheet.fill(box(-10, 682, 1620, 14), "#b57a50", Shade("#4f3a3d", 0, 0.4, 0.9))
    sheet.glow(330, 640, 560, "#f2a544", 0.7)
    sheet.fill([(196, 330), (420, 330), (640, 700), (70, 700)], "#f6c667",
        Shade("#8a5a3f", 90, 0.1, 0.9, 0.7), alpha=0.28)
    sheet.fill(oval(150, 704, 96, 18), "#23283f")
    sheet.fill([stroke([(150, 700), (112, 470)], 12), stroke([(112, 472), (250, 300)], 12)], "#2d3350",
        Shade("#f2b25c", 0, 0.6, 0.6))
    sheet.fill([oval(112, 470, 15), oval(246, 304, 13)], "#1b2036")
    sheet.fill(smooth([(226, 254), (330, 262), (430, 336), (186, 344)], steps=6), "#c1553c",
        Shade("#6e2f34", 180, 0.2, 0.8), Rim("#f0a46a", -6, 14, 0.6, 12))
    sheet.fill(oval(308, 346, 112, 15), "#ffe9ae")
    _screen(sheet, rng)
    sheet.glow(770, 560, 330, "#9fd0c4", 0.28)
    _cup(sheet, 1180, 640)


def _screen(sheet: Sheet, rng: random.Random) -> None:
    sheet.fill([(760, 690), (800, 590), (880, 590), (920, 690)], "#141a2c")
    sheet.fill(box(540, 380, 600, 250, 16), "#10162a")
    inner = box(558, 396, 564, 218, 6)
    sheet.fill(inner, "#173f46", Shade("#0f2c38", 60, 0.1, 0.9))
    river = smooth([(540, 430), (640, 470), (720, 440), (800, 520), (900, 500), (980, 570), (1140, 560)],
        closed=False)
    sheet.fill(stroke(river, 16, 28), "#4e98a0", inside=inner)
    for _ in range(17):
        x, y = rng.choice(river[6:-6])
        x, y = x + rng.uniform(-30, 30), y + rng.uniform(-40, 40)
        if 580 < x < 1100 and 416 < y < 594:
            sheet.fill([oval(x, y - 10, 13, 15), stroke([(x, y), (x, y + 14)], 4)], "#6fae7c")
            sheet.fill(oval(x, y - 10, 4), "#f2b04a")


def _cup(sheet: Sheet, x: float, y: float) -> None:
    sheet.fill(stroke(smooth([(x + 60, y + 14), (x + 106, y + 10), (x + 100, y + 56), (x + 56, y + 58)],
        closed=False), 12), "#c9876a")
    sheet.fill(smooth([(x - 64, y - 10), (x + 64, y - 10), (x + 56, y + 62), (x + 30, y + 84),
        (x - 30, y + 84), (x - 56, y + 62)], steps=6), "#d99a78", Shade("#6f4248", 0, 0.3, 0.85))
    sheet.fill(oval(x, y - 10, 64, 13), "#7c4a3c", Shade("#3d2730", 90, 0.2, 0.6))
    for shift in (-18, 16):
        steam = smooth([(x + shift, y - 26), (x + shift + 16, y - 66), (x + shift - 10, y - 104),
            (x + shift + 14, y - 150)], closed=False)
        sheet.fill(stroke(steam, 9, 2), "#dfe6da", alpha=0.3)


def otters(sheet: Sheet, rng: random.Random) -> None:
    """Draw an otter that sleeps on a sensor among stones, in a river under the stars."""
    sheet.sky("#16304a", "#2f5f74", "#7ea79c", down_to=330)
    _stars(sheet, rng, 230, 90)
    sheet.fill(ridge([(-20, 300), (200, 250), (460, 290), (760, 236), (1080, 286), (1380, 240), (1620, 280)],
        350), "#2a5462", Shade("#7ea79c", 90, 0.2, 0.6))
    sheet.fill(hedge(rng, -40, 1660, 344, 72), "#17404a", Shade("#2a5b5c", -90, 0.5, 0.5))
    sheet.fill(box(-10, 336, 1620, 580), "#3a7480", Shade("#12394a", 90, 0.05, 0.95, 0.45))
    sheet.mirror(336, 150, "#3a7480", 0.6)
    sheet.glow(1180, 420, 520, "#cfe0c4", 0.3)
    sheet.fill(ripples(rng, (0, 350, 1600, 900), 130, 150), "#9cc4bd", alpha=0.4)
    sheet.fill(ripples(rng, (0, 350, 1600, 900), 90, 150), "#0f3344", alpha=0.45)
    for x, y, w, h in ((250, 720, 210, 96), (1330, 700, 240, 110), (1110, 790, 200, 74), (520, 800, 190, 70)):
        stone = crown(rng, x, y, w, h, 9)
        sheet.fill(oval(x, y + h * 0.82, w * 1.06, h * 0.3), "#0d2d3d", alpha=0.6)
        sheet.fill(stone, "#7b8c86", Shade("#27434d", 80, 0.25, 0.95), Rim("#c9d3bd", 0, 18, 0.55, 20))
    tube = stroke([(470, 640), (1130, 590)], 96)
    sheet.fill(tube, "#8d9a98", Shade("#33494f", 90, 0.35, 0.95), Shade("#d6dccb", -90, 0.7, 0.7))
    sheet.fill(oval(472, 640, 22, 48, -4), "#c2c9ba", Shade("#33494f", 90, 0.4, 0.9))
    sheet.fill(oval(1130, 590, 26, 50, -4), "#4e6265", Shade("#22383f", 60, 0.2, 0.8))
    sheet.fill([stroke([(x, 587 + (800 - x) * 0.076 - 4), (x + 8, 690 + (800 - x) * 0.076 - 44)], 9)
        for x in (560, 584)], "#e0a23f")
    _otter(sheet)
    sheet.fill(ripples(rng, (420, 660, 1200, 740), 40, 150), "#b5d3c6", alpha=0.7)
    sheet.fill(reeds(rng, -10, 260, 930, 470, 60, 50), "#123a3c")
    sheet.fill(reeds(rng, -20, 330, 950, 330, 60, 60), "#2c5f50")
    sheet.fill(reeds(rng, 1350, 1640, 940, 420, 60, -60), "#123a3c")
    stalks, heads = bulrushes(rng, 1380, 1600, 940, 600, 8)
    sheet.fill(stalks, "#2c5f50")
    sheet.fill(heads, "#74482f", Shade("#3a2622", 180, 0.3, 0.8))


def _otter(sheet: Sheet) -> None:
    tail = smooth([(1010, 560), (1090, 530), (1180, 540), (1270, 600), (1300, 650)], closed=False)
    sheet.fill(stroke(tail, 74, 14), "#6d4a36", Shade("#38281f", 90, 0.3, 0.9))
    body = smooth([(560, 570), (590, 500), (680, 462), (800, 446), (920, 456), (1020, 500), (1060, 560),
        (1010, 600), (860, 606), (700, 622), (600, 624)])
    sheet.fill(body, "#80573d", Shade("#3b2920", 80, 0.35, 0.95), Rim("#c69a6c", 4, 22, 0.6, 26))
    belly = smooth([(590, 596), (660, 560), (780, 566), (900, 574), (960, 596), (860, 606), (700, 622)])
    sheet.fill(belly, "#b58c66", Shade("#6d4a36", 80, 0.2, 0.8))
    for x, y, turn in ((690, 604, 160), (930, 590, 20)):
        sheet.fill(leaf(x, y, 84, 40, turn), "#5e3f2f", Shade("#33241d", 90, 0.3, 0.8))
    head = smooth([(450, 560), (458, 500), (510, 456), (580, 452), (632, 490), (640, 556), (600, 606),
        (520, 618), (466, 602)])
    sheet.fill(oval(590, 462, 22, 20), "#5e3f2f")
    sheet.fill(head, "#8a5f43", Shade("#463025", 70, 0.4, 0.9), Rim("#d3a878", 6, 16, 0.6, 18))
    sheet.fill(oval(504, 462, 20, 18), "#5e3f2f", Rim("#a97b57", 3, 6, 0.6, 6))
    sheet.fill(smooth([(446, 566), (470, 536), (530, 538), (552, 574), (524, 610), (470, 604)]), "#c9a67e",
        Shade("#8a6549", 80, 0.3, 0.8))
    sheet.fill(smooth([(456, 548), (488, 542), (496, 556), (474, 570)]), "#2a1d1a")
    sheet.line(smooth([(474, 568), (482, 586), (506, 590)], closed=False), "#3a2721", 4)
    sheet.line(smooth([(512, 512), (528, 522), (548, 516)], closed=False), "#2a1d1a", 5)
    sheet.line(smooth([(462, 508), (470, 516), (482, 512)], closed=False), "#2a1d1a", 5)
    for shift in (-10, 2, 14):
        sheet.line([(520, 574 + shift * 0.6), (604, 566 + shift * 2)], "#f0e2c4", 1.8, 0.7)

"""Pictures of hills, meadows and weather."""

# Points stay side by side.
# fmt: off

import random

from portal.demo.brush import Rim, Shade, Sheet
from portal.demo.outlines import (
    box,
    cloud,
    crown,
    hedge,
    oval,
    poplar,
    reeds,
    ridge,
    ripples,
    smooth,
    stroke,
    winding,
)


def two_valleys(sheet: Sheet, rng: random.Random) -> None:
    """Draw two valleys, with rain in one and sun in the other."""
    sheet.sky("#9fb9bb", "#e6d9bb", "#f3dfb4", down_to=520)
    sheet.glow(1230, 190, 520, "#f9cf6d", 0.75)
    sheet.fill(oval(1230, 190, 74), "#f7c65a", Shade("#ee9f45", 70, 0.4, 0.7))
    sheet.fill(ridge([(-20, 330), (160, 250), (330, 330), (520, 210), (760, 330), (980, 230), (1200, 330),
        (1420, 240), (1620, 320)]), "#a9bdae", Shade("#d9d5b4", 90, 0.1, 0.6))
    sheet.fill(ridge([(-20, 400), (200, 350), (400, 420), (700, 330), (960, 420), (1240, 350), (1620, 420)]),
        "#84a08f", Shade("#b5c09b", 90, 0.1, 0.5))
    sheet.fill(ridge([(-20, 470), (300, 452), (800, 470), (1200, 452), (1620, 470)]), "#8fa267",
        Shade("#5f8458", 180, 0.3, 0.9), Shade("#d9c26b", 0, 0.5, 0.7))
    wet = winding([(352, 462), (318, 500), (362, 550), (300, 620), (372, 710), (300, 820), (330, 930)],
        (8, 40, 110, 190, 330))
    sheet.fill(wet, "#6f98a0", Shade("#345f70", 90, 0.1, 0.9))
    sheet.fill(ripples(rng, (170, 520, 480, 900), 70, 90), "#c1d6cf", alpha=0.7, inside=wet)
    bed = [(1132, 462), (1170, 500), (1128, 550), (1196, 620), (1120, 710), (1190, 820), (1160, 930)]
    sheet.fill(winding(bed, (8, 36, 80, 140, 230)), "#ecdcae", Shade("#cfae74", 90, 0.2, 0.7))
    stream = winding(bed, (3, 16, 34, 60, 96))
    sheet.fill(stream, "#8fbdb8", Shade("#5e98a0", 90, 0.2, 0.7))
    sheet.fill(ripples(rng, (1060, 560, 1260, 900), 30, 50), "#eef1dc", alpha=0.7, inside=stream)
    left = smooth([(-80, 330), (40, 350), (150, 430), (210, 540), (150, 700), (60, 800), (-80, 820)])
    sheet.fill(left, "#4d6f68", Shade("#2c4a4d", 90, 0.2, 0.8), Rim("#8fb0a0", -6, 16, 0.5, 18))
    middle = smooth([(424, 770), (470, 620), (580, 450), (740, 370), (880, 420), (980, 560), (1030, 700),
        (1040, 840), (740, 900), (460, 860)])
    sheet.fill(middle, "#7d9a60", Shade("#3e6058", 180, 0.45, 0.95), Shade("#d8bc62", 0, 0.62, 0.7))
    right = smooth([(1360, 700), (1330, 560), (1420, 440), (1540, 370), (1680, 350), (1680, 860),
        (1480, 820)])
    sheet.fill(right, "#98ab5d", Shade("#5e7f50", 60, 0.2, 0.9), Rim("#efd685", 10, 16, 0.6, 18))
    _rain(sheet, rng)
    _village(sheet, 20, 740, "#c9cbbd", "#3c4f57", "#f4bd58")
    _village(sheet, 1290, 760, "#f6e8c9", "#c2643f", "#6f8d84")
    for x, y, size in ((480, 640, 52), (560, 560, 42), (530, 760, 66), (640, 700, 58), (660, 500, 34),
        (760, 600, 46), (870, 700, 60), (780, 800, 74), (960, 820, 70), (900, 560, 38)):
        tree = crown(rng, x, y, size * 0.62, size * 0.8)
        sheet.fill(stroke([(x, y + size * 0.5), (x, y + size * 1.3)], 6), "#4b4637")
        sheet.fill(tree, "#5c8257", Shade("#2f544d", 180 - x * 0.08, 0.3, 0.9),
            Rim("#dcc873", 6 if x > 640 else -2, 10, 0.45, 10))
    front = ridge([(-20, 860), (240, 836), (520, 880), (860, 850), (1180, 884), (1620, 840)])
    sheet.fill(front, "#3b5f50", Shade("#6d8a51", 0, 0.2, 0.9))
    sheet.fill(reeds(rng, 380, 1100, 900, 70, 110, 20), "#2c4d43")


def _rain(sheet: Sheet, rng: random.Random) -> None:
    drops = []
    for _ in range(170):
        x, y, long = rng.uniform(-20, 690), rng.uniform(190, 700), rng.uniform(26, 70)
        drops.append(stroke([(x, y), (x - long * 0.28, y + long)], 2.6, 1.2))
    sheet.fill(drops, "#e3ece4", alpha=0.6)
    for x, y, w, h, tone in ((480, 240, 230, 110, "#8fa2a3"), (80, 256, 240, 130, "#5f7982"),
        (290, 226, 230, 120, "#738a90")):
        sheet.fill(cloud(rng, x, y, w, h), tone, Shade("#3b535e", 90, 0.4, 0.85),
            Rim("#dfe2d0", 8, 18, 0.6, 22))


def _village(sheet: Sheet, x: float, y: float, wall: str, roof: str, light: str) -> None:
    for dx, dy, w, h in ((60, -30, 50, 44), (118, -14, 56, 46), (0, 0, 58, 50), (176, 8, 50, 42),
        (78, 26, 64, 52)):
        left, top = x + dx, y + dy
        sheet.fill(box(left, top, w, h), wall, Shade(roof, 0, 0.5, 0.35))
        sheet.fill([(left - 7, top + 2), (left + w / 2, top - 28), (left + w + 7, top + 2)], roof,
            Shade("#2b3f49", 0, 0.4, 0.5))
        sheet.fill([box(left + 9, top + 14, 10, 13), box(left + w - 21, top + 14, 10, 13)], light)
    sheet.fill(box(x + 38, y - 96, 26, 84), wall, Shade(roof, 0, 0.4, 0.5))
    sheet.fill([(x + 32, y - 94), (x + 51, y - 146), (x + 70, y - 94)], roof)
    sheet.fill(box(x + 45, y - 82, 12, 18, 6), light)


def hydrograph(sheet: Sheet, rng: random.Random) -> None:
    """Draw hills like the curves of a chart, a threshold, and a marked stone."""
    sheet.sky("#e9dfc6", "#f2d5ae", "#eab489", down_to=560)
    sheet.glow(330, 330, 420, "#fbe3a6", 0.8)
    sheet.fill(oval(330, 330, 58), "#fbe7b4", Shade("#f4c277", 80, 0.5, 0.6))
    for y in range(120, 640, 86):
        sheet.fill([box(x, y, 14, 2) for x in range(0, 1600, 28)], "#7b6f62", alpha=0.3)
    curves = (
        ("#c9a98b", "#ecc59b", [(-20, 420), (160, 410), (320, 330), (430, 210), (520, 190), (640, 290),
            (820, 380), (1100, 420), (1620, 430)]),
        ("#a89f8c", "#d8b490", [(-20, 500), (240, 490), (460, 440), (640, 300), (750, 262), (870, 340),
            (1040, 440), (1300, 480), (1620, 490)]),
        ("#7d9491", "#b8b29a", [(-20, 580), (300, 570), (620, 540), (840, 420), (980, 330), (1090, 350),
            (1240, 460), (1440, 540), (1620, 560)]),
        ("#55808a", "#8fa79f", [(-20, 650), (420, 640), (760, 610), (1000, 520), (1180, 420), (1300, 400),
            (1420, 470), (1540, 560), (1620, 590)]),
        ("#2f5d6c", "#57858c", [(-20, 710), (500, 706), (900, 680), (1160, 620), (1340, 520), (1480, 476),
            (1620, 500)]),
    )
    for deep, pale, points in curves:
        sheet.fill(ridge(points), deep, Shade(pale, 90, 0.15, 0.85, 0.7))
        sheet.line(smooth(points, closed=False), "#fbf1da", 3, 0.65)
    sheet.fill([box(x, 396, 26, 5) for x in range(-10, 1600, 40)], "#d9682f")
    for x, y in ((520, 190), (750, 262), (980, 330), (1300, 400)):
        sheet.fill(oval(x, y, 13), "#fbf1da")
        sheet.fill(oval(x, y, 7), "#d9682f")
    water = ridge([(-20, 782), (400, 774), (900, 786), (1620, 770)])
    sheet.fill(water, "#1f4a5a", Shade("#0f2f3e", 90, 0.1, 0.9))
    sheet.fill(ripples(rng, (0, 790, 1600, 900), 60, 170), "#7fa9ab", alpha=0.6)
    bank = smooth([(-60, 760), (120, 720), (330, 742), (520, 830), (600, 930), (-60, 960)])
    sheet.fill(bank, "#3f6149", Shade("#1c3b3a", 70, 0.3, 0.9), Rim("#a9b56e", 2, 14, 0.6, 14))
    stone = smooth([(206, 800), (214, 640), (250, 590), (320, 582), (372, 622), (392, 720), (398, 812),
        (300, 838)])
    sheet.fill(stone, "#d8cbb0", Shade("#7a6f63", 0, 0.3, 0.9), Shade("#4a4f4d", 90, 0.7, 0.8),
        Rim("#fff3d6", 12, 12, 0.5, 16))
    sheet.fill([box(240, y, 60 if n % 2 else 38, 7) for n, y in enumerate(range(640, 800, 30))], "#3a4a48")
    sheet.fill(box(232, 696, 106, 12, 4), "#d9682f")
    sheet.fill(reeds(rng, -10, 220, 900, 190, 60, 40) + reeds(rng, 380, 560, 920, 110, 40, 30), "#25463d")


def barn_door(sheet: Sheet, rng: random.Random) -> None:
    """Draw a barn on a dike, its door open, and a flooded meadow with poplars."""
    sheet.sky("#c3d3cc", "#e9e2c6", "#f4e0b5", down_to=540)
    for x, y, w in ((980.0, 150, 190), (1300, 100, 150), (520, 110, 130), (760, 220, 110)):
        sheet.fill(cloud(rng, x, y, w * 0.8, w * 0.36), "#fbf3df", Shade("#cfd3c0", 90, 0.45, 0.8))
    sheet.fill(ridge([(560, 530), (800, 512), (1100, 520), (1620, 506)], 560), "#9fb3a2")
    for number in range(9):
        x, tall = 760 + number * 98 + rng.uniform(-12, 12), 350.0 - number * 13
        sheet.fill(stroke([(x, 540), (x, 490)], 7), "#5b4a38")
        sheet.fill(poplar(rng, x, 542, tall, 72), "#6f8f63", Shade("#37594f", 0, 0.25, 0.95),
            Rim("#d6cf87", 10, 2, 0.6, 10))
    sheet.fill(hedge(rng, 640, 1620, 544, 20), "#55785a")
    sheet.fill(box(-10, 538, 1620, 400), "#a9c1b6", Shade("#547f86", 90, 0.1, 0.9))
    sheet.mirror(538, 330, "#86a9a4", 0.62, 2)
    sheet.fill(ripples(rng, (560, 556, 1620, 900), 110, 170), "#eef0d9", alpha=0.55)
    sheet.fill(ripples(rng, (560, 580, 1620, 900), 60, 170), "#3f6c75", alpha=0.4)
    for x, y in ((900, 660), (1010, 672), (1128, 684), (1254, 698), (1390, 712), (1540, 728)):
        sheet.fill(stroke([(x, y - 74), (x + 2, y + 8)], 11, 12), "#6a5847", Shade("#3a332c", 0, 0.3, 0.8))
    sheet.line([(900, 602), (1540, 672)], "#54483c", 3)
    sheet.line([(900, 628), (1540, 698)], "#54483c", 3)
    dike = smooth([(-80, 560), (120, 548), (420, 556), (640, 590), (820, 660), (960, 760), (1080, 960),
        (-80, 980)])
    sheet.fill(dike, "#87a05b", Shade("#3c634e", 60, 0.25, 0.95), Rim("#e2d88b", -6, 18, 0.6, 20))
    path = smooth([(430, 700), (520, 760), (600, 850), (640, 960), (240, 960), (300, 850), (340, 760),
        (350, 700)])
    sheet.fill(path, "#dcc798", Shade("#b1965f", 90, 0.2, 0.7))
    _barn(sheet)
    tufts = [blade for x, y in ((60, 760), (180, 850), (720, 720), (800, 820), (700, 880), (120, 900),
        (860, 900)) for blade in reeds(rng, x - 50, x + 50, y, 56, 16, 14)]
    sheet.fill(tufts, "#35594a")
    for x, y in ((742, 664), (166, 806), (90, 728), (820, 780), (704, 836), (230, 884)):
        sheet.fill([oval(x + dx, y + dy, 7) for dx, dy in ((0, 0), (22, -10), (-18, -14))], "#f3c24f")


def _barn(sheet: Sheet) -> None:
    sheet.fill([(640, 330), (718, 440), (718, 640), (640, 706)], "#7d3a31", Shade("#4d2a2b", 0, 0.2, 0.8))
    front = [(140, 706), (140, 404), (196, 268), (390, 176), (584, 268), (640, 404), (640, 706)]
    sheet.fill(front, "#b2513c", Shade("#7d3730", 90, 0.4, 0.75), Shade("#db8556", 180, 0.6, 0.6))
    sheet.fill([box(x, 190 + abs(x - 390) * 0.55, 3, 520 - abs(x - 390) * 0.55) for x in range(168, 640, 36)],
        "#7d3730", alpha=0.5, inside=front)
    sheet.fill(stroke([(390, 160), (592, 256), (662, 420)], 26), "#4a4f4c", Shade("#2c3636", 0, 0.2, 0.7))
    sheet.fill(stroke([(390, 160), (188, 256), (118, 420)], 26), "#6b6e64", Shade("#3a4342", 90, 0.3, 0.7))
    sheet.fill([(390, 148), (600, 246), (740, 430), (718, 446), (640, 400), (590, 262), (390, 172)],
        "#5c605a", Shade("#343d3d", 0, 0.3, 0.8))
    sheet.fill(oval(390, 286, 34), "#f3e7cb")
    sheet.fill(oval(390, 286, 25), "#33454b", Shade("#7fa0a0", -60, 0.4, 0.7))
    sheet.fill([box(387, 260, 6, 52), box(364, 283, 52, 6)], "#f3e7cb")
    sheet.fill(box(292, 400, 196, 306), "#f0e2c2")
    sheet.fill(box(308, 416, 164, 290), "#2a2523", Shade("#5c4030", 90, 0.5, 0.8))
    sheet.glow(420, 560, 150, "#e9a94e", 0.45)
    sheet.fill([(472, 416), (560, 442), (560, 738), (472, 706)], "#8f4334", Shade("#5d2d2a", 0, 0.1, 0.9))
    sheet.fill([stroke([(480, 430), (552, 726)], 8), stroke([(552, 456), (480, 694)], 8)], "#f0e2c2",
        alpha=0.85)
    marks = [box(294, 690 - n * n * 1.1 - n * 8, 12 if n % 3 else 14, 4) for n in range(1, 14)]
    sheet.fill(marks, "#3a4a48")

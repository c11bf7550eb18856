"""Outlines: the shapes that the pictures of the demo are cut from."""

# Points stay side by side.
# fmt: off

import math
import random
from collections.abc import Sequence
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]
Outline: TypeAlias = Sequence[Point]


def smooth(points: Outline, closed: bool = True, steps: int = 10) -> list[Point]:
    """Return a soft curve through the points."""
    many = len(points)
    curve: list[Point] = []
    for number in range(many if closed else many - 1):
        if closed:
            a, b, c, d = (points[(number + shift) % many] for shift in (-1, 0, 1, 2))
        else:
            a, b, c, d = (points[min(max(number + shift, 0), many - 1)] for shift in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            curve.append((_between(a[0], b[0], c[0], d[0], t), _between(a[1], b[1], c[1], d[1], t)))
    if not closed:
        curve.append(points[-1])
    return curve


def _between(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)


def oval(x: float, y: float, rx: float, ry: float | None = None, turn: float = 0.0) -> list[Point]:
    """Return an ellipse around a point; `turn` in degrees."""
    ry = rx if ry is None else ry
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    steps = 24 if max(rx, ry) < 20 else 64
    around = [(math.cos(2 * math.pi * i / steps) * rx, math.sin(2 * math.pi * i / steps) * ry)
        for i in range(steps)]
    return [(x + u * cos - v * sin, y + u * sin + v * cos) for u, v in around]


def box(x: float, y: float, width: float, height: float, round_by: float = 0.0) -> list[Point]:
    """Return a rectangle from its upper left corner, with round corners."""
    r = min(round_by, width / 2, height / 2)
    if r <= 0:
        return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    corners = ((x + width - r, y + r, -90), (x + width - r, y + height - r, 0), (x + r, y + height - r, 90),
        (x + r, y + r, 180))
    return [(cx + r * math.cos(math.radians(start + turn)), cy + r * math.sin(math.radians(start + turn)))
        for cx, cy, start in corners for turn in range(0, 91, 15)]


def stroke(points: Outline, width: float, end: float | None = None) -> list[Point]:
    """Return a band along the points, as wide at the beginning as `width` and at its end as `end`."""
    end = width if end is None else end
    left: list[Point] = []
    right: list[Point] = []
    last = len(points) - 1
    for number, (x, y) in enumerate(points):
        before, after = points[max(0, number - 1)], points[min(last, number + 1)]
        dx, dy = after[0] - before[0], after[1] - before[1]
        long = math.hypot(dx, dy) or 1.0
        half = (width + (end - width) * number / max(1, last)) / 2
        left.append((x - dy / long * half, y + dx / long * half))
        right.append((x + dy / long * half, y - dx / long * half))
    return left + right[::-1]


def ridge(points: Outline, bottom: float = 920.0) -> list[Point]:
    """Return land whose upper edge is a soft line through the points."""
    top = smooth(points, closed=False, steps=14)
    return [*top, (top[-1][0], bottom), (top[0][0], bottom)]


def rough(outline: Outline, by: float, rng: random.Random, step: float = 14.0) -> list[Point]:
    """Return the outline as scissors would cut it: not quite straight."""
    cut: list[Point] = []
    for number, (x, y) in enumerate(outline):
        nx, ny = outline[(number + 1) % len(outline)]
        pieces = max(1, int(math.hypot(nx - x, ny - y) / step))
        cut.extend((x + (nx - x) * i / pieces + rng.uniform(-by, by),
            y + (ny - y) * i / pieces + rng.uniform(-by, by)) for i in range(pieces))
    return cut


def leaf(x: float, y: float, long: float, wide: float, turn: float) -> list[Point]:
    """Return a leaf that begins at a point and grows into a direction, in degrees."""
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    shape = smooth([(0, 0), (long * 0.3, -wide * 0.48), (long * 0.7, -wide * 0.34), (long, 0),
        (long * 0.7, wide * 0.34), (long * 0.3, wide * 0.48)])
    return [(x + u * cos - v * sin, y + u * sin + v * cos) for u, v in shape]


def winding(points: Outline, widths: Sequence[float]) -> list[Point]:
    """Return a river or a path that comes nearer: the points go down the sheet, the widths lie flat."""
    middle = smooth(points, closed=False, steps=14)
    many = len(middle) - 1
    left, right = [], []
    for number, (x, y) in enumerate(middle):
        place = number / many * (len(widths) - 1)
        low = min(int(place), len(widths) - 2)
        half = (widths[low] + (widths[low + 1] - widths[low]) * (place - low)) / 2
        left.append((x - half, y))
        right.append((x + half, y))
    return left + right[::-1]


def poplar(rng: random.Random, x: float, base: float, tall: float, wide: float) -> list[Point]:
    """Return the slender crown of a poplar that stands on a line."""
    sides = ((0.0, 1.0), (0.3, 0.9), (0.46, 0.66), (0.5, 0.4), (0.4, 0.18), (0.14, 0.1))
    right = [(x + wide * u, base - tall * v) for u, v in sides]
    left = [(x - wide * u, base - tall * v) for u, v in sides[:0:-1]]
    return rough(smooth(right + left, steps=6), wide * 0.035, rng, 7)


def cloud(rng: random.Random, x: float, y: float, wide: float, high: float) -> list[list[Point]]:
    """Return a cloud: puffs on a flat base."""
    puffs = [box(x - wide, y - high * 0.5, wide * 2, high * 0.5, high * 0.25)]
    for at, big in ((-0.62, 0.55), (-0.2, 0.95), (0.26, 0.75), (0.66, 0.5)):
        size = high * big * rng.uniform(0.85, 1.1)
        puffs.append(oval(x + wide * at + rng.uniform(-8, 8), y - high * 0.3 - size * 0.35, size * 1.25,
            size * 0.8))
    return puffs


def hedge(rng: random.Random, left: float, right: float, base: float, high: float) -> list[list[Point]]:
    """Return a row of bushes that stand close."""
    bushes = [box(left, base - high * 0.5, right - left, high * 0.55)]
    x = left
    while x < right:
        size = high * rng.uniform(0.5, 1.0)
        bushes.append(oval(x, base - size * 0.55, size * rng.uniform(0.8, 1.3), size * 0.62))
        x += size * rng.uniform(0.7, 1.3)
    return bushes


def reeds(rng: random.Random, left: float, right: float, base: float, tall: float, many: int,
    lean: float = 40.0) -> list[list[Point]]:
    """Return a stand of reeds: blades that rise from near a line and bend with the wind."""
    blades = []
    for _ in range(many):
        x, high = rng.uniform(left, right), tall * rng.uniform(0.45, 1.0)
        foot = base + 10 + rng.triangular(-0.1, 0.1) * tall
        bend, wide = lean * rng.uniform(0.2, 1.2) * (1 if rng.random() < 0.8 else -0.5), rng.uniform(5, 9)
        spine = smooth([(x, foot), (x + bend * 0.12, base - high * 0.5), (x + bend, base - high)],
            closed=False, steps=7)
        blades.append(stroke(spine[:5], 1.5, wide)[:5] + stroke(spine[4:], wide, 0.6) + stroke(spine[:5], 1.5,
            wide)[5:])
    return blades


def bulrushes(rng: random.Random, left: float, right: float, base: float, tall: float,
    many: int) -> tuple[list[list[Point]], list[list[Point]]]:
    """Return the stalks and the brown heads of bulrushes."""
    stalks, heads = [], []
    for _ in range(many):
        x, high, bend = rng.uniform(left, right), tall * rng.uniform(0.65, 1.0), rng.uniform(-14, 26)
        stalks.append(stroke(smooth([(x, base), (x + bend * 0.3, base - high * 0.6), (x + bend, base - high)],
            closed=False, steps=6), 4, 2))
        heads.append(oval(x + bend * 0.86, base - high * 0.86, 7, high * 0.1,
            math.degrees(math.atan2(bend, high))))
    return stalks, heads


def ripples(rng: random.Random, area: tuple[float, float, float, float], many: int,
    long: float = 120.0) -> list[list[Point]]:
    """Return short strokes on water, longer and thicker the nearer they are."""
    left, top, right, bottom = area
    strokes = []
    for _ in range(many):
        near = rng.random() ** 1.3
        x, y = rng.uniform(left, right), top + (bottom - top) * near
        length, thick = (long * (0.25 + near) * rng.uniform(0.4, 1.1), (1.0 + 3.6 * near) * rng.uniform(0.6,
            1.1))
        strokes.append(smooth([(x - length / 2, y), (x, y - thick / 2), (x + length / 2, y),
            (x, y + thick / 2)], steps=5))
    return strokes


def crown(rng: random.Random, x: float, y: float, rx: float, ry: float, knots: int = 11) -> list[Point]:
    """Return the crown of a tree: round, and uneven."""
    points = []
    for number in range(knots):
        angle, far = 2 * math.pi * number / knots, rng.uniform(0.92, 1.07)
        points.append((x + math.cos(angle) * rx * far, y + math.sin(angle) * ry * far))
    return smooth(points, steps=8)

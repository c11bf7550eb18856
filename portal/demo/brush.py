"""Drawing with cut paper, gouache and grain: what the pictures of the demo are made with.

Everything is measured on a sheet of 1600 by 900 units, whatever its size in pixels; the same each time.
"""

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from portal.demo.outlines import Outline, stroke

Colour: TypeAlias = str
WIDTH, HEIGHT = 1600, 900
_FINE = 3  # edges are drawn this many times larger and then averaged


@dataclass(frozen=True, slots=True)
class Shade:
    """A second colour that comes in from one side, partly as grain."""

    colour: Colour
    angle: float = 90.0
    """Where it grows towards, in degrees: 0 is right, 90 is down."""
    start: float = 0.1
    strength: float = 0.7
    grain: float = 0.6


@dataclass(frozen=True, slots=True)
class Rim:
    """A shadow (or a light) along one edge, which makes a flat shape round."""

    colour: Colour
    dx: float
    dy: float
    strength: float = 0.5
    soft: float = 18.0


@lru_cache(maxsize=4)
def _noise(width: int, height: int) -> Image.Image:
    return Image.frombytes("L", (width, height), random.Random(width * 31 + height).randbytes(width * height))


class Sheet:
    """A sheet of paper that shapes are laid on, one over the other."""

    def __init__(self, width: int, height: int, ground: Colour) -> None:
        self.size = (width, height)
        self.scale = max(width / WIDTH, height / HEIGHT)
        self._left = (width - WIDTH * self.scale) / 2
        self._top = (height - HEIGHT * self.scale) / 2
        self.image = Image.new("RGB", self.size, ground)

    def fill(
        self,
        outlines: Outline | Iterable[Outline],
        colour: Colour,
        *shades: Shade | Rim,
        alpha: float = 1.0,
        inside: Outline | Iterable[Outline] | None = None,
    ) -> None:
        """Lay shapes of a colour; shades follow in their order. `inside` cuts them to another shape."""
        several = _several(outlines)
        box = self._box(several)
        if box is None:
            return
        mask = self._mask(several, box)
        if inside is not None:
            mask = ImageChops.multiply(mask, self._mask(_several(inside), box))
        if alpha < 1:
            mask = mask.point([int(v * alpha) for v in range(256)])
        self.image.paste(colour, box, mask)
        for shade in shades:
            soft = self._slope(several, box, shade) if isinstance(shade, Shade) else self._edge(mask, shade)
            self.image.paste(shade.colour, box, ImageChops.multiply(mask, soft))

    def line(
        self,
        points: Outline,
        colour: Colour,
        width: float = 3.0,
        alpha: float = 1.0,
        inside: Outline | None = None,
    ) -> None:
        """Draw a line through points."""
        self.fill(stroke(points, width), colour, alpha=alpha, inside=inside)

    def sky(self, *colours: Colour, down_to: float = HEIGHT) -> None:
        """Cover the sheet, from the top down to a height, with colours that run into one another."""
        bands = len(colours) - 1
        for number in range(bands):
            top, bottom = down_to * number / bands, down_to * (number + 1) / bands
            area = [(-400, top - 1), (2000, top - 1), (2000, bottom + 2), (-400, bottom + 2)]
            self.fill(area, colours[number], Shade(colours[number + 1], 90, 0, 1.0, 0.35))

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float = 0.7) -> None:
        """Light up the surroundings of a point."""
        area = [
            (x - radius, y - radius),
            (x + radius, y - radius),
            (x + radius, y + radius),
            (x - radius, y + radius),
        ]
        box = self._box([area])
        if box is None:
            return
        full = self._pixels(area)
        side = max(2, round(radius * 2 * self.scale))
        light = Image.radial_gradient("L").resize((side, side), Image.Resampling.BILINEAR)
        light = light.point([round(255 * strength * max(0.0, 1 - v / 181) ** 2.2) for v in range(256)])
        left, top = round(box[0] - full[0][0]), round(box[1] - full[0][1])
        light = light.crop((left, top, left + box[2] - box[0], top + box[3] - box[1]))
        self.image.paste(colour, box, self._grainy(light, box, 0.3))

    def mirror(
        self, y: float, depth: float, colour: Colour, strength: float = 0.55, blur: float = 3.0
    ) -> None:
        """Reflect what stands above a height in the water below it."""
        line = round(self._top + y * self.scale)
        tall = min(round(depth * self.scale), line, self.size[1] - line)
        if tall <= 0:
            return
        above = self.image.crop((0, line - tall, self.size[0], line)).transpose(
            Image.Transpose.FLIP_TOP_BOTTOM
        )
        above = above.filter(ImageFilter.BoxBlur((blur * self.scale, blur * 2.5 * self.scale)))
        above = Image.blend(above, Image.new("RGB", above.size, colour), 1 - strength)
        fade = (
            Image.linear_gradient("L").resize(above.size).point([min(255, (255 - v) * 2) for v in range(256)])
        )
        self.image.paste(above, (0, line), self._grainy(fade, (0, line, self.size[0], line + tall), 0.4))

    def finish(self) -> Image.Image:
        """Give the sheet the tooth of paper and return it."""
        width, height = self.size
        tooth = _noise(width, height).filter(ImageFilter.BoxBlur(0.5 * max(1.0, self.scale)))
        tooth = tooth.point([round(128 + (v - 128) * 0.22) for v in range(256)])
        small = _noise(96, 54).point([round(128 + (v - 128) * 0.07) for v in range(256)])
        cloud = small.resize(self.size, Image.Resampling.BICUBIC)
        for layer in (tooth, cloud):
            self.image = ImageChops.soft_light(self.image, Image.merge("RGB", (layer, layer, layer)))
        return self.image

    def _pixels(self, outline: Outline) -> list[tuple[float, float]]:
        return [(self._left + x * self.scale, self._top + y * self.scale) for x, y in outline]

    def _box(self, outlines: Sequence[Outline]) -> tuple[int, int, int, int] | None:
        points = [point for outline in outlines for point in self._pixels(outline)]
        if not points:
            return None
        left, top = (max(0, math.floor(min(p[axis] for p in points)) - 1) for axis in (0, 1))
        right, bottom = (min(self.size[axis], math.ceil(max(p[axis] for p in points)) + 2) for axis in (0, 1))
        return (left, top, right, bottom) if right > left and bottom > top else None

    def _mask(self, outlines: Sequence[Outline], box: tuple[int, int, int, int]) -> Image.Image:
        left, top, right, bottom = box
        mask = Image.new("L", ((right - left) * _FINE, (bottom - top) * _FINE))
        pen = ImageDraw.Draw(mask)
        for outline in outlines:
            points = [((x - left) * _FINE, (y - top) * _FINE) for x, y in self._pixels(outline)]
            if len(points) > 2:
                pen.polygon(points, fill=255)
        return mask.reduce(_FINE)

    def _slope(
        self, outlines: Sequence[Outline], box: tuple[int, int, int, int], shade: Shade
    ) -> Image.Image:
        cos, sin = math.cos(math.radians(shade.angle)), math.sin(math.radians(shade.angle))
        along = [x * cos + y * sin for outline in outlines for x, y in self._pixels(outline)]
        low, span = min(along), max(max(along) - min(along), 1.0)
        scale = 250 / span
        offset = (box[0] * cos + box[1] * sin - low) * scale + 2
        slope = Image.linear_gradient("L").transform(
            (box[2] - box[0], box[3] - box[1]),
            Image.Transform.AFFINE,
            (0, 0, 128, cos * scale, sin * scale, offset),
            Image.Resampling.BILINEAR,
        )
        reach = max(1e-6, 1 - shade.start)
        curve = [max(0.0, (v / 255 - shade.start) / reach) ** 1.15 * shade.strength for v in range(256)]
        return self._grainy(slope.point([round(255 * min(1.0, v)) for v in curve]), box, shade.grain)

    def _edge(self, mask: Image.Image, rim: Rim) -> Image.Image:
        reach = max(1, round(rim.soft * self.scale / 4))
        padded = Image.new("L", (mask.width // 4 + 4 * reach, mask.height // 4 + 4 * reach))
        size = (max(1, mask.width // 4), max(1, mask.height // 4))
        padded.paste(mask.resize(size), (2 * reach, 2 * reach))
        shift = (round(rim.dx * self.scale / 4), round(rim.dy * self.scale / 4))
        moved = ImageChops.offset(padded, *shift).filter(ImageFilter.GaussianBlur(reach))
        moved = moved.crop((2 * reach, 2 * reach, 2 * reach + size[0], 2 * reach + size[1]))
        edge = ImageChops.invert(moved.resize(mask.size, Image.Resampling.BILINEAR))
        edge = edge.point([round(v * rim.strength) for v in range(256)])
        return self._grainy(edge, (0, 0, mask.width, mask.height), 0.6)

    def _grainy(self, soft: Image.Image, box: tuple[int, int, int, int], grain: float) -> Image.Image:
        noise = _noise(*self.size).crop(box)
        dots = ImageChops.add(soft, noise, 1, -255).point([min(255, v * 12) for v in range(256)])
        return Image.blend(soft, dots, grain)


def _several(outlines: Outline | Iterable[Outline]) -> list[Outline]:
    given = list(outlines)
    if given and isinstance(given[0], tuple) and isinstance(given[0][0], int | float):
        return [given]  # type: ignore[list-item]
    return given  # type: ignore[return-value]

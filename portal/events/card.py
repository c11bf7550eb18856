"""The picture that stands beside a shared link when an event has none of its own: a leaf of a calendar and the title.

Pillow's own letters are the plain Latin ones; a title with others is left to the words beside the picture.
"""

from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from portal.core import words
from portal.core.season import season_of
from portal.events.models import Event

WIDTH, HEIGHT = 1200, 630
PAPER, INK, SOFT = "#fbf7ef", "#26221c", "#6b6459"
TINTS = {
    1: ("#dfe9ee", "#2f5d73"),
    2: ("#e2f0dc", "#2c6432"),
    3: ("#fbeecb", "#7a5a08"),
    4: ("#f6e2d3", "#8a4318"),
}
"""For each quarter the colour of the leaf and of what is written on it."""


def picture(event: Event, house: str) -> bytes:
    """Return the picture as PNG; the same event gives the same bytes."""
    local = event.starts_at.astimezone(words.zone(event.zone))
    month, day = f"{local:%B}", f"{local.day}"
    line = f"{local:%H:%M}, {event.format.words.lower()}"
    return _drawn(event.title, month, day, line, house, season_of(local.date()).quarter)


@lru_cache(maxsize=64)
def _drawn(title: str, month: str, day: str, line: str, house: str, quarter: int) -> bytes:
    tint, ink = TINTS[quarter]
    sheet = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((0, HEIGHT - 14, WIDTH, HEIGHT), fill=ink)
    pen.rounded_rectangle((80, 130, 400, 500), 36, fill=tint)
    pen.text((240, 195), month, font=_font(46), fill=ink, anchor="mm")
    pen.text((240, 345), day, font=_font(190), fill=INK, anchor="mm")
    if _can_write(title):
        size, lines = _fitted(title)
        top = 315 - len(lines) * size * 0.62
        for number, text in enumerate(lines):
            pen.text((460, top + number * size * 1.24), text, font=_font(size), fill=INK, anchor="la")
        pen.text((460, 455), line, font=_font(34), fill=SOFT, anchor="la")
    else:
        pen.text((460, 315), line, font=_font(48), fill=SOFT, anchor="lm")
    if _can_write(house):
        pen.text((80, 60), house, font=_font(36), fill=ink, anchor="la")
    out = BytesIO()
    sheet.save(out, "PNG", optimize=True)
    return out.getvalue()


def _fitted(title: str) -> tuple[int, list[str]]:
    """Return a size and lines that fit the sheet; a very long title ends in dots."""
    for size in (72, 60, 50, 42):
        lines = _lines(title, size)
        if len(lines) <= 4 and all(_font(size).getlength(one) <= 660 for one in lines):
            return size, lines
    lines = [one[:34] for one in _lines(title, 42)[:4]]
    return 42, [*lines[:3], f"{lines[3][:31]}..."] if len(lines) > 3 else lines


def _lines(title: str, size: int) -> list[str]:
    found: list[str] = []
    for word in title.split():
        longer = f"{found[-1]} {word}" if found else word
        if found and _font(size).getlength(longer) <= 660:
            found[-1] = longer
        else:
            found.append(word)
    return found


def _can_write(text: str) -> bool:
    return text.isascii()


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)

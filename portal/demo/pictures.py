"""The pictures of the demo's stories and events, drawn by our own code."""

import random
import zlib
from collections.abc import Callable, Mapping
from typing import TypeAlias

from PIL import Image

from portal.demo import portraits
from portal.demo import scenes_land as land
from portal.demo import scenes_night as night
from portal.demo import scenes_river as river
from portal.demo import scenes_rooms as rooms
from portal.demo import scenes_town as town
from portal.demo import scenes_work as work
from portal.demo.brush import HEIGHT, WIDTH, Sheet

Scene: TypeAlias = Callable[[Sheet, random.Random], None]

SCENES: Mapping[str, Scene] = {
    "night-calibration": night.night_calibration,
    "desk-at-night": night.desk_at_night,
    "otters": night.otters,
    "boots": rooms.boots,
    "desk-plant": rooms.desk_plant,
    "two-chairs": work.two_chairs,
    "workbench": work.workbench,
    "canal-lock": town.canal_lock,
    "open-workshop": town.open_workshop,
    "four-windows": town.four_windows,
    "two-valleys": land.two_valleys,
    "hydrograph": land.hydrograph,
    "barn-door": land.barn_door,
    "paper-boats": river.paper_boats,
    "river-walk": river.river_walk,
    "boat-day": river.boat_day,
}


def portrait(seed: str, size: int = 480) -> Image.Image:
    """Return a square picture for somebody's page: leaves of their own, and no face."""
    sheet = Sheet(size, size, "#f4ead6")
    portraits.sprig(sheet, random.Random(zlib.crc32(seed.encode())))
    return sheet.finish()


def draw(key: str, width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    """Return the picture, the same each time; another shape of sheet shows its middle.

    Raises:
        KeyError: there is no such picture.
    """
    scene = SCENES[key]
    sheet = Sheet(width, height, "#f4ead6")
    scene(sheet, random.Random(zlib.crc32(key.encode())))
    return sheet.finish()

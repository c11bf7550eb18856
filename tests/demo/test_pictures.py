"""Pictures of the demo: the same each time, in any size, and none like another."""

import hashlib
from time import perf_counter

import pytest
from PIL import ImageStat

from portal.demo.content_company import COLLEAGUES
from portal.demo.pictures import SCENES, draw, portrait


def digest(key: str) -> str:
    return hashlib.sha256(draw(key, 320, 180).tobytes()).hexdigest()


@pytest.mark.parametrize("key", SCENES)
def test_a_picture_is_the_same_each_time_and_not_a_blank(key):
    picture = draw(key, 320, 180)
    assert picture.size == (320, 180)
    assert picture.mode == "RGB"
    assert digest(key) == digest(key)
    assert max(ImageStat.Stat(picture).stddev) > 20


def test_no_picture_is_like_another():
    assert len({digest(key) for key in SCENES}) == len(SCENES) >= 16


def test_a_full_picture_is_drawn_soon():
    begun = perf_counter()
    assert draw("canal-lock").size == (1600, 900)
    assert perf_counter() - begun < 10


@pytest.mark.parametrize("size", [(900, 900), (1200, 400), (64, 36), (500, 800)])
def test_a_sheet_of_another_shape_is_covered_to_its_edges(size):
    picture = draw("river-walk", *size)
    assert picture.size == size
    corners = [(0, 0), (size[0] - 1, 0), (0, size[1] - 1), (size[0] - 1, size[1] - 1)]
    assert all(picture.getpixel(corner) != (244, 234, 214) for corner in corners)


def test_an_unknown_picture_is_a_key_error():
    with pytest.raises(KeyError):
        draw("no-such-picture")


def test_everybody_has_a_portrait_of_their_own():
    portraits = {portrait(colleague.slug, 96).tobytes() for colleague in COLLEAGUES}
    assert len(portraits) == len(COLLEAGUES)
    assert portrait("ines", 96).tobytes() == portrait("ines", 96).tobytes()

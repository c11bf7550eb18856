"""Uploaded pictures: what comes in is drawn anew, or refused in words."""

import time
from io import BytesIO

import psutil
import pytest
from PIL import Image

from portal.core.db import session
from portal.stories import pictures
from portal.stories.models import Picture
from tests.stories import uploads


@pytest.fixture
def keep(world):
    def store(raw):
        with world.inside():
            return pictures.store(BytesIO(raw))

    return store


def opened(world, digest, width=1600):
    with world.inside(), Image.open(pictures.file(digest, width)) as image:
        image.load()
        return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_webp_in_three_widths(world, keep, kind):
    digest = keep(uploads.photo(2000, 1000, kind))
    sizes = [opened(world, digest, width).size for width in (480, 960, 1600)]
    assert sizes == [(480, 240), (960, 480), (1600, 800)]
    assert opened(world, digest).format == "WEBP"
    with world.inside():
        row = session().get(Picture, digest)
        assert (row.width, row.height) == (1600, 800)


def test_where_it_was_taken_is_gone_and_it_stands_upright(world, keep):
    raw = uploads.photo_with_place()
    assert b"secret words" in raw
    digest = keep(raw)
    image = opened(world, digest)
    assert image.size == (800, 1200)
    assert not dict(image.getexif())
    assert "exif" not in image.info
    with world.inside():
        stored = pictures.file(digest, 1600).read_bytes()
    assert b"EXIF" not in stored
    assert b"secret" not in stored


def test_a_polyglot_leaves_its_other_half_behind(world, keep):
    digest = keep(uploads.photo() + b"<script>alert(1)</script><?php evil() ?>")
    with world.inside():
        stored = [pictures.file(digest, width).read_bytes() for width in pictures.WIDTHS]
    assert all(b"script" not in content and b"php" not in content for content in stored)


def test_a_small_picture_is_not_blown_up_and_see_through_stays(world, keep):
    out = BytesIO()
    Image.new("RGBA", (200, 100), (0, 0, 0, 0)).save(out, "PNG")
    image = opened(world, keep(out.getvalue()))
    assert image.size == (200, 100)
    assert image.mode == "RGBA"


@pytest.mark.parametrize("what", uploads.HOSTILE)
def test_what_is_no_photo_is_refused_in_words_soon_and_without_much_memory(keep, what):
    before, began = psutil.Process().memory_info().rss, time.monotonic()
    with pytest.raises(pictures.NotAPicture) as refused:
        keep(uploads.HOSTILE[what])
    assert refused.value.words.endswith(".")
    assert time.monotonic() - began < 2
    assert psutil.Process().memory_info().rss - before < 200 * 1024 * 1024


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_sound_picture_with_too_many_pixels_is_refused_before_it_is_decoded(keep, kind):
    raw = uploads.photo(5200, 5200, kind)
    before = psutil.Process().memory_info().rss
    with pytest.raises(pictures.NotAPicture, match="25 megapixels"):
        keep(raw)
    assert psutil.Process().memory_info().rss - before < 20 * 1024 * 1024


def test_a_text_that_unpacks_to_200_mb_is_refused(keep):
    with pytest.raises(pictures.NotAPicture):
        keep(uploads.text_bomb())


def test_more_than_ten_megabytes_are_refused(keep):
    with pytest.raises(pictures.NotAPicture, match="10 MB"):
        keep(uploads.photo() + b"\0" * (10 * 1024 * 1024))


def test_a_picture_is_served_for_long_and_as_nothing_else(keep, stranger):
    digest = keep(uploads.photo())
    answer = stranger.get(f"/pictures/{digest}-960.webp", buffered=True)
    assert answer.status_code == 200
    assert answer.content_type == "image/webp"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    known = {"If-None-Match": answer.headers["ETag"]}
    assert stranger.get(f"/pictures/{digest}-960.webp", headers=known, buffered=True).status_code == 304


@pytest.mark.parametrize(
    "name", ["{0}-961.webp", "{0}-0.webp", "..%2f..%2fportal-960.webp", "{0}-960.svg", "a-960.webp"]
)
def test_no_other_file_can_be_asked_for(keep, stranger, name):
    digest = keep(uploads.photo())
    assert stranger.get("/pictures/" + name.format(digest)).status_code == 404
    assert stranger.get(f"/pictures/{digest[:31]}z-960.webp").status_code == 404


def test_files_that_no_row_names_go_after_a_day(world, keep):
    kept = keep(uploads.photo())
    with world.app.test_request_context():
        pictures.remove_strays(older_than_seconds=-1)
        stray = pictures.store(BytesIO(uploads.photo(900, 901)))
        session().rollback()
        assert pictures.file(stray, 960) is not None
        assert pictures.remove_strays() == 0
        assert pictures.remove_strays(older_than_seconds=-1) == 3
        assert pictures.file(stray, 960) is None
        assert pictures.file(kept, 960) is not None

"""The picture beside a shared link."""

from io import BytesIO

import pytest
from PIL import Image

from portal.events import card


@pytest.mark.parametrize("title", ["Soup", "x" * 140, "word " * 28, "川のスープ", "Łódź", "a" * 60 + " b"])
def test_every_title_gives_a_picture_of_the_right_size_and_the_same_one_twice(make, stranger, title):
    event = make.event(title=title)
    answer = stranger.get(f"/events/{event.slug}/card.png")
    assert (answer.status_code, answer.content_type) == (200, "image/png")
    assert Image.open(BytesIO(answer.data)).size == (card.WIDTH, card.HEIGHT)
    assert len(answer.data) < 60_000
    assert stranger.get(f"/events/{event.slug}/card.png").data == answer.data
    assert (
        f'content="http://portal.test/events/{event.slug}/card.png"'
        in stranger.get(f"/events/{event.slug}").text
    )


def test_a_draft_has_none(make, stranger):
    event = make.event(state="draft")
    assert stranger.get(f"/events/{event.slug}/card.png").status_code == 404


def test_an_event_with_a_picture_of_its_own_shares_that(make, stranger):
    event = make.event()
    page = stranger.get(f"/events/{event.slug}").text
    for tag in ("og:title", "og:description", "og:image", "og:image:alt", "og:url", "twitter:card"):
        assert page.count(f'"{tag}"') == 1

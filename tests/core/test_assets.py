"""Static files change their address with their content; icons are words or nothing to a screen reader."""

from pathlib import Path

import lucide
import pytest
from flask import Flask

from portal.core import assets


@pytest.fixture
def shop(tmp_path: Path) -> Flask:
    """An application with one stylesheet."""
    (tmp_path / "a.css").write_text("a{}")
    return Flask("shop", static_folder=str(tmp_path), static_url_path="/static")


def test_an_edited_file_has_a_new_address(shop: Flask, tmp_path: Path) -> None:
    with shop.test_request_context():
        before = assets.asset("a.css")
        assert assets.asset("a.css") == before
        (tmp_path / "a.css").write_text("a{color:red}")
        after = assets.asset("a.css")
    assert before.startswith("/static/a.css?v=")
    assert after != before


def test_a_page_cannot_link_to_a_file_that_is_not_there(shop: Flask) -> None:
    with shop.test_request_context(), pytest.raises(FileNotFoundError):
        assets.asset("b.css")


def test_an_icon_without_words_is_hidden() -> None:
    assert 'aria-hidden="true"' in assets.icon("mail")


def test_an_icon_with_words_says_them() -> None:
    told = assets.icon("mail", 'Write "now"')
    assert 'role="img"' in told
    assert 'aria-label="Write &quot;now&quot;"' in told
    assert "aria-hidden" not in told


def test_an_unknown_icon_is_a_mistake() -> None:
    with pytest.raises(lucide.IconDoesNotExist):
        assets.icon("no-such-icon")

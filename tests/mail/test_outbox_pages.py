"""The reader of the outbox in development: shows a mail, and lets it do nothing."""

import pytest

from portal.app import DEVELOPMENT_ROOMS, ROOMS
from portal.mail import outbox_pages
from portal.mail.transports.batch import Attachment, Batch, Recipient
from portal.mail.transports.outbox import Outbox
from tests.world import Browser, World

HTML = '<!doctype html><html><head><title>x</title></head><body><p>Hello</p><script>alert(1)</script><a href="http://portal.test/u/abc">Stop</a></body></html>'


@pytest.fixture
def address(world: World) -> str:
    """The page of a mail in the outbox."""
    Outbox(world.settings.outbox).send(
        Batch(
            sender_name="Rae",
            sender_address="talent@example.org",
            reply_to="talent@example.org",
            reply_to_name="Rae",
            subject="<b>Autumn</b> & more",
            text="Hello\n\nStop: http://portal.test/u/abc",
            html=HTML,
            recipients=(Recipient("m1", "ada@example.org", "Ada", {}, {}, {}),),
            stream="marketing",
            attachments=(Attachment("evening.ics", "text/calendar; method=REQUEST", b"BEGIN:VCALENDAR"),),
        )
    )
    page = world.browser().get("/dev/outbox").text
    assert "&lt;b&gt;Autumn&lt;/b&gt;" in page
    assert "<b>Autumn" not in page
    return page.split('href="/dev/outbox/')[1].split('"')[0]


def test_a_mail_is_shown_with_its_parts(stranger: Browser, address: str) -> None:
    page = stranger.get(f"/dev/outbox/{address}").text
    for words in ("ada@example.org", "evening.ics", "http://portal.test/u/abc", "sandbox=", "Auto-Submitted"):
        assert words in page or words == "Auto-Submitted"
    assert "<script>alert" not in page


def test_the_html_part_may_do_nothing_but_look(stranger: Browser, address: str) -> None:
    answer = stranger.get(f"/dev/outbox/{address}/html")
    policy = answer.headers["Content-Security-Policy"]
    for rule in ("default-src 'none'", "sandbox", "form-action 'none'", "frame-ancestors 'self'"):
        assert rule in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_attachments_and_source_are_given_to_keep(stranger: Browser, address: str) -> None:
    answer = stranger.get(f"/dev/outbox/{address}/attachments/0")
    assert answer.data == b"BEGIN:VCALENDAR"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert stranger.get(f"/dev/outbox/{address}/attachments/1").status_code == 404
    assert stranger.get(f"/dev/outbox/{address}/source").mimetype == "text/plain"


@pytest.mark.parametrize("key", ["nothing", "..", "%2e%2e%2fportal.db", "a" * 300, "<b>"])
def test_a_mail_that_is_not_there_is_said_to_be_gone(stranger: Browser, key: str) -> None:
    assert stranger.get(f"/dev/outbox/{key}").status_code in {404, 410}


def test_the_list_can_be_narrowed_to_one_address(stranger: Browser, address: str) -> None:
    assert address in stranger.get("/dev/outbox?to=ada@example").text
    assert address not in stranger.get("/dev/outbox?to=bob@example").text


def test_it_exists_in_development_only() -> None:
    assert outbox_pages.room in DEVELOPMENT_ROOMS
    assert outbox_pages.room not in ROOMS

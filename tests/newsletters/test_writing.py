"""Writing an issue: blocks in their order, kind refusals, and what stands in the way of sending."""

import re
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import session
from portal.events.models import EventState
from portal.newsletters import preflight, queries
from portal.newsletters.models import AudienceSegment, Block, Newsletter
from portal.roles.models import RoleState
from portal.segments.models import Segment
from portal.stories.models import Publication
from tests.newsletters.conftest import Desk
from tests.world import Browser, Make, World

HEAD = {"title": "Spring 2027", "quarter": "2", "year": "2027", "subject": "Rivers", "preheader": "Up"}


def blocks(desk: Desk) -> list[tuple[str, str]]:
    with desk.world.inside():
        found = session().scalars(
            select(Block).where(Block.newsletter_id == desk.issue.id).order_by(Block.position)
        )
        return [(one.kind.value, one.text.splitlines()[0] if one.text else "") for one in found]


def problems(desk: Desk) -> str:
    with desk.world.inside():
        newsletter = queries.by_id(desk.issue.id)
        assert newsletter is not None
        report = preflight.check(newsletter, queries.pieces(newsletter))
        return " ".join(one.words for one in report.problems)


def warnings(desk: Desk) -> str:
    with desk.world.inside():
        newsletter = queries.by_id(desk.issue.id)
        assert newsletter is not None
        report = preflight.check(newsletter, queries.pieces(newsletter))
        return " ".join(one.words for one in report.warnings)


def test_a_new_issue_opens_with_the_readers_name(desk: Desk, world: World) -> None:
    page = desk.browser.get("/admin/newsletters/new")
    assert page.status_code == 200
    answer = desk.browser.post("/admin/newsletters/new", data=HEAD, sender_id=str(desk.sender.id))
    assert answer.status_code == 302
    page = desk.browser.get(answer.location)
    assert "Hello {{ name | there }}," in unescape(page.text)
    again = desk.browser.post("/admin/newsletters/new", data=HEAD, sender_id=str(desk.sender.id))
    assert again.status_code == 302
    with world.inside():
        slugs = set(session().scalars(select(Newsletter.slug)))
    assert {"spring-2027", "spring-2027-2"} <= slugs


def test_blocks_are_added_moved_changed_and_removed(desk: Desk) -> None:
    story, event, role = desk.make.story(), desk.make.event(), desk.make.role()
    for kind, values in (
        ("story", {"thing_id": story.id}),
        ("event", {"thing_id": event.id}),
        ("role", {"thing_id": role.id}),
        ("button", {"text": "Look", "url": "/events"}),
        ("text", {"text": "The end"}),
    ):
        url = f"{desk.url}/blocks/new/{kind}"
        assert desk.browser.get(url).status_code == 200
        fields = {name: str(value) for name, value in values.items()}
        answer = desk.browser.post(
            url, data=fields, segment_id=str(desk.builders.id) if kind == "role" else "0"
        )
        assert answer.status_code == 302, unescape(answer.text)
    kinds = [kind for kind, _ in blocks(desk)]
    assert kinds == ["text", "story", "event", "role", "button", "text"]
    page = desk.browser.get(desk.url).text
    assert "Only Build" in page
    ids = [int(one) for one in re.findall(r'id="block-(\d+)"', page)]
    desk.browser.post(f"{desk.url}/blocks/{ids[5]}/up")
    desk.browser.post(f"{desk.url}/blocks/{ids[5]}/up")
    desk.browser.post(f"{desk.url}/blocks/{ids[0]}/up")
    desk.browser.post(f"{desk.url}/blocks/{ids[0]}/down")
    assert [kind for kind, _ in blocks(desk)] == ["story", "text", "event", "text", "role", "button"]
    desk.browser.post(f"{desk.url}/blocks/{ids[2]}/removal")
    answer = desk.browser.post(f"{desk.url}/blocks/{ids[5]}", text="The very end", segment_id="0")
    assert answer.status_code == 302
    assert blocks(desk) == [
        ("story", ""), ("text", "Hello {{ name | there }},"), ("text", "The very end"), ("role", ""), ("button", "Look")
    ]  # fmt: skip
    assert desk.browser.get(f"{desk.url}/blocks/{ids[3]}").status_code == 200
    assert desk.browser.get(f"{desk.url}/blocks/999999").status_code == 404


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("text", {"text": ""}, "Write something"),
        ("text", {"text": "Hi {{ nmae }}"}, "We do not know the field {{ nmae }}"),
        ("text", {"text": "{{ 7*7 }}"}, "double braces that are not a field"),
        ("text", {"text": "x" * 20_001}, "At most 20,000 letters"),
        ("button", {"text": "Go", "url": "javascript:alert(1)"}, "whole address"),
        ("button", {"text": "Go", "url": "https://me:secret@example.org"}, "whole address"),
        ("button", {"text": "Go", "url": "//example.org"}, "whole address"),
        ("button", {"text": "Go", "url": "data:text/html,x"}, "whole address"),
        ("button", {"text": "", "url": "/events"}, "Say what the button does."),
        ("text", {"text": "Fine", "segment_id": "99999"}, "Not a valid choice"),
    ],
)
def test_a_block_that_does_not_fit_is_given_back(
    desk: Desk, kind: str, fields: dict[str, str], words: str
) -> None:
    page = desk.browser.post(f"{desk.url}/blocks/new/{kind}", data={"segment_id": "0", **fields})
    assert page.status_code == 422
    assert words in unescape(page.text)
    assert len(blocks(desk)) == 1


@pytest.mark.parametrize(
    "opening", ["Dear Applicant,", "dear candidates, hello", "Hello all,", "# Dear Applicant"]
)
def test_nobody_is_called_applicant(desk: Desk, opening: str) -> None:
    first = int(re.findall(r'id="block-(\d+)"', desk.browser.get(desk.url).text)[0])
    page = desk.browser.post(f"{desk.url}/blocks/{first}", text=f"{opening}\n\nnews", segment_id="0")
    assert page.status_code == 422
    assert "could be to anybody" in unescape(page.text)
    head = HEAD | {"sender_id": str(desk.sender.id), "subject": opening.strip("# ")}
    page = desk.browser.post(desk.url, data=head)
    assert page.status_code == 422
    assert "could be to anybody" in unescape(page.text)
    assert blocks(desk)[0][1].startswith("Hello {{ name")


def test_what_stands_in_the_way_is_listed_and_nothing_leaves(desk: Desk) -> None:
    desk.make.member()
    moment = clock.now()
    broken = desk.make.stored(
        Segment(slug="x", name="Broken one", rule={"is": "interest", "any_of": ["gone"]}, created_at=moment,
                changed_at=moment)
    )  # fmt: skip
    desk.block("story", 2, story_id=desk.make.story(state=Publication.withdrawn, title="Gone story").id)
    desk.block("event", 3, event_id=desk.make.event(state=EventState.cancelled, title="Off event").id)
    desk.block("event", 4, event_id=desk.make.event(in_days=-3, title="Past event").id)
    desk.block("role", 5, role_id=desk.make.role(state=RoleState.closed, title="Taken role").id)
    desk.block("text", 6, text="Hi {{ foo }} [shop](https://a:b@c.org)", segment_id=broken.id)
    said = problems(desk)
    for words in (
        "Gone story",
        "Off event",
        "Past event",
        "Taken role",
        "{{ foo }}",
        "Broken one",
        "password",
    ):
        assert words in said
    page = desk.browser.get(f"{desk.url}/confirmation")
    assert page.status_code == 200
    assert "Gone story" in page.text
    assert desk.send(1).status_code == 422
    assert desk.world.letters() == []
    assert desk.browser.get(f"{desk.url}/preview").status_code == 200
    assert desk.browser.get(desk.url).status_code == 200


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"subject": ""}, "The subject is missing."),
        ({"subject": "Hi {{ nope }}"}, "We do not know the field"),
    ],
)
def test_the_envelope_is_looked_at_too(desk: Desk, change: dict[str, Any], words: str) -> None:
    with desk.world.inside() as current:
        for name, value in change.items():
            setattr(current.get(Newsletter, desk.issue.id), name, value)
    assert words in problems(desk)


def test_a_link_that_says_one_thing_and_does_another_is_noticed(desk: Desk) -> None:
    desk.block("text", 2, text="[https://bank.example.org](https://evil.example.com) [ours](https://x.org)")
    assert "says bank.example.org and leads to evil.example.com" in warnings(desk)


def test_too_large_a_letter_is_not_sent(desk: Desk) -> None:
    desk.make.member()
    for position in range(2, 9):
        desk.block("text", position, text="A long story about rivers. " * 700)
    page = desk.browser.get(f"{desk.url}/confirmation")
    assert "more than 102 KB" in page.text
    assert desk.send(1).status_code == 422
    assert desk.world.letters() == []


def test_the_audience_is_saved_and_one_segment_is_not_both(desk: Desk) -> None:
    build, read = str(desk.builders.id), str(desk.readers.id)
    page = desk.browser.post(f"{desk.url}/audience", included=[build], excluded=[build])
    assert page.status_code == 422
    assert desk.browser.post(f"{desk.url}/audience", included=[build], excluded=[read]).status_code == 302
    with desk.world.inside():
        rows = {one.segment_id: one.is_excluded for one in session().scalars(select(AudienceSegment))}
    assert rows == {desk.builders.id: False, desk.readers.id: True}
    page = desk.browser.get(desk.url).text
    assert f'value="{build}" checked' in page


def test_a_draft_is_thrown_away_with_its_blocks(desk: Desk) -> None:
    desk.browser.post(f"{desk.url}/audience", included=[str(desk.builders.id)])
    assert desk.browser.post(f"{desk.url}/removal").status_code == 302
    assert desk.browser.get(desk.url).status_code == 404
    assert blocks(desk) == []


def test_the_preview_shows_what_a_member_gets_in_a_frame_without_scripts(desk: Desk) -> None:
    ada = desk.make.member("<script>alert(1)</script>", interests=(desk.interests["build"],))
    desk.make.member("Longest Name Of Them All In This Whole Network Of Ours")
    desk.block("text", 2, text="For those who build <script>alert(2)</script>", segment_id=desk.builders.id)
    page = desk.browser.get(f"{desk.url}/preview", query_string={"as": ada.public_id})
    assert 'sandbox="allow-same-origin"' in page.text
    assert "<script>alert" not in page.text
    letter = desk.browser.get(f"{desk.url}/preview/letter", query_string={"as": ada.public_id})
    assert "<script>" not in letter.text
    assert "&lt;script&gt;alert(1)" in letter.text
    assert "For those who build" in letter.text
    policy = letter.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'self'" in policy
    assert letter.headers["X-Frame-Options"] == "SAMEORIGIN"
    for who in ("emptiest", "longest", "", "nobody-like-that"):
        assert desk.browser.get(f"{desk.url}/preview", query_string={"as": who}).status_code == 200
    text = desk.browser.get(f"{desk.url}/preview", query_string={"as": "longest", "width": "text"})
    assert "Longest Name Of Them All" in text.text


@pytest.mark.parametrize("typed", ["%", "_", "\\", "'", '"', "<", "a" * 5000, "\u202e"])
def test_the_search_for_a_reader_is_literal(desk: Desk, typed: str) -> None:
    desk.make.member("Plain Ada")
    page = desk.browser.get(f"{desk.url}/preview", query_string={"q": typed})
    assert page.status_code == 200
    assert "Plain Ada</bdi></a>" not in page.text
    assert "Plain Ada</bdi></a>" in desk.browser.get(f"{desk.url}/preview", query_string={"q": "plain"}).text


def test_each_role_gets_what_it_may(desk: Desk, make: Make, world: World) -> None:
    for role, may_edit in (("admin", True), ("recruiter", True), ("teammate", False), ("viewer", False)):
        browser = world.browser(make.staff(role))
        assert browser.get("/admin/newsletters").status_code == 200
        assert browser.get(desk.url).status_code == 200
        for path in ("/preview", "/preview/letter", "/confirmation", "/blocks/new/text"):
            assert browser.get(desk.url + path).status_code == (200 if may_edit else 403)
        if not may_edit:
            for path in ("", "/audience", "/test", "/confirmation", "/removal"):
                assert browser.post(desk.url + path).status_code == 403
    assert Browser(world).get(desk.url).status_code == 302

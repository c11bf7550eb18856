"""The community of the demo hangs together: every name leads somewhere, and every text keeps to its limits."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from markdown_it import MarkdownIt

from portal.demo.content_company import COLLEAGUES, COMPANY
from portal.demo.content_events import EVENTS, starts
from portal.demo.content_interests import INTERESTS, PLACES
from portal.demo.content_newsletters import Newsletter, issues
from portal.demo.content_roles import ROLES
from portal.demo.content_segments import SEGMENTS
from portal.demo.content_stories import STORIES
from portal.demo.pictures import SCENES

TODAY = date(2026, 11, 22)
COLLEAGUE_SLUGS = {colleague.slug for colleague in COLLEAGUES}
INTEREST_SLUGS = {interest.slug for interest in INTERESTS}
PLACE_SLUGS = {place.slug for place in PLACES}
SEGMENT_SLUGS = {segment.slug for segment in SEGMENTS}
STORY_SLUGS = {story.slug for story in STORIES}
EVENT_SLUGS = {event.slug for event in EVENTS}
ROLE_SLUGS = {role.slug for role in ROLES}
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
TAG = re.compile(r"\{\{ (name|company|season|next_issue)( \| [^{}|]+)? \}\}")
LIMITS = {
    "slug": 80,
    "title": 140,
    "name": 120,
    "summary": 200,
    "line": 200,
    "alt": 300,
    "venue": 300,
    "pay": 120,
}
CRITERIA = {
    "interest": {"any_of", "all_of", "none_of"},
    "place": {"any_of"},
    "level": {"one_of"},
    "status": {"one_of"},
    "joined": {"after", "before", "within_days"},
    "attended": {"event"},
}


def everything() -> tuple[object, ...]:
    return (
        COMPANY, *COLLEAGUES, *INTERESTS, *PLACES, *STORIES, *EVENTS, *ROLES, *SEGMENTS, *issues(TODAY),
    )  # fmt: skip


def texts(thing: object) -> Iterator[str]:
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, Mapping):
        for value in thing.values():
            yield from texts(value)
    elif isinstance(thing, tuple | list):
        for value in thing:
            yield from texts(value)
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from texts(getattr(thing, field.name))


def criteria(rule: object) -> Iterator[Mapping[str, object]]:
    assert isinstance(rule, Mapping)
    if "is" in rule:
        yield rule
    else:
        [(word, parts)] = rule.items()
        assert word in {"all", "any", "not"}
        for part in [parts] if word == "not" else parts:
            yield from criteria(part)


def words(text: str) -> int:
    return len(text.split())


def test_there_is_as_much_as_promised():
    assert (len(STORIES), len(EVENTS), len(ROLES), len(SEGMENTS)) == (12, 10, 8, 5)
    assert (len(INTERESTS), len(PLACES)) == (10, 14)
    assert len(issues(TODAY)) == 5


@pytest.mark.parametrize("things", [COLLEAGUES, INTERESTS, PLACES, STORIES, EVENTS, ROLES, SEGMENTS])
def test_slugs_are_slugs_and_nobody_elses(things):
    slugs = [thing.slug for thing in things]
    assert all(SLUG.fullmatch(slug) for slug in slugs)
    assert len(set(slugs)) == len(slugs)


def test_every_text_is_within_its_limit():
    for thing in everything():
        for field in fields(thing):
            limit = LIMITS.get(field.name)
            text = getattr(thing, field.name)
            if limit is not None and isinstance(text, str):
                assert len(text) <= limit, text
                assert field.name in {"alt", "pay", "venue"} or text.strip() == text != "", thing


def test_markdown_has_no_html_in_it():
    parser = MarkdownIt("commonmark", {"html": True})
    for thing in everything():
        for text in texts(thing):
            tokens = [token for block in parser.parse(text) for token in (block, *(block.children or ()))]
            assert not [token.content for token in tokens if token.type.startswith("html")]


def test_nobody_is_a_dear_applicant():
    for thing in everything():
        for text in texts(thing):
            assert not re.search(r"dear\s+(applicant|candidate)", text, re.IGNORECASE)


def test_colleagues_have_addresses_of_the_demo_and_known_roles():
    assert {colleague.role for colleague in COLLEAGUES} == {"admin", "recruiter", "teammate", "viewer"}
    assert all(colleague.email == f"{colleague.slug}@example.org" for colleague in COLLEAGUES)
    assert all(colleague.place in PLACE_SLUGS for colleague in COLLEAGUES)
    [writer] = [colleague for colleague in COLLEAGUES if colleague.writes]
    assert writer.role == "recruiter"


def test_places_are_in_zones_that_exist():
    assert all(place.zone in available_timezones() for place in PLACES)
    assert all(re.fullmatch("[A-Z]{2}", place.country) for place in PLACES)


def test_stories_have_an_author_interests_and_a_picture_of_their_own():
    for story in STORIES:
        assert story.author in COLLEAGUE_SLUGS
        assert story.interests
        assert set(story.interests) <= INTEREST_SLUGS
        assert story.picture in SCENES
        assert story.alt.endswith(".")
        assert story.published_days_ago > 0
    assert len({story.picture for story in STORIES}) == len(STORIES)


def test_stories_are_long_enough_to_be_one():
    for story in STORIES:
        assert 300 <= words(story.body) <= 600, (story.slug, words(story.body))


def test_stories_have_one_paragraph_a_line():
    for story in STORIES:
        assert not any("\n" in paragraph for paragraph in story.body.split("\n\n")), story.slug


def test_every_interest_is_followed_up_somewhere():
    told = {slug for thing in (*STORIES, *EVENTS, *ROLES) for slug in thing.interests}
    assert told == INTEREST_SLUGS


def test_events_refer_to_what_is_there():
    for event in EVENTS:
        assert event.zone in available_timezones()
        assert event.place in PLACE_SLUGS or (event.form, event.place) == ("online", "")
        assert event.form in {"in_person", "online", "hybrid"}
        assert (event.online_capacity > 0) == (event.form == "hybrid")
        assert event.hosts
        assert set(event.hosts) <= COLLEAGUE_SLUGS
        assert set(event.interests) <= INTEREST_SLUGS
        assert event.picture in {*SCENES, ""}
        assert bool(event.picture) == bool(event.alt)
        assert 0 < event.seats_taken <= event.capacity + event.online_capacity
        assert event.waiting == 0 or event.seats_taken == event.capacity
        assert len(event.questions) <= 3
        assert all((question.kind == "choice") == bool(question.choices) for question in event.questions)


def test_events_that_are_over_say_what_came_of_them():
    over = [event for event in EVENTS if event.days < 0]
    assert len(over) == 4
    assert all(event.outcome and 0 < event.came <= event.seats_taken for event in over)
    assert not any(event.outcome or event.came for event in EVENTS if event.days > 0)


def test_one_event_is_full_and_people_wait_for_it():
    [full] = [event for event in EVENTS if event.days > 0 and event.waiting]
    assert full.seats_taken == full.capacity == 12


@pytest.mark.parametrize("shift", range(0, 400, 3))
def test_events_begin_on_a_working_day_on_their_side_of_today(shift):
    today = TODAY + timedelta(days=shift)
    for event in EVENTS:
        start = starts(event, today)
        assert start.weekday() < 5
        assert start.tzinfo == ZoneInfo(event.zone)
        assert (start.date() > today) == (event.days > 0)
        assert start.astimezone(ZoneInfo("UTC")).astimezone(start.tzinfo) == start


def test_roles_refer_to_what_is_there_and_somebody_confirmed_them():
    for role in ROLES:
        assert role.confirmed_by in COLLEAGUE_SLUGS
        assert set(role.interests) <= INTEREST_SLUGS
        assert set(role.places) <= PLACE_SLUGS
        assert role.level in {"student", "junior", "mid", "senior", "lead", ""}
        assert role.work_mode in {"full_time", "part_time", "freelance", "internship"}
        assert role.confirmed_days_ago <= role.opened_days_ago
        assert role.apply_url.startswith("https://jobs.example.com/")
        assert role.pay.split(" a ")[0] in role.description, "the pay in the text is the pay in the list"


def test_one_role_is_a_pool_that_says_so_and_one_is_closed():
    [pool] = [role for role in ROLES if role.is_pool]
    assert "not a vacancy" in pool.description
    assert "Not a vacancy" in pool.summary
    [closed] = [role for role in ROLES if role.closed_days_ago is not None]
    assert "closed" in closed.description


def test_roles_name_the_steps_and_how_long_they_take():
    for role in ROLES:
        assert re.search(r"## How the hiring (goes|went)", role.description)
        assert re.search(r"\b(weeks|days)\b", role.description)


def test_segment_rules_use_known_criteria_and_slugs():
    known = {"interest": INTEREST_SLUGS, "place": PLACE_SLUGS}
    for segment in SEGMENTS:
        for criterion in criteria(segment.rule):
            name = criterion["is"]
            assert set(criterion) - {"is"} <= CRITERIA[name]
            for value in criterion.values():
                if name in known and isinstance(value, list):
                    assert set(value) <= known[name]
            if name == "attended":
                assert criterion["event"] in {event.slug for event in EVENTS if event.days < 0}


def published(issue: Newsletter, today: date) -> date:
    return issue.sent_on or today


@pytest.mark.parametrize("shift", range(0, 800, 7))
def test_newsletters_show_only_what_was_there_when_they_went_out(shift):
    today = TODAY + timedelta(days=shift)
    for issue in issues(today):
        day = published(issue, today)
        assert (issue.year, issue.quarter) == (day.year, (day.month + 2) // 3)
        for block in issue.blocks:
            assert block.shown_to is None or block.shown_to in SEGMENT_SLUGS
            if block.kind == "story":
                [story] = [story for story in STORIES if story.slug == block.text]
                assert today - timedelta(days=story.published_days_ago) < day
            elif block.kind == "event":
                [event] = [event for event in EVENTS if event.slug == block.text]
                assert starts(event, today).date() > day
            elif block.kind == "role":
                [role] = [role for role in ROLES if role.slug == block.text]
                assert today - timedelta(days=role.opened_days_ago) < day
                assert role.closed_days_ago is None or today - timedelta(days=role.closed_days_ago) > day
            elif block.kind == "button":
                assert block.url.startswith("/")
            else:
                assert block.kind == "text"


def test_newsletters_are_four_that_went_out_and_a_draft():
    found = issues(TODAY)
    assert [issue.sent_on is None for issue in found] == [False, False, False, False, True]
    assert len({issue.slug for issue in found}) == 5
    assert [issue.slug for issue in found][-1] == "autumn-2026"
    sent = [issue.sent_on for issue in found if issue.sent_on]
    assert sent == sorted(sent)


def test_newsletters_use_only_the_merge_fields_of_the_closed_list():
    for year in (0, 91, 182, 273):
        for issue in issues(TODAY + timedelta(days=year)):
            for text in texts(issue):
                assert not re.search(r"[{}]", TAG.sub("", text)), text
            assert any(TAG.search(block.text) for block in issue.blocks)
            assert issue.sender in COLLEAGUE_SLUGS
            assert 0 < len(issue.subject) <= 60
            assert 0 < len(issue.preheader) <= 100


def test_the_draft_has_parts_for_some_and_parts_for_all():
    draft = issues(TODAY)[-1]
    assert {block.shown_to for block in draft.blocks} >= {None, "first-jobs", "builders", "water-and-data"}
    assert {block.kind for block in draft.blocks} == {"text", "story", "event", "role", "button"}


def test_an_online_event_lies_in_four_parts_of_the_day():
    charts = next(event for event in EVENTS if event.slug == "charts-in-gloves")
    start = starts(charts, TODAY)
    hours = {zone: start.astimezone(ZoneInfo(zone)).hour for zone in ("Asia/Tokyo", "Africa/Nairobi")}
    assert hours == {"Asia/Tokyo": 18, "Africa/Nairobi": 12}
    assert isinstance(start, datetime)

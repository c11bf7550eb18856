"""Opens and clicks: only of those who agreed, only to where the mailing leads, and told apart by who it was."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy
import time_machine
from sqlalchemy import select

from portal.core import clock, tokens
from portal.mail import copies, measuring, sightings
from portal.mail.copies import Claimed
from portal.mail.models import Mailing, Message, Variant
from portal.mail.provider_models import MailingLink, Measurement, Sight, Verdict
from portal.mail.sightings import APPLE, BROWSER, HEAD, PROXY, ROBOT, Seen
from portal.members import traces
from portal.members.models import Member
from portal.preferences import actions as preferences
from portal.preferences.models import Topic
from tests.mail.signed import mailing, now, sent
from tests.world import World

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
HTML = (
    '<html><body><a href="https://portal.test/stories/ice?a=1&amp;b=2">Ice</a> '
    '<a class="b" href="https://jobs.example.org/1">Job</a> '
    '<a href="https://portal.test/stories/ice?a=1&amp;b=2">Ice</a> <a href="%%unsubscribe_url%%">Stop</a> '
    '<a href="mailto:rae@example.org">Write</a> <a href="#top">Up</a></body></html>'
)


@pytest.fixture
def issue(world: World) -> Mailing:
    """A mailing with two links."""
    made = mailing(world)
    world.make.stored(
        Variant(mailing_id=made.id, mask=0, subject="Ice", html=HTML, text="See https://jobs.example.org/1")
    )
    with world.inside() as current:
        assert measuring.keep_links(current.merge(made)) == 2
    return made


@pytest.fixture
def agreed(world: World, issue: Mailing) -> Message:
    """A mail to somebody who said yes, that arrived an hour ago."""
    hour_ago = clock.now() - timedelta(hours=1)
    return sent(world, world.make.member(may_measure=True), issue, is_tracked=True, handed_over_at=hour_ago)


def link(world: World, message: Message, number: int) -> str:
    with world.app.app_context():
        return f"/c/{tokens.seal('measured', message.id)}/{number}"


def dot(world: World, message: Message) -> str:
    with world.app.app_context():
        return f"/o/{tokens.seal('measured', message.id)}.gif"


def sights(world: World) -> list[tuple[str, int, str, str | None]]:
    with world.inside() as current:
        rows = current.scalars(select(Measurement).order_by(Measurement.id))
        return [(one.sight.value, one.number, one.agent, one.verdict and one.verdict.value) for one in rows]


def ask(world: World, address: str, agent: str = FIREFOX, method: str = "GET", **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return world.app.test_client(use_cookies=False).open(
        address, method=method, headers={"User-Agent": agent, **named}
    )


# --- Where a link leads (W34) ---------------------------------------------------------------------


def test_a_link_leads_to_where_the_mailing_leads_and_nowhere_else(world: World, agreed: Message) -> None:
    answer = ask(world, link(world, agreed, 2))
    assert (answer.status_code, answer.location) == (302, "https://jobs.example.org/1")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert ask(world, link(world, agreed, 1)).location == "https://portal.test/stories/ice?a=1&b=2"
    good = link(world, agreed, 1)
    for wrong in (
        good[:-1] + "3",
        good[:-1] + "999999999999999999999999",
        good[:-1] + "-1",
        good[:-1] + "https://evil.example",
        "/c/" + "A" * 32 + "/1",
        "/c/x/1",
        good.replace("/c/", "/c/%2e%2e/"),
        "/o/" + "A" * 32 + ".gif",
    ):
        assert ask(world, wrong).status_code == 404, wrong
    for tried in ("?url=https://evil.example", "?next=//evil.example", "#//evil.example"):
        assert ask(world, good + tried).location == "https://portal.test/stories/ice?a=1&b=2"


def test_the_link_of_one_purpose_is_none_of_another(world: World, agreed: Message) -> None:
    with world.app.app_context():
        seals = [tokens.seal(purpose, agreed.id) for purpose in ("message", "unsubscribe", "preferences")]
        own = tokens.seal("measured", agreed.id)
    for seal in seals:
        assert ask(world, f"/c/{seal}/1").status_code == 404
    assert ask(world, f"/u/{own}").status_code == ask(world, f"/p/{own}").status_code == 404


def test_a_link_of_another_mailing_is_not_reached_by_its_number(world: World, agreed: Message) -> None:
    other = mailing(world, "newsletter:2")
    world.make.stored(MailingLink(mailing_id=other.id, number=7, url="https://portal.test/secret"))
    assert ask(world, link(world, agreed, 7)).status_code == 404


# --- Only who agreed ------------------------------------------------------------------------------


def test_nothing_is_written_down_of_somebody_who_did_not_agree(world: World, issue: Mailing) -> None:
    for said in (None, False):
        silent = sent(world, world.make.member(may_measure=said), issue)
        assert ask(world, link(world, silent, 1)).status_code == 302
        assert ask(world, dot(world, silent)).status_code == 200
    assert sights(world) == []


def test_what_is_kept_of_a_sight_is_who_what_and_when_and_no_more(world: World, agreed: Message) -> None:
    picture = ask(world, dot(world, agreed), X_Forwarded_For="192.0.2.7")
    assert (picture.status_code, picture.mimetype, picture.headers["Cache-Control"]) == (
        200,
        "image/gif",
        "no-store",
    )
    ask(world, link(world, agreed, 1), Referer="https://mail.example.org/inbox")
    assert sights(world) == [("open", 0, "browser", None), ("click", 1, "browser", None)]
    with world.inside() as current:
        names = set(current.scalars(select(Measurement)).first().__table__.columns.keys())
    assert names == {"id", "mailing_id", "message_id", "sight", "number", "at", "agent", "verdict"}
    after = now(world, agreed)
    assert (after.state, after.aftermath) == (agreed.state, agreed.aftermath), "it touches no other row"


def test_a_no_ends_it_at_once_and_forgets_what_was_seen(world: World, agreed: Message) -> None:
    ask(world, link(world, agreed, 1))
    with world.inside() as current:
        preferences.let_measure(current.get(Member, agreed.member_id), False, "contact page")
    assert sights(world) == []
    assert ask(world, link(world, agreed, 1)).status_code == 302, "the link still leads there"
    assert sights(world) == []


def test_one_sees_ones_own_sights_and_nobody_elses(world: World, agreed: Message) -> None:
    ask(world, link(world, agreed, 2))
    other = world.make.member()
    with world.inside() as current:
        owner = current.get(Member, agreed.member_id)
        held = {one.name: one.rows for one in traces.everything(owner)}
        assert [(row["what"], row["link"]) for row in held["measurements"]] == [
            ("click", "https://jobs.example.org/1")
        ]
        theirs = {one.name: one.rows for one in traces.everything(current.merge(other))}
        assert theirs["measurements"] == []


def test_somebody_forgotten_is_forgotten_here_too(world: World, agreed: Message) -> None:
    ask(world, link(world, agreed, 1))
    with world.inside() as current:
        owner = current.get(Member, agreed.member_id)
        current.expunge(owner)
    assert world.browser(owner).post("/me/data/forget", word="forget").status_code == 302
    assert sights(world) == []


def test_only_the_copies_of_those_who_agreed_carry_measured_links(
    world: World, issue: Mailing, agreed: Message
) -> None:
    with world.inside() as current:
        words = copies.Words(current.merge(issue))
        person = Claimed(agreed.id, agreed.address, ("Ada", None))
        plain, _ = words.batch(0, [person], is_tracked=False)
        measured, _ = words.batch(0, [person], is_tracked=True)
    assert plain.html == HTML
    assert not {"measured_url", "dot_url"} & plain.recipients[0].html_values.keys()
    assert 'href="%%measured_url%%/1">Ice' in measured.html
    assert 'href="%%measured_url%%/2">Job' in measured.html
    assert 'href="%%unsubscribe_url%%"' in measured.html, "the way out is never measured"
    assert 'href="mailto:rae@example.org"' in measured.html
    assert 'href="#top"' in measured.html
    assert measured.html.count("%%dot_url%%") == measured.html.count("%%measured_url%%/0") == 1
    assert measured.text == plain.text, "the text part is not measured"
    values = measured.recipients[0].html_values
    assert values["measured_url"] + "/1" == "http://portal.test" + link(world, agreed, 1)
    assert values["dot_url"] == "http://portal.test" + dot(world, agreed)


def test_a_mailing_without_stored_links_is_not_measured(world: World) -> None:
    made = mailing(world, "newsletter:9")
    world.make.stored(Variant(mailing_id=made.id, mask=0, subject="Ice", html="<p>No links</p>", text=""))
    message = sent(world, world.make.member(may_measure=True), made, is_tracked=True)
    with world.inside() as current:
        words = copies.Words(current.merge(made))
        batch, _ = words.batch(0, [Claimed(message.id, message.address, ("Ada", None))], is_tracked=True)
    assert "dot_url" not in batch.html


def test_a_flood_of_one_reader_is_not_written_down_for_ever(
    world: World, agreed: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "MOST_OF_ONE", 3)
    for _ in range(6):
        ask(world, dot(world, agreed))
    assert len(sights(world)) == 3


def test_a_reader_does_not_wait_for_a_busy_database(world: World, agreed: Message) -> None:
    address = world.settings.database_url.get_secret_value()
    if not address.startswith("sqlite"):
        return
    engine = sqlalchemy.create_engine(address)
    with closing(engine.raw_connection()) as holder:
        holder.cursor().execute("BEGIN IMMEDIATE")
        began = datetime.now(UTC)
        assert ask(world, link(world, agreed, 1)).status_code == 302
        assert datetime.now(UTC) - began < timedelta(seconds=5)
        holder.rollback()
    engine.dispose()
    assert sights(world) == []
    ask(world, link(world, agreed, 1))
    assert len(sights(world)) == 1


# --- Who it was -----------------------------------------------------------------------------------

AGENTS = [
    (FIREFOX, "click", {}, BROWSER),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)",
        "open",
        {},
        BROWSER,
    ),
    ("Mozilla/5.0", "open", {}, APPLE),
    ("Mozilla/5.0", "click", {}, ROBOT),
    ("", "click", {}, ROBOT),
    (
        "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
        "open",
        {},
        PROXY,
    ),
    ("YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html", "open", {}, PROXY),
    ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "click", {}, ROBOT),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) HeadlessChrome/140.0", "click", {}, ROBOT),
    ("Mozilla/5.0 (Windows NT 6.1) BingPreview/1.0b", "click", {}, ROBOT),
    ("python-requests/2.32", "click", {}, ROBOT),
    ("curl/8.0", "open", {}, ROBOT),
    (FIREFOX, "click", {"Sec-Purpose": "prefetch;prerender"}, "prefetch"),
    (FIREFOX, "click", {"Purpose": "prefetch"}, "prefetch"),
    (FIREFOX, "click", {"X-Moz": "prefetch"}, "prefetch"),
]


@pytest.mark.parametrize(("said", "sight", "headers", "agent"), AGENTS)
def test_a_program_is_known_by_what_it_says(
    said: str, sight: str, headers: dict[str, str], agent: str
) -> None:
    assert sightings.agent_of("GET", {"User-Agent": said, **headers}, Sight(sight)) == agent
    assert sightings.agent_of("HEAD", {"User-Agent": said, **headers}, Sight(sight)) == HEAD


START = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


def seen(*what: tuple[float, str, int] | tuple[float, str, int, str]) -> list[Seen]:
    return [
        Seen(START + timedelta(seconds=one[0]), Sight(one[1]), one[2], one[3] if len(one) > 3 else BROWSER)  # type: ignore[misc]
        for one in what
    ]


H, M, U = Verdict.human, Verdict.machine, Verdict.unknown
BURSTS = [
    ("a person reads, and follows one link", [(900, "open", 0), (960, "click", 3)], [H, H]),
    ("a person follows two links, one after the other", [(900, "click", 1), (930, "click", 2)], [H, H]),
    ("a person presses the same link twice", [(900, "click", 1), (900.4, "click", 1)], [H, H]),
    ("a scanner follows every link at once", [(20, "click", n) for n in range(1, 9)], [M] * 8),
    (
        "a patient scanner, a link each three seconds",
        [(900 + 3 * n, "click", n) for n in range(1, 5)],
        [M] * 4,
    ),
    ("two links within a second", [(900, "click", 1), (900.9, "click", 2)], [M, M]),
    ("one follows the link nobody sees", [(900, "click", 0), (930, "click", 2), (955, "open", 0)], [M, M, M]),
    (
        "a person, long before and after the scanner",
        [(900, "click", 2), (2000, "click", 0), (3000, "click", 1)],
        [H, M, H],
    ),
    ("one link, right after it arrived: who knows", [(15, "click", 1)], [U]),
    ("opened right after it arrived: who knows", [(5, "open", 0)], [U]),
    ("Apple opens, then the person follows a link", [(2, "open", 0, APPLE), (4000, "click", 1)], [M, H]),
    ("Gmail's proxy opens", [(900, "open", 0, PROXY)], [U]),
    ("a HEAD, then a person", [(900, "click", 1, HEAD), (905, "click", 1)], [M, H]),
    ("a robot that says so", [(900, "click", 1, ROBOT)], [M]),
    (
        "an open is no part of a burst of clicks",
        [(900, "open", 0), (901, "click", 1), (901.5, "click", 2)],
        [H, M, M],
    ),
]


@pytest.mark.parametrize(("what", "expected"), [one[1:] for one in BURSTS], ids=[one[0] for one in BURSTS])
def test_sights_are_judged_by_what_comes_with_them(what: list[Any], expected: list[Verdict]) -> None:
    assert sightings.judge(seen(*what), START) == expected


def test_without_knowing_when_it_arrived_nobody_is_called_a_person() -> None:
    assert sightings.judge(seen((900, "click", 1)), None) == [Verdict.unknown]


def test_a_replayed_day_gives_three_numbers_that_are_never_added_up(
    world: World, issue: Mailing, time_machine: time_machine.TimeMachineFixture
) -> None:
    """A person, a scanner in a real browser, and Apple's proxy; judged once all of it has settled."""
    start = clock.now()
    person, scanned, apple = (
        sent(world, world.make.member(may_measure=True), issue, is_tracked=True, handed_over_at=start)
        for _ in range(3)
    )
    sent(world, world.make.member(), issue)
    time_machine.move_to(start + timedelta(seconds=20), tick=False)
    for number in (0, 1, 2):
        ask(world, link(world, scanned, number))
    ask(world, dot(world, apple), agent="Mozilla/5.0")
    time_machine.move_to(start + timedelta(minutes=30), tick=False)
    ask(world, dot(world, person))
    ask(world, link(world, person, 2))
    ask(world, link(world, person, 2))
    with world.app.app_context():
        assert sightings.judge_new() == 4, "the last three may still turn out to be part of a burst"
    time_machine.move_to(start + timedelta(minutes=33), tick=False)
    with world.app.app_context():
        assert sightings.judge_new() == 3
        assert sightings.judge_new() == 0
    with world.inside():
        figures = measuring.figures(issue.id)
        assert figures.agreed == 3
        assert figures.opened == {H: 1, M: 1, U: 0}
        assert figures.clicked == {H: 1, M: 1, U: 0}
        assert [(one.url, one.people) for one in measuring.followed(issue.id)] == [
            ("https://jobs.example.org/1", 1),
            ("https://portal.test/stories/ice?a=1&b=2", 0),
        ]


def test_following_links_changes_no_choice(world: World, agreed: Message) -> None:
    for number in (0, 1, 2):
        ask(world, link(world, agreed, number))
    with world.inside() as current:
        member = current.get(Member, agreed.member_id)
        assert member.may_measure is True
        assert preferences.queries.choices_of(member)[Topic.newsletter].value == "quarterly"

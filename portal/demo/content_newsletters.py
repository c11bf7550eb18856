"""The quarterly newsletters of the demo: four that went out and one that is being written."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.demo import content_newsletters_text as text
from portal.demo.prose import prose

SEASONS = ("Winter", "Spring", "Summer", "Autumn")


@dataclass(frozen=True, slots=True)
class Block:
    """A part of an issue."""

    kind: str
    """text, story, event, role or button."""
    text: str
    """Markdown; the slug of the story, event or role; or the words on the button."""
    shown_to: str | None = None
    """Slug of a segment; None is everybody."""
    url: str = ""
    """Where a button leads: an address of this portal."""


@dataclass(frozen=True, slots=True)
class Newsletter:
    """One issue."""

    slug: str
    title: str
    subject: str
    preheader: str
    sender: str
    """Slug of a colleague."""
    year: int
    quarter: int
    """1 to 4."""
    sent_on: date | None
    """None while it is a draft."""
    blocks: tuple[Block, ...]


def issues(today: date) -> tuple[Newsletter, ...]:
    """Return the issues as they stand on a day: one for each of the last four quarters, then the draft."""
    past = [_issue(today, quarters_ago) for quarters_ago in (4, 3, 2, 1)]
    return (*past, _issue(today, 0))


def _issue(today: date, quarters_ago: int) -> Newsletter:
    year, index = divmod(today.year * 4 + (today.month - 1) // 3 - quarters_ago, 4)
    season = SEASONS[index]
    opening = text.DRAFT_OPENING if quarters_ago == 0 else text.OPENINGS[season]
    subject, preheader = text.DRAFT_SUBJECT if quarters_ago == 0 else text.SUBJECTS[season]
    return Newsletter(
        slug=f"{season.lower()}-{year}",
        title=f"{season} {year}",
        subject=subject,
        preheader=preheader,
        sender="ines",
        year=year,
        quarter=index + 1,
        sent_on=_sent_on(today, quarters_ago),
        blocks=(Block("text", prose(opening)), *_MIDDLES[quarters_ago], Block("text", prose(text.CLOSING))),
    )


def _sent_on(today: date, quarters_ago: int) -> date | None:
    """Return the working day nearest to today's place in the quarter, that many quarters ago."""
    if quarters_ago == 0:
        return None
    months = today.year * 12 + today.month - 1 - 3 * quarters_ago
    day = date(months // 12, months % 12 + 1, min(today.day, 28))
    step = timedelta(days=1 if day.day < 15 else -1)
    while day.weekday() > 4:
        day += step
    return day


_MIDDLES: dict[int, tuple[Block, ...]] = {
    4: (
        Block("story", "who-stands-on-the-bridge"),
        Block("text", prose(text.RIVERS)),
        Block("button", "Tell us what to write about", url="/me/interests"),
    ),
    3: (
        Block("story", "dutch-from-a-lock-keeper"),
        Block("text", prose(text.KWEL), "water-and-data"),
        Block("event", "boat-day-on-the-vecht", "near-a-workshop"),
        Block("role", "field-list-for-the-next-flood"),
        Block("button", "Read all stories", url="/stories"),
    ),
    2: (
        Block("story", "a-chart-for-gerda"),
        Block("text", prose(text.TREE), "builders"),
        Block("event", "ask-us-about-pay"),
        Block("role", "field-list-for-the-next-flood", "near-a-workshop"),
    ),
    1: (
        Block("story", "thirty-one-gauges-on-the-moon", "builders"),
        Block("story", "three-days-paid-for-five"),
        Block("event", "how-we-calibrate", "near-a-workshop"),
        Block("role", "people-partner-leave-cover"),
        Block("text", prose(text.PAY_TABLE)),
        Block("text", prose(text.QUESTION)),
        Block("button", "See what comes next", url="/events"),
    ),
    0: (
        Block("story", "when-leaving-the-lights-off-helped"),
        Block("text", prose(text.FOR_FIRST_JOBS), "first-jobs"),
        Block("event", "tea-with-samuel", "first-jobs"),
        Block("event", "charts-in-gloves"),
        Block("event", "open-workshop-in-utrecht", "near-a-workshop"),
        Block("text", prose(text.OPEN_ROLES)),
        Block("role", "firmware-engineer", "builders"),
        Block("role", "forecast-hydrologist", "water-and-data"),
        Block("role", "product-designer-warnings"),
        Block("button", "See all open roles", url="/roles"),
    ),
}

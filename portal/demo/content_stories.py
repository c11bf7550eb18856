"""Twelve stories of the demo: a person, a moment, a detail."""

from dataclasses import dataclass

from portal.demo import content_stories_desk as desk
from portal.demo import content_stories_people as people
from portal.demo import content_stories_river as river
from portal.demo.prose import prose


@dataclass(frozen=True, slots=True)
class Story:
    """How it is to work here, told by one person."""

    slug: str
    title: str
    summary: str
    """At most 200 characters."""
    author: str
    """Slug of a colleague, who agreed to be shown a week before publication."""
    interests: tuple[str, ...]
    published_days_ago: int
    picture: str
    """Key for `pictures.draw`."""
    alt: str
    """What the picture shows, for those who do not see it."""
    body: str
    """Markdown."""


STORIES: tuple[Story, ...] = (
    Story(
        "when-leaving-the-lights-off-helped",
        "When leaving the lights off helped",
        "A fuse blew in the middle of a night of calibration. Twelve gauges, three torches and one new "
        "colleague with steady eyes did the rest.",
        "leonor",
        ("hardware", "field"),
        9,
        "night-calibration",
        "A gauge on a post leans over a river at night, with a lantern beside it and its light on the water.",
        prose(river.TORCHLIGHT),
    ),
    Story(
        "an-interview-with-subtitles",
        "An interview with subtitles",
        'Nikos used to write "none" under adjustments. Then a letter came with five things he could '
        "tick, and he ticked two.",
        "nikos",
        ("people", "customer-success"),
        37,
        "two-chairs",
        "Two chairs at a round table by a window, with a small screen between them showing lines of text.",
        prose(people.SUBTITLES),
    ),
    Story(
        "i-warned-the-wrong-valley",
        "I warned the wrong valley",
        "Two rivers with the same name, one wrong digit, 212 people. What happened in the twenty minutes "
        "after, and on the Monday.",
        "ruth",
        ("data", "hydrology", "engineering"),
        66,
        "two-valleys",
        "Two valleys side by side, rain falling into one of them and the sun standing over the other.",
        prose(desk.WRONG_VALLEY),
    ),
    Story(
        "thirty-one-gauges-on-the-moon",
        "Thirty-one gauges on the Moon",
        "At two in the morning, thirty-one gauges reported from a place that was not on any river. Amina "
        "made tea and looked at photographs of trees.",
        "amina",
        ("engineering", "hardware"),
        104,
        "desk-at-night",
        "A desk at night with a lamp, a cup and a screen, and a big moon over flat roofs outside the window.",
        prose(desk.TWO_AT_NIGHT),
    ),
    Story(
        "three-days-paid-for-five",
        "Three days, paid for five",
        "Joost wrote the parental leave policy and then came back from leave himself. Samuel's diary and a "
        "watered plant were waiting.",
        "joost",
        ("people",),
        131,
        "desk-plant",
        "A desk by a bright window, with a tall plant, a cup and a child's drawing of a boat on the wall.",
        prose(people.AFTER_LEAVE),
    ),
    Story(
        "the-otters-of-the-maigue",
        "The otters of the Maigue",
        "Every night at about three o'clock a river ran out of oxygen for four minutes. Ruth had a list of "
        "explanations. None had fur.",
        "ruth",
        ("data", "hydrology"),
        163,
        "otters",
        "An otter lies on a grey sensor between reeds and stones, in a river under the stars.",
        prose(river.OTTERS),
    ),
    Story(
        "a-chart-for-gerda",
        "A chart for Gerda",
        "Designers liked Yuki's chart. Then she saw it used on a dike at half past five in the morning, in "
        "sleet, by a woman who had taken off a glove with her teeth.",
        "yuki",
        ("design", "product"),
        201,
        "hydrograph",
        "Hills in layers like the curves of a chart, with a thin orange line across and a marked stone "
        "in front.",
        prose(desk.IN_A_HURRY),
    ),
    Story(
        "behind-the-barn-door",
        "Behind the barn door",
        "We came to drill a hole and found almost a hundred years of floods in pencil. What we learned "
        "about asking first.",
        "wouter",
        ("field", "hydrology"),
        232,
        "barn-door",
        "A red barn on a green dike, with an open door, poplars, and a flooded meadow that mirrors them.",
        prose(river.NOTEBOOKS),
    ),
    Story(
        "why-we-stopped-setting-homework",
        "Why we stopped setting homework",
        "Our take-home test was the same for everybody, in the way a flight of stairs is. Two letters in "
        "one week, and what we do instead.",
        "ines",
        ("people", "engineering"),
        268,
        "paper-boats",
        "Three boats folded from printed paper float down a green river between reeds.",
        prose(people.PAPER_BOATS),
    ),
    Story(
        "dutch-from-a-lock-keeper",
        "Dutch from a lock keeper",
        "Priya's Dutch was good enough for bread. A closed lock, a thermos flask and forty words for wet "
        "changed that, and later a page of Riverbook.",
        "priya",
        ("engineering", "product", "people"),
        295,
        "canal-lock",
        "A canal with a lock gate, narrow brick houses with stepped gables, and a canoe waiting below.",
        prose(desk.LOCK_DUTCH),
    ),
    Story(
        "a-reason-for-the-boots",
        "A reason for the boots",
        "Amina had planned to save four months of battery with one line of code. In her first week "
        "somebody handed her boots, and a screwdriver.",
        "amina",
        ("engineering", "field", "hardware"),
        338,
        "boots",
        "Three pairs of rubber boots on a bench, a muddy pair in a puddle before it, coats on hooks above.",
        prose(river.BOOTS),
    ),
    Story(
        "who-stands-on-the-bridge",
        "Who stands on the bridge",
        "A new housing costs 18 euros and 40 cents. Daan from finance spent two days at the repair bench "
        "and found out what it does not say on the slide.",
        "daan",
        ("finance", "hardware"),
        371,
        "workbench",
        "A workbench under a window, with a vice, a gauge taken apart, a lamp, and tools in a row on "
        "the wall.",
        prose(river.SPARE_PART),
    ),
)

"""The contact promise: about how many mails a quarter some choices mean, and when the next newsletter is due."""

from collections.abc import Mapping
from datetime import date, datetime

from portal.core import words
from portal.core.season import season_of
from portal.preferences.models import Cadence, Topic

# What a quarter usually holds for somebody who wants each one.
USUAL: Mapping[Topic, float] = {
    Topic.newsletter: 1,
    Topic.events: 3,
    Topic.roles: 4,
    Topic.notes: 1,
    Topic.greetings: 0.5,
}
_MOST: Mapping[Cadence, float] = {
    Cadence.never: 0,
    Cadence.each: 100,
    Cadence.monthly: 3,
    Cadence.quarterly: 1,
    Cadence.yearly: 0.25,
}
_FEWER = (Cadence.each, Cadence.monthly, Cadence.quarterly, Cadence.yearly)


def mails_a_quarter(choices: Mapping[Topic, Cadence]) -> float:
    """About how many mails those choices bring in three months."""
    return sum(min(USUAL[topic], _MOST[cadence]) for topic, cadence in choices.items())


def in_words(choices: Mapping[Topic, Cadence]) -> str:
    """The same in a sentence."""
    about = mails_a_quarter(choices)
    if about == 0:
        return "You get no mail from us, except what you ask for yourself."
    if about < 1:
        return "You get about 1 to 3 mails a year."
    return f"You get about {words.plural(round(about), 'mail', 'mails')} a quarter."


def beside(topic: Topic, cadence: Cadence) -> str:
    """What one choice means, to stand beside it: "about 3 a quarter"."""
    about = mails_a_quarter({topic: cadence})
    if about == 0:
        return ""
    if about < 1:
        return f"about {round(about * 4)} a year"
    return f"about {round(about)} a quarter"


def fewer(topic: Topic, cadence: Cadence) -> Cadence:
    """The next rarer choice that this topic offers; the rarest stays, and never stays never."""
    if cadence is Cadence.never:
        return cadence
    rarer = [one for one in _FEWER[_FEWER.index(cadence) + 1 :] if one in topic.cadences]
    return rarer[0] if rarer else cadence


def next_newsletter(today: date, not_before: datetime | None) -> date:
    """About when the next newsletter comes: when the next season begins, and not before it is due again."""
    begins = season_of(today).next.begins
    return max(begins, not_before.date()) if not_before is not None else begins

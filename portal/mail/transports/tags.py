"""Tags such as %%first_name%%: a closed form, filled in one pass, so a value can never become a tag."""

import re
from collections.abc import Mapping

_TAG = re.compile(r"%%([a-z][a-z0-9_]*)%%")


class NoValue(Exception):
    """A text holds a tag that a recipient has no value for."""

    def __init__(self, tag: str) -> None:
        super().__init__(f"There is no value for the tag %%{tag}%%.")
        self.tag = tag


def names(text: str) -> frozenset[str]:
    """Return the names of the tags in the text."""
    return frozenset(_TAG.findall(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with every tag replaced once by its value.

    Raises:
        NoValue: there is none for one of the tags.
    """

    def value(match: re.Match[str]) -> str:
        try:
            return values[match[1]]
        except KeyError:
            raise NoValue(match[1]) from None

    return _TAG.sub(value, text)


def pieces(text: str) -> list[str]:
    """Return the text cut at its tags: literal, name, literal, name, ..., literal."""
    return _TAG.split(text)


def renamed(text: str, names_by_tag: Mapping[str, str]) -> str:
    """Return the text with each tag that `names_by_tag` knows written the way it says."""
    return _TAG.sub(lambda match: names_by_tag.get(match[1], match[0]), text)

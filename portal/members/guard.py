"""The inclusion guard: no tag, list, field, criterion or import column may be about a sensitive trait.

People who are missing are reached by going where they are, not by sorting those who came. The guard reads a name
as a person would, whatever its case, accents, language, look-alike letters, digits for letters, or letters pulled
apart. It stops mistakes and temptation; who wants to hide a trait behind a harmless word still can.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

from portal.members.guard_words import ACCENTED, ALONE, HARMLESS, PARTS, WORDS, Trait

SMALLEST_CELL = 10
"""A balance is shown for no group of people smaller than this."""

INSTEAD = (
    "To reach people who are missing, go where they are: choose by how people found us (their source) or by the "
    f"events where you met them. Look at balance only in totals, for groups of at least {SMALLEST_CELL} people."
)
_AGES = re.compile(
    r"(over|under|above|below|uber|unter|plus de|moins de|u|o)[ -]?[1-9]\d( years?| jahre| ans)?|"
    r"[1-9]\d ?(\+|plus|and over|and older)|"
    r"[1-9]\d ?(-|–|—|to|bis) ?[1-9]\d( ?(years?|yrs?|jahre|ans|anos|anni))?( olds?)?|"
    r"[1-9]\d[ -]?(years? olds?|yo|y/o|jahre alt|ans|anos|anni)"
)
_BORN = re.compile(
    r"\b(born|geboren|nee?|nacid[oa]s?|nat[oia]|nascid[oa]s?)( in| im| en| el| nel| em| am)? (19|20)\d\d\b"
)
_PEOPLE = re.compile(r" (people|persons?|candidates?|members?|workers?|talents?|professionals?|s)$")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\uffa0]"
)
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")
_APART = re.compile(r"[\W_]+")
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# A letter that looks like a Latin one, and that one.
_PAIRS = (
    "аa еe оo рp сc уy хx іi їi јj ѕs ԁd ԛq ԝw һh ӏl кk мm тt вb нh пn гr иn ёe "
    "αa βb εe ηn ιi κk νv οo ρp τt υu χx γy ωw ςs σs "
    "ɑa ɡg ɢg ɪi ɴn ʀr ʏy ᴀa ᴄc ᴅd ᴇe ᴊj ᴋk ʟl ᴍm ᴏo ᴘp ꜱs ᴛt ᴜu ᴠv ᴡw ᴢz ʜh ʙb ꞵb ƿp ǝe ıi ɩi ɛe ɔc "
    "@a $s €e |l !i ¡i"
)
_LOOK_ALIKES = str.maketrans({pair[0]: pair[1] for pair in _PAIRS.split()})
_DIGITS = (str.maketrans("01345789", "oieastbg"), str.maketrans("01345789", "oleastbg"))
_STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe"})
Known = Mapping[Trait, frozenset[str]]


class Sensitive(ValueError):
    """A name is about a sensitive trait; `words` say for a page what to do instead."""

    def __init__(self, text: str, trait: Trait) -> None:
        self.text = text
        self.trait = trait
        super().__init__(self.words)

    @property
    def words(self) -> str:
        """What was refused, why, and the way forward."""
        return (
            f"“{self.text[:60]}” says something about {self.trait.words}, and we neither keep that about a person "
            f"nor choose people by it. {INSTEAD}"
        )


def check(*texts: str) -> None:
    """Let names of tags, lists, fields, criteria and columns pass, and what may be put into them.

    Raises:
        Sensitive: one is about a sensitive trait.
    """
    for text in texts:
        trait = trait_in(text)
        if trait is not None:
            raise Sensitive(text, trait)


@lru_cache(maxsize=4096)
def trait_in(text: str) -> Trait | None:
    """The sensitive trait that a short text is about, if it is about one."""
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text[:1000]))
    accented = f" {' '.join(_APART.split(unicodedata.normalize('NFC', text.casefold())))} "
    for trait, words in _accented().items():
        if any(f" {word} " in accented for word in words):
            return trait
    plain = " ".join(_fold(text).split())
    if _AGES.fullmatch(_PEOPLE.sub("", plain)) or _BORN.search(plain):
        return Trait.age
    for reading in dict.fromkeys(_readings(text)):
        found = _meant(reading)
        if found is not None:
            return found
    return None


def _meant(reading: str) -> Trait | None:
    """The trait that stands in a row of plain words with a space on either side of each."""
    for harmless in _harmless():
        reading = reading.replace(f" {harmless} ", " - ")
    for trait in Trait:
        if reading.strip() in _alone()[trait]:
            return trait
        for word in _words()[trait]:
            if f" {word} " in reading or (_UNSPACED.search(word) and word in reading):
                return trait
        for part in _parts()[trait]:
            if (f" {part}" if " " in part else part) in reading:
                return trait
    return None


def _readings(text: str) -> Iterator[str]:
    """The text as it can be read: rows of plain words."""
    for one in (text, _CAMEL.sub(" ", text)):
        plain = _fold(one)
        for letters in (plain, plain.translate(_LOOK_ALIKES)):
            yield _row(_APART.split(letters))
            yield _row(_pulled_together(_APART.split(letters)))
            yield _row(_APART.sub("", word) for word in letters.split())
            for digits in _DIGITS:
                words = letters.split()
                yield _row(
                    _APART.sub("", word.translate(digits))
                    if any(letter.isalpha() for letter in word)
                    else _APART.sub("", word)
                    for word in words
                )
                yield _row(
                    part.translate(digits) if any(letter.isalpha() for letter in part) else part
                    for part in _APART.split(letters)
                )


def _pulled_together(words: list[str]) -> Iterator[str]:
    """Read "g e n d e r" and "gen der" as one word: parts of at most three letters that stand in a row."""
    short = ""
    for word in [*words, ""]:
        if 0 < len(word) <= 3:
            short += word
            continue
        yield short
        yield word
        short = ""


def _row(words: Iterator[str] | list[str]) -> str:
    # The Arabic article is written with its word.
    return f" {' '.join(word.removeprefix('ال') for word in words if word)} "


def _fold(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold().translate(_STROKES))
    return unicodedata.normalize("NFKC", "".join(one for one in parts if not unicodedata.combining(one)))


def _list(text: str) -> frozenset[str]:
    """Words as they are compared; one in another script also with Latin letters among its own."""
    plain = {" ".join(_fold(one).split()) for one in text.split(",") if one.strip()}
    mixed = {one.translate(_LOOK_ALIKES) for one in plain if not one.isascii()}
    return frozenset(plain | {one for one in mixed if not one.isascii()})


@lru_cache(maxsize=1)
def _harmless() -> tuple[str, ...]:
    return tuple(sorted(_list(HARMLESS)))


@lru_cache(maxsize=1)
def _parts() -> Known:
    return {trait: _list(PARTS.get(trait, "")) for trait in Trait}


@lru_cache(maxsize=1)
def _words() -> Known:
    return {trait: _list(WORDS.get(trait, "")) for trait in Trait}


@lru_cache(maxsize=1)
def _alone() -> Known:
    return {trait: _list(ALONE.get(trait, "")) for trait in Trait}


@lru_cache(maxsize=1)
def _accented() -> Known:
    return {
        trait: frozenset(unicodedata.normalize("NFC", one.strip()) for one in words.split(","))
        for trait, words in ACCENTED.items()
    }

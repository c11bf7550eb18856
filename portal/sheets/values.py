"""Turns the cells of a row into what would be stored of a person; says what it could not take, and why."""

import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from babel import Locale

from portal.core import tokens
from portal.core.addresses import Address, NotAnAddress, parse
from portal.core.words import clean
from portal.members.actions import fold, search_name
from portal.members.models import Level, WorkMode
from portal.members.queries import HASHED
from portal.preferences.models import Interest, Place
from portal.sheets import cells, seals
from portal.sheets.columns import Field
from portal.sheets.models import Verdict
from portal.sheets.reading import UNKNOWN, Record

COLUMNS = (
    "import_id number line verdict why address address_key digest given name call_name search_name level work_mode "
    "zone country is_remote is_open_to_move birthday_month birthday_day anniversary_month anniversary_day "
    "interest_mask place_ids source public_id ledger_key seal"
).split()
MOST_UNKNOWN = 60
"""New interests and places of one file that are remembered by name."""

_LOCAL = re.compile(r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*")
_SPLIT = re.compile(r"(?<![;|])[;|](?![;|])")
_DOUBLED = re.compile(r"([;|])\1")
_DAY_FIRST = re.compile(r"(\d{1,2})\.?\s*([a-zà-ÿ]{3,})\.?|(\d{1,2})\.\s*(\d{1,2})\.")
_MONTH_FIRST = re.compile(r"-{0,2}(\d{2})-(\d{2})|([a-zà-ÿ]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?")
_YEAR = re.compile(r"(18|19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2}\b")
_MONTHS = "january february march april may june july august september october november december".split()
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_YES = frozenset("yes y true 1 x ja oui si sim да open remote".split())
_NO = frozenset("no n false 0 nein non nao нет".split())
_STAY_AWAY = re.compile(
    r"unsub|left|opted? ?out|cleaned|bounce|complain|spam|abuse|block|suppress|inactive|remove|delet|do not|archiv"
)
_LEVELS = {fold(text): one for one in Level for text in (one.value, one.words)}
_MODES = {fold(text): one for one in WorkMode for text in (one.value, one.words)}
_SOURCE_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_.")


class Reader:
    """Reads the rows of one file, by what its columns mean and what can be followed here."""

    def __init__(
        self, columns: Sequence[Field], interests: Sequence[Interest], places: Sequence[Place], source: str
    ) -> None:
        self.at: dict[Field, int] = {
            field: place for place, field in enumerate(columns) if field is not Field.nothing
        }
        self._width = len(columns)
        self._bits = {fold(text): one.bit for one in interests for text in (one.slug, one.name)}
        self._places = {fold(one.slug): one.id for one in places}
        self._places |= {fold(one.name): one.id for one in reversed(places)}
        self._places |= {f"{fold(one.name)}|{one.country.lower()}": one.id for one in places}
        self._source = source
        self.new_interests: dict[str, None] = {}
        self.new_places: dict[str, None] = {}

    def row(self, import_id: int, number: int, record: Record) -> tuple[Any, ...]:
        """The row as it waits in the staging table, in the order of `COLUMNS`."""
        values = Values(self, record)
        address = values.address()
        key = address.key if address is not None else ""
        if not values.refusal:
            values.read(key)
        return (
            import_id,
            number,
            record.line,
            (Verdict.refused if values.refusal else Verdict.unread).value,
            (values.refusal or "; ".join(values.remarks))[:500],
            address.text if address is not None else values.typed_address[:254],
            key,
            tokens.keyed_hash(HASHED, key) if key else "",
            values.given,
            values.name,
            values.call_name,
            search_name(values.name, values.call_name, key),
            values.level,
            values.work_mode,
            values.zone,
            values.country,
            values.is_remote,
            values.is_open_to_move,
            *values.birthday,
            *values.anniversary,
            values.interest_mask,
            values.place_ids,
            values.source,
            secrets.token_urlsafe(16),
            secrets.token_hex(16),
            values.seal,
        )

    def cell(self, record: Record, field: Field) -> str:
        """What the row says there, as plain clean text."""
        place = self.at.get(field)
        if place is None or place >= len(record.cells):
            return ""
        text = record.cells[place]
        if not text:
            return ""
        if text.isascii() and text.isprintable() and "'" not in text:
            return " ".join(text.split())
        return clean(cells.plain(text))

    def is_too_wide(self, record: Record) -> bool:
        """Whether there are more cells than columns: then nobody knows which cell is which."""
        return len(record.cells) > self._width and any(cell.strip() for cell in record.cells[self._width :])

    def bits(self, text: str, remarks: list[str]) -> int:
        """The mask of the interests that are named."""
        mask = 0
        for name in _names(text, self._bits):
            bit = self._bits.get(fold(name))
            if bit is not None:
                mask |= 1 << bit
                continue
            remarks.append(f"we have no interest “{name[:40]}”")
            if len(self.new_interests) < MOST_UNKNOWN and len(name) <= 80:
                self.new_interests[name] = None
        return mask

    def place_ids(self, text: str, remarks: list[str]) -> str:
        """The ids of the places that are named, each between commas; "" for none."""
        ids: dict[int, None] = {}
        for name in _names(text, self._places):
            found = self._places.get(_place_key(name)) or self._places.get(
                fold(name.partition("(")[0].strip())
            )
            if found is not None:
                ids[found] = None
                continue
            remarks.append(f"we have no place “{name[:40]}”")
            if len(self.new_places) < MOST_UNKNOWN and len(name) <= 120:
                self.new_places[name] = None
        return f",{','.join(map(str, ids))}," if ids else ""

    @property
    def source(self) -> str:
        """The source of rows that name none."""
        return self._source


class Values:
    """What one row says."""

    def __init__(self, reader: Reader, record: Record) -> None:
        self._reader, self._record = reader, record
        self.remarks: list[str] = []
        self.refusal = ""
        self.typed_address = ""
        self.given = 0
        self.name = self.call_name = self.zone = self.country = self.source = self.seal = self.place_ids = ""
        self.level: str | None = None
        self.work_mode: str | None = None
        self.is_remote = self.is_open_to_move = False
        self.birthday: tuple[int | None, int | None] = (None, None)
        self.anniversary: tuple[int | None, int | None] = (None, None)
        self.interest_mask = 0

    def address(self) -> Address | None:
        """Read the address; without a good one the row is refused."""
        record = self._record
        self.typed_address = typed = self._cell(Field.address)
        if any(UNKNOWN in cell or "\0" in cell for cell in record.cells):
            self.refusal = "The row holds letters that cannot be read in the encoding of this file"
        elif self._reader.is_too_wide(record):
            self.refusal = f"The row has {len(record.cells)} cells, more than there are columns"
        elif not typed:
            self.refusal = "There is no mail address"
        else:
            try:
                return address_of(typed)
            except NotAnAddress as wrong:
                self.refusal = f"The mail address cannot be right: {wrong}"
        return None

    def read(self, key: str) -> None:
        """Read all the rest."""
        self._seal(key)
        if not self.seal and _STAY_AWAY.search(fold(self._cell(Field.status))):
            self.refusal = (
                "The file says that they stopped or cannot be reached, so they are not brought along"
            )
            return
        name = self._cell(Field.full_name) or " ".join(
            part for part in (self._cell(Field.first_name), self._cell(Field.last_name)) if part
        )
        self._text("name", name, 120, Field.full_name)
        self._text("call_name", self._cell(Field.call_name), 60, Field.call_name)
        self._one_of("level", Field.level, _LEVELS)
        self._one_of("work_mode", Field.work_mode, _MODES)
        for field, take in _TAKES.items():
            if field in self._reader.at:
                text = self._cell(field)
                if text and take(self, text):
                    self.given |= field.own
        tag = "".join(sign for sign in self._cell(Field.source).lower() if sign in _SOURCE_SIGNS)[:60]
        self.source = tag or self._reader.source

    def _cell(self, field: Field) -> str:
        return self._reader.cell(self._record, field)

    def _seal(self, key: str) -> None:
        text = self._cell(Field.seal)
        if not text:
            return
        try:
            seals.read(key, text)
        except seals.NotSealed as wrong:
            self.remarks.append(f"{wrong.words}, so its choices and consents are not taken")
        else:
            self.seal = text

    def _text(self, name: str, text: str, longest: int, field: Field) -> None:
        if not text:
            return
        if len(text) > longest:
            self.remarks.append(f"“{field.words}” is longer than {longest} letters")
            return
        setattr(self, name, text)
        self.given |= field.own

    def _one_of(self, name: str, field: Field, known: dict[str, Any]) -> None:
        text = self._cell(field)
        if not text:
            return
        found = known.get(fold(text))
        if found is None:
            self.remarks.append(f"“{text[:40]}” is no {field.words.lower()} of ours")
            return
        setattr(self, name, found.value)
        self.given |= field.own

    def take_zone(self, text: str) -> bool:
        """Take a time zone; returns whether it is one."""
        self.zone = _zones().get(text.lower(), "")
        if not self.zone:
            self.remarks.append(f"“{text[:40]}” is no time zone such as Europe/Lisbon")
        return bool(self.zone)

    def take_country(self, text: str) -> bool:
        """Take a country by code or name; returns whether we know it."""
        self.country = _countries().get(fold(text), "")
        if not self.country:
            self.remarks.append(f"“{text[:40]}” is no country we know")
        return bool(self.country)

    def take_flag(self, name: str, field: Field, text: str) -> bool:
        """Take a yes or no; returns whether it is either."""
        word = fold(text)
        if word not in _YES and word not in _NO:
            self.remarks.append(f"“{field.words}” says “{text[:20]}”, neither yes nor no")
            return False
        setattr(self, name, word in _YES)
        return True

    def take_day(self, name: str, field: Field, text: str) -> bool:
        """Take a day of the year; returns whether it is one, without a year."""
        try:
            setattr(self, name, _month_and_day(text))
        except ValueError as wrong:
            self.remarks.append(f"“{field.words}”: {wrong}")
            return False
        return True

    def take_interests(self, text: str) -> bool:
        """Take interests by name; returns whether we have any of them."""
        self.interest_mask = self._reader.bits(text, self.remarks)
        return bool(self.interest_mask)

    def take_places(self, text: str) -> bool:
        """Take places by name; returns whether we have any of them."""
        self.place_ids = self._reader.place_ids(text, self.remarks)
        return bool(self.place_ids)


_TAKES: Mapping[Field, Callable[[Values, str], bool]] = {
    Field.zone: Values.take_zone,
    Field.country: Values.take_country,
    Field.is_remote: lambda values, text: values.take_flag("is_remote", Field.is_remote, text),
    Field.is_open_to_move: lambda values, text: values.take_flag(
        "is_open_to_move", Field.is_open_to_move, text
    ),
    Field.birthday: lambda values, text: values.take_day("birthday", Field.birthday, text),
    Field.anniversary: lambda values, text: values.take_day("anniversary", Field.anniversary, text),
    Field.interests: Values.take_interests,
    Field.places: Values.take_places,
}


def address_of(typed: str) -> Address:
    """As `addresses.parse`, which takes long: what is plain goes by, and each domain is asked about once.

    Raises:
        NotAnAddress: with words.
    """
    local, _, domain = typed.rpartition("@")
    if not _LOCAL.fullmatch(local) or len(local) > 64:
        return _refuse_mixed(typed, parse(typed))
    known = _domain(domain.lower())
    if known is None or len(local) + len(known) > 253:
        return _refuse_mixed(typed, parse(typed))
    text = f"{local}@{known}"
    return Address(text, text.lower())


@lru_cache(maxsize=20_000)
def _domain(domain: str) -> str | None:
    """The domain as it is stored; None when it is none, or is written in more than ASCII."""
    try:
        return parse(f"a@{domain}").domain if domain.isascii() else None
    except NotAnAddress:
        return None


def _refuse_mixed(typed: str, address: Address) -> Address:
    """Letters of several scripts in one name are how one domain is made to look like another."""
    for label in typed.rpartition("@")[2].split("."):
        scripts = {unicodedata.name(letter, "?").split()[0] for letter in label if letter.isalpha()}
        if (
            len(scripts) > 1
            and scripts & {"LATIN"}
            and scripts & {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}
        ):
            raise NotAnAddress("letters of two alphabets are mixed in the part after the @.")
    return address


def listed(names: Iterable[str]) -> str:
    """Names in one cell; a separator within a name is doubled."""
    return "; ".join(re.sub(r"([;|])", r"\1\1", name) for name in names)


def _names(text: str, known: Mapping[str, Any]) -> list[str]:
    """The names in one cell, however they are set apart."""
    parts = _SPLIT.split(text)
    if len(parts) == 1 and "(" not in text and fold(text) not in known:
        parts = text.split(",")
    return [_DOUBLED.sub(r"\1", part.strip()) for part in parts if part.strip()]


def _place_key(name: str) -> str:
    """How a place such as "Lisbon (PT, Europe/Lisbon)" is looked up: by name and country."""
    town, _, rest = name.partition("(")
    country = rest.rstrip(")").split(",")[0].strip()
    return f"{fold(town.strip())}|{country.lower()}" if country else fold(town.strip())


def _month_and_day(text: str) -> tuple[int, int]:
    """Month and day, never a year."""
    if _YEAR.search(text):
        raise ValueError("a year of birth is never kept; give day and month only")
    plain = fold(text)
    if found := _MONTH_FIRST.fullmatch(plain):
        month, day = (int(found[1]), int(found[2])) if found[1] else (_month(found[3]), int(found[4]))
    elif found := _DAY_FIRST.fullmatch(plain):
        month, day = (_month(found[2]), int(found[1])) if found[1] else (int(found[4]), int(found[3]))
    else:
        raise ValueError(f"“{text[:20]}” is no day such as 14 March or 03-14")
    if not 1 <= month <= 12 or not 1 <= day <= _DAYS[month - 1]:
        raise ValueError(f"“{text[:20]}” is no day of the year")
    return month, day


def _month(name: str) -> int:
    return next((number for number, month in enumerate(_MONTHS, 1) if month.startswith(name)), 0)


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """Codes and names of countries, in the languages that a list may be written in."""
    found: dict[str, str] = {}
    territories: dict[str, str]
    for language in ("ja", "zh", "ru", "pl", "nl", "it", "pt", "es", "fr", "de", "en"):
        territories = dict(Locale(language).territories)
        codes = {code: name for code, name in territories.items() if len(code) == 2 and code.isalpha()}
        found |= {fold(name): code for code, name in codes.items()} | {code.lower(): code for code in codes}
    found |= {"uk": "GB", "usa": "US", "u.s.": "US", "great britain": "GB", "england": "GB"}
    return found

"""Reads a file of lines and cells, whatever its encoding and separator; never more than a record at once."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from charset_normalizer import from_bytes

from portal.core.addresses import NotAnAddress, parse
from portal.core.words import clean, number

MOST_BYTES = 64 * 1024 * 1024
MOST_ROWS = 1_000_000
MOST_COLUMNS = 100
LONGEST_RECORD = 100_000
"""Letters of one record, with all its cells and lines."""
SAMPLE_BYTES = 256 * 1024
SAMPLES = 5
SEPARATORS = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Bar"}
ENCODINGS = {
    "utf-8": "Unicode (UTF-8)",
    "utf-16-le": "Unicode (UTF-16, Excel “Unicode text”)",
    "utf-16-be": "Unicode (UTF-16, big-endian)",
    "cp1252": "Western European (Windows-1252)",
    "cp1250": "Central European (Windows-1250)",
    "cp1251": "Cyrillic (Windows-1251)",
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
    "cp1255": "Hebrew (Windows-1255)",
    "cp1256": "Arabic (Windows-1256)",
    "cp1257": "Baltic (Windows-1257)",
    "iso8859_2": "Central European (ISO 8859-2)",
    "iso8859_15": "Western European (ISO 8859-15)",
    "koi8_r": "Cyrillic (KOI8-R)",
    "mac_roman": "Western European (old Mac)",
    "cp850": "Western European (DOS)",
    "cp932": "Japanese (Shift JIS)",
    "euc_jp": "Japanese (EUC)",
    "gb18030": "Chinese (GB 18030)",
    "big5": "Chinese (Big5)",
    "euc_kr": "Korean (EUC)",
}
UNKNOWN = "\ufffd"
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_WESTERN = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßœšžðþ’‘“”„–—…€£§°·«»¡¿´ªº\u00a0®©")
_SIGN_IN_WORD = re.compile(r"[£¥¯³²¹§¤¦][^\W\d_]|[^\W\d_][£¥¯³²¹§¤¦«»°·´]")
_OTHER_WORD = re.compile(rb"[^\s,;|\"]*[\x80-\xff][^\s,;|\"]*")
_NO_TABLES = (
    (b"PK\x03\x04", "This is an Excel or OpenDocument workbook. Save it as “CSV UTF-8” first, then bring that."),
    (b"\xd0\xcf\x11\xe0", "This is an old Excel workbook. Save it as CSV first, then bring that."),
    (b"%PDF", "This is a PDF. Bring the table that it was made from, saved as CSV."),
    (b"\x89PNG", "This is a picture."),
    (b"\xff\xd8\xff", "This is a picture."),
    (b"\x1f\x8b", "This is a packed file. Unpack it first."),
)  # fmt: skip


class Unreadable(Exception):
    """The file is no table that we can read; `words` says why and where, and what to do."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file is to be read, what its columns are called, and its first rows."""

    encoding: str
    separator: str
    has_head: bool
    head: list[str]
    samples: list[list[str]]


@dataclass(frozen=True, slots=True)
class Record:
    """A record and the line of the file it begins in."""

    line: int
    cells: list[str]


def shape(path: Path, encoding: str = "", separator: str = "", has_head: bool | None = None) -> Shape:
    """Look at a file's beginning; what is given is taken as it is, the rest is found out.

    Raises:
        Unreadable: it is empty, no table, or too wide.
    """
    _refuse_other_kinds(path)
    encoding = encoding or _encoding(path)
    separator = separator or _separator(path, encoding)
    first: list[list[str]] = []
    for record in records(path, encoding, separator):
        first.append(record.cells)
        if len(first) > SAMPLES:
            break
    if not first:
        raise Unreadable("The file is empty.")
    if has_head is None:
        has_head = not any(_is_address(cell) for cell in first[0])
    width = len(first[0])
    names = [clean(cell)[:80] for cell in first[0]] if has_head else [""] * width
    head = [name or f"Column {place}" for place, name in enumerate(names, 1)]
    rows = first[1:] if has_head else first[:SAMPLES]
    return Shape(encoding, separator, has_head, head, [[clean(cell)[:60] for cell in row] for row in rows])


def records(path: Path, encoding: str, separator: str) -> Iterator[Record]:
    """The records that hold anything, one by one.

    Raises:
        Unreadable: at the record that breaks the rules; those before it were good.
    """
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        lines = _Lines(file)
        reader = csv.reader(lines, delimiter=separator, strict=True)
        width = 0
        while True:
            lines.begin()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as wrong:
                raise Unreadable(_in_words(str(wrong), lines)) from wrong
            if not any(cell and not cell.isspace() for cell in cells):
                continue
            if lines.first == 1 and not width and _is_hint(cells, separator):
                continue
            width = width or len(cells)
            if len(cells) > MOST_COLUMNS:
                raise Unreadable(
                    f"Line {number(lines.first)} has {number(len(cells))} columns; we read at most {MOST_COLUMNS}. "
                    "Leave out the columns that are not needed here, and check the separator."
                )
            yield Record(lines.first, cells)


class _Lines:
    """The lines of a file, none of them longer than may be; knows where a record began."""

    def __init__(self, file: io.TextIOWrapper) -> None:
        self._file = file
        self._letters = 0
        self.line = 0
        self.first = 1
        self._is_start = True

    def begin(self) -> None:
        """A new record begins with the next line."""
        self._letters, self.first = 0, self.line + 1

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._file.readline(LONGEST_RECORD + 1)
        if not line:
            raise StopIteration
        if self._is_start:
            line = line.removeprefix("\ufeff")
            self._is_start = False
        self.line += 1
        self._letters += len(line)
        if len(line) > LONGEST_RECORD:
            raise Unreadable(
                f"Line {number(self.line)} is longer than {number(LONGEST_RECORD)} letters. "
                "That is no row of a table; nothing was imported."
            )
        if self._letters > LONGEST_RECORD:
            raise Unreadable(_never_closed(self.first))
        return line


def _in_words(wrong: str, lines: _Lines) -> str:
    if "unexpected end of data" in wrong or "field larger" in wrong:
        return _never_closed(lines.first)
    return (
        f"In the row that begins in line {number(lines.first)} something stands right after a closing quotation "
        "mark. A quotation mark within a cell has to be doubled; nothing was imported."
    )


def _never_closed(line: int) -> str:
    return (
        f"A quotation mark in the row that begins in line {number(line)} is never closed, so we cannot tell where "
        "the row ends. Nothing was imported."
    )


def _is_hint(cells: list[str], separator: str) -> bool:
    """Whether this is Excel's own line that names the separator."""
    return cells[0].lower() == "sep=" or cells == [f"sep={separator}"] or cells[0].lower().startswith("sep=")


def _is_address(cell: str) -> bool:
    if "@" not in cell or len(cell) > 320:
        return False
    try:
        parse(clean(cell).lstrip("'"))
    except NotAnAddress:
        return False
    return True


def _refuse_other_kinds(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise Unreadable("The file is empty.")
    for mark, words in _NO_TABLES:
        if start.startswith(mark):
            raise Unreadable(words)


def _encoding(path: Path) -> str:
    """Find out how the letters are written: by mark, by being good UTF-8, else by how likely each reading is."""
    with path.open("rb") as file:
        start = file.read(SAMPLE_BYTES)
        for mark, name in _MARKS:
            if start.startswith(mark):
                return name
        if b"\0" in start[:2000]:
            even, odd = start[0:2000:2].count(0), start[1:2000:2].count(0)
            if max(even, odd) > len(start[:2000]) // 8:
                return "utf-16-le" if odd > even else "utf-16-be"
        file.seek(0)
        good, bad, sample = _unicode_lines(file)
    # A file put together from several ones: the rows that are not Unicode are refused one by one.
    if not bad or good > 2 * bad:
        return "utf-8"
    return _old_encoding(sample)


def _unicode_lines(file: BinaryIO) -> tuple[int, int, bytes]:
    """How many lines with other letters than ASCII are good UTF-8, how many are not, and some of those."""
    good = bad = 0
    sample = bytearray()
    while line := file.readline(LONGEST_RECORD):
        if line.isascii():
            continue
        try:
            line.decode()
        except UnicodeDecodeError:
            bad += 1
            if len(sample) < SAMPLE_BYTES // 4:
                sample += line
        else:
            good += 1
    return good, bad, bytes(sample)


def _old_encoding(sample: bytes) -> str:
    for name in ("cp1252", "mac_roman"):
        if _looks_western(sample.decode(name, errors="replace")):
            return name
    names = [name for name in ENCODINGS if not name.startswith("utf")]
    words = b" ".join(dict.fromkeys(_OTHER_WORD.findall(sample)))
    best = from_bytes(words * 3, cp_isolation=names).best()
    return best.encoding if best is not None and best.encoding in ENCODINGS else "cp1252"


def _looks_western(text: str) -> bool:
    """Whether these are words of a western language: accents here and there, and no signs within a word."""
    words = [word for word in re.findall(r"[^\s,;|\"]+", text.lower()) if not word.isascii()]
    letters = [letter for word in words for letter in word if letter.isalpha()]
    accented = [letter for letter in letters if not letter.isascii()]
    if not accented or {letter for letter in text.lower() if not letter.isascii()} - _WESTERN:
        return False
    return 2 * len(accented) <= len(letters) and not any(_SIGN_IN_WORD.search(word) for word in words)


def _separator(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        sample = file.read(SAMPLE_BYTES // 4).removeprefix("\ufeff")
    first = sample.split("\n", 1)[0].strip().lower()
    if first.startswith("sep=") and len(first) == 5 and first[4] in SEPARATORS:
        return first[4]
    found = {separator: _agreement(sample, separator) for separator in SEPARATORS}
    return max(found, key=lambda one: found[one])


def _agreement(sample: str, separator: str) -> tuple[float, int]:
    """How many of the first rows have the same number of cells, more than one, and how many cells that is."""
    lines = iter(sample.splitlines(keepends=True)[:60])
    try:
        widths = [len(cells) for cells in csv.reader(lines, delimiter=separator) if cells]
    except csv.Error:
        return 0.0, 0
    many = Counter(width for width in widths if width > 1)
    if not many:
        return 0.0, 0
    width, times = many.most_common(1)[0]
    return round(times / len(widths), 1), width

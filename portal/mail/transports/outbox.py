"""Mail into a folder: one file per mail (Maildir), to be read on the development page and in tests."""

import mailbox
import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern
from html import unescape
from itertools import islice
from pathlib import Path
from threading import Lock

from portal.mail.transports import clean
from portal.mail.transports.batch import Attachment, Batch
from portal.mail.transports.compose import Composer, message_id
from portal.mail.transports.result import HELD, Checkpoint, Result, Tally, unguarded
from portal.mail.transports.tags import NoValue

_ID = re.compile(r"[A-Za-z0-9.:,=_-]{1,200}")
_WRITTEN = re.compile(r"(\d+)\.M(\d+)P\d+Q(\d+)")
_HREF = re.compile(r'href="([^"]+)"')
_PLAIN_LINK = re.compile(r"https?://[^\s<>\"]+")


class NoLetter(LookupError):
    """There is no such mail in the folder."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it was written, taken apart. `message` is the ledger's id."""

    id: str
    message: str
    written_at: datetime
    sender: str
    to: str
    address: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    attachments: tuple[Attachment, ...]
    source: bytes

    @property
    def links(self) -> tuple[str, ...]:
        """Every address the mail links to, HTML part first, each once, in order."""
        found = [unescape(link) for link in _HREF.findall(self.html)]
        found += [link.rstrip(".,;:)") for link in _PLAIN_LINK.findall(self.text)]
        return tuple(dict.fromkeys(found))


class Outbox:
    """Writes each mail to the folder; it is all there, or not at all, also after a crash."""

    capacity = 1000

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"Outbox({str(self._folder)!r})"

    def check(self) -> str:
        """Say in words where the mails go.

        Raises:
            NotReachable: never; a folder that cannot be written raises OSError with its own words.
        """
        self._maildir()
        return f"Mail is written to the folder {self._folder}; nothing is sent to anybody."

    def send(self, batch: Batch, checkpoint: Checkpoint = unguarded) -> Result:
        """Write one file per recipient, each flushed to the disk before it appears."""
        tally = Tally(checkpoint)
        if not batch.recipients:
            return tally.result(())
        composer = Composer(batch, datetime.now(UTC))
        with self._lock:
            if not tally.may_go_on():
                return tally.result(batch.recipients, why_not_tried=HELD)
            folder = self._maildir()
            for person in batch.recipients:
                try:
                    folder.add(composer.mail(person))
                except NoValue as missing:
                    tally.pause = str(missing)
                    break
                except clean.BadAddress as bad:
                    tally.refused([person], str(bad))
                except OSError as error:
                    tally.pause = f"The outbox folder cannot be written: {error.strerror}."
                    break
                else:
                    tally.accepted([person], message_id(batch, person))
            _flush_folder(self._folder / "new")
        return tally.result(batch.recipients, why_not_tried=tally.pause)

    def close(self) -> None:
        """Nothing is kept open."""

    def _maildir(self) -> mailbox.Maildir:
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        return mailbox.Maildir(self._folder, create=True)


def letters(folder: Path, limit: int | None = None) -> list[Letter]:
    """Return the mails in the folder, newest first."""
    return list(islice(_letters(folder), limit))


def letter(folder: Path, key: str) -> Letter:
    """Return one mail by the id that `letters` gave.

    Raises:
        NoLetter: there is none, or the id is not of the form of one.
    """
    path = folder / "new" / key
    if not _ID.fullmatch(key) or not path.is_file():
        raise NoLetter(key)
    return _read(path)


def count(folder: Path) -> int:
    """Return how many mails the folder holds, without reading them."""
    new = folder / "new"
    return sum(1 for _ in os.scandir(new)) if new.is_dir() else 0


def forget(folder: Path, address_keys: Collection[str]) -> int:
    """Throw away the mails to those addresses (in lower case); returns how many there were."""
    theirs = [one.id for one in _letters(folder) if one.address.lower() in address_keys]
    for key in theirs:
        (folder / "new" / key).unlink(missing_ok=True)
    return len(theirs)


def clear(folder: Path) -> None:
    """Throw all mails of the folder away."""
    for path in _paths(folder):
        path.unlink(missing_ok=True)


def _letters(folder: Path) -> Iterator[Letter]:
    for path in sorted(_paths(folder), key=_age, reverse=True):
        try:
            yield _read(path)
        except FileNotFoundError:
            continue


def _paths(folder: Path) -> list[Path]:
    new = folder / "new"
    return [path for path in new.iterdir() if _ID.fullmatch(path.name)] if new.is_dir() else []


def _age(path: Path) -> tuple[int, ...]:
    """When the mail was written, by its Maildir name: second, microsecond, count within the process."""
    match = _WRITTEN.match(path.name)
    return tuple(int(number) for number in match.groups()) if match else (0, 0, 0)


def _read(path: Path) -> Letter:
    source = path.read_bytes()
    mail = BytesParser(EmailMessage, policy=modern).parsebytes(source)
    to = mail["To"]
    address = to.addresses[0].addr_spec if to is not None and to.addresses else ""
    return Letter(
        id=path.name,
        message=str(mail["Message-ID"] or "").strip("<>").partition("@")[0],
        written_at=datetime.fromtimestamp(_age(path)[0], UTC),
        sender=str(mail["From"] or ""),
        to=str(to or ""),
        address=address,
        subject=str(mail["Subject"] or ""),
        text=_part(mail, "plain"),
        html=_part(mail, "html"),
        headers={name: str(value) for name, value in mail.items()},
        attachments=tuple(_attachments(mail)),
        source=source,
    )


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if isinstance(part, EmailMessage) else ""


def _attachments(mail: EmailMessage) -> Iterator[Attachment]:
    for part in mail.iter_attachments():
        if isinstance(part, EmailMessage):
            content = part.get_payload(decode=True)
            yield Attachment(
                part.get_filename() or "",
                str(part["Content-Type"] or ""),
                content if isinstance(content, bytes) else b"",
            )


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

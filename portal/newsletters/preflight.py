"""What must be right before an issue leaves, and what is only worth a second look."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from portal.core import clock, words
from portal.newsletters import fields, press, queries, readers
from portal.newsletters.models import BlockKind, Newsletter
from portal.newsletters.queries import Piece
from portal.newsletters.readers import MOST_SEGMENTS
from portal.segments import rules

LONG_SUBJECT = 70
_LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_ADDRESS = re.compile(r"\s*(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?:[/?#]\S*)?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence about something, and the block it is in (0: the letter itself)."""

    words: str
    block_id: int = 0


@dataclass(slots=True)
class Report:
    """What stands in the way of sending, and what deserves a look."""

    problems: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    @property
    def is_clear(self) -> bool:
        """Whether the issue may be sent."""
        return not self.problems


def check(newsletter: Newsletter, pieces: Sequence[Piece]) -> Report:
    """Look at everything that can be seen before anybody is counted."""
    report = Report()
    _letter(newsletter, pieces, report)
    _segments(newsletter, pieces, report)
    for piece in pieces:
        for said in fields.problems(piece.block.text, is_markdown=piece.block.kind is BlockKind.text):
            report.problems.append(Finding(said, piece.block.id))
        _thing(piece, report)
        if piece.block.kind is BlockKind.text:
            _links(piece, report)
    first = next((piece for piece in pieces if piece.block.kind is BlockKind.text), None)
    if first is not None:
        report.problems += [Finding(one, first.block.id) for one in fields.opening_problems(first.block.text)]
    return report


def _letter(newsletter: Newsletter, pieces: Sequence[Piece], report: Report) -> None:
    subject = newsletter.subject
    if not subject:
        report.problems.append(Finding("The subject is missing."))
    elif len(subject) > LONG_SUBJECT:
        report.warnings.append(
            Finding(f"The subject has {len(subject)} letters; phones show about the first 40.")
        )
    if not newsletter.preheader:
        report.warnings.append(
            Finding(
                "There is no preheader: the inbox will show the first words of the letter beside the subject."
            )
        )
    for text in (subject, newsletter.preheader):
        report.problems += [Finding(one) for one in fields.problems(text)]
    report.problems += [Finding(one) for one in fields.opening_problems(subject)]
    if not pieces:
        report.problems.append(Finding("The letter is empty. Add at least one block."))
    elif all(piece.segment is not None for piece in pieces):
        report.problems.append(
            Finding("Every block is for a segment only, so whoever is in none would get an empty letter.")
        )
    sender = queries.sender(newsletter)
    if not sender.is_active:
        report.problems.append(Finding(f"{sender.name} does not work here any more. Choose another sender."))
    if not press.postal_address():
        report.problems.append(
            Finding("The settings have no postal address, and every newsletter must carry one.")
        )


def _segments(newsletter: Newsletter, pieces: Sequence[Piece], report: Report) -> None:
    audience = queries.audience(newsletter)
    shown = readers.shown_to(pieces)
    if len(shown) > MOST_SEGMENTS:
        report.problems.append(
            Finding(f"The blocks are shown to {len(shown)} different segments; {MOST_SEGMENTS} are the most.")
        )
    both = {one.id for one in audience.included} & {one.id for one in audience.excluded}
    if both:
        report.problems.append(Finding("A segment cannot be meant and left out at the same time."))
    for segment in {one.id: one for one in (*audience.included, *audience.excluded, *shown)}.values():
        for problem in rules.problems(segment.rule):
            report.problems.append(Finding(f"The segment “{segment.name}” is broken. {problem}"))


def _thing(piece: Piece, report: Report) -> None:
    block = piece.block
    match block.kind:
        case BlockKind.story if not piece.is_public:
            report.problems.append(Finding(f"The story “{piece.title}” is not published.", block.id))
        case BlockKind.story if (
            piece.story is not None and piece.story.picture and not piece.story.picture_alt
        ):
            report.warnings.append(
                Finding(f"The picture of “{piece.title}” has no words for those who cannot see it.", block.id)
            )
        case BlockKind.event if not piece.is_public:
            report.problems.append(
                Finding(f"The event “{piece.title}” is not published, or cancelled.", block.id)
            )
        case BlockKind.event if piece.event is not None and piece.event.starts_at <= clock.now():
            report.problems.append(Finding(f"The event “{piece.title}” has already begun.", block.id))
        case BlockKind.event if piece.event is not None and not piece.event.seats_left:
            report.warnings.append(
                Finding(f"The event “{piece.title}” is full; people can join its waitlist.", block.id)
            )
        case BlockKind.role if not piece.is_public:
            report.problems.append(Finding(f"The role “{piece.title}” is not open.", block.id))
        case BlockKind.text if not block.text:
            report.problems.append(Finding("A text block is empty.", block.id))


def _links(piece: Piece, report: Report) -> None:
    """Notice link words that show one host and an address that leads to another."""
    for href, said in _LINK.findall(str(words.markdown(piece.block.text))):
        shows = _ADDRESS.fullmatch(said)
        leads_to = (urlsplit(href).hostname or "").removeprefix("www.")
        if shows and leads_to and shows[1].lower().removeprefix("www.") != leads_to:
            report.warnings.append(
                Finding(
                    f"A link says {shows[1]} and leads to {leads_to}. Readers take that for a trick.",
                    piece.block.id,
                )
            )
        if "@" in urlsplit(href).netloc:
            report.problems.append(
                Finding("A link carries a name or password in its address.", piece.block.id)
            )

"""Opens and clicks of readers who said yes to it: the links of a mailing, and what is seen of them.

Only the copies of people who agreed carry measured links and a picture of one dot, and only in their HTML part. A
measured link holds our message and a number; where the number leads is stored with the mailing, so it can lead
nowhere else. What is seen is written by a short transaction of its own, only ever added, and touches nothing else:
no address of a network, no name of a program. See docs/decisions/0050-who-opened-it.md.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape, unescape

import structlog
from sqlalchemy import Table, delete, func, insert, literal, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from portal.core import clock, db, tokens
from portal.core.db import session
from portal.mail.models import Mailing, Message, State, Variant
from portal.mail.provider_models import MailingLink, Measurement, Sight, Verdict

PURPOSE = "measured"
HONEYPOT = 0
"""The number of a link that no person sees: whatever follows it is a machine."""

MOST_LINKS = 200
MOST_OF_ONE = 200
"""More sights than this of one mail are not written down."""

LINKS_TAG, DOT_TAG = "measured_url", "dot_url"
_HREF = re.compile(r'(<a\b[^>]*?\shref=")([^"]*)(")', re.IGNORECASE)
_HIDDEN = f'<a href="%%{LINKS_TAG}%%/{HONEYPOT}" style="display:none" tabindex="-1" aria-hidden="true"></a>'
_DOT = f'<img src="%%{DOT_TAG}%%" width="1" height="1" alt="" style="display:block;border:0">'
_seen: Table = Measurement.__table__  # type: ignore[assignment]
log = structlog.get_logger("portal.mail")


@dataclass(frozen=True, slots=True)
class Target:
    """What a measured link names: the message, and where the link leads."""

    message_id: int
    mailing_id: int
    is_tracked: bool
    url: str


@dataclass(frozen=True, slots=True)
class Figures:
    """How many people who agreed were seen to open and to follow a link, by who it was. Never to be added up.

    One person may stand in several of them.
    """

    agreed: int
    opened: Mapping[Verdict, int]
    clicked: Mapping[Verdict, int]


@dataclass(frozen=True, slots=True)
class Followed:
    """A link of a mailing, and how many people followed it."""

    url: str
    people: int


def keep_links(mailing: Mailing) -> int:
    """Number the links of a mailing's frozen words and store where they lead; returns how many. Once for each mailing.

    The ways out (unsubscribe, choices) and other personal links are never measured.
    """
    urls: dict[str, None] = {}
    for html in session().scalars(select(Variant.html).where(Variant.mailing_id == mailing.id)):
        urls.update(dict.fromkeys(url for _, found, _ in _HREF.findall(html) if (url := _measurable(found))))
    rows = [
        {"mailing_id": mailing.id, "number": number, "url": url}
        for number, url in enumerate(list(urls)[:MOST_LINKS], HONEYPOT + 1)
    ]
    if rows:
        session().execute(insert(MailingLink), rows)
    return len(rows)


def links_of(mailing_id: int) -> dict[str, int]:
    """The number of each measured address of a mailing."""
    rows = session().execute(
        select(MailingLink.url, MailingLink.number).where(MailingLink.mailing_id == mailing_id)
    )
    return {row.url: row.number for row in rows}


def measured(html: str, links: Mapping[str, int]) -> str:
    """The HTML of a mail for somebody who agreed: links by way of us, a link nobody sees, and the dot."""

    def led(match: re.Match[str]) -> str:
        number = links.get(unescape(match[2]))
        return match[0] if number is None else f"{match[1]}%%{LINKS_TAG}%%/{number}{match[3]}"

    body, end, rest = _HREF.sub(led, html).rpartition("</body>")
    return f"{body}{_HIDDEN}{_DOT}{end}{rest}" if end else f"{rest}{_HIDDEN}{_DOT}"


def personal(base_url: str, message_id: int) -> dict[str, str]:
    """The values of the two tags for one message."""
    token = tokens.seal(PURPOSE, message_id)
    return {LINKS_TAG: f"{base_url}/c/{token}", DOT_TAG: f"{base_url}/o/{token}.gif"}


def target(token: str, number: int) -> Target | None:
    """Where a measured link leads; None for one we never wrote. The hidden one leads to our front page: ""."""
    message = _message(token)
    if message is None:
        return None
    url: str | None = ""
    if number != HONEYPOT:
        url = session().scalar(
            select(MailingLink.url).where(
                MailingLink.mailing_id == message.mailing_id, MailingLink.number == number
            )
        )
    return None if url is None else Target(message.id, message.mailing_id or 0, message.is_tracked, url)


def of_dot(token: str) -> Target | None:
    """The message whose dot that is; None for one we never wrote."""
    message = _message(token)
    return Target(message.id, message.mailing_id or 0, message.is_tracked, "") if message else None


def write_down(found: Target, sight: Sight, number: int, agent: str) -> None:
    """Note what was seen, if the reader still agrees. Where the database is busy it goes unseen: nobody waits."""
    if not found.is_tracked:
        return
    known = select(func.count()).where(_seen.c.message_id == found.message_id).scalar_subquery()
    row = select(
        literal(found.mailing_id),
        literal(found.message_id, _seen.c.message_id.type),
        literal(sight, _seen.c.sight.type),
        literal(number, _seen.c.number.type),
        literal(clock.now(), _seen.c.at.type),
        literal(agent),
    ).where(known < MOST_OF_ONE)
    names = ["mailing_id", "message_id", "sight", "number", "at", "agent"]
    try:
        with db.apart() as connection:
            connection.execute(insert(_seen).from_select(names, row, include_defaults=False))
    except (DBAPIError, NoConnection) as busy:
        log.warning("a sight was not written down", kind=type(busy).__name__)


def forget_member(member_id: int) -> None:
    """They do not want to be measured any more: look no further, and forget what was seen."""
    theirs = select(Message.id).where(Message.member_id == member_id)
    session().execute(
        delete(Measurement)
        .where(Measurement.message_id.in_(theirs))
        .execution_options(synchronize_session=False)
    )
    session().execute(
        update(Message)
        .where(Message.member_id == member_id, Message.is_tracked)
        .values(is_tracked=False)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True, slots=True)
class Own:
    """A sight of one's own reading, as it stands in the export."""

    at: datetime
    sight: Sight
    url: str
    verdict: str


def of_member(member_id: int) -> list[Own]:
    """All that was seen of a member, oldest first."""
    rows = session().execute(
        select(Measurement.at, Measurement.sight, Measurement.verdict, MailingLink.url)
        .join(Message, Message.id == Measurement.message_id)
        .outerjoin(
            MailingLink,
            (MailingLink.mailing_id == Measurement.mailing_id) & (MailingLink.number == Measurement.number),
        )
        .where(Message.member_id == member_id)
        .order_by(Measurement.id)
    )
    return [Own(row.at, row.sight, row.url or "", row.verdict.value if row.verdict else "") for row in rows]


def figures(mailing_id: int) -> Figures:
    """What was seen of a mailing, among those who agreed."""
    agreed = session().scalar(
        select(func.count()).where(
            Message.mailing_id == mailing_id, Message.is_tracked, Message.state == State.accepted
        )
    )
    found: dict[Sight, dict[Verdict, int]] = {sight: dict.fromkeys(Verdict, 0) for sight in Sight}
    rows = session().execute(
        select(Measurement.sight, Measurement.verdict, func.count(Measurement.message_id.distinct()))
        .where(Measurement.mailing_id == mailing_id, Measurement.verdict.is_not(None))
        .group_by(Measurement.sight, Measurement.verdict)
    )
    for sight, verdict, people in rows:
        found[sight][Verdict(str(verdict))] = people
    return Figures(agreed or 0, found[Sight.open], found[Sight.click])


def followed(mailing_id: int) -> list[Followed]:
    """Each link of a mailing with how many people, not machines, followed it; the most followed first."""
    rows = session().execute(
        select(MailingLink.url, func.count(Measurement.message_id.distinct()).label("people"))
        .outerjoin(
            Measurement,
            (Measurement.mailing_id == MailingLink.mailing_id)
            & (Measurement.number == MailingLink.number)
            & (Measurement.sight == Sight.click)
            & (Measurement.verdict == Verdict.human),
        )
        .where(MailingLink.mailing_id == mailing_id)
        .group_by(MailingLink.number, MailingLink.url)
        .order_by(func.count(Measurement.message_id.distinct()).desc(), MailingLink.number)
    )
    return [Followed(row.url, row.people) for row in rows]


def _message(token: str) -> Message | None:
    number = tokens.unseal(PURPOSE, token)
    message = session().get(Message, number) if number is not None and number < 2**63 else None
    return message if message is not None and message.mailing_id is not None else None


def _measurable(href: str) -> str:
    """The address to measure; "" where it is personal, no web page, or too long."""
    url = unescape(href)
    is_web = url.startswith(("https://", "http://"))
    return url if is_web and "%%" not in url and len(url) <= 2000 and escape(url) else ""

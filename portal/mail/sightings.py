"""Who opened a mail or followed a link: a person, a machine, or nobody knows. The rules are in decision 0050.

Mail is read by machines before people see it: scanners follow every link in a real browser within a minute, Apple
fetches every picture, Google and Yahoo fetch pictures in a reader's place. So what is seen is judged later, when all
that came at about the same time is known; and where it cannot be known, that is what is said.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from portal.core import clock
from portal.core.db import session, transaction
from portal.mail import measuring
from portal.mail.models import Message
from portal.mail.provider_models import Measurement, Sight, Verdict

BROWSER, PROXY, ROBOT, HEAD, PREFETCH, APPLE = "browser", "proxy", "robot", "head", "prefetch", "apple"
SETTLES = timedelta(seconds=90)
"""When nothing new can change the verdict any more."""

AROUND_HONEYPOT = timedelta(seconds=60)
FRESH = timedelta(seconds=60)
"""So soon after it arrived a scanner is as likely as a person."""

QUICK, QUICK_LINKS = timedelta(seconds=2), 2
BURST, BURST_LINKS = timedelta(seconds=10), 3
_AT_ONCE = 500
_MACHINES = frozenset({ROBOT, HEAD, PREFETCH, APPLE})
# A reader's picture fetched by the provider of their mailbox.
_PROXIES = re.compile(
    r"GoogleImageProxy|YahooMailProxy|YahooCacheSystem|OutlookMobileCloudService", re.IGNORECASE
)
# Programs that say what they are. Scanners that say they are a browser are found by what they do.
_ROBOTS = re.compile(
    r"bot\b|bot/|crawl|spider|scan|preview|monitor|fetch|checker|validator|headless|phantom|python|curl|wget|java/|"
    r"go-http|okhttp|libwww|httpclient|axios|node|ruby|perl|php|barracuda|proofpoint|mimecast|safelinks|symantec|"
    r"fireeye|trendmicro|sophos|forcepoint|zscaler|ironport|slack|facebookexternal|whatsapp|telegram|skype|"
    r"bitlybot|google-safety|microsoft office|ms-office",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One sight, as it is judged."""

    at: datetime
    sight: Sight
    number: int
    agent: str


def agent_of(method: str, headers: Mapping[str, str], sight: Sight) -> str:
    """The kind of program that asks, in one word; nothing else of what it says of itself is kept."""
    said = headers.get("User-Agent", "").strip()[:400]
    purposes = (headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"))
    if method == "HEAD":
        return HEAD
    if any(word in text.lower() for text in purposes for word in ("prefetch", "preview", "prerender")):
        return PREFETCH
    if _PROXIES.search(said):
        return PROXY
    if sight is Sight.open and said == "Mozilla/5.0":
        # Apple Mail Privacy Protection fetches the pictures of every mail, read or not, and says no more than this.
        return APPLE
    if not said.startswith("Mozilla/") or len(said) < 20 or _ROBOTS.search(said):
        return ROBOT
    return BROWSER


def judge(seen: Sequence[Seen], arrived_at: datetime | None) -> list[Verdict]:
    """Who each sight of one mail was, by all of them together; in their order."""
    clicks = [one for one in seen if one.sight is Sight.click]
    bad = [one.at for one in clicks if one.number == measuring.HONEYPOT]
    return [_verdict(one, clicks, bad, arrived_at) for one in seen]


def judge_new(most: int = 100) -> int:
    """Judge what has settled; returns how many sights. One batch a transaction, so that nobody waits long."""
    done = 0
    for _ in range(most):
        count = _judge_some()
        done += count
        if not count:
            break
    return done


def _verdict(
    one: Seen, clicks: Sequence[Seen], bad: Sequence[datetime], arrived_at: datetime | None
) -> Verdict:
    if one.agent in _MACHINES or any(abs(one.at - at) <= AROUND_HONEYPOT for at in bad):
        return Verdict.machine
    if one.sight is Sight.click and (
        _is_in_burst(one, clicks, QUICK, QUICK_LINKS) or _is_in_burst(one, clicks, BURST, BURST_LINKS)
    ):
        return Verdict.machine
    if one.agent == PROXY or arrived_at is None or one.at - arrived_at < FRESH:
        return Verdict.unknown
    return Verdict.human


def _is_in_burst(one: Seen, clicks: Sequence[Seen], span: timedelta, links: int) -> bool:
    """Whether it is one of so many different links that were followed within that time."""
    near = [other for other in clicks if abs(other.at - one.at) <= span]
    return any(
        len({other.number for other in near if timedelta(0) <= other.at - first.at <= span}) >= links
        for first in near
        if timedelta(0) <= one.at - first.at <= span
    )


def _judge_some() -> int:
    with transaction():
        settled = (
            select(Measurement.message_id)
            .where(Measurement.verdict.is_(None), Measurement.at < clock.now() - SETTLES)
            .order_by(Measurement.id)
            .limit(_AT_ONCE)
        )
        ids = list(dict.fromkeys(session().scalars(settled)))
        if not ids:
            return 0
        arrived = {
            row.id: row.aftermath_at if row.aftermath_at is not None else row.handed_over_at
            for row in session().execute(
                select(Message.id, Message.aftermath_at, Message.handed_over_at).where(Message.id.in_(ids))
            )
        }
        rows = session().execute(
            select(
                Measurement.id,
                Measurement.message_id,
                Measurement.at,
                Measurement.sight,
                Measurement.number,
                Measurement.agent,
                Measurement.verdict,
            )
            .where(Measurement.message_id.in_(ids))
            .order_by(Measurement.message_id, Measurement.at, Measurement.id)
        )
        by_message: dict[int, list[tuple[int, Seen, bool]]] = {}
        ripe = clock.now() - SETTLES
        for row in rows:
            is_due = row.verdict is None and row.at < ripe
            one = Seen(row.at, row.sight, row.number, row.agent)
            by_message.setdefault(row.message_id, []).append((row.id, one, is_due))
        found: dict[Verdict, list[int]] = {}
        for message_id, held in by_message.items():
            verdicts = judge([one for _, one, _ in held], arrived.get(message_id))
            for (number, _, is_due), verdict in zip(held, verdicts, strict=True):
                if is_due:
                    found.setdefault(verdict, []).append(number)
        for verdict, numbers in found.items():
            session().execute(
                update(Measurement)
                .where(Measurement.id.in_(numbers))
                .values(verdict=verdict)
                .execution_options(synchronize_session=False)
            )
    return sum(map(len, found.values()))

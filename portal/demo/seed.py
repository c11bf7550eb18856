"""Many synthetic members at once, the same for a seed: for the demo, for benchmarks and for trying things out.

Only the member rows are made one by one; what they follow, chose and consented to is derived from those rows in
one statement a table, so a hundred thousand members take seconds.
"""

import hashlib
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Select, case, func, insert, literal, select

from portal.core import clock
from portal.core.db import UtcDateTime, session, transaction
from portal.demo import content_interests as content
from portal.demo import names
from portal.mail.models import Lane, Mailing, MailingState, Message, State, Stream
from portal.members import consent_texts as network_texts
from portal.members.actions import search_name
from portal.members.models import Consent, Level, Member, Status, WorkMode
from portal.preferences import consent_texts as topic_texts
from portal.preferences.models import (
    Cadence,
    Interest,
    MemberInterest,
    MemberPlace,
    Place,
    Topic,
    TopicChoice,
)

CHUNK = 5_000
DAYS_BACK = 900
_LEVELS = (Level.student, Level.junior, Level.mid, Level.mid, Level.senior, Level.senior, Level.lead, None)
_MODES = (WorkMode.full_time, WorkMode.full_time, WorkMode.part_time, WorkMode.freelance, None)
Progress = Callable[[int], None]


def members(
    count: int, seed: int, progress: Progress = lambda done: None, *, with_history: bool = True
) -> int:
    """Add so many members; those of the same seed that are there already are kept. Returns how many were added.

    `progress` is told how many more are done. Each chunk is a transaction of its own, so an interrupted run goes on
    where it stopped.
    """
    catalogue()
    with transaction():
        interests = session().scalars(select(Interest).order_by(Interest.bit)).all()
        places = session().scalars(select(Place).order_by(Place.id)).all()
        present = _present(seed)
    bits = [1 << one.bit for one in interests]
    rows = islice(_rows(present + count, seed, bits, places), present, None)
    added = 0
    while chunk := list(islice(rows, CHUNK)):
        with transaction() as current:
            before = current.scalar(select(func.coalesce(func.max(Member.id), 0))) or 0
            current.execute(insert(Member), chunk)
            _derive(before, places)
        added += len(chunk)
        progress(len(chunk))
    if with_history:
        with transaction():
            _history(seed, present)
    return added


def catalogue() -> None:
    """Put the demo's interests and places there, unless there are some already."""
    with transaction() as current:
        if current.scalar(select(Interest.id).limit(1)) is None:
            current.add_all(
                Interest(slug=one.slug, name=one.name, line=one.line, bit=bit)
                for bit, one in enumerate(content.INTERESTS)
            )
        if current.scalar(select(Place.id).limit(1)) is None:
            current.add_all(
                Place(slug=one.slug, name=one.name, country=one.country, region=one.region, zone=one.zone)
                for one in content.PLACES
            )


def _present(seed: int) -> int:
    return session().scalar(select(func.count()).where(Member.source == f"seed-{seed}")) or 0


def _rows(count: int, seed: int, bits: list[int], places: Any) -> Iterator[dict[str, Any]]:
    """The member rows of a seed, in their order; a longer row begins like a shorter one."""
    rng = random.Random(seed)
    latest = datetime(2026, 11, 1, tzinfo=UTC)
    moment = max(latest, clock.now() - timedelta(days=30))
    for number, person in enumerate(names.people(count, seed)):
        luck = rng.random()
        asked = moment - timedelta(days=DAYS_BACK * rng.random() ** 1.6, minutes=rng.randrange(1440))
        status = Status.active if luck < 0.93 else Status.left if luck < 0.97 else Status.asked
        key = f"{person.email_local}.{seed}@{person.domain}"
        place = places[rng.randrange(len(places))]
        mask = 0
        for bit in rng.sample(bits, rng.choice((1, 2, 2, 3, 3, 3, 4, 6))):
            mask |= bit
        has_birthday = rng.random() < 0.3
        digest = hashlib.blake2b(f"{seed}:{number}".encode(), digest_size=16).hexdigest()
        yield {
            "public_id": digest[:22],
            "ledger_key": digest,
            "address": key,
            "address_key": key,
            "name": person.name,
            "call_name": person.call_name if rng.random() < 0.6 else "",
            "search_name": search_name(person.name, person.call_name, key),
            "status": status,
            "paused_until": clock.now() + timedelta(days=rng.randrange(20, 300)) if luck < 0.02 else None,
            "asked_at": asked,
            "confirmed_at": None
            if status is Status.asked
            else asked + timedelta(minutes=rng.randrange(2, 600)),
            "left_at": asked + timedelta(days=40) if status is Status.left else None,
            "source": f"seed-{seed}",
            "zone": place.zone,
            "country": place.country,
            "level": rng.choice(_LEVELS),
            "work_mode": rng.choice(_MODES),
            "is_remote": rng.random() < 0.5,
            "is_open_to_move": rng.random() < 0.2,
            "interest_mask": mask,
            "birthday_month": rng.randrange(1, 13) if has_birthday else None,
            "birthday_day": rng.randrange(1, 29) if has_birthday else None,
            "may_measure": rng.choice((None, None, True, False)),
            "choices_changed_at": asked,
        }


def _derive(after: int, places: Any) -> None:
    """Everything that follows from the member rows beyond that id, a statement a table."""
    new = Member.id > after
    current = session()
    follows = Member.interest_mask.bitwise_and(_power(Interest.bit)) != 0
    current.execute(
        insert(MemberInterest).from_select(
            ["member_id", "interest_id"],
            select(Member.id, Interest.id).select_from(Member).join(Interest, follows).where(new),
        )
    )
    ids = [one.id for one in places]
    first = case(*((Member.zone == one.zone, one.id) for one in places), else_=ids[0])
    current.execute(
        insert(MemberPlace).from_select(["member_id", "place_id"], select(Member.id, first).where(new))
    )
    current.execute(
        insert(MemberPlace).from_select(
            ["member_id", "place_id"],
            select(Member.id, Place.id)
            .select_from(Member)
            .join(Place, Member.id % len(ids) == Place.id % len(ids))
            .where(new, Place.id != first, Member.is_open_to_move),
        )
    )
    _choose(new)
    _consent(new)


def _choose(new: Any) -> None:
    """Newsletter for nearly all, events for most, roles for a third."""
    cadences = {
        Topic.newsletter: case(
            (Member.id % 23 == 0, Cadence.yearly.value),
            (Member.id % 29 == 0, Cadence.never.value),
            else_=Cadence.quarterly.value,
        ),
        Topic.events: case((Member.id % 5 == 0, Cadence.monthly.value), else_=Cadence.each.value),
        Topic.roles: literal(Cadence.monthly.value),
    }
    chosen = {
        Topic.newsletter: new,
        Topic.events: new & (Member.id % 4 != 0),
        Topic.roles: new & (Member.id % 3 == 0),
    }
    for topic, cadence in cadences.items():
        session().execute(
            insert(TopicChoice).from_select(
                ["member_id", "topic", "cadence", "changed_at"],
                select(Member.id, literal(topic.value), cadence, Member.asked_at).where(
                    chosen[topic], Member.status != Status.asked
                ),
                include_defaults=False,
            )
        )


def _consent(new: Any) -> None:
    """Joining, and leaving for those who left; the same lines that the pages write."""

    def lines(about: str, version: str, given: bool, at: Any, which: Any) -> Select[Any]:
        return select(
            Member.ledger_key,
            at,
            literal(about),
            literal(given),
            literal(""),
            literal(version),
            literal("join form" if given else "my page"),
            literal("member"),
        ).where(new, which)

    columns = ["person", "at", "about", "is_given", "value", "text_version", "how", "by"]
    network = network_texts.current().version
    confirmed = Member.confirmed_at.is_not(None)
    for statement in (
        lines("network", network, True, Member.confirmed_at, confirmed),
        lines(
            "topic:newsletter",
            topic_texts.topics().version,
            True,
            Member.confirmed_at,
            confirmed & (Member.id % 29 != 0),
        ),
        lines("network", network, False, Member.left_at, Member.left_at.is_not(None)),
    ):
        session().execute(insert(Consent).from_select(columns, statement, include_defaults=False))


def _history(seed: int, present: int) -> None:
    """One mail of the past to everybody who was a member by then, so that time lines and reports have something."""
    moment = clock.now() - timedelta(days=100)
    about = f"seed-{seed}-{present}"
    current = session()
    if current.scalar(select(Mailing.id).where(Mailing.about == about)) is not None:
        return
    mailing = Mailing(
        letter="newsletters/issue",
        about=about,
        title="An earlier newsletter",
        stream=Stream.marketing,
        topic=Topic.newsletter.value,
        state=MailingState.finished,
        started_at=moment,
        finished_at=moment,
        sender_name="The talent team",
        sender_address="talent@example.org",
        reply_to="talent@example.org",
    )
    current.add(mailing)
    current.flush()
    at = literal(moment, UtcDateTime())
    current.execute(
        insert(Message).from_select(
            [
                "mailing_id",
                "letter",
                "member_id",
                "address",
                "address_key",
                "stream",
                "lane",
                "topic",
                "mask",
                "is_tracked",
                "state",
                "why",
                "attempt",
                "provider_id",
                "planned_at",
                "due_at",
                "handed_over_at",
                "aftermath",
                "aftermath_at",
            ],
            select(
                literal(mailing.id),
                literal(mailing.letter),
                Member.id,
                Member.address,
                Member.address_key,
                literal(Stream.marketing.value),
                literal(int(Lane.marketing)),
                literal(Topic.newsletter.value),
                literal(0),
                func.coalesce(Member.may_measure, literal(False)),
                literal(State.accepted.value),
                literal(""),
                literal(1),
                literal(""),
                at,
                at,
                at,
                case((Member.id % 97 == 0, "bounced"), else_="delivered"),
                at,
            ).where(
                Member.source == f"seed-{seed}", Member.status == Status.active, Member.confirmed_at < moment
            ),
            include_defaults=False,
        )
    )
    mailing.intended = current.scalar(select(func.count()).where(Message.mailing_id == mailing.id)) or 0


def _power(bit: Any) -> Any:
    """2 to the power of a column, as an integer on both databases."""
    return case(*((bit == number, literal(1 << number)) for number in range(63)), else_=literal(1))

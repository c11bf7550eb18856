"""The demo's events, with the people who come, and its open roles."""

import io
import random
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from portal.core import clock
from portal.core.db import session
from portal.demo import content_events, content_roles, pictures
from portal.demo.slugs import ids, staff
from portal.events.models import Answer, Event, EventInterest, EventState, Format, Rsvp, Way
from portal.members.models import Level, Member, Status, WorkMode
from portal.preferences.models import Interest, Place
from portal.roles.models import OpenRole, RoleInterest, RolePlace, RoleState
from portal.stories import pictures as files

MEMBER_ADDRESS = "alex@example.org"


def drawn(key: str) -> str | None:
    """Draw the picture of that name and store it as an upload; None for no picture."""
    if not key:
        return None
    raw = io.BytesIO()
    pictures.draw(key, 1600, 1067).save(raw, "PNG", compress_level=1)
    raw.seek(0)
    return files.store(raw)


def write_event(one: content_events.Event) -> None:
    """Write an event and who comes to it."""
    moment = clock.now()
    starts = content_events.starts(one, moment.date()).astimezone(UTC)
    created = min(moment, starts) - timedelta(days=35)
    capacity = one.capacity + one.online_capacity
    event = Event(
        uid=f"{one.slug}@demo.example.org",
        slug=one.slug,
        title=one.title,
        summary=one.summary,
        description=one.description,
        format=Format(one.form),
        place_id=ids(Place, (one.place,))[0] if one.place else None,
        venue=one.venue,
        join_url="" if one.form == Format.in_person else f"https://meet.example.org/{one.slug}",
        zone=one.zone,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=one.minutes),
        capacity_in_person=0 if one.form == Format.online else one.capacity,
        capacity_online=one.capacity if one.form == Format.online else one.online_capacity,
        host_id=staff(one.hosts[0]),
        picture=drawn(one.picture),
        picture_alt=one.alt,
        outcome=one.outcome,
        state=EventState.published,
        published_at=created,
        created_at=created,
        changed_at=created,
    )
    session().add(event)
    session().flush()
    session().add_all(
        EventInterest(event_id=event.id, interest_id=one_id) for one_id in ids(Interest, one.interests)
    )
    _guests(event, min(one.seats_taken, capacity), one.waiting, one.came, created)


def _guests(event: Event, seats: int, waiting: int, came: int, since: datetime) -> None:
    """Give seats to members, Alex among those of the next event, and let as many have come as the texts say."""
    rng = random.Random(event.slug)
    people = list(
        session().scalars(
            select(Member.id)
            .where(
                Member.status == Status.active,
                Member.confirmed_at < event.starts_at,
                Member.address_key != MEMBER_ADDRESS,
            )
            .order_by(Member.id)
        )
    )
    chosen = rng.sample(people, min(len(people), seats + waiting))
    window = (min(clock.now(), event.starts_at) - since).total_seconds()
    ways = event.format.ways
    for place, member_id in enumerate(chosen):
        has_seat = place < seats
        way = ways[0] if place < event.capacity_of(ways[0]) or not has_seat else ways[-1]
        asked = since + timedelta(seconds=window * (place + 1) / (len(chosen) + 1))
        session().add(
            Rsvp(
                event_id=event.id,
                member_id=member_id,
                answer=Answer.seat if has_seat else Answer.waiting,
                way=way,
                ticket=0 if has_seat else place - seats + 1,
                asked_at=asked,
                changed_at=asked,
                attended=(place < came) if has_seat and event.is_over and came else None,
            )
        )
    taken = min(seats, len(chosen))
    event.tickets = len(chosen) - taken
    in_first = min(taken, event.capacity_of(ways[0]))
    event.taken_in_person = in_first if ways[0] is Way.in_person else 0
    event.taken_online = taken - event.taken_in_person


def write_roles() -> None:
    """Write the open roles, and the closed one."""
    moment = clock.now()
    for one in content_roles.ROLES:
        opened = moment - timedelta(days=one.opened_days_ago)
        is_closed = one.closed_days_ago is not None
        role = OpenRole(
            slug=one.slug,
            title=one.title,
            summary=one.summary,
            description=one.description,
            level=Level(one.level) if one.level else None,
            work_mode=WorkMode(one.work_mode) if one.work_mode else None,
            is_remote=one.is_remote,
            is_pool=one.is_pool,
            pay=one.pay,
            apply_url=one.apply_url,
            confirmed_by=staff(one.confirmed_by),
            confirmed_at=moment - timedelta(days=one.confirmed_days_ago),
            state=RoleState.closed if is_closed else RoleState.open,
            opened_at=opened,
            closed_at=moment - timedelta(days=one.closed_days_ago)
            if one.closed_days_ago is not None
            else None,
            created_at=opened,
            changed_at=opened,
        )
        session().add(role)
        session().flush()
        session().add_all(
            RoleInterest(role_id=role.id, interest_id=number) for number in ids(Interest, one.interests)
        )
        session().add_all(RolePlace(role_id=role.id, place_id=number) for number in ids(Place, one.places))

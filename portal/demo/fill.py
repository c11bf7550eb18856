"""Turns the demo's texts into rows: the company, its people, what they offer, and a year of community life."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from portal.core import clock
from portal.core.addresses import parse
from portal.core.db import session, transaction
from portal.core.settings import Settings
from portal.demo import content_company as company
from portal.demo import (
    content_events,
    content_newsletters,
    content_segments,
    content_stories,
    issues,
    offers,
    seed,
)
from portal.demo.offers import MEMBER_ADDRESS, drawn
from portal.demo.slugs import ids, staff
from portal.members import actions as members
from portal.members import consent_texts
from portal.members.models import Level, Member, Note, Status, WorkMode
from portal.preferences.models import Cadence, Interest, MemberInterest, Place, Topic, TopicChoice
from portal.segments.models import Segment
from portal.staff import actions as staff_actions
from portal.staff.models import Role, Staff
from portal.stories.models import Publication, Story, StoryInterest

MEMBERS = 400
SEED = 1
Say = Callable[[str], None]


def is_filled() -> bool:
    """Whether somebody works here already."""
    with transaction() as current:
        return current.scalar(select(Staff.id).limit(1)) is not None


def fill(settings: Settings, say: Say) -> None:
    """Put the whole community there, step by step; `say` hears what is being done."""
    (settings.instance / "about.md").write_text(company.COMPANY.about)
    say("Interests, places and colleagues")
    seed.catalogue()
    with transaction():
        _colleagues()
    say(f"{MEMBERS} members")
    seed.members(MEMBERS - 1, SEED, with_history=False)
    with transaction():
        _alex()
    say("Stories and their pictures")
    for story in content_stories.STORIES:
        with transaction():
            _story(story)
    say("Events and who comes")
    for event in content_events.EVENTS:
        with transaction():
            offers.write_event(event)
    say("Roles and segments")
    with transaction():
        offers.write_roles()
        _segments()
    say("A year of newsletters")
    for issue in content_newsletters.issues(clock.now().date()):
        with transaction():
            issues.write(issue)
    with transaction():
        _notes()


def _colleagues() -> None:
    places = {one.slug: one.zone for one in session().scalars(select(Place))}
    moment = clock.now()
    for one in company.COLLEAGUES:
        address = parse(one.email)
        person = Staff(
            address=address.text,
            address_key=address.key,
            name=one.name,
            title=one.title,
            bio=one.bio,
            role=Role(one.role),
            zone=places[one.place],
            invited_at=moment - timedelta(days=700),
            joined_at=moment - timedelta(days=699),
        )
        session().add(person)
        session().flush()
        staff_actions.begin_second_factor(person, company.COMPANY.name)
        person.totp_confirmed_at = moment - timedelta(days=699)


def _alex() -> None:
    """A member whose mail one can read: follows two things, comes to an event, lives in Lisbon."""
    address, moment = parse(MEMBER_ADDRESS), clock.now() - timedelta(days=200)
    interests = session().scalars(select(Interest).where(Interest.slug.in_(["engineering", "design"]))).all()
    digest = hashlib.blake2b(b"alex", digest_size=16).hexdigest()
    alex = Member(
        public_id=digest[:22],
        ledger_key=digest,
        address=address.text,
        address_key=address.key,
        name="Alex Moreira",
        call_name="Alex",
        search_name=members.search_name("Alex Moreira", "Alex", address.key),
        status=Status.active,
        asked_at=moment,
        confirmed_at=moment + timedelta(minutes=4),
        source="join",
        zone="Europe/Lisbon",
        country="PT",
        level=Level.mid,
        work_mode=WorkMode.full_time,
        is_remote=True,
        interest_mask=sum(1 << one.bit for one in interests),
        choices_changed_at=moment,
    )
    session().add(alex)
    session().flush()
    session().add_all(MemberInterest(member_id=alex.id, interest_id=one.id) for one in interests)
    for topic, cadence in {Topic.newsletter: Cadence.quarterly, Topic.events: Cadence.each}.items():
        session().add(TopicChoice(member_id=alex.id, topic=topic, cadence=cadence, changed_at=moment))
    version = consent_texts.current().version
    members.record(alex, members.NETWORK, True, "join form", text_version=version, at=moment)


def _story(one: content_stories.Story) -> None:
    moment = clock.now() - timedelta(days=one.published_days_ago)
    story = Story(
        slug=one.slug,
        title=one.title,
        summary=one.summary,
        body=one.body,
        author_id=staff(one.author),
        picture=drawn(one.picture),
        picture_alt=one.alt,
        state=Publication.published,
        agreed_at=moment - timedelta(days=7),
        published_at=moment,
        created_at=moment - timedelta(days=9),
        changed_at=moment,
    )
    session().add(story)
    session().flush()
    session().add_all(
        StoryInterest(story_id=story.id, interest_id=one_id) for one_id in ids(Interest, one.interests)
    )


def _segments() -> None:
    moment = clock.now()
    session().add_all(
        Segment(
            slug=one.slug,
            name=one.name,
            line=one.line,
            rule=dict(one.rule),
            made_by=staff("ines"),
            created_at=moment,
            changed_at=moment,
        )
        for one in content_segments.SEGMENTS
    )


def _notes() -> None:
    alex = session().scalar(select(Member).where(Member.address_key == MEMBER_ADDRESS))
    if alex is not None:
        session().add(
            Note(
                member_id=alex.id,
                staff_id=staff("ines"),
                text="Met at the open workshop in spring. Wants to hear about design work on the flood maps, "
                "not before summer.",
                at=clock.now() - timedelta(days=60),
            )
        )

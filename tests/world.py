"""The stage of the tests: the real application, browsers that knock on it, and factories for those who live in it."""

import itertools
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask import session as flask_session
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import event
from werkzeug.test import TestResponse

from portal import jobs
from portal.app import create_app
from portal.core import clock, sessions
from portal.core.addresses import parse
from portal.core.db import db, transaction
from portal.core.limits import limiter
from portal.core.settings import load
from portal.events.models import Event, EventState, Format
from portal.mail.transports import outbox
from portal.members.models import Member, Status
from portal.preferences.models import Cadence, Interest, MemberInterest, Place, Topic, TopicChoice
from portal.roles.models import OpenRole, RoleState
from portal.staff.models import Role, Staff
from portal.stories.models import Publication, Story

RAW_CSRF = "0" * 40
SECRET_KEY = "a key that only the tests know, of good length"


class World:
    """One application on one database."""

    def __init__(self, database_url: str, instance: Path, **settings: Any) -> None:
        values: dict[str, Any] = {
            "base_url": "http://portal.test",
            "secret_key": SECRET_KEY,
            "mail_url": "outbox:",
            "requester_hourly_limit": 1000,
        }
        self.settings = load(
            env="test", database_url=database_url, instance_path=instance, **(values | settings)
        )
        self.app: Flask = create_app(self.settings)
        self.app.config["PROPAGATE_EXCEPTIONS"] = True
        self.asked: list[tuple[str, tuple[int | str, ...]]] = []
        self.app.extensions["portal_queue"] = lambda name, ids: self.asked.append((name, ids))
        self.make = Make(self)

    def reset(self) -> None:
        """Empty the outbox, the queue and the requester limits; the database is emptied by its own fixture."""
        self.asked.clear()
        self.make = Make(self)
        with self.app.app_context():
            limiter.reset()
            db.engine.dispose()
        for folder in (self.settings.outbox, self.settings.instance / "spreadsheets"):
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def inside(self) -> Iterator[Any]:
        """One transaction that is stored at the end, for calling actions and queries directly."""
        with self.app.test_request_context(), transaction() as current:
            yield current

    def run_jobs(self, rounds: int = 20) -> None:
        """Do what a worker would with everything that was asked for, and what that asks for in turn."""
        for _ in range(rounds):
            if not self.asked:
                return
            todo, self.asked[:] = list(dict.fromkeys(self.asked)), []
            for name, ids in todo:
                with self.app.app_context():
                    jobs.run(name, *ids)
        raise AssertionError(f"jobs never end: {self.asked}")

    def letters(self, to: str | None = None) -> list[Any]:
        """What stands in the outbox after the waiting jobs have run, newest first; only to one address when given."""
        self.run_jobs()
        found = outbox.letters(self.settings.outbox)
        return [letter for letter in found if to is None or to in str(letter.to)]

    def browser(self, person: Member | Staff | None = None) -> "Browser":
        """A browser, in which that person is signed in."""
        return Browser(self, person)

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """The SQL statements that are run meanwhile."""
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.upper().startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
                seen.append(statement)

        with self.app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)


class Browser:
    """Knocks on the application as a browser would: keeps cookies, sends the CSRF token with each form."""

    def __init__(self, world: World, person: Member | Staff | None = None) -> None:
        self.world, self.person = world, person
        self.client = world.app.test_client()
        token = URLSafeTimedSerializer(world.app.secret_key, salt="wtf-csrf-token").dumps(RAW_CSRF)  # type: ignore[arg-type]
        self.csrf = str(token)
        with self.client.session_transaction() as cookie:
            cookie["csrf_token"] = RAW_CSRF
        if person is not None:
            self.sign_in(person)

    def sign_in(self, person: Member | Staff) -> None:
        """Start a session for that person in this browser."""
        self.person = person
        with self.world.app.test_request_context(), transaction():
            sessions.start(person.kind, person.id, "Firefox on Linux")
            from_server = dict(flask_session)
        with self.client.session_transaction() as cookie:
            cookie.update(from_server)
            cookie["csrf_token"] = RAW_CSRF

    def get(self, url: str, **options: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(url, **options)

    def post(self, url: str, follow: bool = False, data: Any = None, **fields: Any) -> TestResponse:
        """Send a form; fields may be lists. With `follow` the redirect is followed."""
        with self.client.session_transaction() as cookie:
            # Signing in or out throws the cookie away; a page opened since would have brought a new token.
            cookie["csrf_token"] = RAW_CSRF
        form = {"csrf_token": self.csrf, **(data or {}), **fields}
        return self.client.post(url, data=form, follow_redirects=follow)

    def post_without_token(self, url: str, **fields: Any) -> TestResponse:
        """Send a form as another site would make this browser send it."""
        return self.client.post(url, data=fields)


class Make:
    """Factories: `make.member()`, `make.event()`. Each returns the stored object."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._numbers = itertools.count(1)

    def _store(self, *things: Any) -> None:
        with self._world.inside() as current:
            current.add_all(things)
            current.flush()
            for thing in things:
                current.refresh(thing)
            current.expunge_all()

    def member(
        self, name: str = "", address: str = "", interests: tuple[Interest, ...] = (), **fields: Any
    ) -> Member:
        """An active member who chose the newsletter each quarter and events, unless `fields` say otherwise."""
        number = next(self._numbers)
        where = parse(address or f"member{number}@example.org")
        moment = clock.now()
        cadences = fields.pop("topics", {Topic.newsletter: Cadence.quarterly, Topic.events: Cadence.each})
        values: dict[str, Any] = {
            "public_id": f"m{number:021d}",
            "ledger_key": f"{number:032x}",
            "address": where.text,
            "address_key": where.key,
            "name": name or f"Ada Member {number}",
            "search_name": (name or f"Ada Member {number}").casefold() + " " + where.key,
            "status": Status.active,
            "asked_at": moment - timedelta(days=40),
            "confirmed_at": moment - timedelta(days=40),
            "interest_mask": sum(1 << one.bit for one in interests),
        }
        person = Member(**(values | fields))
        self._store(person)
        rows: list[Any] = [MemberInterest(member_id=person.id, interest_id=one.id) for one in interests]
        rows += [
            TopicChoice(member_id=person.id, topic=topic, cadence=cadence, changed_at=moment)
            for topic, cadence in cadences.items()
        ]
        self._store(*rows)
        return person

    def staff(self, role: str = "recruiter", name: str = "", address: str = "", **fields: Any) -> Staff:
        """Somebody who works here, with a second factor."""
        number = next(self._numbers)
        where = parse(address or f"staff{number}@example.org")
        values: dict[str, Any] = {
            "address": where.text,
            "address_key": where.key,
            "name": name or f"Rae Staff {number}",
            "title": "Talent partner",
            "role": Role(role),
            "totp_secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
            "totp_confirmed_at": clock.now(),
            "invited_at": clock.now(),
            "joined_at": clock.now(),
        }
        person = Staff(**(values | fields))
        self._store(person)
        return person

    def interest(self, name: str = "", **fields: Any) -> Interest:
        """Something to follow."""
        number = next(self._numbers)
        words = name or f"Interest {number}"
        slug = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
        with self._world.inside() as current:
            bit = current.query(Interest).count()
        thing = Interest(**({"name": words, "slug": slug, "line": "What it is about.", "bit": bit} | fields))
        self._store(thing)
        return thing

    def place(self, name: str = "", country: str = "PT", zone: str = "Europe/Lisbon", **fields: Any) -> Place:
        """Somewhere to work or meet."""
        number = next(self._numbers)
        words = name or f"Place {number}"
        slug = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
        thing = Place(
            **({"name": words, "slug": slug, "country": country, "region": "", "zone": zone} | fields)
        )
        self._store(thing)
        return thing

    def story(self, author: Staff | None = None, **fields: Any) -> Story:
        """A published story."""
        number, moment = next(self._numbers), clock.now()
        values: dict[str, Any] = {
            "slug": f"story-{number}",
            "title": f"The night we recalibrated {number}",
            "summary": "A short word on what it is about.",
            "body": "It was late.\n\n**And** then it rained.",
            "author_id": (author or self.staff("teammate")).id,
            "state": Publication.published,
            "agreed_at": moment,
            "published_at": moment - timedelta(days=number),
            "created_at": moment,
            "changed_at": moment,
        }
        thing = Story(**(values | fields))
        self._store(thing)
        return thing

    def event(self, host: Staff | None = None, in_days: float = 10, **fields: Any) -> Event:
        """A published event with 20 seats (each way one can come), in ten days."""
        number, moment = next(self._numbers), clock.now()
        starts = moment + timedelta(days=in_days)
        values: dict[str, Any] = {
            "uid": f"event-{number}@portal.test",
            "slug": f"event-{number}",
            "title": f"An evening by the river {number}",
            "summary": "What happens there.",
            "description": "Come and **see**.",
            "format": Format.in_person,
            "venue": "The boathouse",
            "zone": "Europe/Lisbon",
            "starts_at": starts,
            "ends_at": starts + timedelta(hours=2),
            "host_id": (host or self.staff("teammate")).id,
            "state": EventState.published,
            "published_at": moment,
            "created_at": moment,
            "changed_at": moment,
        }
        seats = fields.pop("capacity", 20)
        for way in Format(fields.get("format", Format.in_person)).ways:
            values[f"capacity_{way.value}"] = seats
        thing = Event(**(values | fields))
        self._store(thing)
        return thing

    def role(self, confirmed_by: Staff | None = None, **fields: Any) -> OpenRole:
        """An open role."""
        number, moment = next(self._numbers), clock.now()
        values: dict[str, Any] = {
            "slug": f"role-{number}",
            "title": f"River engineer {number}",
            "summary": "What you would do.",
            "description": "You measure **water**.",
            "apply_url": "https://jobs.example.org/1",
            "confirmed_by": (confirmed_by or self.staff("recruiter")).id,
            "confirmed_at": moment,
            "state": RoleState.open,
            "opened_at": moment,
            "created_at": moment,
            "changed_at": moment,
        }
        thing = OpenRole(**(values | fields))
        self._store(thing)
        return thing

    def stored(self, *things: Any) -> Any:
        """Store rows of your own making; returns the first."""
        self._store(*things)
        return things[0]

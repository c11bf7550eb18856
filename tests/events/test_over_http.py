"""Two hundred people press "Take a seat" at the same moment, over HTTP, and there are twenty seats."""

import contextlib
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from portal.core.db import session
from portal.events.models import Answer, Event, Rsvp, RsvpChange
from portal.mail.models import Message
from tests.rig import databases, redis, run, server, signed_in
from tests.world import SECRET_KEY, World

PEOPLE, SEATS = 200, 20


@pytest.mark.parametrize("kind", databases.KINDS)
def test_two_hundred_at_once_over_http_get_exactly_twenty_seats(kind):
    # On PostgreSQL the two halves of the portal run apart, the web half with a process a core.
    halves = {"redis_url": redis.url(), "embedded": False} if kind == "postgresql" else {}
    with (
        databases.fresh_database(kind) as url,
        server.running(url, secret_key=SECRET_KEY, **halves) as site,
    ):
        world = World(url, run.folder() / f"over-http-{kind}", base_url=site.address)
        event = world.make.event(capacity=SEATS)
        people = [world.make.member() for _ in range(PEOPLE)]
        browsers = signed_in.members(world.app, [person.id for person in people])
        start = threading.Barrier(PEOPLE)

        def press(number):
            browser = browsers[number]
            connection = HTTPConnection("127.0.0.1", site.port, timeout=60)
            with contextlib.closing(connection):
                connection.connect()
                start.wait()
                connection.request(
                    "POST",
                    f"/events/{event.slug}/rsvp",
                    urlencode({"answer": "yes", "csrf_token": browser.csrf}),
                    {"Content-Type": "application/x-www-form-urlencoded", "Cookie": browser.cookie},
                )
                answer = connection.getresponse()
                answer.read()
                return answer.status

        with ThreadPoolExecutor(PEOPLE) as pool:
            statuses = Counter(pool.map(press, range(PEOPLE)))
        assert statuses == {302: PEOPLE}
        with world.inside():
            answers = Counter(session().scalars(select(Rsvp.answer)))
            assert answers == {Answer.seat: SEATS, Answer.waiting: PEOPLE - SEATS}
            assert session().get_one(Event, event.id).taken == SEATS
            tickets = list(session().scalars(select(Rsvp.ticket).where(Rsvp.answer == Answer.waiting)))
            assert sorted(tickets) == list(range(1, PEOPLE - SEATS + 1))
            assert session().scalar(select(func.count()).select_from(RsvpChange)) == PEOPLE
            letters = Counter(session().scalars(select(Message.letter)))
            assert letters == {"events/seat": SEATS, "events/waiting": PEOPLE - SEATS}
        world.reset()

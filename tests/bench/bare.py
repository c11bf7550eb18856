"""The least a Flask application can be: one query and one template, or one row - a member who asked - and a commit.

`python -m tests.bench.bare PORT WORKERS` serves it on the database of PORTAL_DATABASE_URL, by the portal's own
gunicorn settings, with the portal's own settings of the database.
"""

import secrets
import sys
from typing import Any

from flask import Flask, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from jinja2 import DictLoader
from sqlalchemy import Table, insert, select, update

from portal import serve
from portal.core import clock, db
from portal.core.db import session
from portal.core.settings import load
from portal.events.models import Answer, Event, Rsvp
from portal.members.models import Member, Status
from portal.stories.models import Story

TEMPLATES = {
    "layout.html": """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{% block title %}{% endblock %}</title>
<link rel="stylesheet" href="{{ url_for('static', filename='site.css') }}"></head>
<body><nav><a href="/">Home</a> <a href="/stories">Stories</a> <a href="/events">Events</a></nav>
<main>{% block main %}{% endblock %}</main><footer>Perennial</footer></body></html>""",
    "story.html": """{% extends "layout.html" %}
{% block title %}{{ story.title }}{% endblock %}
{% block main %}<h1>{{ story.title }}</h1><p>{{ story.summary }}</p>
<time>{{ story.published_at }}</time><div>{{ story.body }}</div>{% endblock %}""",
    "event.html": """{% extends "layout.html" %}
{% block title %}{{ event.title }}{% endblock %}
{% block main %}<h1>{{ event.title }}</h1><p>{{ event.summary }}</p>
<time>{{ event.starts_at }}</time><p>{{ event.venue }}</p><div>{{ event.description }}</div>{% endblock %}""",
}
SEATS: Table = Event.__table__  # type: ignore[assignment]
ANSWERS: Table = Rsvp.__table__  # type: ignore[assignment]


def create() -> Flask:
    """Build it."""
    app = Flask("bare")
    app.jinja_loader = DictLoader(TEMPLATES)
    db.init_app(app, load())

    @app.get("/stories/<slug>")
    def story(slug: str) -> ResponseReturnValue:
        found = session().scalar(select(Story).where(Story.slug == slug)) or abort(404)
        return render_template("story.html", story=found)

    @app.get("/events/<slug>")
    def event(slug: str) -> ResponseReturnValue:
        found = session().scalar(select(Event).where(Event.slug == slug)) or abort(404)
        return render_template("event.html", event=found)

    @app.post("/join")
    def join() -> ResponseReturnValue:
        typed, someone = request.form["address"], secrets.token_hex(11)
        session().add(
            Member(
                public_id=someone,
                ledger_key=someone,
                address=typed,
                address_key=f"{someone}@example.org",
                name=request.form["name"],
                status=Status.asked,
                asked_at=clock.now(),
            )
        )
        return redirect("/")

    @app.post("/rsvp/<int:event_id>")
    def rsvp(event_id: int) -> ResponseReturnValue:
        free = SEATS.c.taken_in_person < SEATS.c.capacity_in_person
        seat = update(SEATS).where(SEATS.c.id == event_id, free)
        done = session().execute(seat.values(taken_in_person=SEATS.c.taken_in_person + 1))
        if done.rowcount != 1:  # type: ignore[attr-defined]
            abort(409)
        moment = clock.now()
        who = {"event_id": event_id, "member_id": int(request.form["member"]), "answer": Answer.seat}
        session().execute(insert(ANSWERS).values(**who, turn=1, asked_at=moment, changed_at=moment))
        return redirect("/")

    @app.get("/readyz")
    def ready() -> str:
        return "ready"

    return app


class _Web(serve._Web):
    """Gunicorn with the portal's settings and this application."""

    def load(self) -> Any:
        return create()


if __name__ == "__main__":
    port, workers = int(sys.argv[1]), int(sys.argv[2])
    _Web(load(), serve.options("127.0.0.1", port, workers, 4)).run()

"""Pages for candidates, against a bare Flask page with one query on the same server."""

import statistics

from sqlalchemy import select

from portal.app import create_app
from portal.core.db import session
from portal.core.settings import load
from portal.demo import fill
from portal.events.models import Event, EventState
from portal.stories.models import Publication, Story
from tests.bench import load as loads
from tests.bench import report, servers
from tests.rig import databases, run

GOAL = 0.5
ROUNDS = 3


def main() -> None:
    """Compare on both databases, round by round, one after the other."""
    for kind in databases.KINDS:
        with databases.fresh_database(kind) as url:
            paths = _community(url)
            with servers.portal(url) as ours, servers.bare(url) as bare:
                for name, path in paths.items():
                    rates: dict[str, list[float]] = {"ours": [], "bare": []}
                    for _ in range(ROUNDS):
                        for whose, server in (("ours", ours), ("bare", bare)):
                            answers = loads.put(server.port, [server.get(path)])
                            assert set(answers.statuses) == {"200"}, answers
                            rates[whose].append(answers.rate)
                    mine, theirs = statistics.median(rates["ours"]), statistics.median(rates["bare"])
                    report.line(
                        f"pages-{name}-{kind}",
                        mine / theirs,
                        ">=",
                        GOAL,
                        f"{mine:,.0f} requests/s, {theirs:,.0f} for a bare page, {servers.WORKERS} processes",
                    )


def _community(url: str) -> dict[str, str]:
    """Fill the database with the demo's community; the addresses of a story and of an event in it."""
    settings = load(env="test", database_url=url, instance_path=run.folder() / "bench", log_level="error")
    app = create_app(settings)
    app.extensions["portal_queue"] = lambda name, ids: None
    with app.app_context():
        fill.fill(settings, lambda step: None)
        story = (
            session()
            .scalars(
                select(Story.slug).where(Story.state == Publication.published).order_by(Story.id).limit(1)
            )
            .one()
        )
        event = (
            session()
            .scalars(
                select(Event.slug)
                .where(Event.state == EventState.published)
                .order_by(Event.id.desc())
                .limit(1)
            )
            .one()
        )
        session().rollback()
    return {"story": f"/stories/{story}", "event": f"/events/{event}"}

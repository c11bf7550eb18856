"""The two halves apart, on PostgreSQL and Redis: what the web asks for, the worker does."""

from tests.rig.databases import fresh_database
from tests.rig.server import running


def test_a_worker_elsewhere_sends_what_the_web_planned(redis_url: str) -> None:
    with fresh_database("postgresql") as url, running(url, redis_url=redis_url, embedded=False) as site:
        site.command("staff", "invite", "ada@example.org", "--role", "admin")
        site.letters(to="ada@example.org", at_least=1)
        assert "fine" in site.command("check")
        assert site.is_ready()


def test_seeding_shows_its_progress_and_says_how_many() -> None:
    with fresh_database("sqlite") as url, running(url) as site:
        assert "120 members added" in site.command("seed", "--members", "120")

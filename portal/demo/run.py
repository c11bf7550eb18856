"""`portal demo`: settings of its own, filled on the first start, served at once on every other."""

import os
from pathlib import Path

import click
from flask import Flask

from portal.core import migrate
from portal.core.settings import Settings, load
from portal.demo import content_company, fill, offers

FOLDER = Path("instance/demo")


def settings(port: int) -> Settings:
    """The demo's settings: its own folder, the invented company, mail into the outbox."""
    company = content_company.COMPANY
    writer = next(one for one in content_company.COLLEAGUES if one.writes)
    folder = FOLDER.absolute()
    return load(
        env="development",
        instance_path=folder,
        database_url=os.environ.get("PORTAL_DATABASE_URL", f"sqlite:///{folder / 'portal.db'}"),
        base_url=f"http://127.0.0.1:{port}",
        mail_url="outbox:",
        log_level="warning",
        brand_name=company.name,
        brand_tagline=company.tagline,
        brand_hue=company.hue,
        postal_address=company.postal_address,
        sender_name=writer.name,
        sender_address=writer.email,
        reply_to=writer.email,
    )


def prepare(app: Flask) -> None:
    """Fill the demo if it is empty, and say where to look."""
    chosen: Settings = app.extensions["portal"]
    with app.app_context():
        migrate.upgrade(app)
        if not fill.is_filled():
            click.secho("Setting up the community; this happens once.", bold=True)
            fill.fill(chosen, lambda step: click.echo(f"  {step} ..."))
    _say_where(chosen)


def _say_where(chosen: Settings) -> None:
    base = chosen.base_url
    click.echo()
    click.secho(f"{chosen.brand_name} is at {base}", bold=True)
    click.echo(f"  Mail that the portal sends is at {base}/dev/outbox")
    click.echo()
    click.echo(f"  As a member: {base}/sign-in with {offers.MEMBER_ADDRESS}; the code is in the outbox.")
    click.echo(f"  As staff:    {base}/admin/sign-in with one of these; the code is in the outbox,")
    click.echo(f"               and what an authenticator app would show is at {base}/dev/codes")
    seen = set()
    for one in content_company.COLLEAGUES:
        if one.role not in seen:
            seen.add(one.role)
            click.echo(f"    {one.role:<10} {one.email:<24} {one.name}, {one.title}")
    click.echo()
    click.echo("  Ctrl+C ends it; make demo-reset starts over.")
    click.echo()

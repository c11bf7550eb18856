"""The `portal` command."""

import json
import sys
from pathlib import Path

import click
from flask import Flask

from portal import serve as serving
from portal.app import create_app
from portal.core import health, migrate, words
from portal.core.addresses import NotAnAddress, parse
from portal.core.db import transaction
from portal.core.settings import Settings, SettingsRefused, load
from portal.demo import run as demonstration
from portal.demo import seed as seeding
from portal.desk import actions as desk
from portal.mail import hand_over
from portal.mail import queries as mail
from portal.mail.transports.reach import NotReachable
from portal.sheets import by_hand
from portal.staff.actions import AlreadyHere
from portal.staff.models import Role


def settings_or_words() -> Settings:
    """The settings; ends the command with one line a problem when they are refused."""
    try:
        return load()
    except SettingsRefused as refused:
        for line in refused.problems:
            click.secho(f"Refused: {line}", fg="red", err=True)
        sys.exit(2)


def the_app() -> Flask:
    """The application on the settings of this environment."""
    return create_app(settings_or_words())


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="perennial", prog_name="portal")
def main() -> None:
    """Look after a talent community portal."""


@main.command("migrate")
def migrate_command() -> None:
    """Bring the schema up to date."""
    app = the_app()
    with app.app_context():
        steps = migrate.upgrade(app)
    click.echo(f"The schema is up to date ({steps} step{'' if steps == 1 else 's'} made).")


@main.command()
def check() -> None:
    """Verify settings, schema, mail and job engine, in words."""
    settings = settings_or_words()
    click.secho(f"Settings: fine ({settings.env}, {settings.base_url})", fg="green")
    app = create_app(settings)
    with app.app_context():
        found = health.problems(app)
    for line in found:
        click.secho(line, fg="red")
    if not found:
        click.secho("Database, schema and job engine: fine", fg="green")
    try:
        click.secho(f"Mail: {app.extensions['portal_transport'].check()}", fg="green")
    except NotReachable as away:
        found.append(str(away))
        click.secho(f"Mail: {away}", fg="red")
    sys.exit(1 if found else 0)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", envvar="PORT", default=8000, show_default=True)
def serve(host: str, port: int) -> None:
    """Run web, worker and schedule together, until SIGTERM."""
    sys.exit(serving.both(settings_or_words(), host, port))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", envvar="PORT", default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="Processes; by default one a core.")
@click.option(
    "--threads", type=click.IntRange(1, 32), default=4, show_default=True, help="Threads a process."
)
def web(host: str, port: int, workers: int | None, threads: int) -> None:
    """Run the web half."""
    serving.web(settings_or_words(), host, port, workers, threads)


@main.command()
@click.option(
    "--threads", type=click.IntRange(2, 64), default=4, show_default=True, help="Jobs at the same time."
)
@click.option("--schedule/--no-schedule", default=True, help="Only one worker of many may run the schedule.")
def worker(threads: int, schedule: bool) -> None:
    """Run the worker half."""
    serving.worker(settings_or_words(), threads, schedule)


@main.group()
def staff() -> None:
    """Look after the accounts of people who work here."""


@staff.command("invite")
@click.argument("email")
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), default=Role.recruiter, show_default=True
)
@click.option(
    "--name", default="", help="How they are shown; by default the part of the address before the @."
)
def invite(email: str, role: str, name: str) -> None:
    """Invite somebody to the staff pages: the way the first admin gets in."""
    try:
        address = parse(email)
    except NotAnAddress as wrong:
        raise click.ClickException(str(wrong)) from wrong
    app = the_app()
    with app.app_context():
        try:
            with transaction():
                shown = words.clean(name) or address.text.partition("@")[0]
                desk.invite(address, shown, Role(role))
        except AlreadyHere:
            raise click.ClickException(f"{address.text} works here already and has come in before.") from None
        hand_over.hand_over_letters()
    click.echo(f"An invitation as {role} is on its way to {address.text}; it is good for seven days.")


@main.group()
def members() -> None:
    """Bring people in from a spreadsheet, and take them out."""


@members.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Only say what would become of each row.")
@click.option("--invite", "is_inviting", is_flag=True, help="Write one invitation to everybody new.")
def import_members(file: Path, is_dry_run: bool, is_inviting: bool) -> None:
    """Import FILE; nobody is consented for, and it can be taken back on the pages for a day."""
    with the_app().app_context():
        try:
            for line in by_hand.bring_in(file, is_dry_run=is_dry_run, is_inviting=is_inviting):
                click.echo(line)
        except by_hand.Refused as refused:
            raise click.ClickException(str(refused)) from refused


@members.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_members(file: Path) -> None:
    """Write everybody into FILE, with choices and consents, sealed with this portal's key."""
    with the_app().app_context():
        try:
            people = by_hand.take_out(file)
        except by_hand.Refused as refused:
            raise click.ClickException(str(refused)) from refused
    click.echo(f"{words.plural(people, 'person', 'people')} in {file}.")


@main.command()
@click.option("--members", "count", type=click.IntRange(1, 5_000_000), required=True, help="How many to add.")
@click.option("--seed", "seed_number", type=click.IntRange(0, 1_000_000), default=1, show_default=True)
def seed(count: int, seed_number: int) -> None:
    """Add synthetic members with interests, places, consents and history; the same for a seed."""
    with (
        the_app().app_context(),
        click.progressbar(length=count, label="Members", show_pos=True, file=sys.stderr) as bar,
    ):
        added = seeding.members(count, seed_number, bar.update)
    click.echo(f"{words.number(added)} members added.")


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", envvar="PORT", default=8000, show_default=True)
def demo(host: str, port: int) -> None:
    """Run a site with a believable community in it; its data lives apart in instance/demo."""
    chosen = demonstration.settings(port)
    demonstration.prepare(create_app(chosen))
    sys.exit(serving.both(chosen, host, port))


@main.group()
def mailing() -> None:
    """Look at mailings."""


@mailing.command()
@click.argument("mailing_id", type=int)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def balance(mailing_id: int, as_json: bool) -> None:
    """Print where everybody stands; exit 1 when it does not add up."""
    with the_app().app_context(), transaction():
        found = mail.mailing(mailing_id)
        if found is None:
            raise click.ClickException(f"There is no mailing {mailing_id}.")
        result = mail.balance(found)
    parts = {
        "intended": result.intended,
        "planned": result.planned,
        "claimed": result.claimed,
        "accepted": result.accepted,
        "failed": result.failed,
        "skipped": result.skipped,
        "unknown": result.unknown,
    }
    if as_json:
        click.echo(
            json.dumps(
                {
                    **parts,
                    "skipped_by_reason": result.skipped_by_reason,
                    "failed_by_reason": result.failed_by_reason,
                    "aftermath": result.aftermath,
                    "adds_up": result.adds_up,
                    "is_finished": result.is_finished,
                }
            )
        )
    else:
        for name, count in parts.items():
            click.echo(f"{name:>10} {count:>10,}")
        for words, count in result.skipped_in_words:
            click.echo(f"{'':>10} {count:>10,} skipped: {words}")
        click.echo("It adds up." if result.adds_up else "It does NOT add up.")
    sys.exit(0 if result.adds_up else 1)


if __name__ == "__main__":
    main()

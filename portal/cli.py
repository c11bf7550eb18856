"""The `portal` command."""

import sys

import click

from portal.core.settings import Settings, SettingsRefused, load


def settings_or_words() -> Settings:
    """The settings; ends the command with one line a problem when they are refused."""
    try:
        return load()
    except SettingsRefused as refused:
        for line in refused.problems:
            click.secho(f"Refused: {line}", fg="red", err=True)
        sys.exit(2)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Look after a talent community portal."""


if __name__ == "__main__":
    main()

"""What the README and the deployment notes say about rooms, settings and commands is so."""

import re
import tomllib
from pathlib import Path

import click
import pytest

from portal.cli import main
from portal.core.settings import Settings
from tests.house import reference, tree

VARIABLE = re.compile(r"\bPORTAL_[A-Z_]+\b")
COMMAND = re.compile(r"(?:bin/portal|`portal|^portal) ([a-z-]+)(?: ([a-z-]+))?", re.MULTILINE)
NOTES = [
    tree.ROOT / "README.md",
    tree.ROOT / "Dockerfile",
    *sorted((tree.ROOT / "docs" / "deploy").iterdir()),
]
# Not settings of the portal, but of its tests.
OF_THE_TESTS = {"PORTAL_TEST_DATABASES"}


def test_the_readme_is_as_the_code_is() -> None:
    text = reference.README.read_text()
    assert text == reference.with_reference(text), "make reference writes it anew"


def test_every_setting_has_a_default_and_an_explanation() -> None:
    text = (tree.ROOT / "config" / "default.toml").read_text()
    keys = set(tomllib.loads(text))
    assert keys == set(Settings.model_fields) - {"env"}
    bare = [line for line in reference.settings() if line.endswith("|  |")]
    assert bare == []


@pytest.mark.parametrize("path", sorted((tree.ROOT / "config").glob("*.toml")), ids=lambda path: path.name)
def test_a_settings_file_names_only_settings(path: Path) -> None:
    assert set(tomllib.loads(path.read_text())) <= set(Settings.model_fields)


@pytest.mark.parametrize("path", NOTES, ids=tree.name_of)
def test_the_notes_name_only_what_exists(path: Path) -> None:
    text = path.read_text()
    known = {f"PORTAL_{name.upper()}" for name in Settings.model_fields} | OF_THE_TESTS
    assert set(VARIABLE.findall(text)) - known == set()
    for name, further in COMMAND.findall(text):
        assert name in main.commands, f"portal {name} is no command"
        command = main.commands[name]
        if isinstance(command, click.Group):
            assert further in command.commands, f"portal {name} {further} is no command"


@pytest.mark.parametrize("path", [path for path in NOTES if path.suffix == ".md"], ids=tree.name_of)
def test_links_between_notes_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", path.read_text())
    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_the_makefile_says_what_it_can_do() -> None:
    text = (tree.ROOT / "Makefile").read_text()
    (phony,) = re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    explained = re.findall(r"^([a-z-]+):[^#\n]*## \S", text, re.MULTILINE)
    assert sorted(phony.split()) == sorted(explained)
    readme = (tree.ROOT / "README.md").read_text()
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", readme, re.MULTILINE)) <= set(explained)

"""What is installed is pinned, with hashes, and is what pyproject.toml asks for."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house import tree

PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)")
FILES = ("requirements.txt", "requirements-dev.txt", "requirements-build.txt")


def _pins(name: str) -> dict[str, str]:
    lines = (tree.ROOT / name).read_text().splitlines()
    return {canonicalize_name(found[1]): found[2] for line in lines if (found := PINNED.match(line))}


def _asked() -> dict[str, list[str]]:
    project = tomllib.loads((tree.ROOT / "pyproject.toml").read_text())
    own = project["project"]["dependencies"] + project["project"]["optional-dependencies"]["scale"]
    groups = project["dependency-groups"]
    return {
        "requirements.txt": own,
        "requirements-dev.txt": own + groups["dev"] + groups["build"],
        "requirements-build.txt": groups["build"] + project["build-system"]["requires"],
    }


@pytest.mark.parametrize("name", FILES)
def test_every_line_is_pinned_with_hashes(name: str) -> None:
    blocks = re.split(r"\n(?=\S)", (tree.ROOT / name).read_text().strip())
    assert [block for block in blocks if not PINNED.match(block) or "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("name", FILES)
def test_the_pins_are_what_the_project_asks_for(name: str) -> None:
    pins = _pins(name)
    wrong = []
    for line in _asked()[name]:
        asked = Requirement(line)
        pinned = pins.get(canonicalize_name(asked.name))
        if pinned is None or not asked.specifier.contains(pinned, prereleases=True):
            wrong.append(f"{line}: pinned is {pinned}")
    assert wrong == [], "make lock pins anew"


def test_development_has_the_same_versions() -> None:
    everything = _pins("requirements-dev.txt")
    for name in FILES:
        assert _pins(name).items() <= everything.items()

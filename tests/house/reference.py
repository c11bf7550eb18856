"""The tables of the README that are read off the code. `make reference` writes them anew."""

import ast
import re
import tomllib
from collections.abc import Callable, Iterator

import click

from portal.cli import main
from tests.house import tree

README = tree.ROOT / "README.md"


def rooms() -> Iterator[str]:
    """Who lives where, top floor first."""
    yield "| room | what happens there |"
    yield "|---|---|"
    contract = tomllib.loads((tree.ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][
        0
    ]
    for layer in contract["layers"]:
        for name in re.findall(r"\w+", layer):
            package = tree.PORTAL / name / "__init__.py"
            module = package if package.is_file() else tree.PORTAL / f"{name}.py"
            if module.is_file():
                words = (ast.get_docstring(tree.parsed(module)) or "").splitlines()[0]
                where = f"portal/{name}/" if module is package else f"portal/{name}.py"
                yield f"| `{where}` | {words} |"


def settings() -> Iterator[str]:
    """Every setting with its default and what config/default.toml says about it."""
    yield "| variable | default | |"
    yield "|---|---|---|"
    words: list[str] = []
    last_was_key = False
    for line in (tree.ROOT / "config" / "default.toml").read_text().splitlines():
        if line.startswith("# ---") or not line.strip():
            words, last_was_key = [], False
        elif line.startswith("#"):
            words = [line.lstrip("# ")] if last_was_key else [*words, line.lstrip("# ")]
            last_was_key = False
        else:
            name, _, value = line.partition(" = ")
            said = " ".join(words).replace("|", "\\|") if not last_was_key else "as above"
            yield f"| `PORTAL_{name.upper()}` | `{value}` | {said} |"
            last_was_key = True


def commands() -> Iterator[str]:
    """Every command with the first line of its help."""
    yield "| command | |"
    yield "|---|---|"
    yield from _commands(main, "portal")


def decisions() -> Iterator[str]:
    """Every decision record with its title."""
    for path in sorted((tree.ROOT / "docs" / "decisions").glob("[0-9]*.md")):
        if path.name.startswith("0000-"):
            continue
        title = path.read_text().splitlines()[0].lstrip("# ")
        yield f"- [{title}](docs/decisions/{path.name})"


PARTS: dict[str, Callable[[], Iterator[str]]] = {
    "rooms": rooms,
    "settings": settings,
    "commands": commands,
    "decisions": decisions,
}


def with_reference(text: str) -> str:
    """Return the README with its tables as the code is now."""
    for name, lines in PARTS.items():
        mark = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        assert mark.search(text), f"the README has no part <!-- {name} -->"
        table = "\n".join(lines())
        text = mark.sub(lambda found, table=table: f"{found[1]}{table}\n{found[2]}", text)
    return text


def _commands(group: click.Group, path: str) -> Iterator[str]:
    for name in sorted(group.commands):
        command = group.commands[name]
        if isinstance(command, click.Group):
            yield from _commands(command, f"{path} {name}")
        elif not command.hidden:
            arguments = [
                each.make_metavar(click.Context(command))
                for each in command.params
                if each.param_type_name == "argument"
            ]
            options = [f"[{each.opts[0]}]" for each in command.params if each.param_type_name == "option"]
            usage = " ".join([path, name, *arguments, *options])
            yield f"| `{usage}` | {(command.help or '').splitlines()[0]} |"


if __name__ == "__main__":
    README.write_text(with_reference(README.read_text()))

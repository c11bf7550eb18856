"""What must not stand anywhere in the project."""

import re
import subprocess
from pathlib import Path

from tests.house import tree

# Written in parts, so that this file passes its own test.
HOSTS = ["py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "deb." + "debian.org"]
LEFT_FOR_LATER = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
# Records of the provider's own documents are kept as they are.
OTHERS = ("tests/provider/package-lock.json",)


def _texts() -> list[tuple[str, str]]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=tree.ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found = []
    for name in filter(None, listed.split("\0")):
        path = Path(tree.ROOT / name)
        data = path.read_bytes() if path.is_file() else b""
        if b"\0" not in data[:4096]:
            found.append((name, data.decode(errors="replace")))
    return found


def test_no_file_names_where_packages_come_from() -> None:
    found = [(name, host) for name, text in _texts() for host in HOSTS if host in text]
    assert found == []


def test_nothing_is_left_for_later() -> None:
    found = [
        f"{name}:{number}"
        for name, text in _texts()
        if name not in OTHERS and not name.startswith("requirements")
        for number, line in enumerate(text.splitlines(), 1)
        if LEFT_FOR_LATER.search(line)
    ]
    assert found == []


def test_no_test_is_skipped_by_hand() -> None:
    mark = re.compile(r"pytest\.mark\.(skip|xfail)\b|pytest\.(skip|xfail|importorskip)\(")
    found = [
        tree.name_of(path) for path in (tree.ROOT / "tests").rglob("*.py") if mark.search(path.read_text())
    ]
    assert [name for name in found if name != "tests/house/test_words.py"] == []

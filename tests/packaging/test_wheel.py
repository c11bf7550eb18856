"""The wheel carries everything: installed into an empty environment it runs from any folder."""

import os
import signal
import subprocess
import sys
import time
import venv
import zipfile
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.rig.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("templates", "static", "migrations", "config")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("perennial-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `portal` command of an environment that holds the pinned requirements and the wheel, nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    install += ["--disable-pip-version-check", "--no-compile"]
    requirements = ["--require-hashes", "-r", str(ROOT / "requirements.txt")]
    for arguments in (requirements, ["--no-deps", str(wheel)]):
        outcome = subprocess.run(
            [*install, *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        assert outcome.returncode == 0, outcome.stderr
    return folder / "bin" / "portal"


@pytest.fixture
def elsewhere(tmp_path: Path) -> dict[str, str]:
    """The environment of somebody who knows nothing of the checkout."""
    names = ("PATH", "HOME", "LANG", "TMPDIR")
    return {name: os.environ[name] for name in names if name in os.environ} | {"PWD": str(tmp_path)}


def test_the_wheel_carries_every_file_of_ours(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    tracked = subprocess.run(
        ["git", "ls-files", "portal", *FOLDERS], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    expected = {
        name if name.startswith("portal/") else f"portal/_data/{name}"
        for name in tracked
        if (ROOT / name).is_file()
    }
    assert expected - packed == set()
    strangers = {name.split("/")[0] for name in packed if ".dist-info/" not in name}
    assert strangers == {"portal"}


def test_it_runs_from_any_folder(installed: Path, elsewhere: dict[str, str], tmp_path: Path) -> None:
    def portal(*arguments: str) -> str:
        outcome = subprocess.run(
            [str(installed), *arguments],
            cwd=tmp_path,
            env=elsewhere,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert outcome.returncode == 0, f"{outcome.stdout}\n{outcome.stderr}"
        return outcome.stdout

    assert "up to date" in portal("migrate")
    assert "fine" in portal("check")
    with _serving(installed, elsewhere, tmp_path) as port:
        assert _status(port, "/") == 200
        assert _status(port, "/readyz") == 200
        assert _status(port, "/static/css/tokens.css") == 200
    assert (tmp_path / "instance" / "portal.db").is_file()


class _serving:  # noqa: N801 - reads as a phrase
    """`portal serve` on a free port; ends cleanly on SIGTERM."""

    def __init__(self, portal: Path, environment: dict[str, str], folder: Path) -> None:
        self.port = free_port()
        self.log = folder / "serve.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [str(portal), "serve", "--port", str(self.port)],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def __enter__(self) -> int:
        deadline = time.monotonic() + 60
        while _status(self.port, "/readyz") != 200:
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.process.kill()
                self.process.wait()
                raise AssertionError(f"portal serve did not get ready:\n{self.log.read_text()}")
            time.sleep(0.1)
        return self.port

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            assert self.process.wait(40) == 0, self.log.read_text()
        finally:
            self.process.kill()
            self.process.wait()


def _status(port: int, path: str) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()

"""Alive, ready, figures."""

import subprocess
import sys

from portal.core import metrics
from tests.world import Browser


def test_a_portal_with_its_schema_is_ready(stranger: Browser) -> None:
    answer = stranger.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ready", "problems": []})


def test_alive_needs_no_database(stranger: Browser) -> None:
    assert stranger.get("/healthz").json == {"status": "alive"}


def test_figures_are_in_the_text_format(stranger: Browser) -> None:
    stranger.get("/healthz")
    assert b"portal_requests_total" in stranger.get("/metrics").data


def test_a_process_that_inherited_the_folder_of_figures_leaves_it_there(stranger: Browser) -> None:
    stranger.get("/healthz")
    subprocess.run([sys.executable, "-c", "from portal.core import metrics; metrics.close()"], check=True)
    assert metrics.FOLDER.is_dir()
    assert b"portal_requests_total" in stranger.get("/metrics").data

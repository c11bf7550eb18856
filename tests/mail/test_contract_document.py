"""Our real requests against the provider's own document: Prism serves it and refuses what does not fit.

Collected only where the document and Prism are there (see conftest.py).
"""

import http.client
import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.mail.transports.batch import Attachment
from portal.mail.transports.result import Fate
from tests.mail.conftest import DOCUMENT, PRISM
from tests.mail.transports.cast import batch, fates, people
from tests.rig.ports import free_port


@pytest.fixture(scope="module")
def prism(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a Prism that serves the document."""
    port = free_port()
    log = tmp_path_factory.mktemp("prism") / "log"
    command = ["node", PRISM, "mock", "--errors", "--host", "127.0.0.1", "--port", str(port), DOCUMENT]
    with log.open("wb") as out:
        running = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=Path("/"))
    try:
        _wait(port, running, log)
        yield port
    finally:
        running.kill()
        running.wait()


def _wait(port: int, running: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + 60
    while True:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            line.request("GET", "/")
            line.getresponse().read()
            return
        except OSError:
            assert running.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.2)
        finally:
            line.close()


def test_the_document_accepts_what_we_send(prism, way_out):
    way = way_out(f"sendgrid+http://SG.key@127.0.0.1:{prism}", read_seconds=30)
    calendar = Attachment("evening.ics", "text/calendar; method=REQUEST", b"BEGIN:VCALENDAR\r\n")
    letter = batch(people(1000), attachments=(calendar,), headers={"Auto-Submitted": "auto-generated"})
    assert set(fates(way.send(letter)).values()) == {Fate.accepted}
    assert set(fates(way.send(batch(people(1), mailing="", attachments=()))).values()) == {Fate.accepted}


def test_the_document_refuses_what_is_broken(prism, caught_request):
    body = json.loads(caught_request(batch(people(2))))
    del body["from"]
    line = http.client.HTTPConnection("127.0.0.1", prism, timeout=30)
    headers = {"Authorization": "Bearer SG.key", "Content-Type": "application/json"}
    line.request("POST", "/v3/mail/send", json.dumps(body), headers)
    assert line.getresponse().status == 400
    line.close()

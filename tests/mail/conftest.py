"""What the tests of mail share."""

import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from portal.mail.transports.batch import Batch
from portal.mail.transports.choose import Transport, transport
from portal.mail.transports.sendgrid import Account, SendGrid
from tests.mail.post_room import post_room
from tests.mail.steered import steered
from tests.stub.fixtures import provider, provider_process

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT.parent / "shared" / "data" / "tsg_mail_v3.json"
PRISM = ROOT / "tests" / "provider" / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"

collect_ignore = (
    [] if DOCUMENT.is_file() and PRISM.is_file() and which("node") else ["test_contract_document.py"]
)

__all__ = [
    "DOCUMENT",
    "PRISM",
    "caught_request",
    "certificate",
    "post_room",
    "provider",
    "provider_process",
    "steered",
    "way_out",
]


@pytest.fixture
def way_out(tmp_path: Path) -> Iterator[Callable[..., Transport]]:
    """Return the transport an address names; it is closed when the test is over."""
    opened: list[Transport] = []

    def way(url: str, **options: Any) -> Transport:
        opened.append(transport(url, outbox=tmp_path / "outbox", is_plain_allowed=True, **options))
        return opened[-1]

    yield way
    for one in opened:
        one.close()


@pytest.fixture
def caught_request() -> Callable[[Batch], str]:
    """Return what a batch looks like on the wire: the body of the one request it becomes."""

    def caught(batch: Batch) -> str:
        whole = bytearray()
        with socket.create_server(("127.0.0.1", 0)) as listener:

            def serve() -> None:
                line, _ = listener.accept()
                with line:
                    while b"\r\n\r\n" not in whole:
                        whole.extend(line.recv(65536))
                    head, _, rest = bytes(whole).partition(b"\r\n\r\n")
                    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                    missing = length - len(rest)
                    while missing > 0:
                        data = line.recv(65536)
                        whole.extend(data)
                        missing -= len(data)
                    line.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")

            thread = threading.Thread(target=serve)
            thread.start()
            way = SendGrid(Account(f"http://127.0.0.1:{listener.getsockname()[1]}", "SG.key", 2, 5))
            way.send(batch)
            way.close()
            thread.join()
        return bytes(whole).partition(b"\r\n\r\n")[2].decode()

    return caught


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of our own making for localhost, key and all in one file."""
    path = tmp_path / "own.pem"
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
            ),
            *(
                "-keyout",
                str(tmp_path / "key.pem"),
                "-out",
                str(path),
                "-days",
                "2",
                "-subj",
                "/CN=localhost",
            ),
            *("-addext", "subjectAltName=DNS:localhost"),
        ],
        check=True,
        capture_output=True,
    )
    path.write_text(path.read_text() + (tmp_path / "key.pem").read_text())
    return path

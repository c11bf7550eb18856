"""What SendGrid leaves unsaid: lost answers, cut answers, dead servers. Nobody twice, nobody lost."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.mail.transports.choose import Transport
from portal.mail.transports.result import Fate
from portal.mail.transports.sendgrid import Account, SendGrid
from tests.mail.transports.cast import batch, fates, people, with_fate
from tests.stub.fixtures import Provider


@pytest.fixture
def sendgrid(provider: Provider, way_out: Callable[..., Transport]) -> Transport:
    return way_out(provider.mail_url, connect_seconds=10, read_seconds=1.5)


@pytest.mark.parametrize(
    ("mode", "was_recorded"),
    [
        ("hang_before_read", False),
        ("close_before_read", False),
        ("hang_after_record", True),
        ("record_then_rst", True),
        ("record_then_close", True),
        ("rst_mid_body", True),
        ("stall_mid_body", True),
        ("drip", True),
        ("202_cut_body", True),
        ("garbage", True),
        ("500", False),
        ("502", False),
        ("503", False),
        ("200", False),
        ("301", False),
        ("404", False),
    ],
)
def test_what_cannot_be_known_is_called_unknown(sendgrid, provider, mode, was_recorded):
    provider.misbehave(mode)
    began = time.monotonic()
    result = sendgrid.send(batch(people(5)))
    assert time.monotonic() - began < 8
    assert set(fates(result).values()) == {Fate.unknown}
    assert all(fact.why for fact in result.facts.values())
    assert provider.counts()["requests"] == 1
    assert len(provider.accepted()) == (5 if was_recorded else 0)


@pytest.mark.parametrize("status", ["500", "503"])
def test_a_server_error_after_recording_is_unknown_too(sendgrid, provider, status):
    provider.misbehave(status, recorded=True)
    assert set(fates(sendgrid.send(batch(people(2)))).values()) == {Fate.unknown}
    assert len(provider.accepted()) == 2


def test_after_an_unclear_answer_no_further_request_is_made(sendgrid, provider):
    provider.misbehave("hang_after_record", nth=1)
    result = sendgrid.send(batch(people(2500)))
    assert len(with_fate(result, Fate.unknown)) == 1000
    assert len(with_fate(result, Fate.again)) == 1500
    assert provider.counts()["requests"] == 1


@pytest.mark.parametrize(
    "mode", ["garbage", "stall_mid_body", "202_cut_body", "drip", "hang_after_record", "502", "301"]
)
def test_it_goes_on_by_itself_after_a_bad_answer(sendgrid, provider, mode):
    provider.misbehave(mode, nth=1)
    sendgrid.send(batch(people(2)))
    assert set(fates(sendgrid.send(batch(people(2)))).values()) == {Fate.accepted}


def test_a_dead_server_is_certain_and_waited_for_longer_each_time(tmp_path, way_out):
    running = Provider(tmp_path / "log")
    way = way_out(running.mail_url, read_seconds=20)
    assert set(fates(way.send(batch(people(2)))).values()) == {Fate.accepted}
    running.stop()
    waits = []
    for _ in range(12):
        result = way.send(batch(people(2)))
        assert set(fates(result).values()) == {Fate.again}
        assert result.pause == ""
        waits.append(result.retry_after)
    assert all(1 <= wait <= 60 for wait in waits)
    assert min(waits[-3:]) > max(waits[:2])
    running.start()
    try:
        assert set(fates(way.send(batch(people(2)))).values()) == {Fate.accepted}
    finally:
        way.close()
        running.stop()


def test_an_unknown_name_is_certain(way_out):
    way = way_out("sendgrid://SG.key@nowhere.invalid")
    assert set(fates(way.send(batch(people(2)))).values()) == {Fate.again}


def test_a_server_that_never_shakes_hands_is_certain(way_out):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        way = way_out(f"sendgrid://SG.key@127.0.0.1:{port}", connect_seconds=0.3)
        assert set(fates(way.send(batch(people(2)))).values()) == {Fate.again}


@pytest.fixture
def behind_tls(provider: Provider, certificate: Path) -> Iterator[int]:
    """A port that speaks TLS and passes everything to the stub."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)
    is_over = threading.Event()

    def pump(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                target.sendall(data)
        except OSError:
            pass
        finally:
            target.close()

    def serve() -> None:
        while not is_over.is_set():
            try:
                inside = context.wrap_socket(listener.accept()[0], server_side=True)
            except OSError:
                continue
            onward = socket.create_connection(("127.0.0.1", provider.port))
            threading.Thread(target=pump, args=(inside, onward), daemon=True).start()
            threading.Thread(target=pump, args=(onward, inside), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    is_over.set()
    thread.join()
    listener.close()


def test_a_certificate_nobody_vouches_for_is_certain(behind_tls, provider, way_out):
    way = way_out(f"sendgrid://SG.key@localhost:{behind_tls}", connect_seconds=10)
    result = way.send(batch(people(2)))
    assert set(fates(result).values()) == {Fate.again}
    assert "certificate" in result.facts["m0"].why.lower()
    assert provider.counts()["requests"] == 0


def test_mail_goes_over_tls_to_a_server_that_is_vouched_for(behind_tls, provider, certificate):
    trust = ssl.create_default_context(cafile=certificate)
    way = SendGrid(Account(f"https://localhost:{behind_tls}", "SG.key", 10, 20, trust))
    assert set(fates(way.send(batch(people(3)))).values()) == {Fate.accepted}
    assert set(fates(way.send(batch(people(3)))).values()) == {Fate.accepted}
    way.close()
    assert len(provider.accepted()) == 6


def test_an_idle_connection_the_server_closed_is_noticed_before_it_is_used(tmp_path, way_out):
    running = Provider(tmp_path / "log")
    way = way_out(running.mail_url, read_seconds=20)
    way.send(batch(people(1)))
    running.stop()
    running.start()
    time.sleep(0.05)
    assert set(fates(way.send(batch(people(1)))).values()) == {Fate.accepted}
    way.close()
    running.stop()


def test_threads_have_connections_of_their_own(sendgrid, provider):
    results: list[dict[str, Fate]] = []
    threads = [
        threading.Thread(target=lambda: results.append(fates(sendgrid.send(batch(people(50))))))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 6
    assert all(set(one.values()) == {Fate.accepted} for one in results)
    assert len(provider.accepted()) == 300

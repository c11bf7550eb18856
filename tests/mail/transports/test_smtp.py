"""Mail over SMTP, against real servers: each recipient gets an answer, and only the certain is called certain."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from email.parser import BytesParser
from email.policy import default as modern

import pytest

from portal.mail.transports.choose import Transport
from portal.mail.transports.reach import NotReachable
from portal.mail.transports.result import Fate
from tests.mail.transports.cast import batch, fates, people, person, with_fate
from tests.mail.transports.servers import Postbox, Running, only


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def server(postbox: Postbox) -> Iterator[Running]:
    running = Running(postbox)
    running.start()
    yield running
    running.end()


@pytest.fixture
def smtp(server: Running, way_out: Callable[..., Transport]) -> Transport:
    return way_out(f"smtp://127.0.0.1:{server.port}?tls=none", connect_seconds=10, read_seconds=20)


def test_each_person_gets_their_own_mail_over_one_connection(smtp, postbox):
    result = smtp.send(batch(people(40), text="One.\n.A dot begins this line\n%%page_url%%\n"))
    assert set(fates(result).values()) == {Fate.accepted}
    assert result.facts["m7"].provider_id == "<m7@talent.example.org>"
    smtp.send(batch(people(3)))
    assert postbox.sessions == 1
    address, source = postbox.mails[7]
    mail = BytesParser(policy=modern).parsebytes(source)
    assert address == "ada7@example.org"
    assert mail["To"] == "Ada 7 <ada7@example.org>"
    assert mail["Subject"] == "What grew here, Ada 7"
    assert mail["List-Unsubscribe"] == "<https://talent.example.org/u/7>"
    assert "\r\n.A dot begins this line\r\n" in mail.get_body(("plain",)).get_content()
    assert "https://talent.example.org/p/7" in mail.get_body(("html",)).get_content()


def test_every_recipient_gets_an_answer_of_their_own(smtp, postbox):
    postbox.rcpt = {"ada1@example.org": "550 5.1.1 no such user", "ada2@example.org": "451 come back later"}
    postbox.data = {"ada3@example.org": "554 5.7.1 not this", "ada4@example.org": "452 no room"}
    result = smtp.send(batch([*people(6), person(9, "nonsense")]))
    assert fates(result) == {
        "m0": Fate.accepted,
        "m1": Fate.refused,
        "m2": Fate.again,
        "m3": Fate.refused,
        "m4": Fate.again,
        "m5": Fate.accepted,
        "m9": Fate.refused,
    }
    assert "550" in result.facts["m1"].why
    assert result.pause == ""


def test_a_connection_lost_while_giving_the_mail_leaves_one_unknown(smtp, postbox):
    postbox.hang_up_at_data = {"ada2@example.org"}
    result = smtp.send(batch(people(5)))
    assert with_fate(result, Fate.unknown) == {"m2"}
    assert with_fate(result, Fate.accepted) == {"m0", "m1", "m3", "m4"}
    assert [address for address, _ in postbox.mails].count("ada2@example.org") == 1


def test_a_server_that_hangs_up_between_mails_is_called_again(smtp, postbox):
    postbox.hang_up_after = 2
    for start in (0, 2, 4):
        result = smtp.send(batch([person(start), person(start + 1)]))
        assert set(fates(result).values()) == {Fate.accepted}
        until = time.monotonic() + 10
        while postbox.cuts <= start // 2:
            assert time.monotonic() < until
            time.sleep(0.01)
    assert len(postbox.mails) == 6
    assert postbox.sessions == 3


def test_a_server_that_refuses_our_sender_pauses_the_mailing(smtp, postbox):
    postbox.sender = "550 who are you"
    result = smtp.send(batch(people(3)))
    assert "who are you" in result.pause
    assert set(fates(result).values()) == {Fate.again}


def test_a_server_that_says_goodbye_is_left_alone_for_a_while(smtp, postbox):
    postbox.sender = "421 too busy"
    result = smtp.send(batch(people(3)))
    assert set(fates(result).values()) == {Fate.again}
    assert 1 <= result.retry_after <= 60
    assert result.pause == ""


def test_a_dead_server_is_certain_and_comes_back_unattended(smtp, server, postbox):
    smtp.send(batch(people(1)))
    server.stop()
    result = smtp.send(batch(people(3)))
    assert set(fates(result).values()) == {Fate.again}
    assert result.retry_after >= 1
    again = Running(postbox)
    again.port = server.port
    again._port = server.port
    again.start()
    try:
        assert set(fates(smtp.send(batch(people(3)))).values()) == {Fate.accepted}
    finally:
        again.stop()


def test_a_server_that_takes_the_mail_and_says_nothing_leaves_us_not_knowing(way_out):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            line, _ = listener.accept()
            with line:
                line.sendall(b"220 hello\r\n")
                for answer in (b"250 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n"):
                    line.recv(65536)
                    line.sendall(answer)
                while line.recv(65536):
                    pass

        thread = threading.Thread(target=serve)
        thread.start()
        way = way_out(f"smtp://127.0.0.1:{listener.getsockname()[1]}?tls=none", read_seconds=0.3)
        result = way.send(batch(people(1)))
        thread.join()
    assert fates(result) == {"m0": Fate.unknown}


def test_a_silent_server_is_certain(way_out):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        way = way_out(f"smtp://127.0.0.1:{listener.getsockname()[1]}?tls=none", connect_seconds=0.3)
        assert set(fates(way.send(batch(people(2)))).values()) == {Fate.again}


def test_an_unknown_name_is_certain(way_out):
    way = way_out("smtp://nowhere.invalid:2525?tls=none")
    assert set(fates(way.send(batch(people(2)))).values()) == {Fate.again}
    with pytest.raises(NotReachable):
        way.check()


def test_threads_have_connections_of_their_own(smtp, postbox):
    threads = [threading.Thread(target=smtp.send, args=(batch(people(10)),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(postbox.mails) == 40
    assert postbox.sessions == 4


def test_a_tag_without_a_value_stops_the_mailing(smtp, postbox):
    result = smtp.send(batch(people(2), subject="%%nickname%%"))
    assert "%%nickname%%" in result.pause
    assert postbox.mails == []


@pytest.fixture
def locked(postbox: Postbox, certificate) -> Iterator[Running]:
    """A server that wants TLS and a password."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    running = Running(
        postbox,
        tls_context=context,
        require_starttls=True,
        authenticator=only(b"ada@example.org", b"s3cret/word"),
        auth_required=True,
    )
    running.start()
    yield running
    running.stop()


def test_mail_goes_over_starttls_with_a_password(locked, postbox, way_out, certificate):
    user = "ada%40example.org:s3cret%2Fword"
    way = way_out(f"smtp://{user}@localhost:{locked.port}?tls=starttls&ca={certificate}", connect_seconds=10)
    assert "answers" in way.check()
    assert set(fates(way.send(batch(people(3)))).values()) == {Fate.accepted}


def test_a_wrong_password_pauses_and_is_not_repeated_to_anybody(locked, way_out, certificate):
    way = way_out(f"smtp://ada:wr0ng-canary@localhost:{locked.port}?ca={certificate}", connect_seconds=10)
    result = way.send(batch(people(2)))
    assert result.pause
    assert set(fates(result).values()) == {Fate.again}
    assert "wr0ng-canary" not in result.pause
    with pytest.raises(NotReachable):
        way.check()


def test_a_certificate_nobody_vouches_for_is_certain(locked, postbox, way_out):
    way = way_out(f"smtp://ada:word@localhost:{locked.port}", connect_seconds=10)
    assert set(fates(way.send(batch(people(2)))).values()) == {Fate.again}
    assert postbox.mails == []


def test_a_server_without_tls_is_not_trusted_with_mail(server, postbox, way_out):
    way = way_out(f"smtp://127.0.0.1:{server.port}?tls=starttls", connect_seconds=10)
    result = way.send(batch(people(2)))
    assert result.pause
    assert postbox.mails == []

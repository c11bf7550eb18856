"""One address chooses the transport; unsafe ones are refused in words, and secrets stay inside."""

import io
import logging

import pytest

from portal.mail.transports.choose import transport
from portal.mail.transports.outbox import Outbox
from portal.mail.transports.sendgrid import SendGrid
from portal.mail.transports.smtp import Smtp
from tests.mail.transports.cast import batch, people, person
from tests.stub.fixtures import KEY

SECRET = "hunter2-canary"


@pytest.mark.parametrize(
    ("url", "kind", "capacity"),
    [
        ("outbox:", Outbox, 1000),
        ("smtp://mail.example.org", Smtp, 100),
        (f"smtp://ada%40example.org:{SECRET}@mail.example.org:2525?tls=implicit", Smtp, 100),
        ("smtp://[::1]:25?tls=none", Smtp, 100),
        (f"sendgrid://{SECRET}@api.sendgrid.com", SendGrid, 1000),
        (f"sendgrid://{SECRET}@api.eu.sendgrid.com", SendGrid, 1000),
        (f"sendgrid+http://{SECRET}@127.0.0.1:8025", SendGrid, 1000),
    ],
)
def test_an_address_chooses(url, kind, capacity, tmp_path):
    way = transport(url, outbox=tmp_path, is_plain_allowed=True)
    assert isinstance(way, kind)
    assert way.capacity == capacity
    assert SECRET not in repr(way)
    assert SECRET not in str(way)
    assert SECRET not in repr(vars(way))
    way.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "outbox",
        "outbox:/tmp/elsewhere",
        "http://example.org",
        f"smtp://u:{SECRET}@",
        f"smtp://u:{SECRET}@mail.example.org?tls=no",
        f"smtp://u:{SECRET}@mail.example.org?tls=none",
        f"smtp://u:{SECRET}@mail.example.org?timeout=9",
        f"smtp://u:{SECRET}@mail.example.org:99999",
        f"smtp://u:{SECRET}@mail.example.org?ca=/nowhere.pem",
        "sendgrid://api.sendgrid.com",
        f"sendgrid://{SECRET}@",
        f"sendgrid://u:{SECRET}@api.sendgrid.com",
        f"sendgrid://{SECRET}@api.sendgrid.com/v3",
        f"sendgrid://{SECRET}%0d%0aX-Evil@api.sendgrid.com",
        f"sendgrid+http://{SECRET}@api.sendgrid.com",
        f"sendgrid+http://{SECRET}@10.0.0.1:80",
        f"sendgrid://{SECRET}@[::1",
    ],
)
def test_what_is_unsafe_or_unreadable_is_refused_without_showing_the_secret(url, tmp_path):
    with pytest.raises(ValueError) as refused:
        transport(url, outbox=tmp_path, is_plain_allowed=True)
    assert SECRET not in str(refused.value)
    assert len(str(refused.value).split()) > 3


def test_a_stub_is_refused_where_it_is_not_allowed(tmp_path):
    with pytest.raises(ValueError, match="stub"):
        transport(f"sendgrid+http://{SECRET}@127.0.0.1:8025", outbox=tmp_path)


def test_no_key_and_no_recipient_reaches_the_logs_at_debug(provider, way_out):
    loggers = [logging.getLogger(), *map(logging.getLogger, ("python_http_client.client", "sendgrid"))]
    levels = [logger.level for logger in loggers]
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    loggers[0].addHandler(handler)
    try:
        way = way_out(provider.mail_url)
        for logger in loggers:
            logger.setLevel(logging.DEBUG)
        way.send(batch(people(2)))
        provider.misbehave("401")
        way.send(batch(people(2)))
    finally:
        loggers[0].removeHandler(handler)
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
    assert KEY not in stream.getvalue()
    assert "ada0@example.org" not in stream.getvalue()


@pytest.mark.parametrize(
    "name", ["Subject", "bcc", "X-SG-EID", "Content-Type", "X Evil", "X-Evil:", "X-Ü", ""]
)
def test_headers_only_a_transport_may_write_are_refused(name):
    with pytest.raises(ValueError, match="header"):
        batch(people(1), headers={name: "x"})
    with pytest.raises(ValueError, match="header"):
        batch([person(1, headers={name: "x"})])


def test_a_ledger_id_stands_once_in_a_batch():
    with pytest.raises(ValueError, match="ledger"):
        batch([person(1), person(1)])

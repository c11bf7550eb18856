"""Our real requests against SendGrid's contract, as a strict model: accepted, whatever people are called."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from portal.mail.transports.batch import Attachment
from portal.mail.transports.sendgrid_client import serialised
from portal.mail.transports.sendgrid_request import Form
from tests.mail.transports.cast import batch, people, person
from tests.mail.transports.test_clean import HOSTILE, anything
from tests.stub.contract import MailSend, errors_of


def written(letter):
    """Return the request of a batch, as the provider reads it."""
    form = Form(letter)
    return json.loads(serialised(form.request([form.personal(one) for one in letter.recipients])))


@pytest.fixture
def request_body():
    calendar = Attachment("evening.ics", "text/calendar; method=REQUEST", b"BEGIN:VCALENDAR\r\n")
    return written(batch(people(3), attachments=(calendar,), headers={"Auto-Submitted": "auto-generated"}))


def test_our_request_keeps_the_contract(request_body):
    mail = MailSend.model_validate(request_body)
    assert len(mail.personalizations) == 3


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_keep_the_contract(name):
    MailSend.model_validate(
        written(batch([person(1, name=name)], sender_name=name, reply_to_name=name, headers={"X-Note": name}))
    )


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=anything, value=anything, subject=anything, count=st.integers(1, 5))
def test_whatever_people_write_keeps_the_contract(name, value, subject, count):
    crowd = [
        person(n, name=name, values={"first_name": value, "page_url": "x"}, headers={"X-Note": value})
        for n in range(count)
    ]
    MailSend.model_validate(written(batch(crowd, subject="A" + subject.replace("%%", ""), sender_name=name)))


def _without(*path):
    def change(body):
        for key in path[:-1]:
            body = body[key]
        del body[path[-1]]

    return change


def _with(value, *path):
    def change(body):
        for key in path[:-1]:
            body = body[key]
        body[path[-1]] = value

    return change


BROKEN = [
    (_without("from"), "from"),
    (_without("personalizations"), "personalizations"),
    (_without("subject"), "subject"),
    (_with("", "subject"), "subject"),
    (_with([], "personalizations"), "personalizations"),
    (_with("nonsense", "personalizations", 2, "to", 0, "email"), "personalizations.2.to.0.email"),
    (_with("A;B", "personalizations", 1, "to", 0, "name"), "personalizations.1.to.0.name"),
    (_with("A,B", "from", "name"), "from.name"),
    (_with("A\r\nB", "subject"), "subject"),
    (_with({"Subject": "x"}, "personalizations", 0, "headers"), "personalizations.0.headers"),
    (_with({"X-A": "x\r\ny"}, "headers"), "headers"),
    (_with({"a": 1}, "personalizations", 0, "custom_args"), "personalizations.0.custom_args.a"),
    (_with({"a": "x" * 10_001}, "personalizations", 0, "substitutions"), "personalizations.0.substitutions"),
    (_with("x" * 256, "categories", 0), "categories.0"),
    (_with("text/calendar; method=REQUEST", "attachments", 0, "type"), "attachments.0.type"),
    (_with({"bypass_list_management": {"enable": True}}, "mail_settings"), "mail_settings"),
    (_with("true", "tracking_settings", "open_tracking", "enable"), "tracking_settings.open_tracking.enable"),
    (_with("x", "template"), "template"),
    (_with("", "content", 1, "value"), "content.1.value"),
    (_with("ada0@example.org", "personalizations", 1, "to", 0, "email"), ""),
]


@pytest.mark.parametrize(("change", "field"), BROKEN)
def test_the_contract_notices_what_is_broken(request_body, change, field):
    change(request_body)
    with pytest.raises(ValidationError) as refused:
        MailSend.model_validate(request_body)
    (error,) = errors_of(refused.value)
    assert (error["field"] or "").startswith(field)


def test_1001_people_break_the_contract(request_body):
    one = request_body["personalizations"][0]
    request_body["personalizations"] = [
        {**one, "to": [{"email": f"ada{n}@example.org"}]} for n in range(1001)
    ]
    with pytest.raises(ValidationError):
        MailSend.model_validate(request_body)

"""An invitation in a mail says its method outside, too: else no calendar takes it in, or takes it back."""

import email

import pytest

from portal.core import clock
from portal.mail.transports.batch import Attachment
from portal.mail.transports.compose import Composer
from tests.mail.transports.cast import batch, people

FILE = b"BEGIN:VCALENDAR\r\nMETHOD:%s\r\nSUMMARY:Caf\xc3\xa9\r\nEND:VCALENDAR\r\n"


def letter(method):
    content_type = f"text/calendar; charset=utf-8; method={method}"
    return batch(people(1), attachments=(Attachment("tea.ics", content_type, FILE % method.encode()),))


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_in_a_mail(method):
    one = letter(method)
    mail = email.message_from_bytes(Composer(one, clock.now()).mail(one.recipients[0]))
    [part] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert part.get_param("method") == method
    assert part.get_payload(decode=True) == FILE % method.encode()

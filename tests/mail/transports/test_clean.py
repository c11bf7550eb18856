"""Whatever people type, it can neither end a header, nor become a tag, nor break an address."""

import json
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.mail.transports import clean, tags
from portal.mail.transports.compose import Composer, header
from portal.mail.transports.sendgrid_client import serialised
from portal.mail.transports.sendgrid_request import Form
from tests.mail.transports.cast import batch, person

HOSTILE = [
    "Ada\r\nBcc: everybody@example.org",
    "Ada\nBcc: everybody@example.org",
    "Ada\rBcc: everybody@example.org",
    "Ada\u2028Bcc: everybody@example.org",
    "Ada\u2029Bcc: everybody@example.org",
    "Ada\x0bBcc: everybody@example.org",
    "Ada\x0cBcc: everybody@example.org",
    "Ada\x85Bcc: everybody@example.org",
    "Ada\x1cBcc: everybody@example.org",
    "Ada\x00Bcc: everybody@example.org",
    "=?utf-8?q?Ada=0D=0ABcc=3A_everybody=40example=2Eorg?=",
    'Ada" <everybody@example.org>, "Eve',
    "Ada, everybody@example.org",
    "Ada; everybody@example.org",
    "Ada \u202egro.elpmaxe",
    "\ud800 half a pair",
    "x" * 1_500,
    "%%first_name%% %%page_url%% {{7*7}} ${x} -first_name- %s",
    "",
    "   ",
]
anything = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(), max_size=60),
    st.text(st.sampled_from("%%aen_.first_name\r\n\u2028\x0b\x00;,<>\"' @:=?"), max_size=40),
)


def parsed(mail: bytes) -> EmailMessage:
    """Return a mail as a reader sees it."""
    return BytesParser(EmailMessage, policy=modern).parsebytes(mail)


@settings(max_examples=300, deadline=None)
@given(name=anything, subject=anything, sender=anything, extra=anything)
def test_no_words_can_add_or_end_a_header(name, subject, sender, extra):
    one = person(1, name=name, headers={"X-Note": extra})
    letter = batch([one], subject=subject.replace("%%", "%"), sender_name=sender, reply_to_name=sender)
    raw = Composer(letter, datetime.now(UTC)).mail(one)
    head, _, _ = raw.partition(b"\r\n\r\n")
    names = [line.split(b":")[0] for line in head.split(b"\r\n") if line[:1] not in (b" ", b"\t")]
    assert names == [
        *(b"From", b"Reply-To", b"Date", b"To", b"Subject", b"Message-ID", b"X-Note"),
        *(b"MIME-Version", b"Content-Type"),
    ]
    assert raw.isascii()
    assert not set(head) & {*range(9), *range(11, 13), *range(14, 32), 127}
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    mail = parsed(raw)
    assert [address.addr_spec for address in mail["To"].addresses] == ["ada1@example.org"]
    assert [address.addr_spec for address in mail["From"].addresses] == ["ines@talent.example.org"]
    assert mail["Bcc"] is None


@settings(max_examples=200, deadline=None)
@given(name=anything, value=anything, link=anything)
def test_a_value_is_put_in_once_and_never_read_again(name, value, link):
    values = {"first_name": value, "page_url": link}
    one = person(1, name=name, values=values, html_values=values)
    before = "A" * 60
    words = f"{before}%%first_name%%B%%page_url%%C"
    letter = batch([one], text=words, html=words)
    raw = Composer(letter, datetime.now(UTC)).mail(one)
    assert max(map(len, raw.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 77
    assert not {*b"\r\n"} & set(raw.replace(b"\r\n", b""))
    mail = parsed(raw)
    expected = f"{before}{clean.body(value)}B{clean.body(link)}C"
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None
        assert part.get_content().replace("\r\n", "\n").rstrip("\n") == expected.rstrip("\n")


@settings(max_examples=200, deadline=None)
@given(value=anything, link=anything, html=anything)
def test_the_provider_cannot_cascade_however_it_replaces(value, link, html):
    one = person(
        1,
        values={"first_name": value, "page_url": link},
        html_values={"first_name": html, "page_url": link},
    )
    letter = batch(
        [one],
        subject="%%first_name%%",
        text="A%%first_name%%B%%page_url%%%%first_name%%",
        html="%%page_url%%C%%first_name%%",
    )
    form = Form(letter)
    request = json.loads(serialised(form.request([form.personal(one)])))
    values = request["personalizations"][0]["substitutions"]
    wanted = {
        "text/plain": f"A{clean.body(value)}B{clean.body(link)}{clean.body(value)}",
        "text/html": f"{clean.body(link)}C{clean.body(html)}",
    }
    for order in (list(values.items()), list(values.items())[::-1]):
        for part in request["content"]:
            text = part["value"]
            for tag, filled in order:
                text = text.replace(tag, filled)
            assert text == wanted[part["type"]]
        subject = request["subject"]
        for tag, filled in order:
            subject = subject.replace(tag, filled)
        assert subject == clean.subject(value)
        assert "\n" not in subject
        assert "\u2028" not in subject


def test_each_batch_has_tag_names_of_its_own():
    one = person(1)
    letter = batch([one])
    first, second = (set(Form(letter).personal(one)["substitutions"]) for _ in range(2))
    assert len(first) == len(second) == 5
    assert not first & second


@given(anything)
def test_a_name_breaks_no_address(text):
    name = clean.name(text)
    assert not set(name) & set(';,<>"\\\r\n\u2028\u2029\x0b\x00')
    assert len(name) <= 100
    assert clean.name(name) == name


@given(anything)
def test_a_tag_is_filled_in_one_pass(value):
    assert tags.fill("<%%a%%|%%b%%>", {"a": value, "b": "%%a%%"}) == f"<{value}|%%a%%>"


@pytest.mark.parametrize("text", ["Ada 🌿 Lovelace", "أدا", "山田 太郎", "Zoë-Ann O'Hara", "נועה", "Ада"])
def test_names_in_any_script_stay_as_they_are(text):
    assert clean.name(text) == text
    one = person(1, name=text)
    mail = parsed(Composer(batch([one]), datetime.now(UTC)).mail(one))
    assert mail["To"].addresses[0].display_name == text


@pytest.mark.parametrize(
    "address",
    [
        *("", "ada", "@example.org", "ada@", "a b@example.org", "ada@example.org\r\nBcc: x@y.org"),
        *("ada@example.org, eve@example.org", "<ada@example.org>", "ädä@example.org", "ada@exa mple.org"),
        *("ada@example.org\u2028", "ada@-", "a\x00da@example.org", "ada@ex\u2028ample.org"),
    ],
)
def test_what_is_not_one_address_is_refused(address):
    with pytest.raises(clean.BadAddress):
        clean.address(address)


def test_long_addresses_in_headers_are_neither_folded_nor_encoded():
    link = "<https://talent.example.org/u/" + "a" * 300 + ">"
    assert header("List-Unsubscribe", link) == f"List-Unsubscribe: {link}\r\n".encode()


def test_what_a_provider_says_is_one_short_line_without_addresses():
    said = "550 5.1.1 <ada@example.org>: no such\r\nuser " + "x" * 999
    words = clean.words(said)
    assert "ada@example.org" not in words
    assert "\n" not in words
    assert len(words) <= 300

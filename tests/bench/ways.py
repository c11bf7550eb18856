"""The ways out by themselves: our transports against the least that could hand over the same mails."""

import contextlib
import smtplib
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import sendgrid
from sendgrid.helpers.mail import (
    Category,
    ClickTracking,
    Content,
    CustomArg,
    From,
    Header,
    Mail,
    OpenTracking,
    Personalization,
    ReplyTo,
    SubscriptionTracking,
    Substitution,
    To,
    TrackingSettings,
)

from portal.mail.transports.batch import Batch, Recipient
from portal.mail.transports.choose import transport
from portal.mail.transports.compose import Composer
from portal.mail.transports.result import Fate
from tests.bench import report
from tests.rig import run
from tests.stub.fixtures import KEY, Provider

HELPERS_PEOPLE = 20_000
HELPERS_GOAL = 2.0
SMTP_PEOPLE = 10_000
SMTP_GOAL = 0.6
ROUNDS = 3
PLACE = "https://talent.example.org"
TEXT = "Hello %%name%%,\n\n" + "News from the river, and what we learned this season. " * 60
HTML = "<p>Hello %%name%%,</p>" + "<p>News from the river, and what we learned this season.</p>" * 60

SINK = """
import socket, sys
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    line, _ = listener.accept()
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.sendall(b"220 sink\\r\\n")
    buffer, in_data = b"", False
    while True:
        if in_data:
            while not buffer.endswith(b"\\r\\n.\\r\\n"):
                buffer += line.recv(1 << 16)
            buffer, in_data = b"", False
            line.sendall(b"250 OK\\r\\n")
            continue
        while b"\\r\\n" not in buffer:
            got = line.recv(1 << 16)
            if not got:
                break
            buffer += got
        if not buffer:
            break
        word, _, buffer = buffer.partition(b"\\r\\n")
        if word[:4].upper() == b"DATA":
            in_data = True
            line.sendall(b"354 go on\\r\\n")
        elif word[:4].upper() == b"QUIT":
            line.sendall(b"221 bye\\r\\n")
            break
        else:
            line.sendall(b"250 OK\\r\\n")
"""


def helpers() -> None:
    """Compare with the `sendgrid` package's own helper classes: the same requests, to the same stub."""
    batches = _batches(HELPERS_PEOPLE, 1000)
    provider = Provider(run.folder() / "accepted.jsonl", "--count-only")
    try:
        way = transport(provider.mail_url, outbox=Path("/nowhere"), is_plain_allowed=True)
        client = sendgrid.SendGridAPIClient(api_key=KEY, host=provider.url)

        def ours() -> None:
            for batch in batches:
                facts = way.send(batch).facts.values()
                assert {fact.fate for fact in facts} == {Fate.accepted}

        def theirs() -> None:
            for batch in batches:
                assert client.send(_by_helpers(batch)).status_code == 202

        mine, package = _both(ours, theirs)
        way.close()
    finally:
        provider.stop()
    report.line(
        "helpers",
        package / mine,
        ">=",
        HELPERS_GOAL,
        f"{HELPERS_PEOPLE / mine:,.0f} recipients/s, {HELPERS_PEOPLE / package:,.0f} by the package's helpers",
    )


def smtp() -> None:
    """Compare with a bare loop that gives ready-made bytes to the same local sink over one connection."""
    batches = _batches(SMTP_PEOPLE, 100)
    ready = [
        (person.address, composer.mail(person))
        for batch in batches
        for composer in [Composer(batch, datetime.now(UTC))]
        for person in batch.recipients
    ]
    with _sink() as port:
        way = transport(f"smtp://127.0.0.1:{port}?tls=none", outbox=Path("/nowhere"))

        def ours() -> None:
            for batch in batches:
                facts = way.send(batch).facts.values()
                assert {fact.fate for fact in facts} == {Fate.accepted}
            way.close()

        def bare() -> None:
            with smtplib.SMTP("127.0.0.1", port) as line:
                line.ehlo()
                for address, mail in ready:
                    line.mail("rae@example.org")
                    line.rcpt(address)
                    assert line.data(mail)[0] == 250

        mine, loop = _both(ours, bare)
    report.line(
        "smtp",
        loop / mine,
        ">=",
        SMTP_GOAL,
        f"{SMTP_PEOPLE / mine:,.0f} mails/s, {SMTP_PEOPLE / loop:,.0f} by the bare loop",
    )


def _both(ours: Callable[[], None], theirs: Callable[[], None]) -> tuple[float, float]:
    """The median seconds of each, by turns."""
    times = [(report.seconds(ours), report.seconds(theirs)) for _ in range(ROUNDS)]
    return statistics.median(one for one, _ in times), statistics.median(other for _, other in times)


def _batches(people: int, most: int) -> list[Batch]:
    return [_batch(range(start, start + most)) for start in range(0, people, most)]


def _batch(numbers: Sequence[int]) -> Batch:
    recipients = []
    for number in numbers:
        values = {"name": f"Person {number}", "preferences_url": f"{PLACE}/p/token{number:024d}"}
        recipients.append(
            Recipient(
                message=f"message{number:024d}",
                address=f"person{number}@example.org",
                name=values["name"],
                values=values,
                html_values=values,
                headers={
                    "List-Unsubscribe": f"<{PLACE}/u/token{number:024d}>",
                    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                },
            )
        )
    return Batch(
        sender_name="Rae",
        sender_address="rae@example.org",
        reply_to="rae@example.org",
        reply_to_name="Rae",
        subject="The season, %%name%%",
        text=TEXT + "%%preferences_url%%",
        html=HTML + '<a href="%%preferences_url%%">Choose</a>',
        recipients=tuple(recipients),
        stream="marketing",
        mailing="issue",
    )


def _by_helpers(batch: Batch) -> Mail:
    mail = Mail(
        from_email=From(batch.sender_address, batch.sender_name),
        subject=batch.subject,
        plain_text_content=Content("text/plain", batch.text),
        html_content=Content("text/html", batch.html),
    )
    mail.reply_to = ReplyTo(batch.reply_to, batch.reply_to_name)
    mail.category = Category(batch.stream)
    mail.tracking_settings = TrackingSettings(
        click_tracking=ClickTracking(enable=False, enable_text=False),
        open_tracking=OpenTracking(enable=False),
        subscription_tracking=SubscriptionTracking(enable=False),
    )
    for person in batch.recipients:
        one = Personalization()
        one.add_to(To(person.address, person.name))
        one.add_custom_arg(CustomArg("message", person.message))
        one.add_custom_arg(CustomArg("mailing", batch.mailing))
        for name, value in person.headers.items():
            one.add_header(Header(name, value))
        for kind, values in (("", person.values), ("html.", person.html_values), ("subject.", person.values)):
            for name, value in values.items():
                if kind != "subject." or name == "name":
                    one.add_substitution(Substitution(f"%%{kind}{name}%%", value))
        mail.add_personalization(one)
    return mail


@contextlib.contextmanager
def _sink() -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-c", SINK], stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()

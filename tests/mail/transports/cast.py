"""Batches for the tests of the transports."""

from collections.abc import Iterable
from typing import Any

from portal.mail.transports.batch import Batch, Recipient
from portal.mail.transports.result import Fate, Result

UNSUBSCRIBE = "https://talent.example.org/u/"


def person(number: int, address: str = "", **own: Any) -> Recipient:
    """Return somebody with a name, a link of their own, and the headers of one-click unsubscribing."""
    values = own.pop(
        "values", {"first_name": f"Ada {number}", "page_url": f"https://talent.example.org/p/{number}"}
    )
    return Recipient(
        message=own.pop("message", f"m{number}"),
        address=address or f"ada{number}@example.org",
        name=own.pop("name", f"Ada {number}"),
        values=values,
        html_values=own.pop("html_values", values),
        headers=own.pop(
            "headers",
            {
                "List-Unsubscribe": f"<{UNSUBSCRIBE}{number}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        ),
        **own,
    )


def people(count: int) -> tuple[Recipient, ...]:
    """Return that many people."""
    return tuple(person(number) for number in range(count))


def batch(recipients: Iterable[Recipient], **own: Any) -> Batch:
    """Return a newsletter for these people."""
    given: dict[str, Any] = {
        "sender_name": "Ines Duarte",
        "sender_address": "ines@talent.example.org",
        "reply_to": "ines@example.org",
        "reply_to_name": "Ines Duarte",
        "subject": "What grew here, %%first_name%%",
        "text": "Hello %%first_name%%,\n\nyour page: %%page_url%%\n",
        "html": '<p>Hello %%first_name%%</p><a href="%%page_url%%">your page</a>',
        "stream": "marketing",
        "mailing": "issue-7",
        **own,
    }
    return Batch(recipients=tuple(recipients), **given)


def fates(result: Result) -> dict[str, Fate]:
    """Return each person's fate by ledger id."""
    return {message: fact.fate for message, fact in result.facts.items()}


def with_fate(result: Result, fate: Fate) -> set[str]:
    """Return the ledger ids with this fate."""
    return {message for message, fact in result.facts.items() if fact.fate is fate}

"""What a provider remembers of people, and how it is asked to forget it (`POST /v3/recipients/erasejob` and others)."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import orjson

from portal.mail.transports import clean
from portal.mail.transports.sendgrid_client import Api, NotHandedOver, Unclear, serialised

MOST_ADDRESSES = 5_000
MOST_BYTES = 250_000
"""The provider takes 256 kB a request."""


class Outcome(Enum):
    """What became of the request. Asking twice does no harm, so there is no doubt to be kept here."""

    taken = auto()
    refused = auto()
    later = auto()


@dataclass(frozen=True, slots=True)
class Erased:
    """The outcome and its words: the provider's number for the job, or why not."""

    outcome: Outcome
    words: str


def erase(api: Api, addresses: list[str]) -> Erased:
    """Ask SendGrid to forget these people; at most 5,000 addresses and 256 kB at once."""
    try:
        response = api.erase(serialised({"email_addresses": addresses}))
    except (NotHandedOver, Unclear) as error:
        return Erased(Outcome.later, clean.words(f"SendGrid could not be asked: {error}"))
    body = _parsed(response.body)
    if response.status_code == 202:
        return Erased(Outcome.taken, clean.words(str(body.get("job_id", "")))[:80])
    listed = body.get("errors")
    said = "; ".join(
        str(one.get("message", ""))
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, dict)
    )
    words = clean.words(
        f"SendGrid answered {response.status_code}" + (f": {said[:400]}" if said else "") + "."
    )
    return Erased(Outcome.refused if response.status_code == 400 else Outcome.later, words)


_LISTS = ("bounces", "blocks", "invalid_emails")


def forgive(api: Api, address: str) -> bool:
    """Take an address off SendGrid's own lists of mailboxes that it will not try; whether it is on none of them now."""
    try:
        answers = [api.forgive(name, address).status_code for name in _LISTS]
    except (NotHandedOver, Unclear):
        return False
    return all(status in {200, 204, 404} for status in answers)


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}

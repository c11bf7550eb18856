"""What became of a batch, told for each person in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.mail.transports.batch import Recipient

SHORTEST_WAIT = 1.0
LONGEST_WAIT = 300.0


class Fate(StrEnum):
    """What became of one person's mail.

    accepted: the provider has it. refused: certain, and for good. again: certainly not accepted, may be tried
    later. unknown: nobody can know, so it is never sent again by itself.
    """

    accepted = "accepted"
    refused = "refused"
    again = "again"
    unknown = "unknown"


@dataclass(frozen=True, slots=True)
class Fact:
    """One person's fate, and why."""

    fate: Fate
    why: str = ""
    provider_id: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """One fact for every recipient of the batch, by ledger id.

    `pause` is not empty when the whole mailing must stop until a person has looked; it says why.
    `retry_after` is how many seconds all workers should wait, 0 or between 1 and 300.
    """

    facts: Mapping[str, Fact]
    pause: str = ""
    retry_after: float = 0.0


class Tally:
    """Facts as they come in while a batch is being handed over."""

    def __init__(self) -> None:
        self.facts: dict[str, Fact] = {}
        self.pause = ""
        self.retry_after = 0.0

    def accepted(self, people: Iterable[Recipient], provider_id: str = "") -> None:
        """Note that the provider has the mails of these people."""
        self._note(people, Fact(Fate.accepted, provider_id=provider_id))

    def refused(self, people: Iterable[Recipient], why: str) -> None:
        """Note that these people's mails are refused for good."""
        self._note(people, Fact(Fate.refused, why))

    def again(self, people: Iterable[Recipient], why: str) -> None:
        """Note that these people's mails were certainly not accepted and may be tried later."""
        self._note(people, Fact(Fate.again, why))

    def unknown(self, people: Iterable[Recipient], why: str) -> None:
        """Note that nobody can know whether these people's mails were accepted."""
        self._note(people, Fact(Fate.unknown, why))

    def wait(self, seconds: float) -> None:
        """Ask all workers to wait, within bounds."""
        self.retry_after = min(LONGEST_WAIT, max(SHORTEST_WAIT, self.retry_after, seconds))

    def _note(self, people: Iterable[Recipient], fact: Fact) -> None:
        for person in people:
            self.facts[person.message] = fact

    def result(self, recipients: Iterable[Recipient], why_not_tried: str = "not tried yet") -> Result:
        """Return the result; whoever was not reached has certainly not been accepted."""
        self.again(
            (person for person in recipients if person.message not in self.facts),
            why_not_tried,
        )
        return Result(self.facts, self.pause, self.retry_after)

"""What became of a batch, told for each person in it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.mail.transports.batch import Recipient

SHORTEST_WAIT = 1.0
LONGEST_WAIT = 300.0
HELD = "not tried: the worker was held up for too long, or is to end"
"""Why nothing left although nothing was wrong: the checkpoint was not passed."""


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
    `retry_after` is how many seconds to wait, 0 or between 1 and 300; `is_for_all` when the provider asked for it, so
    that every worker on every machine has to.
    """

    facts: Mapping[str, Fact]
    pause: str = ""
    retry_after: float = 0.0
    is_for_all: bool = False


Checkpoint = Callable[[Mapping[str, Fact]], bool]
"""Passed before every request of a batch. It is told what has become certain since the last time, so that it can be
saved before anything else leaves, and says whether this request may leave at all (the claim may have run out)."""


def unguarded(_facts: Mapping[str, Fact]) -> bool:
    """Let every request pass: for who saves the result as a whole, and holds no claim."""
    return True


class Tally:
    """Facts as they come in while a batch is being handed over."""

    def __init__(self, checkpoint: Checkpoint = unguarded) -> None:
        self.facts: dict[str, Fact] = {}
        self.pause = ""
        self.retry_after = 0.0
        self.is_for_all = False
        self._checkpoint = checkpoint
        self._untold: dict[str, Fact] = {}

    def may_go_on(self) -> bool:
        """Pass the checkpoint; False when no further request may leave."""
        untold, self._untold = self._untold, {}
        return self._checkpoint(untold)

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

    def wait(self, seconds: float, *, is_for_all: bool = False) -> None:
        """Ask for patience, within bounds: of this process, or of all workers."""
        self.is_for_all = self.is_for_all or is_for_all
        self.retry_after = min(LONGEST_WAIT, max(SHORTEST_WAIT, self.retry_after, seconds))

    def _note(self, people: Iterable[Recipient], fact: Fact) -> None:
        for person in people:
            self.facts[person.message] = self._untold[person.message] = fact

    def result(self, recipients: Iterable[Recipient], why_not_tried: str = "not tried yet") -> Result:
        """Return the result; whoever was not reached has certainly not been accepted."""
        self.again(
            (person for person in recipients if person.message not in self.facts),
            why_not_tried,
        )
        return Result(self.facts, self.pause, self.retry_after, self.is_for_all)

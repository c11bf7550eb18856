"""How the stub misbehaves: rules from the command line or `POST /control`; the first that fits applies."""

from dataclasses import dataclass, fields
from typing import Any, Self

MODES = frozenset(
    {
        "ok",
        "slow",
        "hang_before_read",
        "hang_after_record",
        "record_then_rst",
        "record_then_close",
        "close_before_read",
        "rst_mid_body",
        "stall_mid_body",
        "drip",
        "202_cut_body",
        "garbage",
        "400_field",
        "400_nofield",
        "400_common",
        "401",
        "403",
        "404",
        "413",
        "429",
        "500",
        "502",
        "503",
        "200",
        "301",
        "signal_unread",
        "signal_recorded",
        "tell_first",
    }
)


@dataclass
class Rule:
    """One misbehaviour.

    `nth`: only the n-th request from now (1 is the next); `times`: how often at most; `address`: only
    requests that hold this address; `more_than`: only requests with more people; `recorded`: the mails count
    as accepted although the answer says otherwise. `pid` and `signal`: whom the stub strikes while it has the
    request in its hands, before it has read it or after it has accepted the mails; it answers nobody who is dead.
    `url`: where it tells of the mails before it answers.
    """

    mode: str
    nth: int = 0
    times: int = -1
    address: str = ""
    more_than: int = 0
    ms: int = 0
    reset: str = ""
    field: str = ""
    message: str = ""
    recorded: bool = False
    pid: int = 0
    signal: int = 9
    url: str = ""

    @classmethod
    def read(cls, given: dict[str, Any]) -> Self:
        """Return a rule from JSON; unknown names and modes are mistakes of the test."""
        unknown = set(given) - {one.name for one in fields(cls)}
        if unknown or given.get("mode") not in MODES:
            raise ValueError(f"no such rule: {given}")
        return cls(**given)

    @property
    def looks_inside(self) -> bool:
        """Whether the body must be read to know if the rule applies."""
        return bool(self.address or self.more_than)


class Rules:
    """The rules in force."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []

    def add(self, rule: Rule) -> None:
        """Put a rule behind the others."""
        self._rules.append(rule)

    def clear(self) -> None:
        """Behave well from now on."""
        self._rules.clear()

    def count_down(self) -> None:
        """A request comes in."""
        for rule in self._rules:
            if rule.nth > 0:
                rule.nth -= 1
                rule.times = 1 if rule.nth == 0 else rule.times

    def early(self) -> Rule | None:
        """Return the rule that applies before the body is read, if there is one."""
        return self._first(rule for rule in self._rules if not rule.looks_inside)

    def late(self, addresses: set[str], count: int) -> Rule | None:
        """Return the rule that applies to a request with these people, if there is one."""
        return self._first(
            rule
            for rule in self._rules
            if rule.looks_inside
            and (not rule.address or rule.address.lower() in addresses)
            and count > rule.more_than
        )

    def _first(self, rules: Any) -> Rule | None:
        for rule in rules:
            if rule.nth == 0 and rule.times != 0:
                rule.times -= 1
                return rule  # type: ignore[no-any-return]
        return None

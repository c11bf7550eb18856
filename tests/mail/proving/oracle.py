"""The oracle: compares the provider's own log with the ledger, person by person."""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from portal.core import tokens
from portal.core.db import session
from portal.mail import queries
from portal.mail.models import Mailing, Message, State
from portal.mail.queries import Balance
from tests.stub.fixtures import Provider

AWAY = (DBAPIError, NoConnection)
"""What is raised while the database is away."""

NEVER = {State.planned, State.failed, State.skipped}
"""Where a mail stands that the provider cannot have."""

_LINK = re.compile(r"http://portal\.test/([upc])/([^/\s]+)")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: the balance, and of the unknown which the provider has and which it never saw."""

    balance: Balance
    taken: frozenset[int]
    never_seen: frozenset[int]

    @property
    def reached(self) -> int:
        """How many people the provider has a mail for, whatever the ledger knows of it."""
        return len(self.taken) + self.balance.accepted


def verdict(
    mailing: int,
    provider: Provider,
    *,
    names: Mapping[int, str] | None = None,
    never: Collection[str] = (),
    settled: Collection[int] = (),
) -> Verdict:
    """Compare. `never` are addresses that must not be in the log; `settled` are rows that a person decided."""
    # Workers may be busy: what was in the log before the ledger was read counts against it, what is there
    # afterwards counts for it.
    before = Counter(number for number, _ in _mails_of(mailing, provider))
    rows = {row.id: row for row in session().scalars(select(Message).where(Message.mailing_id == mailing))}
    balance = queries.balance(session().get_one(Mailing, mailing))
    assert balance.adds_up, balance
    assert balance.intended == len(rows), "the audience is whole"
    seen: Counter[int] = Counter()
    for number, mail in _mails_of(mailing, provider):
        assert number in rows, f"{mail['address']} got a mail that nobody intended"
        seen[number] += 1
        _is_theirs(mail, rows[number], names or {})
    for number, row in rows.items():
        assert seen[number] <= 1, f"{row.address} got it {seen[number]} times"
        if number in settled:
            continue
        assert not (row.state in NEVER and before[number]), f"{row.address} is {row.state} and was sent"
        assert row.state is not State.accepted or seen[number], f"{row.address} is accepted and was not sent"
    unwanted = set(never) & {mail["address"] for mail in provider.accepted()}
    assert not unwanted, f"mailed although they left: {unwanted}"
    unknown = {number for number, row in rows.items() if row.state is State.unknown}
    return Verdict(
        balance,
        frozenset(number for number in unknown if seen[number]),
        frozenset(number for number in unknown if not seen[number]),
    )


def _mails_of(mailing: int, provider: Provider) -> list[tuple[int | None, dict[str, Any]]]:
    """The mails of a mailing in the provider's log, each with the row it names."""
    name = tokens.seal("mailing", mailing)
    return [
        (tokens.unseal("message", mail["message"]), mail)
        for mail in provider.accepted()
        if mail["mailing"] == name
    ]


def _is_theirs(mail: dict[str, Any], row: Message, names: Mapping[int, str]) -> None:
    """Whatever is personal in a mail names its own row, and nobody else's."""
    if row.address:
        assert mail["address"] == row.address
    one_click = re.fullmatch(r"<http://portal\.test/u/(\S+)>", mail["unsubscribe"])
    assert one_click is not None, mail["unsubscribe"]
    assert tokens.unseal("unsubscribe", one_click[1]) == row.id
    assert mail["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    if row.member_id in names:
        assert names[row.member_id] in mail["subject"]
        assert mail["name"] in (None, "", names[row.member_id])
    kinds = Counter[str]()
    for text in [*mail["links"], *mail["values"].values()]:
        for kind, token in _LINK.findall(text):
            kinds[kind] += 1
            if kind == "u":
                assert tokens.unseal("unsubscribe", token) == row.id
            elif kind == "p":
                assert tokens.unseal("preferences", token) == row.id
    assert kinds["u"] >= 1, "everybody can leave"
    assert kinds["p"] >= 1, "everybody can choose"

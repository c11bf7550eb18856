"""Questions to the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import String, func, select
from sqlalchemy import cast as sql_cast

from portal.core.db import session
from portal.mail import gate
from portal.mail.models import Aftermath, Mailing, MailingState, Message, State, Stream, Suppression


@dataclass(frozen=True, slots=True)
class Balance:
    """Where everybody a mailing was meant for stands. It adds up at every instant."""

    intended: int
    planned: int = 0
    claimed: int = 0
    accepted: int = 0
    failed: int = 0
    skipped: int = 0
    unknown: int = 0
    skipped_by_reason: dict[str, int] = field(default_factory=dict)
    failed_by_reason: dict[str, int] = field(default_factory=dict)
    aftermath: dict[str, int] = field(default_factory=dict)

    @property
    def adds_up(self) -> bool:
        """Whether intended = planned + claimed + accepted + failed + skipped + unknown."""
        parts = self.planned + self.claimed + self.accepted + self.failed + self.skipped + self.unknown
        return self.intended == parts

    @property
    def is_finished(self) -> bool:
        """Whether nobody is waiting and nothing is uncertain."""
        return self.planned == self.claimed == self.unknown == 0

    @property
    def settled(self) -> int:
        """For how many the mailing is over."""
        return self.accepted + self.failed + self.skipped

    @property
    def skipped_rows(self) -> list[tuple[str, str, int]]:
        """Each reason for skipping, its words and its people, most people first."""
        rows = sorted(self.skipped_by_reason.items(), key=lambda row: -row[1])
        return [(reason, gate.words_of(reason), count) for reason, count in rows]

    @property
    def skipped_in_words(self) -> list[tuple[str, int]]:
        """Each reason for skipping in words, most people first."""
        return [(words, count) for _, words, count in self.skipped_rows]


def balance(mailing: Mailing) -> Balance:
    """Where everybody stands, in two statements."""
    states: dict[State, int] = {}
    reasons: dict[State, dict[str, int]] = {State.skipped: {}, State.failed: {}}
    rows = session().execute(
        select(Message.state, Message.why, func.count())
        .where(Message.mailing_id == mailing.id)
        .group_by(Message.state, Message.why)
    )
    for state, why, count in rows:
        states[state] = states.get(state, 0) + count
        if state in reasons:
            reasons[state][why] = count
    after: dict[str, int] = {
        kind: count
        for kind, count in session().execute(
            select(sql_cast(Message.aftermath, String), func.count())
            .where(Message.mailing_id == mailing.id, Message.aftermath.is_not(None))
            .group_by(Message.aftermath)
        )
    }
    return Balance(
        intended=mailing.intended,
        **{state.value: count for state, count in states.items()},
        skipped_by_reason=reasons[State.skipped],
        failed_by_reason=reasons[State.failed],
        aftermath={kind.value: after.get(kind.value, 0) for kind in Aftermath},
    )


def mailing(mailing_id: int) -> Mailing | None:
    """The mailing with that id."""
    return session().get(Mailing, mailing_id)


def mailings_in(*states: MailingState) -> Sequence[Mailing]:
    """Mailings in those states, oldest first."""
    return session().scalars(select(Mailing).where(Mailing.state.in_(states)).order_by(Mailing.id)).all()


def message(message_id: int) -> Message | None:
    """The ledger row with that id."""
    return session().get(Message, message_id)


def of_member(member_id: int, before: int | None = None, most: int = 50) -> Sequence[Message]:
    """What was planned for or sent to a member, newest first; `before` is the id to go on from."""
    statement = select(Message).where(Message.member_id == member_id)
    if before is not None:
        statement = statement.where(Message.id < before)
    return session().scalars(statement.order_by(Message.id.desc()).limit(most)).all()


def unknown_count() -> int:
    """Messages of which nobody knows whether they arrived."""
    return (
        session().scalar(select(func.count()).select_from(Message).where(Message.state == State.unknown)) or 0
    )


def suppressions_of(address_key: str, *streams: Stream) -> Sequence[Suppression]:
    """Why those streams do not write to an address, oldest first."""
    statement = select(Suppression).where(
        Suppression.address_key == address_key, Suppression.stream.in_(streams)
    )
    return session().scalars(statement.order_by(Suppression.id)).all()


def titles(messages: Sequence[Message]) -> dict[int, str]:
    """What the mailings of those messages are called, by their id."""
    ids = {one.mailing_id for one in messages if one.mailing_id is not None}
    if not ids:
        return {}
    return {
        row.id: row.title
        for row in session().execute(select(Mailing.id, Mailing.title).where(Mailing.id.in_(ids)))
    }

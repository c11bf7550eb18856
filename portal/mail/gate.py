"""May we mail this person now? Every room that knows a reason why not puts up a hurdle here.

A hurdle is a piece of SQL over a row that has `member_id`, `address_key` and `topic`: a ledger row when a message
is claimed, a member when an audience is counted. So the answer on the confirmation page and the answer in the
claiming transaction are one and the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, String, case, func, literal, select
from sqlalchemy.sql.functions import coalesce

from portal.mail.models import Stream, Suppression


class Row(Protocol):
    """What a hurdle may look at."""

    member_id: Any
    address_key: Any
    topic: Any


Condition = Callable[[Row], ColumnElement[bool]]
Reason = Callable[[Row], ColumnElement[str]]


@dataclass(frozen=True, slots=True)
class Hurdle:
    """Reasons not to mail, each with its words on a page; the streams they stop; and SQL for the one that holds."""

    reasons: Mapping[str, str]
    streams: frozenset[Stream]
    reason: Reason


_OTHER_WORDS = {
    "cancelled": "The mailing was cancelled before it was their turn",
    "undone": "The mailing was taken back before anything left",
    "copied": "It stood in a copy of the database, and the first one sends",
    "forgotten": "They asked us to forget them",
    "had_it": "The mailbox had it already, from an earlier owner",
}
"""Reasons that no hurdle gives."""

_hurdles: list[Hurdle] = []


def hurdle(reason: str, words: str, *streams: Stream) -> Callable[[Condition], Condition]:
    """Put up a hurdle that holds when a condition does; the first that holds gives the reason."""

    def put_up(condition: Condition) -> Condition:
        def one(row: Row) -> ColumnElement[str]:
            return case((condition(row), literal(reason, String)), else_=literal("", String))

        _hurdles.append(Hurdle({reason: words}, frozenset(streams), one))
        return condition

    return put_up


def hurdles(reasons: Mapping[str, str], *streams: Stream) -> Callable[[Reason], Reason]:
    """Put up several hurdles that one look decides: SQL for the key of the one that holds, "" for none."""

    def put_up(reason: Reason) -> Reason:
        _hurdles.append(Hurdle(reasons, frozenset(streams), reason))
        return reason

    return put_up


def verdict(row: Any, stream: Stream) -> ColumnElement[str]:
    """SQL for the reason why this row (a `Row`, or `Message` itself) must not be mailed; "" when it may."""
    holding = [func.nullif(one.reason(row), "") for one in _hurdles if stream in one.streams]
    return coalesce(*holding, literal("", String)) if holding else literal("", String)


def words_of(reason: str) -> str:
    """What a reason is called on a page."""
    for one in _hurdles:
        if reason in one.reasons:
            return one.reasons[reason]
    return _OTHER_WORDS.get(reason, reason) or "no reason noted"


@hurdle("suppressed", "The address bounced, complained or asked us to stop", Stream.marketing, Stream.event)
def _suppressed(row: Row) -> ColumnElement[bool]:
    stream = coalesce(
        getattr(row, "stream", literal(Stream.marketing.value)), literal(Stream.marketing.value)
    )
    return (
        select(Suppression.id)
        .where(Suppression.address_key == row.address_key, Suppression.stream == stream)
        .exists()
    )

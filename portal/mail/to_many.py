"""The same single letter to many people: planned by one statement, once per person and occasion."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Table, literal, select, true
from sqlalchemy.dialects import postgresql, sqlite

from portal.core import clock, queue
from portal.core.db import is_sqlite, session
from portal.mail import letters
from portal.mail.models import Lane, Message, State

_rows: Table = Message.__table__  # type: ignore[assignment]


def post(
    letter: str,
    people: Select[Any],
    occasion: str,
    facts: Mapping[str, Any] | None = None,
    due_at: datetime | None = None,
) -> int:
    """Plan a letter to everybody whom `people` selects as member_id, address, address_key; returns how many are new.

    `occasion` and `facts` are the same for all of them: the letter's function finds the person by the message.
    Asking again for the same letter and occasion reaches only whoever has come in since.
    """
    kind = letters.kind(letter)
    moment = clock.now()
    chosen = people.subquery()
    lane = int(Lane[kind.stream.value])
    values: dict[str, Any] = {
        "letter": literal(letter),
        "occasion": literal(occasion),
        "member_id": chosen.c.member_id,
        "address": chosen.c.address,
        "address_key": chosen.c.address_key,
        "stream": literal(kind.stream, Message.stream.type),
        "lane": literal(lane),
        "line": literal(lane),
        "topic": literal(""),
        "facts": literal(dict(facts or {}), Message.facts.type),
        "state": literal(State.planned, Message.state.type),
        "planned_at": literal(moment, Message.planned_at.type),
        "due_at": literal(due_at or moment, Message.due_at.type),
    }
    # SQLite cannot tell "ON CONFLICT" from a join without a WHERE before it.
    rows = select(*(value.label(name) for name, value in values.items())).where(true())
    insert = (sqlite.insert if is_sqlite() else postgresql.insert)(_rows)
    statement = insert.from_select(list(values), rows, include_defaults=False).on_conflict_do_nothing()
    session().flush()
    # Of an INSERT the count is kept on request only.
    counted = {"preserve_rowcount": True}
    planned = session().connection().execute(statement, execution_options=counted).rowcount
    if planned and (due_at is None or due_at <= moment):
        queue.ask("mail.hand_over_letters")
    return planned

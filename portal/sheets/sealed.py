"""People from our own export, in a portal that does not know them: as they were, with every line they agreed to."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, select, true

from portal.core.db import insert_once, session
from portal.mail.models import Stream, Suppression
from portal.members.models import Consent, Level, Member, Status, WorkMode
from portal.preferences.models import Cadence, Topic, TopicChoice
from portal.sheets import seals
from portal.sheets.following import follow
from portal.sheets.models import SheetChange, SheetImport, SheetRow

Standing = dict[str, str | None]


def bring_in(sheet: SheetImport, rows: ColumnElement[bool], moment: datetime) -> None:
    """Store the people of these rows with their choices, consents and what stops their mail."""
    found = session().scalars(select(SheetRow).where(rows).order_by(SheetRow.number)).all()
    if not found:
        return
    facts = {row.address_key: seals.read(row.address_key, row.seal) for row in found}
    session().execute(insert(Member), [_member(row, facts[row.address_key]) for row in found])
    keys = {row.ledger_key: row.address_key for row in found}
    members = session().execute(
        select(Member).where(Member.ledger_key.in_(keys)).execution_options(populate_existing=True)
    )
    choices: list[dict[str, Any]] = []
    consents: list[dict[str, Any]] = []
    changes: list[dict[str, Any]] = []
    for member in members.scalars():
        told = facts[member.address_key]
        choices += _choices(member, told)
        consents += _consents(member, told)
        changes.append(
            {
                "import_id": sheet.id,
                "member_id": member.id,
                "before": None,
                "after": standing(member),
                "at": moment,
            }
        )
        for stream, reason, words, at in told["stops"]:
            insert_once(
                Suppression,
                {
                    "address_key": member.address_key,
                    "stream": Stream(stream),
                    "reason": reason,
                    "words": words,
                    "at": _moment(at),
                },
            )
    follow(rows, true(), true())
    for table, values in ((TopicChoice, choices), (Consent, consents), (SheetChange, changes)):
        if values:
            session().execute(insert(table), values)


def standing(member: Member) -> Standing:
    """Where somebody stands: what it takes to tell whether they have done anything since."""
    changed = member.choices_changed_at
    return {
        "status": member.status.value,
        "changed": changed.isoformat() if changed else None,
        "asked": member.asked_version,
    }


def standing_of_new() -> Standing:
    """Where somebody stands whom an import brought and who has not answered."""
    return {"status": Status.asked.value, "changed": None, "asked": ""}


def _member(row: SheetRow, told: dict[str, Any]) -> dict[str, Any]:
    return {
        "public_id": row.public_id,
        "ledger_key": row.ledger_key,
        "address": row.address,
        "address_key": row.address_key,
        "name": row.name,
        "call_name": row.call_name,
        "search_name": row.search_name,
        "status": Status(told["status"]),
        "paused_until": _moment(told["paused"]),
        "asked_at": _moment(told["asked"]),
        "asked_version": told["version"],
        "confirmed_at": _moment(told["confirmed"]),
        "left_at": _moment(told["left"]),
        "source": row.source,
        "zone": row.zone,
        "country": row.country,
        "level": Level(row.level) if row.level else None,
        "work_mode": WorkMode(row.work_mode) if row.work_mode else None,
        "is_remote": row.is_remote,
        "is_open_to_move": row.is_open_to_move,
        "interest_mask": row.interest_mask,
        "birthday_month": row.birthday_month,
        "birthday_day": row.birthday_day,
        "anniversary_month": row.anniversary_month,
        "anniversary_day": row.anniversary_day,
        "may_measure": told["measure"],
        "choices_changed_at": _moment(told["changed"]),
        "own_fields": int(told["own"]),
    }


def _choices(member: Member, told: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "member_id": member.id,
            "topic": Topic(topic),
            "cadence": Cadence(cadence),
            "changed_at": _moment(at),
        }
        for topic, cadence, at in told["topics"]
    ]


def _consents(member: Member, told: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "person": member.ledger_key,
            "at": _moment(at),
            "about": about,
            "is_given": is_given,
            "value": value,
            "text_version": version,
            "how": how,
            "by": by,
        }
        for at, about, is_given, value, version, how, by in told["consents"]
    ]


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

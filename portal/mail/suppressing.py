"""Whom not to write to any more, by what the provider tells: bounces, strikes, complaints and unsubscribes.

What may be lifted, only the person lifts; what happened before they did so counts no more. Scopes:

* a mailbox that does not exist, or that the provider will not try: no marketing, and no mail about events;
* three soft bounces within ninety days, each of another mail: no marketing;
* a complaint or an unsubscribe: no marketing, and the rooms above take the consent back.

Account mail (a sign-in link that somebody asks for now) is never stopped.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite

from portal.core import clock
from portal.core.db import is_sqlite, session
from portal.mail import withdrawal
from portal.mail.models import Message, Stream, Suppression
from portal.mail.provider_models import Cause, Kind, Lift, ProviderEvent
from portal.mail.withdrawal import Stop

STRIKES = 3
STRIKE_LIVES = timedelta(days=90)
BOUNCES = ("bounced", "invalid", "strikes")
"""Reasons that say something about the mailbox, not about a wish."""

CONCERNING = frozenset(
    {
        Kind.bounce,
        Kind.blocked,
        Kind.dropped,
        Kind.spamreport,
        Kind.unsubscribe,
        Kind.group_unsubscribe,
    }
)
_BOTH = (Stream.marketing, Stream.event)
_BY_KIND: dict[Kind, tuple[str, tuple[Stream, ...]]] = {
    Kind.bounce: ("bounced", _BOTH),
    Kind.spamreport: ("complained", (Stream.marketing,)),
    Kind.unsubscribe: ("unsubscribed", (Stream.marketing,)),
    Kind.group_unsubscribe: ("unsubscribed", (Stream.marketing,)),
}
_BY_CAUSE: dict[Cause, tuple[str, tuple[Stream, ...]]] = {
    Cause.bounced: ("bounced", _BOTH),
    Cause.invalid: ("invalid", _BOTH),
    Cause.complained: ("complained", (Stream.marketing,)),
    Cause.unsubscribed: ("unsubscribed", (Stream.marketing,)),
}
_WISHES = {"complained": "spam button", "unsubscribed": "mail program"}
_SAID = {
    "complained": "They used the spam button of their mail program",
    "unsubscribed": "They unsubscribed by their mail program, or at the mail provider",
}
_e: Table = ProviderEvent.__table__  # type: ignore[assignment]
_m: Table = Message.__table__  # type: ignore[assignment]
_s: Table = Suppression.__table__  # type: ignore[assignment]


def take_effect(batch_id: int) -> None:
    """Add the suppressions that the events of a batch ask for, and tell the rooms above who wants no more."""
    rows = session().execute(
        select(
            _e.c.kind,
            _e.c.cause,
            _e.c.at,
            _e.c.words,
            _m.c.member_id,
            _e.c.address_key.label("nobodys"),
            _m.c.address_key,
            _m.c.address,
        )
        .outerjoin(_m, _m.c.id == _e.c.message_id)
        .where(_e.c.batch_id == batch_id, _e.c.kind.in_(CONCERNING))
    )
    # Whoever was forgotten has no address any more, and nothing to stop.
    concerned = [(row, row.address_key if row.address else row.nobodys) for row in rows]
    concerned = [(row, key) for row, key in concerned if key]
    lifted = _lifted({key for _, key in concerned})
    wanted: dict[tuple[str, Stream, str], str] = {}
    stops: list[Stop] = []
    for row, key in concerned:
        reason, streams = _BY_KIND.get(row.kind) or _BY_CAUSE.get(row.cause) or ("", ())
        still = [stream for stream in streams if row.at > lifted.get((key, stream), row.at - STRIKE_LIVES)]
        for stream in still:
            wanted.setdefault((key, stream, reason), row.words or _SAID.get(reason, ""))
        if still and reason in _WISHES:
            stops.append(Stop(row.member_id, key, row.at, _WISHES[reason]))
    soft = {key for row, key in concerned if row.kind is Kind.blocked and row.cause is Cause.soft}
    for key in _struck_out(soft, lifted):
        wanted.setdefault(
            (key, Stream.marketing, "strikes"), "Three mails in a row of months were turned away"
        )
    suppress(wanted)
    withdrawal.stop(stops)


def suppress(wanted: dict[tuple[str, Stream, str], str]) -> None:
    """Add suppressions, each with its words, in one statement; what is planned for those addresses is skipped."""
    if not wanted:
        return
    insert_into = sqlite.insert if is_sqlite() else postgresql.insert
    moment = clock.now()
    session().connection().execute(
        insert_into(_s).on_conflict_do_nothing(),
        [
            {"address_key": key, "stream": stream, "reason": reason, "words": words[:300], "at": moment}
            for (key, stream, reason), words in wanted.items()
        ],
    )
    withdrawal.of_addresses(sorted({key for key, _, _ in wanted}))


def lift(address_key: str, *streams: Stream) -> None:
    """Remember that from now on what happened before counts no more for those streams."""
    insert_into = sqlite.insert if is_sqlite() else postgresql.insert
    moment = clock.now()
    for stream in streams:
        session().connection().execute(
            insert_into(Lift).on_conflict_do_update(
                index_elements=["address_key", "stream"], set_={"at": moment}
            ),
            {"address_key": address_key, "stream": stream, "at": moment},
        )


def _lifted(address_keys: Iterable[str]) -> dict[tuple[str, Stream], datetime]:
    keys = list(address_keys)
    if not keys:
        return {}
    rows = session().execute(select(Lift.address_key, Lift.stream, Lift.at).where(Lift.address_key.in_(keys)))
    return {(row.address_key, row.stream): row.at for row in rows}


def _struck_out(address_keys: Iterable[str], lifted: dict[tuple[str, Stream], datetime]) -> list[str]:
    """Those whose mailbox turned away three different mails within ninety days: that only ever becomes true."""
    keys = list(address_keys)
    if not keys:
        return []
    is_strike = (_e.c.kind == Kind.blocked) & (_e.c.cause == Cause.soft)
    by_message = (
        select(_m.c.address_key, _e.c.message_id, _e.c.at)
        .join(_e, _e.c.message_id == _m.c.id)
        .where(_m.c.address_key.in_(keys), is_strike)
    )
    nobodys = select(_e.c.address_key, -_e.c.id, _e.c.at).where(_e.c.address_key.in_(keys), is_strike)
    strikes: dict[str, list[tuple[datetime, int]]] = {key: [] for key in keys}
    for key, which, at in [*session().execute(by_message), *session().execute(nobodys)]:
        since = lifted.get((key, Stream.marketing))
        if since is None or at > since:
            strikes[key].append((at, which))
    return [key for key, found in strikes.items() if _is_out(sorted(found))]


def _is_out(strikes: Sequence[tuple[datetime, int]]) -> bool:
    for place, (first, _) in enumerate(strikes):
        if len({which for at, which in strikes[place:] if at - first <= STRIKE_LIVES}) >= STRIKES:
            return True
    return False


def lift_of(address_key: str) -> int:
    """The number of the row that says when marketing to an address was lifted last."""
    return (
        session()
        .scalars(select(Lift.id).where(Lift.address_key == address_key, Lift.stream == Stream.marketing))
        .one()
    )


def bounce_of(address_key: str) -> Suppression | None:
    """What stopped a mailbox that did not take our mail, the latest; None when nothing did."""
    return session().scalar(
        select(Suppression)
        .where(Suppression.address_key == address_key, Suppression.reason.in_(BOUNCES))
        .order_by(Suppression.id.desc())
        .limit(1)
    )


def words_of(reason: str) -> str:
    """What a reason is called on a page."""
    return _REASONS.get(reason, reason)


_REASONS: dict[str, str] = {
    "bounced": "The mailbox does not exist, or takes no mail",
    "invalid": "The address cannot be written to",
    "strikes": "Three mails were turned away",
    "complained": "Reported as spam",
    "unsubscribed": "Unsubscribed",
}

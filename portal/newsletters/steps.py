"""The steps staff take with a mailing, each with its line in the audit."""

from datetime import datetime

from portal.core import words
from portal.core.settings import Settings
from portal.mail import residence, steering, unsettled
from portal.mail.models import Mailing, Verdict
from portal.staff import actions as staff

SETTLED = {
    Verdict.accepted: "count as handed over",
    Verdict.again: "are planned again",
    Verdict.given_up: "are given up",
}

SETTLED_ONE = {
    Verdict.accepted: "counts as handed over",
    Verdict.again: "is planned again",
    Verdict.given_up: "is given up",
}


def take_back(mailing: Mailing) -> int:
    """Undo Send; see `mail.steering.take_back`."""
    number = steering.take_back(mailing)
    _record("undo", mailing, f"Took back, before anything left to {_people(number)},")
    return number


def pause(mailing: Mailing) -> None:
    """Hold it; see `mail.steering.pause`."""
    steering.pause(mailing, "A person paused it.")
    _record("pause", mailing, "Paused")


def resume(mailing: Mailing) -> None:
    """Let it go on; see `mail.steering.resume`."""
    steering.resume(mailing)
    _record("resume", mailing, "Resumed")


def cancel(mailing: Mailing) -> int:
    """End it; see `mail.steering.cancel`."""
    number = steering.cancel(mailing)
    _record("cancel", mailing, f"Cancelled, for {_people(number)} who had not got it,")
    return number


def let_go(mailing: Mailing) -> None:
    """Let a held one go; see `mail.steering.let_go`."""
    steering.let_go(mailing)
    _record("release", mailing, "Let go, after it was held,")


def reschedule(mailing: Mailing, at: datetime) -> None:
    """Give a held one another moment; see `mail.steering.reschedule`."""
    steering.reschedule(mailing, at)
    _record("reschedule", mailing, f"Moved to {words.moment(at, mailing.zone or None)}")


def retry(mailing: Mailing, number: int) -> int:
    """Try again with the refused; see `mail.steering.retry`."""
    done = steering.retry(mailing, number)
    _record("retry", mailing, f"Tried again with {_people(done)}:")
    return done


def settle(
    mailing: Mailing,
    verdict: Verdict,
    by: int,
    number: int,
    batch: str | None = None,
    message_id: int | None = None,
) -> int:
    """Settle uncertain messages; see `mail.unsettled.settle`."""
    done = unsettled.settle(mailing, verdict, by, number, batch, message_id)
    _record(
        "settle", mailing, f"Decided that {words.plural(done, 'message', 'messages')} {SETTLED[verdict]}:"
    )
    return done


def settle_letter(message_id: int, verdict: Verdict, by: int) -> None:
    """Settle one uncertain letter; see `mail.unsettled.settle_letter`."""
    message = unsettled.settle_letter(message_id, verdict, by)
    line = f"Decided that a letter ({message.letter}) {SETTLED_ONE[verdict]}"
    staff.record("mailings.settle-letter", subject=f"message:{message.id}", words=line)


def take_over(settings: Settings, *, with_letters: bool) -> int:
    """Say that this database is the one that sends; see `mail.residence.take_over`."""
    number = residence.take_over(settings, with_letters=with_letters)
    kept = "which leave" if with_letters else "which are not sent"
    staff.record(
        "mailings.take-over",
        words=f"Said that this copy sends from now on; {words.plural(number, 'letter', 'letters')} waited, {kept}",
    )
    return number


def _people(number: int) -> str:
    return words.plural(number, "person", "people")


def _record(action: str, mailing: Mailing, verb: str) -> None:
    staff.record(
        f"mailings.{action}",
        subject=f"mailing:{mailing.id}",
        words=f"{verb} the mailing {mailing.title}"[:300],
    )

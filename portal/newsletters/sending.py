"""Send an issue: freeze its words and its audience in one transaction, exactly once, and stop or go on with it."""

from portal.core import clock, words
from portal.core.db import session
from portal.mail import actions as mail
from portal.mail.models import Mailing, MailingState, Stream, Variant
from portal.newsletters import mail as letters
from portal.newsletters import preflight, press, queries, readers
from portal.newsletters.models import Newsletter
from portal.newsletters.readers import TOPIC
from portal.staff import actions as staff_actions
from portal.staff.models import Staff


class AlreadySent(Exception):
    """Its mailing has started before: there is only ever one."""


class NotReady(Exception):
    """Something stands in the way; `report` says what."""

    def __init__(self, report: preflight.Report) -> None:
        super().__init__(" ".join(one.words for one in report.problems))
        self.report = report


class NobodyGetsIt(Exception):
    """The audience is empty, or nobody in it may be mailed now."""


class AnotherNumber(Exception):
    """Not that many people get it; `number` is how many do."""

    def __init__(self, number: int) -> None:
        super().__init__(f"{number} people get it now.")
        self.number = number


class TooLarge(Exception):
    """A variant is so large that mail readers would cut it off."""


def start(newsletter: Newsletter, number: int, by: Staff) -> Mailing:
    """Start the one mailing of an issue, to exactly `number` people; what they get is fixed from here on.

    Whoever comes second, by a double click or at another desk, waits here and then finds it started. After any
    exception the transaction must be undone.

    Raises:
        AlreadySent: it has been started.
        NotReady: something stands in the way.
        NobodyGetsIt: there is nobody to write to.
        AnotherNumber: the audience is not what was confirmed.
        TooLarge: a variant is too large.
    """
    found = queries.locked(newsletter.id)
    if found is None or not found.is_draft:
        raise AlreadySent
    pieces = queries.pieces(newsletter)
    report = preflight.check(newsletter, pieces)
    if not report.is_clear:
        raise NotReady(report)
    sender = queries.sender(newsletter)
    moment = clock.now()
    mailing = Mailing(
        letter=letters.ISSUE,
        about=f"newsletter:{newsletter.id}",
        title=newsletter.title,
        stream=Stream.marketing,
        topic=TOPIC.value,
        state=MailingState.sending,
        started_by=by.id,
        started_at=moment,
        sender_name=sender.name,
        sender_address=press.sender_address(),
        reply_to=sender.address,
    )
    try:
        mail.start_mailing(mailing, {}, readers.audience(newsletter, pieces))
    except mail.NobodyToMail as nobody:
        raise NobodyGetsIt from nobody
    planned = readers.planned_masks(mailing)
    people = sum(planned.values())
    if not people:
        raise NobodyGetsIt
    if people != number:
        raise AnotherNumber(people)
    for mask in planned:
        written = press.frozen(newsletter, pieces, mask)
        if press.Size(mask, press.measured(written)).is_too_large:
            raise TooLarge
        session().add(
            Variant(
                mailing_id=mailing.id,
                mask=mask,
                subject=written.subject,
                html=written.html,
                text=written.text,
            )
        )
    newsletter.mailing_id, newsletter.sent_at, newsletter.changed_at = mailing.id, moment, moment
    session().flush()
    _record("newsletters.send", newsletter, f"Sent to {words.plural(people, 'person', 'people')}:")
    return mailing


def pause(newsletter: Newsletter, mailing: Mailing) -> None:
    """Hold the mailing within one batch.

    Raises:
        mail.actions.NotRunning: it is not sending.
    """
    mail.pause(mailing, "A person paused it.")
    _record("newsletters.pause", newsletter, "Paused")


def resume(newsletter: Newsletter, mailing: Mailing) -> None:
    """Let the mailing go on.

    Raises:
        mail.actions.NotRunning: it is not paused.
    """
    mail.resume(mailing)
    _record("newsletters.resume", newsletter, "Resumed")


def cancel(newsletter: Newsletter, mailing: Mailing) -> int:
    """End the mailing for whoever has not got it yet; returns how many that are.

    Raises:
        mail.actions.NotRunning: it is over already.
    """
    skipped = mail.cancel(mailing)
    _record("newsletters.cancel", newsletter, "Cancelled")
    return skipped


def _record(action: str, newsletter: Newsletter, verb: str) -> None:
    staff_actions.record(
        action, subject=f"newsletter:{newsletter.id}", words=f"{verb} the newsletter {newsletter.title}"
    )

"""Send an issue: freeze its words and its audience in one transaction, exactly once, and stop or go on with it."""

from portal.core import clock, words
from portal.core.db import session
from portal.mail import actions as mail
from portal.mail import measuring, schedule, steering
from portal.mail.models import Mailing, MailingState, Stream, Variant
from portal.mail.schedule import Plan
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


def start(newsletter: Newsletter, number: int, by: Staff, plan: Plan | None = None) -> Mailing:
    """Start the one mailing of an issue, to exactly `number` people; what they get is fixed from here on.

    It leaves by `plan`; without one, as soon as Send cannot be taken back any more.

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
    plan = plan or schedule.at_once(press.settings())
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
        mail.start_mailing(mailing, {}, readers.audience(newsletter, pieces), plan)
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
    session().flush()
    measuring.keep_links(mailing)
    newsletter.mailing_id, newsletter.changed_at = mailing.id, moment
    newsletter.sent_at = mailing.not_before or moment
    session().flush()
    verb = "Scheduled for" if mailing.scheduled_at else "Sent to"
    _record("newsletters.send", newsletter, f"{verb} {words.plural(people, 'person', 'people')}:")
    return mailing


@steering.when_taken_back
def _draft_again(mailing: Mailing) -> None:
    """An issue whose mailing was taken back can be changed and sent again."""
    newsletter = queries.of_mailing(mailing.id)
    if newsletter is not None:
        newsletter.mailing_id = newsletter.sent_at = None
        newsletter.changed_at = clock.now()


def _record(action: str, newsletter: Newsletter, verb: str) -> None:
    staff_actions.record(
        action, subject=f"newsletter:{newsletter.id}", words=f"{verb} the newsletter {newsletter.title}"
    )

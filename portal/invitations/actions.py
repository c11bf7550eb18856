"""Write an invitation, send it once, and ask once more those who have not answered."""

from typing import Any

from sqlalchemy import Select, func, select

from portal.core import clock, words
from portal.core.db import session, transaction
from portal.core.settings import Settings
from portal.events import queries as events
from portal.events.models import Event
from portal.invitations import mail as letters
from portal.invitations import queries
from portal.invitations.models import Invitation
from portal.mail import actions as mail
from portal.mail import schedule, steering
from portal.mail.models import Mailing, MailingState, Message, State, Stream, Variant
from portal.mail.render import Rendered
from portal.staff.actions import record
from portal.staff.models import Staff


class NotNow(Exception):
    """It cannot be done; `words` say why."""

    def __init__(self, words: str) -> None:
        """Keep the words for whoever tried."""
        super().__init__(words)
        self.words = words


class AnotherNumber(Exception):
    """Not that many people get it; `number` is how many do."""

    def __init__(self, number: int) -> None:
        """Keep how many it is."""
        super().__init__(f"{number} people get it now.")
        self.number = number


def write(event_id: int, segment_id: int | None, line: str, by: Staff) -> Invitation:
    """Keep a new invitation as a draft."""
    moment = clock.now()
    invitation = Invitation(
        event_id=event_id,
        segment_id=segment_id,
        line=line,
        made_by=by.id,
        made_at=moment,
        changed_at=moment,
    )
    session().add(invitation)
    session().flush()
    record("invitations.write", f"event:{event_id}", "Wrote an invitation")
    return invitation


def keep(number: int, segment_id: int | None, line: str) -> Invitation:
    """Keep what was typed.

    Raises:
        NotNow: it has been sent.
    """
    found = _locked(number)
    if not found.is_draft:
        raise NotNow("It has been sent, so its words stay as they are.")
    found.segment_id, found.line, found.changed_at = segment_id, line, clock.now()
    record("invitations.save", f"event:{found.event_id}", "Changed an invitation")
    return found


def discard(number: int) -> None:
    """Throw a draft away.

    Raises:
        NotNow: it has been sent.
    """
    found = _locked(number)
    if not found.is_draft:
        raise NotNow("It has been sent.")
    record("invitations.discard", f"event:{found.event_id}", "Threw an invitation away")
    session().delete(found)


def send(number: int, people: int, by: Staff, settings: Settings) -> Mailing:
    """Start the one mailing of an invitation, to exactly that many people; its words are fixed from here on.

    After any exception the transaction must be undone.

    Raises:
        NotNow: it has been sent, the event takes no answers, or nobody would get it.
        AnotherNumber: the audience is not what was confirmed.
        segments.rules.Broken: the segment is.
    """
    found = _locked(number)
    if not found.is_draft:
        raise NotNow("It has been sent already, and only once.")
    event = _open(found.event_id)
    found.sequence = event.sequence
    mailing = _start(found, event, queries.audience(found), people, by, settings, is_reminder=False)
    found.mailing_id, found.sent_at, found.changed_at = mailing.id, clock.now(), clock.now()
    session().flush()
    said = words.plural(people, "person", "people")
    record("invitations.send", f"event:{event.id}", f"Invited {said} to {event.title}")
    return mailing


def remind(number: int, people: int, by: Staff, settings: Settings) -> Mailing:
    """Ask those once more who got an invitation and have not answered: exactly that many, and never again.

    After any exception the transaction must be undone.

    Raises:
        NotNow: it was not sent yet or is on its way, was done before, or the event takes no answers.
        AnotherNumber: somebody answered since the page was opened.
    """
    found = _locked(number)
    first = queries.mailing(found.mailing_id)
    if first is None or first.state is not MailingState.finished:
        raise NotNow("The invitation itself is still on its way.")
    if found.reminder_id is not None:
        raise NotNow("They have been reminded once. Twice would be too much.")
    event = _open(found.event_id)
    found.sequence = event.sequence
    mailing = _start(found, event, queries.to_remind(found), people, by, settings, is_reminder=True)
    found.reminder_id, found.reminded_at, found.changed_at = mailing.id, clock.now(), clock.now()
    session().flush()
    said = words.plural(people, "person", "people")
    record("invitations.remind", f"event:{event.id}", f"Reminded {said} of the invitation to {event.title}")
    return mailing


def stop_what_is_over() -> int:
    """End invitations to events that take no answers any more, and hold those to a time or place that changed.

    Returns how many. Running it twice does no harm.
    """
    stopped = 0
    on_their_way = [MailingState.sending, MailingState.scheduled, MailingState.paused]
    with transaction() as current:
        rows = current.execute(
            select(Mailing, Event, Invitation)
            .join(Invitation, (Invitation.mailing_id == Mailing.id) | (Invitation.reminder_id == Mailing.id))
            .join(Event, Event.id == Invitation.event_id)
            .where(Mailing.letter == letters.LETTER, Mailing.state.in_(on_their_way))
        ).all()
        for mailing, event, invitation in rows:
            if not event.is_open:
                steering.cancel(mailing)
                stopped += 1
            elif event.sequence != invitation.sequence and mailing.state is MailingState.sending:
                steering.pause(mailing, "The event was moved after this was written. Cancel the rest.")
                stopped += 1
    return stopped


@steering.when_taken_back
def draft_again(mailing: Mailing) -> None:
    """Make an invitation whose mailing was taken back a draft again; a reminder can be asked for again."""
    found = queries.of_mailing(mailing.id)
    if found is None:
        return
    if found.reminder_id == mailing.id:
        found.reminder_id = found.reminded_at = None
    else:
        found.mailing_id = found.sent_at = None
    found.changed_at = clock.now()


def _start(
    found: Invitation,
    event: Event,
    audience: Select[Any],
    people: int,
    by: Staff,
    settings: Settings,
    *,
    is_reminder: bool,
) -> Mailing:
    planned = events.whole(None, event_id=event.id)
    if planned is None:
        raise NotNow("The event is gone.")
    host = planned.host
    kind = "Once more" if is_reminder else "Invitation"
    mailing = Mailing(
        letter=letters.LETTER,
        about=f"invitation{'-reminder' if is_reminder else ''}:{found.id}:{int(clock.now().timestamp())}",
        title=f"{kind}: {event.title}",
        stream=Stream.marketing,
        topic=queries.TOPIC.value,
        state=MailingState.sending,
        started_by=by.id,
        started_at=clock.now(),
        sender_name=host.name,
        sender_address=settings.sender_address,
        reply_to=host.address,
    )
    written: Rendered = letters.frozen(planned, found, is_reminder=is_reminder)
    variant = Variant(subject=written.subject, html=written.html, text=written.text)
    try:
        mail.start_mailing(mailing, {0: variant}, audience, schedule.at_once(settings))
    except mail.NobodyToMail as nobody:
        raise NotNow("Nobody would get it.") from nobody
    planned_for = select(func.count()).where(Message.mailing_id == mailing.id, Message.state == State.planned)
    number = session().scalar(planned_for) or 0
    if not number:
        raise NotNow("Nobody would get it.")
    if number != people:
        raise AnotherNumber(number)
    return mailing


def _open(event_id: int) -> Event:
    event = events.locked(event_id)
    if event is None or not event.is_open:
        raise NotNow("The event takes no answers: it is not published, has begun, or was called off.")
    return event


def _locked(number: int) -> Invitation:
    found = queries.locked(number)
    if found is None:
        raise LookupError(number)
    return found

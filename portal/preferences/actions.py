"""What members choose: what they follow, what they hear, how often, and when they stop."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert

from portal.core import clock
from portal.core.db import session
from portal.mail import actions as mail
from portal.mail import measuring, withdrawal
from portal.mail.models import Stream
from portal.members import actions as members
from portal.members import arrivals
from portal.members import consent_texts as joining_texts
from portal.members.models import Member, Own
from portal.preferences import consent_texts, promise, queries
from portal.preferences.models import (
    Cadence,
    Interest,
    LeavingReason,
    MemberInterest,
    MemberPlace,
    Place,
    Reason,
    Topic,
    TopicChoice,
)

MEASURING = "measuring"
JOINING = "joining"


class NotOffered(ValueError):
    """The topic cannot come that often."""


class HasLeft(Exception):
    """They left; nothing can be chosen before they come back."""


# --- What one follows ---------------------------------------------------------------------------


def follow(
    member: Member,
    interests: Iterable[Interest],
    places: Iterable[Place],
    is_remote: bool,
    is_open_to_move: bool,
) -> None:
    """Keep what a member follows and where; what has been retired stays theirs until they take it back.

    The interest mask is kept in step, and the country is taken from the first place when we know none.
    """
    session().refresh(member, with_for_update=True)
    places = list(places)
    held = queries.interests_of(member)
    wanted = {one.id: one for one in [*interests, *(one for one in held if one.retired_at is not None)]}
    _replace_interests(member, wanted.values())
    kept = [one for one in queries.places_of(member) if one.retired_at is not None]
    session().execute(delete(MemberPlace).where(MemberPlace.member_id == member.id))
    wanted_places = {one.id for one in [*places, *kept]}
    if wanted_places:
        session().execute(
            insert(MemberPlace), [{"member_id": member.id, "place_id": one} for one in sorted(wanted_places)]
        )
    member.is_remote, member.is_open_to_move = is_remote, is_open_to_move
    if places and not member.country:
        member.country = places[0].country
        member.own_fields |= Own.country
    member.own_fields |= Own.interests | Own.places | Own.is_remote | Own.is_open_to_move
    member.choices_changed_at = clock.now()
    session().flush()


def unfollow(member: Member, interest: Interest) -> None:
    """Take one interest back, retired or not."""
    session().refresh(member, with_for_update=True)
    _replace_interests(member, [one for one in queries.interests_of(member) if one.id != interest.id])
    member.own_fields |= Own.interests
    member.choices_changed_at = clock.now()
    session().flush()


def _replace_interests(member: Member, interests: Iterable[Interest]) -> None:
    interests = list(interests)
    session().execute(delete(MemberInterest).where(MemberInterest.member_id == member.id))
    if interests:
        session().execute(
            insert(MemberInterest), [{"member_id": member.id, "interest_id": one.id} for one in interests]
        )
    member.interest_mask = queries.mask_of(interests)


# --- What one hears -----------------------------------------------------------------------------


def choose(member: Member, wanted: Mapping[Topic, Cadence], how: str) -> list[Topic]:
    """Keep how often a member wants each topic; a consent line for each that changed. Returns those.

    Raises:
        NotOffered: a topic does not come that often.
        HasLeft: they must come back first.
    """
    session().refresh(member, with_for_update=True)
    if not member.is_active:
        raise HasLeft
    return _keep(member, wanted, how)


def less_often(member: Member, how: str) -> list[Topic]:
    """Let every topic come one step more rarely, where it can. Returns what changed.

    Raises:
        HasLeft: they get nothing already.
    """
    session().refresh(member, with_for_update=True)
    held = queries.choices_of(member)
    return choose(member, {topic: promise.fewer(topic, cadence) for topic, cadence in held.items()}, how)


def leave_topic(member: Member, topic: Topic, how: str) -> bool:
    """Stop one topic at once. Returns whether it was news."""
    session().refresh(member, with_for_update=True)
    return bool(_keep(member, {topic: Cadence.never}, how))


def leave_everything(member: Member, how: str, by: str = "member") -> bool:
    """Stop every topic at once and leave the network; `by` as in `members.leave`. Returns whether it was news."""
    session().refresh(member, with_for_update=True)
    changed = _keep(member, dict.fromkeys(Topic, Cadence.never), how, by)
    return members.leave(member, how, by) or bool(changed)


def take_back(member: Member, until: datetime, how: str, by: str) -> list[Topic]:
    """Stop every topic that was chosen before that moment: they said so elsewhere. Returns those."""
    session().refresh(member, with_for_update=True)
    return _keep(member, dict.fromkeys(queries.chosen_before(member, until), Cadence.never), how, by)


def come_back(member: Member, how: str) -> bool:
    """Join again after leaving, with what the words of the consent say. Returns whether it was news."""
    return members.come_back(member, how)


@arrivals.on_arrival
def begin(member: Member) -> None:
    """Give somebody who has just said yes what they said yes to, unless they chose for themselves before."""
    if any(cadence is not Cadence.never for cadence in queries.choices_of(member).values()):
        return
    _keep(member, queries.default_choices(member), JOINING)


@arrivals.promise
def promised(member: Member) -> list[str]:
    """What comes, how often, and when next."""
    choices = queries.choices_of(member)
    sentences = [promise.in_words(choices)]
    if choices[Topic.newsletter] is not Cadence.never:
        due = promise.next_newsletter(
            clock.now().date(), queries.due_again(member, Topic.newsletter, choices[Topic.newsletter])
        )
        sentences.append(f"The next newsletter comes about {due.day} {due:%B %Y}.")
    return sentences


def pause(member: Member, months: int, zone: ZoneInfo, how: str) -> datetime:
    """Be quiet for some months; returns when that ends, which is at noon of that day where the member lives.

    Raises:
        HasLeft: they get nothing already.
    """
    session().refresh(member, with_for_update=True)
    if not member.is_active:
        raise HasLeft
    until = pause_ends(months, zone)
    members.pause(member, until, how)
    return until


def resume(member: Member, how: str) -> None:
    """End a pause now."""
    members.end_pause(member, how)


def pause_ends(months: int, zone: ZoneInfo) -> datetime:
    """When a pause of so many months that begins now would end."""
    today = clock.today(zone)
    years, month = divmod(today.month - 1 + months, 12)
    year, month = today.year + years, month + 1
    day = date(year, month, min(today.day, monthrange(year, month)[1]))
    return clock.in_zone(datetime.combine(day, time(12)), zone)


def let_measure(member: Member, is_given: bool, how: str) -> None:
    """Keep whether we may measure opens and clicks for this member; with a no, what was seen is forgotten."""
    session().refresh(member, with_for_update=True)
    if member.may_measure is is_given:
        return
    member.may_measure = is_given
    member.choices_changed_at = clock.now()
    members.record(member, MEASURING, is_given, how, text_version=consent_texts.measuring().version)
    if not is_given:
        measuring.forget_member(member.id)


def give_reason(member: Member, about: Topic | None, reason: Reason, text: str) -> None:
    """Keep why somebody stopped; said again on the same day, the last word counts."""
    session().refresh(member, with_for_update=True)
    topic = about.value if about else ""
    moment = clock.now()
    session().execute(
        delete(LeavingReason).where(
            LeavingReason.member_id == member.id,
            LeavingReason.about == topic,
            LeavingReason.at > moment - timedelta(days=1),
        )
    )
    session().add(LeavingReason(member_id=member.id, about=topic, reason=reason, text=text, at=moment))
    session().flush()


# --- From a mail --------------------------------------------------------------------------------


def unsubscribe(mail_link: queries.FromMail, how: str) -> None:
    """Do what RFC 8058 asks for: stop what this mail was about, at once. Again and again does no harm.

    A mail about a topic stops the topic; marketing without a topic stops everything. Where no member is behind it
    any more, the address itself is never written to again; of somebody erased nothing is left to stop.
    """
    member, message = mail_link.member, mail_link.message
    if member is not None:
        if mail_link.topic is not None:
            leave_topic(member, mail_link.topic, how)
        else:
            leave_everything(member, how)
    elif message.address:
        mail.suppress(message.address_key, Stream.marketing, "unsubscribed", "They used the link in a mail")


def _keep(member: Member, wanted: Mapping[Topic, Cadence], how: str, by: str = "member") -> list[Topic]:
    """Store choices and a consent line for each that changed; the member's row is locked by the caller.

    Somebody who asks for mail again also lifts what stopped it at their own wish.
    """
    held = queries.choices_of(member)
    changed = [topic for topic, cadence in wanted.items() if held[topic] is not cadence]
    moment = clock.now()
    texts = joining_texts.current() if how == JOINING else consent_texts.topics()
    for topic in changed:
        cadence = wanted[topic]
        if cadence not in topic.cadences:
            raise NotOffered(topic, cadence)
        session().merge(TopicChoice(member_id=member.id, topic=topic, cadence=cadence, changed_at=moment))
        is_given = cadence is not Cadence.never
        about = f"topic:{topic}"
        members.record(
            member, about, is_given, how, cadence.value, texts.version if is_given else "", by, moment
        )
    if changed and how != JOINING:
        member.choices_changed_at = moment
    if any(wanted[topic] is not Cadence.never for topic in changed):
        is_new_wish = how != JOINING
        mail.lift(member.address_key, Stream.marketing, *queries.OWN_WISH, is_new_wish=is_new_wish)
    session().flush()
    if changed and how != JOINING:
        withdrawal.of_member(member.id)
    return changed


def try_again(member: Member) -> None:
    """Write to a mailbox again that did not take our mail; only its owner can say that it works."""
    mail.lift_bounces(member.address_key)

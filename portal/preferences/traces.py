"""What this room keeps about a member: to be taken along, and to be erased."""

from sqlalchemy import delete, update

from portal.core.db import session
from portal.members import traces
from portal.members.models import Member
from portal.preferences import queries
from portal.preferences.models import LeavingReason, MemberInterest, MemberPlace, TopicChoice


@traces.holds("interests", "What you follow")
def _interests(member: Member) -> list[traces.Row]:
    return [{"Interest": one.name} for one in queries.interests_of(member)]


@traces.erases("interests")
def _forget_interests(member: Member) -> int:
    return _erase(delete(MemberInterest).where(MemberInterest.member_id == member.id))


@traces.holds("places", "Where you would work or meet us")
def _places(member: Member) -> list[traces.Row]:
    return [{"Place": one.name, "Country": one.country} for one in queries.places_of(member)]


@traces.erases("places")
def _forget_places(member: Member) -> int:
    return _erase(delete(MemberPlace).where(MemberPlace.member_id == member.id))


@traces.holds("topics", "What mail you chose, and how often")
def _topics(member: Member) -> list[traces.Row]:
    return [
        {"Topic": topic.words, "How often": cadence.words}
        for topic, cadence in queries.choices_of(member).items()
    ]


@traces.erases("topics")
def _forget_topics(member: Member) -> int:
    return _erase(delete(TopicChoice).where(TopicChoice.member_id == member.id))


@traces.holds("reasons", "Why you stopped something, as far as you told us")
def _reasons(member: Member) -> list[traces.Row]:
    return [
        {
            "About": one.about or "everything",
            "Reason": one.reason.words,
            "In your words": one.text,
            "When": one.at,
        }
        for one in queries.reasons_of(member)
    ]


@traces.erases("reasons")
def _forget_reasons(member: Member) -> int:
    """The tap stays as a count; whose it was, and the words, go."""
    return _erase(
        update(LeavingReason).where(LeavingReason.member_id == member.id).values(member_id=None, text="")
    )


def _erase(statement: object) -> int:
    return int(session().execute(statement).rowcount)  # type: ignore[call-overload]

"""Questions about members."""

from portal.core.db import session
from portal.members.models import Member


def by_id(member_id: int) -> Member | None:
    """The member with that id."""
    return session().get(Member, member_id)

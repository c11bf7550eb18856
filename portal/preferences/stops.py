"""When somebody stops our mail by their mail program or its spam button: the consent is taken back here too."""

from collections.abc import Sequence

from portal.core.db import session
from portal.mail import withdrawal
from portal.mail.withdrawal import Stop
from portal.members import queries as members
from portal.members.models import Member
from portal.preferences import actions

BY = "mail provider"


@withdrawal.on_stop
def take_back(stops: Sequence[Stop]) -> None:
    """Stop every topic of each of them, as far as they had chosen it before; a line of consent for each.

    What they chose afterwards, on a page of ours, is newer than what the provider tells.
    """
    for one in stops:
        member = (
            session().get(Member, one.member_id)
            if one.member_id is not None
            else members.by_key(one.address_key)
        )
        if member is not None:
            actions.take_back(member, one.at, one.how, BY)

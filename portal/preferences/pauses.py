"""The end of a pause: nothing has to be done for it to end, but the person hears of it."""

from datetime import timedelta

from sqlalchemy import select

from portal.core import clock
from portal.core.addresses import Address
from portal.core.db import session, transaction
from portal.mail import actions as mail
from portal.members.models import Member, Status
from portal.preferences.mail import PAUSE_OVER
from portal.preferences.queries import some_choice

LATEST = timedelta(days=2)
"""How late the news may come; after that it is none."""


def tell_who_is_back(most: int = 1000) -> int:
    """Plan a letter to each member whose pause has ended; running twice plans none twice. Returns how many."""
    told, after = 0, 0
    while True:
        with transaction():
            moment = clock.now()
            people = (
                session()
                .scalars(
                    select(Member)
                    .where(
                        Member.id > after,
                        Member.status == Status.active,
                        Member.paused_until <= moment,
                        Member.paused_until > moment - LATEST,
                        some_choice(),
                    )
                    .order_by(Member.id)
                    .limit(most)
                )
                .all()
            )
            for one in people:
                occasion = f"pause:{one.paused_until:%Y-%m-%d}"
                to = Address(text=one.address, key=one.address_key)
                told += mail.post(PAUSE_OVER, to=to, occasion=occasion, member_id=one.id)
        if len(people) < most:
            return told
        after = people[-1].id

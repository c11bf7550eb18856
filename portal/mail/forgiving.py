"""A mailbox that its owner says works again: the provider, who keeps lists of its own, is to try it too."""

from datetime import timedelta
from typing import Protocol, runtime_checkable

import structlog

from portal.core import clock, queue
from portal.core.db import session, transaction
from portal.mail import hand_over
from portal.mail.provider_models import Lift

MOST_TRIES = 8
JOB = "mail.forgive_at_provider"
log = structlog.get_logger("portal.mail")


@runtime_checkable
class Grudging(Protocol):
    """A way out behind which somebody keeps lists of mailboxes that they do not try."""

    def forgive(self, address: str) -> bool:
        """Have it try that mailbox again; whether it does."""


def forgive_at_provider(lift_id: int, tries: int = 0) -> bool:
    """Take the address of a lifted bounce off the provider's lists; tries again for hours. Repeating is harmless."""
    way = hand_over.the_transport()
    with transaction():
        lift = session().get(Lift, lift_id)
    if lift is None or not isinstance(way, Grudging):
        return False
    if way.forgive(lift.address_key):
        return True
    log.warning("the provider could not be asked to try a mailbox again", lift=lift_id, tries=tries)
    if tries < MOST_TRIES:
        with transaction():
            queue.ask_at(clock.now() + timedelta(minutes=2**tries), JOB, lift_id, tries + 1)
    return False

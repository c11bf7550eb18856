"""The worker's side of an import: who has it in hand, and what comes next. One job for every stage.

Each chunk is a transaction that also says how far it came, and holds the lease. A worker that was lost is replaced
when its lease is over, and the next one goes on after the last chunk that was stored; a worker that was replaced, or
whose import somebody stopped meanwhile, stores nothing more.
"""

import secrets
from collections.abc import Callable

import structlog
from sqlalchemy import or_, select

from portal.core import clock, queue
from portal.core.db import session, transaction
from portal.sheets import merging, reading, staging, undoing
from portal.sheets.hand import Hand, NotMine
from portal.sheets.models import AT_WORK, SheetImport, Stage

log = structlog.get_logger("portal.sheets")
JOB = "sheets.work"
_STEPS: dict[Stage, Callable[[Hand], None]] = {
    Stage.checking: staging.look_through,
    Stage.importing: merging.bring_in,
    Stage.undoing: undoing.take_back,
}


def work(import_id: int) -> None:
    """Do what an import waits for, until it waits for a person; does nothing when another worker has it."""
    hand = Hand(import_id, secrets.token_hex(8))
    try:
        if not hand.take():
            return
        while (stage := hand.stage()) in _STEPS and not queue.is_ending():
            _STEPS[stage](hand)
        hand.let_go()
    except NotMine:
        return
    except reading.Unreadable as wrong:
        hand.give_up(wrong.words)


def find_lost() -> int:
    """Ask again for imports whose worker was lost; returns how many."""
    with transaction():
        lost = (
            session()
            .scalars(
                select(SheetImport.id).where(
                    SheetImport.stage.in_(AT_WORK),
                    or_(SheetImport.lease_until.is_(None), SheetImport.lease_until < clock.now()),
                )
            )
            .all()
        )
        for import_id in lost:
            queue.ask(JOB, import_id)
    return len(lost)

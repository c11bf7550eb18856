"""Who has an import in hand: a lease that each stored chunk renews."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, update

from portal.core import clock
from portal.core.db import session, transaction
from portal.sheets.models import AT_WORK, SheetImport, Stage

LEASE = timedelta(minutes=2)


class NotMine(Exception):
    """Another worker has it by now, or a person stopped it; what is not stored is void."""


@dataclass(frozen=True, slots=True)
class Hand:
    """A worker and the import it has in hand."""

    import_id: int
    worker: str

    def take(self) -> bool:
        """Take it up, unless another worker has it or there is nothing to do."""
        moment = clock.now()
        with transaction():
            done = session().execute(
                update(SheetImport)
                .where(
                    SheetImport.id == self.import_id,
                    SheetImport.stage.in_(AT_WORK),
                    or_(SheetImport.lease_until.is_(None), SheetImport.lease_until < moment),
                )
                .values(worker=self.worker, lease_until=moment + LEASE)
                .execution_options(synchronize_session=False)
            )
        return bool(done.rowcount == 1)  # type: ignore[attr-defined]

    def stage(self) -> Stage:
        """Where it stands now."""
        with transaction():
            return self._mine().stage

    def hold(self, stage: Stage) -> SheetImport:
        """The import, locked until the transaction ends, with a fresh lease.

        Raises:
            NotMine: it is not at that stage, or in other hands.
        """
        found = self._mine()
        if found.stage is not stage:
            raise NotMine
        found.lease_until = clock.now() + LEASE
        return found

    def let_go(self) -> None:
        """Nothing more to do here."""
        with transaction():
            self._mine().lease_until = None

    def give_up(self, words: str) -> None:
        """It cannot be done; say why. Nothing of it was imported."""
        with transaction():
            found = self._mine()
            found.stage, found.words, found.lease_until = Stage.broken, words[:500], None
            found.ended_at = clock.now()

    def _mine(self) -> SheetImport:
        found: Any = session().get(SheetImport, self.import_id, with_for_update=True, populate_existing=True)
        if found is None or found.worker != self.worker:
            raise NotMine
        mine: SheetImport = found
        return mine

"""How long a claim holds. Whoever slept past it must not post: others may have taken the claim for lost."""

import math
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.core import clock

LEASE = timedelta(minutes=10)
MARGIN = timedelta(minutes=1)
"""How long before the end of its claim a worker stops posting."""


def _ticks() -> float:
    """Seconds on a clock that nobody sets and that runs on while the machine sleeps."""
    # macOS has no such clock; there its monotonic one is close enough.
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


@dataclass(frozen=True, slots=True)
class Lease:
    """A claim's time: `until` is stored for others to see, `ends` is for who holds it, if it took it itself."""

    until: datetime | None
    ends: float = math.inf

    @property
    def is_over(self) -> bool:
        """Whether nothing may be posted any more, by whichever clock says so first."""
        return self.until is None or clock.now() > self.until - MARGIN or _ticks() > self.ends


def take() -> Lease:
    """A lease that begins now."""
    return Lease(clock.now() + LEASE, _ticks() + (LEASE - MARGIN).total_seconds())

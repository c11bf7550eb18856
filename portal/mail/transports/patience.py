"""How long to leave an unreachable server alone: longer with each failure, never the same for two workers."""

import random
from threading import Lock

_FIRST = 1.0
_LONGEST = 60.0


class Patience:
    """Counts failures in a row, for all threads of one transport."""

    def __init__(self) -> None:
        self._failures = 0
        self._lock = Lock()

    def failed(self) -> float:
        """Return how many seconds to wait after one more failure."""
        with self._lock:
            self._failures = min(self._failures + 1, 16)
            longest = min(_LONGEST, _FIRST * 2.0**self._failures)
        return max(_FIRST, longest * random.uniform(0.5, 1.0))

    def answered(self) -> None:
        """Start again from the beginning: the server answers."""
        self._failures = 0

"""How a benchmark says what it measured."""

import statistics
import time
from collections.abc import Callable, Sequence

_failed: list[str] = []


def line(name: str, ratio: float, relation: str, limit: float, behind: str) -> None:
    """Print a ratio with its goal, and the medians behind it."""
    is_met = ratio >= limit if relation == ">=" else ratio <= limit
    if not is_met:
        _failed.append(name)
    print(f"bench {name} {ratio:.2f} goal {relation} {limit:g}{'' if is_met else '  MISSED'}", flush=True)
    print(f"      {behind}", flush=True)


def missed() -> list[str]:
    """The names of the benchmarks that missed their goal."""
    return _failed


def seconds(deed: Callable[[], object]) -> float:
    """How long a deed takes."""
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began


def p95(times: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(times, n=20)[18]

"""Runs the benchmarks, all or one: `python -m tests.bench [NAME]`."""

import sys

from tests.bench import crowd, events, hooks, joining, knowing, members, pages, report, sending, ways
from tests.rig import databases, run

BENCHES = {
    "pages": pages.main,
    "join": joining.main,
    "rsvp": events.main,
    "members": members.main,
    "knowing": knowing.main,
    "sending": sending.main,
    "memory": sending.memory,
    "helpers": ways.helpers,
    "smtp": ways.smtp,
    "hooks": hooks.main,
    "million": crowd.million,
    "patient": crowd.patient,
    "two": crowd.two,
    "lanes": crowd.lanes,
}


def main() -> int:
    """Run them; the exit code says whether every goal was met."""
    names = sys.argv[1:] or list(BENCHES)
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"There is no benchmark {unknown[0]!r}; there are {', '.join(BENCHES)}.")
        return 2
    run.begin()
    try:
        for name in names:
            BENCHES[name]()
    finally:
        databases.close()
        run.end()
    return 1 if report.missed() else 0


if __name__ == "__main__":
    sys.exit(main())

"""A nursery of workers: everything is imported once, and every worker is a fork, which costs next to nothing.

    python -m tests.mail.proving.nursery

Reads one JSON object a line, what a worker is to do (`hand.Task`), and answers `{"born": pid}`; when a worker is gone
it says `{"gone": pid, "status": n}`. Ends, and all workers with it, when its input ends.
"""

import ctypes
import json
import os
import selectors
import signal
import sys
import traceback
from typing import Any

from tests.mail.proving import hand

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def main() -> None:
    """Raise workers until nobody asks for any."""
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    waiting = selectors.DefaultSelector()
    waiting.register(0, selectors.EVENT_READ)
    waiting.register(woken, selectors.EVENT_READ)
    unread = b""
    while True:
        for key, _ in waiting.select():
            if key.fd == woken:
                os.read(woken, 4096)
                _bury()
                continue
            told = os.read(0, 65536)
            if not told:
                return
            *lines, unread = (unread + told).split(b"\n")
            for line in lines:
                _raise(json.loads(line))


def _raise(task: dict[str, Any]) -> None:
    pid = os.fork()
    if pid:
        _say(born=pid)
        return
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.close(0)
    code = 1
    try:
        hand.do(hand.Task(**task))
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _bury() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        _say(gone=pid, status=os.waitstatus_to_exitcode(status))


def _say(**words: int) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

"""Load from a process of its own: a few connections that ask again as soon as they are answered.

Reads its order as JSON from standard input, prints what it counted as JSON.
"""

import asyncio
import contextlib
import itertools
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Answers:
    """How many answers came a second, and with which status."""

    rate: float
    statuses: dict[str, int]


def put(
    port: int, requests: list[str], seconds: float = 4.0, connections: int = 16, warm: float = 1.5
) -> Answers:
    """Ask a server on this machine, one request after the other, round and round; after a warm-up."""
    order = {"port": port, "requests": requests, "seconds": seconds, "connections": connections, "warm": warm}
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.load"],
        cwd=ROOT,
        input=json.dumps(order),
        capture_output=True,
        text=True,
        check=True,
    )
    return Answers(**json.loads(done.stdout))


class _Connection(asyncio.Protocol):
    """Sends the next request when the answer to the last is complete."""

    def __init__(self, requests: Iterator[bytes], counts: Counter[str]) -> None:
        self._requests, self._counts = requests, counts
        self._data, self._missing = b"", -1
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._ask()

    def _ask(self) -> None:
        self._data, self._missing = b"", -1
        self._transport.write(next(self._requests))  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        if self._missing < 0:
            self._data += data
            head, mark, body = self._data.partition(b"\r\n\r\n")
            if not mark:
                return
            self._counts[head[9:12].decode()] += 1
            length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
            self._missing = int(length) - len(body)
        else:
            self._missing -= len(data)
        if self._missing <= 0:
            self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost.set_result(None)


async def _main(port: int, requests: list[str], seconds: float, connections: int, warm: float) -> Answers:
    counts: Counter[str] = Counter()
    turns = itertools.cycle(one.encode("latin-1") for one in requests)
    loop = asyncio.get_running_loop()

    async def keep_asking() -> None:
        while True:
            transport, connection = await loop.create_connection(
                lambda: _Connection(turns, counts), "127.0.0.1", port
            )
            try:
                await connection.lost
            finally:
                transport.close()

    asking = [asyncio.create_task(keep_asking()) for _ in range(connections)]
    await asyncio.sleep(warm)
    before, began = counts.total(), time.perf_counter()
    await asyncio.sleep(seconds)
    rate = (counts.total() - before) / (time.perf_counter() - began)
    for task in asking:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    return Answers(rate, dict(counts))


if __name__ == "__main__":
    answers = asyncio.run(_main(**json.load(sys.stdin)))
    print(json.dumps({"rate": answers.rate, "statuses": answers.statuses}))

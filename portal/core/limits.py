"""How often a requester may knock. Counts in memory, or in Redis when there is one."""

import ipaddress
import threading
import time

from flask import Flask, request
from flask_limiter import Limiter
from limits.storage import MemoryStorage

from portal.core.settings import Settings

SWEEP_SECONDS = 60


def requester() -> str:
    """The network the request came from: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        found = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.IPv6Network((found, 64), strict=False).network_address)
    return str(found)


class Memory(MemoryStorage):
    """Counts in this process. What is over is removed once a minute, not ten milliseconds after every knock."""

    STORAGE_SCHEME = ["portal-memory"]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: str) -> None:
        self._swept_at = time.monotonic()
        self._sweeping = threading.Lock()
        super().__init__(uri, wrap_exceptions, **options)

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count one more knock; returns how many there were since the window of `expiry` seconds began."""
        self.get(key)
        with self.locks[key]:
            self.storage[key] += amount
            if self.storage[key] == amount:
                self.expirations[key] = time.time() + expiry
            count = self.storage[key]
        self._sweep()
        return count

    def _sweep(self) -> None:
        if time.monotonic() - self._swept_at < SWEEP_SECONDS or not self._sweeping.acquire(blocking=False):
            return
        try:
            self._swept_at = time.monotonic()
            for key in list(self.expirations):
                self.get(key)
        finally:
            self._sweeping.release()


limiter = Limiter(requester, default_limits=[])


def init_app(app: Flask, settings: Settings) -> None:
    """Count where all processes can see it."""
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url.get_secret_value() or "portal-memory://"
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = True
    app.config["RATELIMIT_SWALLOW_ERRORS"] = False
    limiter.init_app(app)

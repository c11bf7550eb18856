"""How often a requester may knock. Counts in memory, or in Redis when there is one."""

import ipaddress

from flask import Flask, request
from flask_limiter import Limiter

from portal.core.settings import Settings


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


limiter = Limiter(requester, headers_enabled=True, default_limits=[])


def init_app(app: Flask, settings: Settings) -> None:
    """Count where all processes can see it."""
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url.get_secret_value() or "memory://"
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = True
    app.config["RATELIMIT_SWALLOW_ERRORS"] = False
    limiter.init_app(app)

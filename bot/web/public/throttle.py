"""How often one address may ask what everybody may read; counted in memory."""

import ipaddress
import math
from collections import OrderedDict
from collections.abc import Callable

from aiohttp import web

from sms.http.credentials import caller

PER_MINUTE = 120
MINUTE = 60.0
MOST_ADDRESSES = 10_000
NEIGHBOURS_V6 = 64
"""Whoever has one IPv6 address has all of this prefix."""


class Throttle:
    """A window of a minute for each address; those not seen for longest are forgotten first."""

    def __init__(self, monotonic: Callable[[], float], trusted_proxies: int, per_minute: int = PER_MINUTE) -> None:
        self._monotonic = monotonic
        self._proxies = trusted_proxies
        self._per_minute = per_minute
        self._seen: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def like(self, per_minute: int) -> "Throttle":
        """Another one of the same kind, which counts for itself."""
        return Throttle(self._monotonic, self._proxies, per_minute)

    def wait(self, request: web.Request) -> int:
        """0: answer it, and it is counted; else the seconds after which to ask again."""
        forwarded = ",".join(request.headers.getall("X-Forwarded-For", ()))
        key, now = _whose(caller(request.remote, forwarded, self._proxies) or ""), self._monotonic()
        began, count = self._seen.pop(key, (now, 0))
        if now - began >= MINUTE:
            began, count = now, 0
        self._seen[key] = (began, count + 1)
        if len(self._seen) > MOST_ADDRESSES:
            self._seen.popitem(last=False)
        return 0 if count < self._per_minute else max(1, math.ceil(began + MINUTE - now))


def _whose(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, NEIGHBOURS_V6), strict=False)) if found.version == 6 else str(found)  # noqa: PLR2004 - IPv6

"""Which one-stop systems to ask for a code, and in which order."""

from collections.abc import Sequence
from datetime import date

from dossier_client.codes import DossierCode
from dossier_client.settings import EVERY_CODE, Route, UpstreamSettings


class RouteTable:
    """Explicit routes in their order, then whole heads, then the systems asked for every code."""

    def __init__(self, upstreams: Sequence[UpstreamSettings]) -> None:
        routes = [(route, upstream.name) for upstream in upstreams for route in upstream.routes]
        self._routes: list[tuple[Route, str]] = sorted(routes, key=lambda item: item[0].order)
        self._heads = [(head, upstream.name) for upstream in upstreams for head in upstream.heads if head != EVERY_CODE]
        self._last = [upstream.name for upstream in upstreams if EVERY_CODE in upstream.heads]

    def matching(self, code: DossierCode | None) -> tuple[str, ...]:
        """Names of the systems, each once; None is a code without head and date (a legacy receipt number)."""
        if code is None:
            return tuple(self._last)
        routed = [name for route, name in self._routes if _leads(route, code.head, code.received_on)]
        whole = [name for head, name in self._heads if head == code.head]
        return tuple(dict.fromkeys([*routed, *whole, *self._last]))


def _leads(route: Route, head: str, day: date) -> bool:
    return route.head == head and route.first <= day <= route.last

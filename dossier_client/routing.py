"""Which one-stop systems to ask for a code, and in which order."""

from collections.abc import Sequence
from datetime import date

from dossier_client.codes import DossierCode
from dossier_client.settings import EVERY_CODE, Route, UpstreamSettings


class RouteTable:
    """Explicit routes in their order, then whole heads, then the systems asked for every code."""

    def __init__(self, upstreams: Sequence[UpstreamSettings]) -> None:
        routes = [(route, upstream.name) for upstream in upstreams for route in upstream.routes]
        self._routes: dict[str, list[tuple[Route, str]]] = {}
        for route, name in sorted(routes, key=lambda item: item[0].order):
            self._routes.setdefault(route.head, []).append((route, name))
        self._last = _takers_of(EVERY_CODE, upstreams)
        heads = {head for upstream in upstreams for head in upstream.heads}
        self._whole = {head: tuple(dict.fromkeys([*_takers_of(head, upstreams), *self._last])) for head in heads}

    def matching(self, code: DossierCode | None) -> tuple[str, ...]:
        """Names of the systems, each once; None is a code without head and date (a legacy receipt number)."""
        if code is None:
            return self._last
        return self.of_head(code.head, code.received_on)

    def of_head(self, head: str, day: date) -> tuple[str, ...]:
        """Names of the systems that take codes of a head received on this day."""
        routed = [name for route, name in self._routes.get(head, ()) if route.first <= day <= route.last]
        return tuple(dict.fromkeys([*routed, *self._whole.get(head, self._last)]))


def _takers_of(head: str, upstreams: Sequence[UpstreamSettings]) -> tuple[str, ...]:
    return tuple(upstream.name for upstream in upstreams if head in upstream.heads)

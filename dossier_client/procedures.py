"""The procedure catalogues that one-stop systems publish: all pages of one, with the limits of every other call."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from dossier_client.faults import UpstreamFault
from dossier_client.kinds import Ask
from dossier_client.models import Unavailable
from dossier_client.reading import mapping, optional_text, sequence, text, whole
from dossier_client.transport import Request
from dossier_client.upstream import Upstream

PROCEDURES = "/api/v1/procedures"
MOST_PAGES = 200
HTTP_OK, NOT_OFFERED = 200, frozenset({404, 501})
PAGE_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedProcedure:
    """A procedure as a one-stop system publishes it; None or empty where it does not say."""

    id: str
    name: str
    field: str = ""
    unit: str = ""
    working_days: int | None = None
    fee_vnd: int | None = None
    papers: tuple[str, ...] = ()
    is_online: bool = False
    """It can be filed online; on which level is not asked."""


class Catalogues(Protocol):
    """What the refresh asks of the one-stop systems."""

    async def all(self) -> "tuple[ListedProcedure, ...] | Unavailable":
        """Those of all systems that publish any, each once; ``Unavailable`` when one of them broke off."""
        ...


class OneStopCatalogues:
    """Implements ``Catalogues`` over the configured systems, in their order: the first to name a procedure describes it."""

    def __init__(self, upstreams: Mapping[str, Upstream]) -> None:
        self._upstreams = upstreams

    async def all(self) -> tuple[ListedProcedure, ...] | Unavailable:
        """Page by page in the lane of late answers, so that no citizen waits behind it."""
        found: dict[str, ListedProcedure] = {}
        for name, upstream in self._upstreams.items():
            try:
                for procedure in await _of(upstream):
                    found.setdefault(procedure.id, procedure)
            except UpstreamFault:
                return Unavailable(name)
        return tuple(found.values())


async def _of(upstream: Upstream) -> list[ListedProcedure]:
    found: list[ListedProcedure] = []
    page = 1 if upstream.kind.publishes_procedures else None
    while page is not None and page <= MOST_PAGES:
        deadline = asyncio.get_running_loop().time() + PAGE_SECONDS
        listed, page = await upstream.run(_page_of(page), deadline, background=True)
        found += listed
    return found


def _page_of(page: int) -> Callable[[object, Ask], Awaitable[tuple[list[ListedProcedure], int | None]]]:
    """The call for one page: its procedures, and the number of the next one."""

    async def read(_kind: object, ask: Ask) -> tuple[list[ListedProcedure], int | None]:
        answer = await ask(Request(f"{PROCEDURES}?page={page}"))
        if answer.status in NOT_OFFERED:
            return [], None
        if answer.status != HTTP_OK:
            raise answer.fault()
        data = mapping(answer.value())
        listed = [_procedure(item) for item in sequence(data.get("items"))]
        following = whole(data.get("next_page"))
        return [one for one in listed if one is not None], following if following and following > page else None

    return read


def _procedure(item: Any) -> ListedProcedure | None:
    """None for a row without id or name: one bad row must not cost the others."""
    given = mapping(item)
    code, name, days = text(given.get("id")), text(given.get("name")), given.get("working_days")
    if not code or not name:
        return None
    return ListedProcedure(
        id=code,
        name=name,
        field=optional_text(given.get("field")) or "",
        unit=optional_text(given.get("unit")) or "",
        working_days=round(days) if isinstance(days, int | float) and days >= 1 else None,
        fee_vnd=whole(given.get("fee_vnd")),
        papers=tuple(text(paper) for paper in sequence(given.get("papers"))),
        is_online=given.get("online", "none") != "none",
    )

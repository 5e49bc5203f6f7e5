"""The pages of the log of messages: what came and went, what became of it. Addresses stay masked."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from bot.clock import VIETNAM
from bot.model import Address, ChannelName, OutboundKind
from bot.officers import OfficerRole
from bot.privacy import masked
from bot.store.deliveries import OVER, DeliveryWish
from bot.store.delivery_book import DeliveryBook
from bot.store.officer_book import OfficerBook
from bot.store.port import InboundState, OutboundState
from bot.understanding.personal import redacted
from bot.web.desk.forms import PAGE_SIZE, day, whole
from bot.web.desk.request import DeskRequest
from bot.web.desk.routes import (
    Answer,
    Denied,
    DeskRoute,
    Missing,
    Page,
    Redirect,
    Section,
    UnknownAction,
    desk_route,
)
from sms import msisdn

READERS = frozenset({OfficerRole.OPERATOR, OfficerRole.ADMINISTRATOR, OfficerRole.AUDITOR})
ACTORS = READERS - {OfficerRole.AUDITOR}
LONGEST = timedelta(days=31)
USUAL = timedelta(days=1)
SHORTEST_REASON = 5
DIRECTIONS = ("out", "in")


class DeliveryPages:
    """``/desk/deliveries`` and below."""

    def __init__(self, deliveries: DeliveryBook, book: OfficerBook) -> None:
        self._deliveries = deliveries
        self._book = book

    def sections(self) -> list[Section]:
        """Its entry of the top bar."""
        return [Section(path="/desk/deliveries", word="deliveries.title", roles=READERS, order=70)]

    def routes(self) -> list[DeskRoute]:
        """Their addresses."""
        one = "/desk/deliveries/{id:[0-9]{1,19}}"
        return [
            desk_route("GET", "/desk/deliveries", READERS, self.page),
            desk_route("POST", "/desk/deliveries", READERS, self.search),
            desk_route("GET", one, READERS, self.one),
            desk_route("POST", one, ACTORS, self.resend),
        ]

    async def page(self, request: DeskRequest) -> Answer:
        """The newest that fit, older ones by their ids."""
        return await self._page(request, request.query, b"")

    async def search(self, request: DeskRequest) -> Answer:
        """By a whole phone number. The number stands in no address and no log, the reason does."""
        if request.form.text("action") != "search":
            raise UnknownAction
        number = msisdn.normalise(request.form.text("phone", 20))
        reason = request.form.text("reason", 200)
        if number is None or len(reason) < SHORTEST_REASON:
            raise Denied(422, "deliveries.needs_reason")
        await self._book.record(request.entry("searched", masked(number), reason=redacted(reason)))
        query = {name: request.form.text(name, 20) for name in ("direction", "since", "until")}
        contact = self._deliveries.contact(Address(ChannelName.SMS, number))
        return await self._page(request, query, contact)

    async def _page(self, request: DeskRequest, query: Mapping[str, str], contact: bytes) -> Page:
        wish, direction = _wish(query, request.now, contact), query.get("direction", "out")
        direction = direction if direction in DIRECTIONS else "out"
        found = await (self._deliveries.sent(wish) if direction == "out" else self._deliveries.received(wish))
        lines = [_shown(line) for line in found[:PAGE_SIZE]]
        totals = await self._deliveries.totals(replace(wish, before=None)) if direction == "out" else []
        older = lines[-1]["id"] if len(found) > PAGE_SIZE and not contact else ""
        names = ("channel", "state", "kind", "since", "until")
        shown = {
            "chosen": {**{name: query.get(name, "") for name in names}, "direction": direction},
            "channels": [channel.value for channel in ChannelName],
            "states": [state.value for state in (OutboundState if direction == "out" else InboundState)],
            "kinds": [kind.value for kind in OutboundKind],
            "by_phone": bool(contact),
        }
        data = {
            "direction": direction,
            "messages": lines,
            "totals": [asdict(total) for total in totals],
            "since": wish.since,
            "until": wish.until,
            "older": older,
        }
        return Page(template="deliveries.html.j2", data=data, shown=shown)

    async def one(self, request: DeskRequest) -> Answer:
        """One message of ours: its tries and parts."""
        key = int(request.part("id"))
        line = await self._line(key)
        attempts, parts = await self._deliveries.history(key)
        may = request.officer.role in ACTORS and line["state"] in OVER and line["kind"] != OutboundKind.ONE_TIME_CODE
        data = {
            "message": line,
            "attempts": [asdict(item) for item in attempts],
            "pieces": [asdict(item) for item in parts],
        }
        return Page(template="delivery.html.j2", data=data, shown={"may_resend": may})

    async def resend(self, request: DeskRequest) -> Answer:
        """Once more, as a new message."""
        if request.form.text("action") != "resend":
            raise UnknownAction
        key = request.part("id")
        await self._line(int(key))
        if not await self._deliveries.resend(int(key), request.entry("resent", key)):
            raise Denied(409, "deliveries.not_again")
        return Redirect(to="/desk/deliveries", notice="deliveries.sent_again")

    async def _line(self, key: int) -> dict[str, Any]:
        ever = DeliveryWish(since=_BEGINNING, until=_END, before=min(key + 1, 1 << 62), limit=1)
        found = await self._deliveries.sent(ever)
        if not found or found[0].id != key:
            raise Missing
        return _shown(found[0])


_BEGINNING, _END = datetime(2024, 1, 1, tzinfo=VIETNAM), datetime(2090, 1, 1, tzinfo=VIETNAM)


def _wish(query: Mapping[str, str], now: datetime, contact: bytes) -> DeliveryWish:
    """Two days where nothing is asked for, at most a month: the log of years is not searched through for a page."""
    until_day = day(query.get("until", ""))
    until = until_day + timedelta(days=1) if until_day else now + timedelta(minutes=1)
    since = day(query.get("since", "")) or until - (LONGEST if contact else USUAL)
    states = {state.value for kind in (OutboundState, InboundState) for state in kind}
    return DeliveryWish(
        since=max(since, until - LONGEST),
        until=until,
        channel=_known(query.get("channel", ""), {channel.value for channel in ChannelName}),
        state=_known(query.get("state", ""), states),
        kind=_known(query.get("kind", ""), {kind.value for kind in OutboundKind}),
        contact=contact,
        before=whole(query.get("before", ""), 0) or None,
        limit=PAGE_SIZE + 1,
    )


def _known(word: str, words: set[str]) -> str:
    return word if word in words else ""


def _shown(line: Any) -> dict[str, Any]:
    """An id is a text: scripts round numbers of 63 bits."""
    return {**asdict(line), "id": str(line.id)}

"""Where Zalo's events come in: proved genuine, stored, and only then answered. Zalo wants its 200 within two seconds."""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
from aiohttp import web

from adapters.zalo.events import PHONE_ROUTE, ROUTE, Delivered, Feedback, Ignored, Reader
from adapters.zalo.payloads import SomebodyElse
from adapters.zalo.settings import ZaloSettings
from adapters.zalo.signature import HEADER, Secrets, Verdict, judge
from bot.channels import Receive
from bot.clock import Clock
from bot.errors import StoreError, StoreRefused
from bot.events import Joined, Left, Scored, TakenOver, Withdrew
from bot.logs import Log
from bot.model import InboundMessage
from bot.official_account import AccountRecords

BODY_SECONDS = 10.0
BOOKED_EVERY = timedelta(minutes=10)
"""How exact "when this person last wrote" is: nothing beside 48 hours, and a tenth of the writing."""
MOST_BOOKED = 20_000
MOST_ADDRESSES = 1000
MESSAGE_ID_DIGITS = 19
TOLD_AT = frozenset({1, 10, 100, 1000, 10_000, 100_000})

TEMPLATES_HEADER = "X-ZEvent-Server"
"""On events about templates."""
STORED = 200
REFUSALS = {Verdict.FORGED: (401, "forged"), Verdict.UNREADABLE: (400, "unreadable")}


def secrets_of(settings: ZaloSettings) -> Secrets:
    """What events are signed with."""
    return Secrets(
        app_id=settings.app_id,
        oa_id=settings.oa_id,
        oa_secret_keys=settings.oa_secret_keys,
        app_secret=settings.app_secret,
        schemes=settings.schemes,
    )


class Webhook:
    """``POST /hooks/zalo``."""

    def __init__(
        self, settings: ZaloSettings, records: AccountRecords, clock: Clock, log: Log, counts: Counter[str]
    ) -> None:
        self._settings = settings
        self._secrets = secrets_of(settings)
        self._reader = Reader(settings)
        self._records = records
        self._clock = clock
        self._log = log
        self._counts = counts
        self._forgers: OrderedDict[str, int] = OrderedDict()
        self._booked: OrderedDict[str, float] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()

    def routes(self, receive: Receive) -> list[web.RouteDef]:
        """The hook, and the file by which Zalo sees that the domain is ours."""

        async def hook(request: web.Request) -> web.Response:
            return await self._answer(request, receive)

        found = [web.post("/hooks/zalo", hook)]
        if code := self._settings.site_verification:
            found.append(web.get(f"/zalo_verifier{code}.html", self._show_verifier))
        return found

    async def drain(self) -> None:
        """Wait for what is still being written."""
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _show_verifier(self, _request: web.Request) -> web.Response:
        code = self._settings.site_verification
        page = f'<html><head><meta name="zalo-platform-site-verification" content="{code}"></head><body></body></html>'
        return web.Response(text=page, content_type="text/html")

    async def _answer(self, request: web.Request, receive: Receive) -> web.Response:
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await request.read()
        except TimeoutError:
            return self._counted(408, "slow_body")
        if self._settings.connecting:
            return self._counted(STORED, "connecting")
        signatures = request.headers.getall(HEADER, [])
        header = signatures[0] if len(signatures) == 1 else "several" if signatures else None
        match judge(header, body, self._secrets):
            case Verdict.GENUINE:
                return await self._genuine(body, request, receive)
            case Verdict.PROBE:
                return self._counted(STORED, "probe")
            case refused:
                self._count_forger(request.remote or "")
                return self._counted(*REFUSALS[refused])

    async def _genuine(self, body: bytes, request: web.Request, receive: Receive) -> web.Response:
        try:
            fields = orjson.loads(body)
        except orjson.JSONDecodeError:
            fields = None
        if not isinstance(fields, dict):
            return self._counted(400, "unreadable")
        if "num_retry" in request.headers:
            self._counts["retried"] += 1
        try:
            return await self._take(fields, body, receive, by_phone=TEMPLATES_HEADER in request.headers)
        except SomebodyElse:
            return self._counted(403, "other_account")
        except StoreRefused:
            return self._counted(503, "store_refused")

    async def _take(self, fields: dict[str, Any], body: bytes, receive: Receive, *, by_phone: bool) -> web.Response:
        """Store what the event means; *by_phone*: it may be about a template to a number. Raises ``StoreRefused``,
        ``SomebodyElse``.
        """
        match self._reader.read(fields, body, self._clock.now()):
            case InboundMessage() as message:
                await receive.message(message)
                self._book(message)
                return self._counted(STORED, "event")
            case Delivered(receipts):
                for receipt in receipts:
                    await receive.receipt(receipt)
                    if by_phone and self._settings.templates_by_phone:
                        await receive.receipt(replace(receipt, route=PHONE_ROUTE))
                return self._counted(STORED, "receipt")
            case Feedback() as feedback:
                return self._counted(STORED, await self._rate(feedback, receive))
            case Ignored(reason):
                if reason == "template_news":
                    self._log.warning("news of Zalo templates", kind=str(fields.get("event_name"))[:40])
                return self._counted(STORED, f"ignored_{reason}")

    async def _rate(self, feedback: Feedback, receive: Receive) -> str:
        """The rating of whoever got the form. One that we did not send is only counted."""
        tracked = feedback.tracking_id
        number = int(tracked) if tracked.isdecimal() and len(tracked) <= MESSAGE_ID_DIGITS else None
        sent = await self._records.template_sent(number, feedback.message_id)
        if sent is None:
            return "ignored_rating"
        values = sent.template.values
        reference = values.get("reference") or values.get("code") or feedback.tracking_id
        message = InboundMessage(
            sender=sent.to,
            recipient=self._settings.oa_id,
            text="",
            received_at=feedback.received_at,
            route=ROUTE,
            external_id=feedback.key,
            event=Scored(feedback.score, reference, feedback.note),
        )
        await receive.message(message)
        return "event"

    def _book(self, message: InboundMessage) -> None:
        """Free answers are counted from what a person does in the chat."""
        if isinstance(message.event, Joined | Left | Withdrew | TakenOver):
            return
        person, now = message.sender.id, self._clock.monotonic()
        before = self._booked.get(person)
        if before is not None and now - before < BOOKED_EVERY.total_seconds():
            return
        self._booked[person] = now
        self._booked.move_to_end(person)
        if len(self._booked) > MOST_BOOKED:
            self._booked.popitem(last=False)
        self._in_background(self._write_booking(message))

    async def _write_booking(self, message: InboundMessage) -> None:
        try:
            await self._records.wrote(message.sender, message.received_at)
        except StoreError as error:
            self._booked.pop(message.sender.id, None)
            self._log.warning("last message of a person not noted", error=str(error))

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _count_forger(self, address: str) -> None:
        """Told at the first, the tenth, the hundredth … from one address: never a line for each."""
        times = self._forgers[address] = self._forgers.pop(address, 0) + 1
        if len(self._forgers) > MOST_ADDRESSES:
            self._forgers.popitem(last=False)
        if times in TOLD_AT:
            self._log.warning("forged Zalo event", remote=address, times=times)

    def _counted(self, status: int, what: str) -> web.Response:
        self._counts[what] += 1
        return web.Response(status=status)

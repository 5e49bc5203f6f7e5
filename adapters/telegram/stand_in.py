"""A Bot API on this machine: what the bot sends is recorded, faults are switched on, updates are delivered either way.

For tests, the simulator and benchmarks; it knows one bot.
"""

import asyncio
import contextlib
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import aiohttp
import orjson
import yarl
from aiohttp import web

from adapters.telegram.stand_in_updates import Update, chat_of

TOKEN = "123456:stand-in"  # noqa: S105 - of no bot
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - its name
REDELIVERY_S = 0.2
MOST_UPDATES = 100
Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a method."""

    method: str
    fields: Fields
    at: float
    """Monotonic seconds."""

    @property
    def chat(self) -> str:
        """Whom it is for."""
        return self.fields.get("chat_id", "")

    @property
    def text(self) -> str:
        """What it says."""
        return self.fields.get("text", "")

    @property
    def keyboard(self) -> Any:
        """The decoded ``reply_markup``; None without one."""
        return orjson.loads(self.fields["reply_markup"]) if "reply_markup" in self.fields else None


@dataclass(slots=True)
class Fault:
    """What the next calls get instead of their answer."""

    status: int = 500
    description: str = "Internal Server Error"
    parameters: Mapping[str, object] = field(default_factory=dict)
    chat: str = ""
    """Only calls for this chat; "" is any."""
    times: int = 1
    body: bytes | None = None
    """Instead of an answer in the API's own form."""
    cut: bool = False
    """The connection breaks after the call was taken: it counts, and nobody is told."""


class StandIn:
    """One bot's API; ``start`` and ``close`` once each."""

    def __init__(self, token: str = TOKEN, *, username: str = "motcua_bot", keep: int = 100_000) -> None:
        """The last *keep* calls are remembered."""
        self.calls: deque[Call] = deque(maxlen=keep)
        self.counts: Counter[str] = Counter()
        self.files: dict[str, bytes] = {}
        self.webhook: Fields = {}
        self.delay_s = 0.0
        self.refusals: list[int] = []
        """Statuses other than 2xx with which the webhook answered."""
        self.address = ""
        self.public_address = ""
        """Where the gateway's public address leads to on this machine; "" takes the webhook's address as it was set."""
        self.on_call: Callable[[Call], None] = lambda _call: None
        """Told of each call that is taken."""
        self._token, self._username = token, username
        self._faults: dict[str, list[Fault]] = {}
        self._pending: dict[int, Update] = {}
        self._changed = asyncio.Event()
        self._message_ids = count(1)
        self._asking = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._runner: web.AppRunner | None = None
        self._methods: dict[str, Callable[[Fields], Awaitable[Any]]] = {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._webhook_info,
            "sendMessage": self._send_message,
            "getFile": self._get_file,
            "answerCallbackQuery": self._done,
            "sendChatAction": self._done,
            "setMyCommands": self._done,
            "editMessageReplyMarkup": self._done,
        }

    @property
    def base_url(self) -> str:
        """For the bot's settings."""
        return f"{self.address}/bot"

    @property
    def base_file_url(self) -> str:
        """For the bot's settings."""
        return f"{self.address}/file/bot"

    def sent(self, chat: int | str | None = None) -> list[Call]:
        """The messages that the bot sent, to this chat if one is named."""
        messages = (call for call in self.calls if call.method == "sendMessage")
        return [call for call in messages if chat is None or call.chat == str(chat)]

    def fail(self, method: str, fault: Fault) -> None:
        """Answer the next call of *method* so; more faults queue up behind."""
        self._faults.setdefault(method, []).append(fault)

    def heal(self) -> None:
        """No fault waits any more."""
        self._faults.clear()

    def waiting_faults(self, method: str) -> int:
        """How many faults of *method* nobody has met yet."""
        return len(self._faults.get(method, ()))

    @property
    def waiting(self) -> int:
        """Updates that the bot has not taken."""
        return len(self._pending)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen; the address."""
        application = web.Application()
        application.add_routes(
            [
                web.route("*", "/bot{token}/{method}", self._call),
                web.get("/file/bot{token}/{path:.+}", self._download),
            ]
        )
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self.address = f"http://{host}:{self._runner.addresses[0][1]}"
        self._tasks = [asyncio.create_task(self._deliver())]
        return self.address

    async def close(self) -> None:
        """Stop listening and delivering."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._runner is not None:
            await self._runner.cleanup()

    # What people do.

    def tell(self, update: Update) -> None:
        """Hand an update to the bot as Telegram does: again and again until it is taken."""
        self._pending[update["update_id"]] = update
        self._notify()

    async def all_taken(self) -> None:
        """Return when the bot has taken every update."""
        while self._pending:
            await self._next_change()

    async def post(self, update: Update, *, secret: str | None = None) -> int:
        """Deliver an update once, now, to the webhook; its status. With *secret* instead of the right one."""
        headers = {SECRET_HEADER: self.webhook.get("secret_token", "") if secret is None else secret}
        async with aiohttp.ClientSession() as session:
            answer = await session.post(self._webhook_url(), json=update, headers=headers)
            return answer.status

    async def _deliver(self) -> None:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
            while True:
                if not self.webhook or not self._pending:
                    await self._next_change()
                elif not await self._deliver_one(session):
                    await asyncio.sleep(REDELIVERY_S)

    async def _deliver_one(self, session: aiohttp.ClientSession) -> bool:
        number, update = next(iter(self._pending.items()))
        headers = {SECRET_HEADER: self.webhook.get("secret_token", "")}
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            async with session.post(self._webhook_url(), json=update, headers=headers) as answer:
                if answer.ok:
                    self._pending.pop(number, None)
                    self._notify()
                    return True
                self.refusals.append(answer.status)
        return False

    def _webhook_url(self) -> str:
        url = yarl.URL(self.webhook["url"])
        return str(yarl.URL(self.public_address).join(url.relative()) if self.public_address else url)

    def _notify(self) -> None:
        """Wake everybody who waits now."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def _next_change(self) -> None:
        await self._changed.wait()

    # The API.

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != self._token:
            return _refusal(Fault(401, "Unauthorized"))
        if method not in self._methods:
            return _refusal(Fault(404, "Not Found"))
        fields = {**request.query, **(await _fields(request))}
        call = Call(method, fields, time.monotonic())
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        fault = self._fault(call)
        if fault is not None and not fault.cut:
            self.counts[f"{method} {fault.status}"] += 1
            return _refusal(fault)
        self.calls.append(call)
        self.on_call(call)
        self.counts[method] += 1
        self._notify()
        if fault is not None and request.transport is not None:
            request.transport.abort()
        try:
            return _json({"ok": True, "result": await self._methods[method](fields)})
        except _Refused as refused:
            return _refusal(refused.fault)

    def _fault(self, call: Call) -> Fault | None:
        waiting = self._faults.get(call.method, [])
        fault = next((fault for fault in waiting if fault.chat in {"", call.chat}), None)
        if fault is not None:
            fault.times -= 1
            if not fault.times:
                waiting.remove(fault)
        return fault

    async def _get_me(self, _fields: Fields) -> Any:
        number = int(self._token.partition(":")[0])
        return {"id": number, "is_bot": True, "first_name": "Một Cửa", "username": self._username}

    async def _get_updates(self, fields: Fields) -> Any:
        """Long polling: an offset confirms everything before it."""
        if self.webhook:
            raise _Refused(Fault(409, "Conflict: can't use getUpdates method while webhook is active"))
        if self._asking:
            raise _Refused(Fault(409, "Conflict: terminated by other getUpdates request"))
        offset = int(fields.get("offset", 0))
        self._pending = {number: update for number, update in self._pending.items() if number >= offset}
        self._notify()
        self._asking += 1
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(float(fields.get("timeout", 0))):
                while not self._from(offset):
                    await self._next_change()
        self._asking -= 1
        return self._from(offset)[:MOST_UPDATES]

    def _from(self, offset: int) -> list[Update]:
        return [update for number, update in self._pending.items() if number >= offset]

    async def _set_webhook(self, fields: Fields) -> Any:
        self.webhook = dict(fields) if fields.get("url") else {}
        self._notify()
        return True

    async def _delete_webhook(self, _fields: Fields) -> Any:
        self.webhook = {}
        self._notify()
        return True

    async def _webhook_info(self, _fields: Fields) -> Any:
        url = self.webhook.get("url", "")
        return {"url": url, "has_custom_certificate": False, "pending_update_count": len(self._pending)}

    async def _send_message(self, fields: Fields) -> Any:
        chat = chat_of(int(fields["chat_id"]))
        return {"message_id": next(self._message_ids), "date": int(time.time()), "chat": chat, "text": fields["text"]}

    async def _get_file(self, fields: Fields) -> Any:
        name = fields["file_id"]
        if name not in self.files:
            raise _Refused(Fault(400, "Bad Request: invalid file_id"))
        return {
            "file_id": name,
            "file_unique_id": name,
            "file_size": len(self.files[name]),
            "file_path": f"photos/{name}",
        }

    async def _done(self, _fields: Fields) -> Any:
        return True

    async def _download(self, request: web.Request) -> web.Response:
        body = self.files.get(request.match_info["path"].removeprefix("photos/"))
        if request.match_info["token"] != self._token or body is None:
            return web.Response(status=404)
        return web.Response(body=body, content_type="application/octet-stream")


class _Refused(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.description)
        self.fault = fault


async def _fields(request: web.Request) -> Fields:
    if request.content_type == "application/json":
        given = orjson.loads(await request.read())
        return {key: value if isinstance(value, str) else orjson.dumps(value).decode() for key, value in given.items()}
    return {key: str(value) for key, value in (await request.post()).items()}


def _refusal(fault: Fault) -> web.Response:
    if fault.body is not None:
        return web.Response(status=fault.status, body=fault.body)
    answer: dict[str, object] = {"ok": False, "error_code": fault.status, "description": fault.description}
    if fault.parameters:
        answer["parameters"] = dict(fault.parameters)
    return _json(answer, fault.status)


def _json(value: object, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json")

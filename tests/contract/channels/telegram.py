"""Telegram in the contract."""

from typing import Any
from zlib import crc32

import orjson

from adapters.telegram.stand_in import TOKEN, Fault, StandIn
from adapters.telegram.stand_in_updates import Update, Updates
from adapters.telegram.webhook import BODY_LIMIT, PATH, SECRET_HEADER
from tests.contract.channels.channel import Answer, Arrived, Channel, Request

SECRET = "secret-of-tests-01"
FAULTS = {
    Answer.BUSY: lambda: Fault(429, "Too Many Requests: retry after 1", {"retry_after": 1}),
    Answer.REFUSED: lambda: Fault(400, "Bad Request: message text is empty"),
    Answer.UNREACHABLE: lambda: Fault(403, "Forbidden: bot was blocked by the user"),
    Answer.UNKNOWN: lambda: Fault(cut=True),
}


def configuration(stand_in: StandIn, **more: Any) -> str:
    """The ``[telegram]`` of a gateway whose Bot API is the stand-in."""
    lines = {
        "token": TOKEN,
        "secret_token": SECRET,
        "base_url": stand_in.base_url,
        "base_file_url": stand_in.base_file_url,
    } | more
    return "\n".join(["[telegram]", *(f"{name} = {orjson.dumps(value).decode()}" for name, value in lines.items()), ""])


class Telegram(Channel):
    name = "telegram"
    forged = 403
    answers = frozenset(FAULTS)
    limit = BODY_LIMIT

    def __init__(self) -> None:
        self.stand_in = StandIn()
        self.updates = Updates()

    async def start(self) -> str:
        await self.stand_in.start()
        return configuration(self.stand_in)

    async def stop(self) -> None:
        await self.stand_in.close()

    def person(self, number: int) -> str:
        return str(5_400_000_000 + number)

    def text(self, person: str, text: str, key: str) -> Request:
        return self.called(self.updates.text(int(person), text) | {"update_id": crc32(key.encode())})

    def called(self, update: Update | bytes) -> Request:
        body = update if isinstance(update, bytes) else orjson.dumps(update)
        return Request(path=PATH, body=body, headers={SECRET_HEADER: SECRET, "Content-Type": "application/json"})

    def forge(self, request: Request) -> Request:
        return Request(path=request.path, body=request.body, headers={SECRET_HEADER: SECRET[:-1] + "2"})

    def unreadable(self) -> Request:
        return self.called(b'{"update_id": 5, "message": {')

    def unknown(self) -> Request:
        return self.called(self.updates.update("telepathy", {"from": {"id": 5}}))

    def left(self, person: str) -> Request:
        return self.called(self.updates.membership(int(person), "member", "kicked"))

    def oversized(self) -> Request:
        return self.called(self.updates.text(5, "x" * self.limit))

    def arrived(self) -> list[Arrived]:
        return [Arrived(call.chat, call.text) for call in self.stand_in.sent()]

    def answer_next(self, answer: Answer) -> None:
        self.stand_in.fail("sendMessage", FAULTS[answer]())

"""The web chat in the contract. Its peer is a browser: it asks for its lines and acknowledges them."""

import asyncio
import contextlib
import uuid

import aiohttp
import orjson

from adapters.webchat.guard import BODY_LIMIT
from adapters.webchat.sessions import CHAT_COOKIE, address_of
from tests.contract.channels.channel import Answer, Arrived, Channel, Request

PEOPLE = (1, 2)
LOOK_SECONDS = 0.15
ORIGIN = "https://chat.example.gov.vn"


def token(number: int) -> str:
    return f"{number:022}"


class WebChat(Channel):
    name = "webchat"
    forged = 403
    answers: frozenset[Answer] = frozenset()
    limit = BODY_LIMIT

    def __init__(self) -> None:
        self._arrived: dict[str, Arrived] = {}
        self._address = ""
        self._looking: asyncio.Task[None] | None = None

    async def start(self) -> str:
        self._looking = asyncio.ensure_future(self._look())
        return ""

    async def stop(self) -> None:
        if self._looking:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    def listening(self, address: str) -> None:
        self._address = address

    def person(self, number: int) -> str:
        return address_of(token(number), None).id

    def text(self, person: str, text: str, key: str) -> Request:
        return self._request(person, {"id": str(uuid.uuid5(uuid.NAMESPACE_OID, key)), "text": text})

    def forge(self, request: Request) -> Request:
        return Request(
            path=request.path, body=request.body, headers={**request.headers, "Origin": "https://evil.example"}
        )

    def unreadable(self) -> Request:
        whole = self._request(self.person(1), {"id": str(uuid.uuid4()), "text": "HS"})
        return Request(path=whole.path, body=whole.body[:-5], headers=whole.headers)

    def unknown(self) -> None:
        """A page of ours says nothing that it does not know."""

    def left(self, person: str) -> None:
        """Nobody blocks a page."""

    def oversized(self) -> Request:
        return self._request(self.person(1), {"id": str(uuid.uuid4()), "text": "x" * self.limit})

    def arrived(self) -> list[Arrived]:
        return list(self._arrived.values())

    def answer_next(self, answer: Answer) -> None:
        raise AssertionError(answer)

    def _request(self, person: str, frame: dict[str, str]) -> Request:
        return Request(path="/webchat/messages", body=orjson.dumps(frame), headers=self._headers(person))

    def _headers(self, person: str) -> dict[str, str]:
        number = next(number for number in PEOPLE if self.person(number) == person)
        return {"Cookie": f"{CHAT_COOKIE}={token(number)}", "Origin": ORIGIN, "Host": ORIGIN.removeprefix("https://")}

    async def _look(self) -> None:
        async with aiohttp.ClientSession() as http:
            while True:
                await asyncio.sleep(LOOK_SECONDS)
                for number in PEOPLE if self._address else ():
                    with contextlib.suppress(aiohttp.ClientError):
                        await self._read(http, self.person(number))

    async def _read(self, http: aiohttp.ClientSession, person: str) -> None:
        headers = self._headers(person)
        async with http.get(f"{self._address}/webchat/poll", headers=headers) as response:
            lines = [line for line in (await response.json())["lines"] if line["ours"]]
        for line in lines:
            self._arrived.setdefault(line["id"], Arrived(person, line["text"]))
        seen = orjson.dumps({"type": "read", "ids": [line["id"] for line in lines]})
        async with http.post(f"{self._address}/webchat/read", data=seen, headers=headers) as response:
            await response.read()

"""Zalo in the contract."""

from typing import Any

import orjson

from adapters.zalo.settings import ZaloSettings
from adapters.zalo.signature import HEADER, sign
from adapters.zalo.stand_in import Scripted, ZaloStandIn
from adapters.zalo.stand_in_events import Event, Events
from adapters.zalo.webhook import secrets_of
from tests.contract.channels.channel import Answer, Arrived, Channel, Request

SETTINGS = ZaloSettings(
    app_id="1234567890123456789",
    app_secret="AppSecretForTests01",
    oa_id="1646843870823903717",
    oa_secret_keys=("OaSecretKeyForTests01",),
    access_token="access-0",
    refresh_token="refresh-0",
)
PATH = "/hooks/zalo"
SCRIPTS = {
    Answer.BUSY: Scripted(status=429, body=b"too many"),
    Answer.TEMPORARY: Scripted(code=-200),
    Answer.REFUSED: Scripted(code=-210),
    Answer.UNREACHABLE: Scripted(code=-213),
    Answer.UNKNOWN: Scripted(drops=True),
}


def configuration(url: str, **more: Any) -> str:
    """The ``[zalo]`` of a gateway whose Zalo is at *url*."""
    lines = {
        "app_id": SETTINGS.app_id,
        "app_secret": SETTINGS.app_secret,
        "oa_id": SETTINGS.oa_id,
        "oa_secret_key": SETTINGS.oa_secret_keys[0],
        "access_token": SETTINGS.access_token,
        "refresh_token": SETTINGS.refresh_token,
        "api_base_url": url,
        "oauth_base_url": url,
        "zbs_base_url": url,
    } | more
    return "\n".join(["[zalo]", *(f"{name} = {orjson.dumps(value).decode()}" for name, value in lines.items()), ""])


class Zalo(Channel):
    name = "zalo"

    def __init__(self) -> None:
        self.stand_in = ZaloStandIn(SETTINGS)
        self.events = Events(SETTINGS)

    async def start(self) -> str:
        return configuration(await self.stand_in.start())

    async def stop(self) -> None:
        await self.stand_in.stop()

    def person(self, number: int) -> str:
        return f"55101857582619{number:05}"

    def text(self, person: str, text: str, key: str) -> Request:
        return self.signed(self.events.text(person, text, message_id=key))

    def signed(self, event: Event | bytes) -> Request:
        body = event if isinstance(event, bytes) else orjson.dumps(event)
        return Request(path=PATH, body=body, headers={HEADER: sign(body, secrets_of(SETTINGS))})

    def forge(self, request: Request) -> Request:
        wrong = request.headers[HEADER][:-1] + ("0" if request.headers[HEADER][-1] != "0" else "1")
        return Request(path=request.path, body=request.body, headers={HEADER: wrong})

    def unreadable(self) -> Request:
        return self.signed(b'{"event_name":"user_send_text","timestamp":"1760000000123"')

    def unknown(self) -> Request:
        event = self.events.text(self.person(1), "HS") | {"event_name": "user_dreams"}
        return self.signed(event)

    def left(self, person: str) -> Request:
        return self.signed(self.events.unfollowed(person))

    def oversized(self) -> Request:
        return self.signed(self.events.text(self.person(1), "x" * self.limit))

    def arrived(self) -> list[Arrived]:
        return [Arrived(sent.to, sent.text) for sent in self.stand_in.sent]

    def answer_next(self, answer: Answer) -> None:
        self.stand_in.script.append(SCRIPTS[answer])

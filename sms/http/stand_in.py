"""A provider on this machine: brings texts as its dialect says, takes ours, answers as it is told. For tests and the demo."""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from sms.http.credentials import basic, signature
from sms.http.dialect import FieldCredentials, Inbound, SignedFields
from sms.http.fields import Fields, of_json, of_query, of_soap
from sms.http.settings import HttpAccount
from sms.http.templates import in_xml

ACCEPTED: Mapping[str, str] = {
    "cp-soap": "<mtReceiverResponse><mtReceiverReturn>1</mtReceiverReturn></mtReceiverResponse>",
    "fibo": "<SMS><Code>200</Code><Message>Sent</Message></SMS>",
    "esms": '{"CodeResult":"100","CountRegenerate":0,"SMSID":"d533459e"}',
}
"""What the provider of each shipped dialect says when it takes a text."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a call is answered."""

    body: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    """How long the provider thinks about it."""
    drops: bool = False
    """The connection ends without an answer."""
    takes: bool = False
    """The text is sent on all the same."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A text that the provider sends on."""

    fields: Mapping[str, str]
    """By name in lower case."""
    authorization: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A text that a person sent to the provider."""

    sender: str = "84912345678"
    text: str
    message_id: str = ""
    short_code: str = "8283"
    keyword: str = ""
    operator: str = "VIETTEL"


class Provider:
    """The stand-in of one account's provider."""

    def __init__(self, account: HttpAccount, accepted: str) -> None:
        """*accepted* is its answer while ``next_answers`` is empty."""
        self.taken: list[Taken] = []
        self.next_answers: deque[Answer] = deque()
        self._account = account
        self._accepted = accepted
        self._runner: web.AppRunner | None = None
        self._http: aiohttp.ClientSession | None = None

    async def start(self) -> str:
        """Listen on loopback; the address for ``send_url``."""
        application = web.Application()
        application.router.add_route("*", "/send", self._take)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._http = aiohttp.ClientSession()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/send"

    async def stop(self) -> None:
        """Close everything."""
        if self._http is not None:
            await self._http.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def bring(self, gateway: str, text: Brought) -> tuple[int, str]:
        """Send a person's text to the gateway at this base address; status and body of its answer."""
        assert self._http is not None  # noqa: S101 - started
        method, path, arguments = request_of(self._account, text)
        async with self._http.request(method, f"{gateway}{path}", **arguments) as response:
            return response.status, await response.text()

    async def _take(self, request: web.Request) -> web.StreamResponse:
        octets = await request.read()
        answer = self.next_answers.popleft() if self.next_answers else Answer(self._accepted, takes=True)
        if answer.takes:
            self.taken.append(Taken(_fields(request, octets).as_values(), request.headers.get("Authorization", "")))
        await asyncio.sleep(answer.seconds)
        if answer.drops and request.transport is not None:
            request.transport.abort()
        return web.Response(text=answer.body, status=answer.status, headers=answer.headers)


def request_of(account: HttpAccount, text: Brought) -> tuple[str, str, dict[str, Any]]:
    """The request that brings a text: method, path and query, and what else ``aiohttp`` wants to know."""
    rules = account.dialect.inbound
    assert rules is not None  # noqa: S101 - a provider that brings texts
    path = f"/hooks/sms/{account.name}" + (f"/{account.path_secret}" if account.path_secret else "")
    values = _signed(account, rules, text)
    headers = {}
    if rules.auth.kind == "basic":
        headers["Authorization"] = basic(account)
    match rules.body:
        case "json":
            return "POST", path, {"json": values, "headers": headers}
        case "soap":
            body = "".join(f"<{name}>{in_xml(value)}</{name}>" for name, value in values.items())
            return "POST", path, {"data": _envelope(f"<moReceiver>{body}</moReceiver>").encode(), "headers": headers}
        case _ if rules.body == "query" or rules.methods[0] == "GET":
            return "GET", f"{path}?{urlencode(values)}", {"headers": headers}
        case _:
            return "POST", path, {"data": values, "headers": headers}


def _signed(account: HttpAccount, rules: Inbound, text: Brought) -> dict[str, str]:
    """The fields under the first of their names, with what proves who calls."""
    names = rules.fields
    said = {
        names.sender: text.sender,
        names.text: text.text,
        names.short_code: text.short_code,
        names.keyword: text.keyword or text.text.partition(" ")[0],
        names.message_id: text.message_id,
        names.operator: text.operator,
    }
    values = {known[0]: value for known, value in said.items() if known and value}
    match rules.auth:
        case FieldCredentials() as rule:
            values |= {rule.user[0]: account.user, rule.password[0]: account.password}
        case SignedFields() as rule:
            values |= {rule.key_field: account.user} if rule.key_field else {}
            values |= {name: "" for name in rule.fields if name not in values}
            values[rule.signature] = signature(account.secret, rule, Fields(values.items()))
        case _:
            pass
    return values


def _fields(request: web.Request, octets: bytes) -> Fields:
    kind = request.content_type
    if kind == "text/xml":
        return of_soap(octets)
    if kind == "application/json":
        return of_json(octets)
    return of_query(octets or request.query_string.encode())


def _envelope(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><soapenv:Envelope '
        f'xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>'
    )

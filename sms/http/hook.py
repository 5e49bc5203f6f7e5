"""Requests of a provider and our answers to them, as HTTP."""

import asyncio

from aiohttp import web

from sms.http import credentials
from sms.http.arrival import Arrival
from sms.http.dialect import CONTENT_TYPES, Inbound, Reply
from sms.http.fields import Fields, of_json, of_query, of_soap
from sms.http.replies import print_reply
from sms.http.settings import HttpAccount

BODY_SECONDS = 10.0


def is_known(request: web.Request, account: HttpAccount, rules: Inbound) -> bool:
    """The caller's address, the path's secret and the header are right; the fields may still be wrong."""
    seen = credentials.caller(request.remote, ",".join(request.headers.getall("X-Forwarded-For", ())), account.proxies)
    secret = request.match_info.get("secret", "")
    return (
        credentials.is_allowed(seen, account.ip_allow)
        and credentials.same(secret.encode(), account.path_secret.encode())
        and credentials.header_is_right(account, rules.auth, request.headers.get("Authorization", ""))
    )


async def body(request: web.Request) -> bytes:
    """All octets of the body. Raises ``HTTPRequestEntityTooLarge``, or ``HTTPRequestTimeout`` when they come too slowly."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.read()
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error


def read_fields(request: web.Request, octets: bytes, rules: Inbound) -> Fields:
    """The fields of the request. Raises ``Unreadable``."""
    query = request.raw_path.partition("?")[2].encode("utf-8", "surrogateescape")
    match rules.body:
        case "query":
            return of_query(query)
        case "form":
            return of_query(query if request.method == "GET" else octets)
        case "json":
            return of_json(octets)
        case "soap":
            return of_soap(octets)


def answer(
    account: HttpAccount, rules: Inbound, reply: Reply, arrival: Arrival | None, *, text: str = "", reply_id: str = ""
) -> web.Response:
    """The response that the dialect describes."""
    printed = print_reply(account, rules, reply, arrival, text=text, reply_id=reply_id)
    return web.Response(status=reply.status, text=printed, content_type=CONTENT_TYPES[rules.answers.format])


async def is_written(request: web.Request, response: web.Response) -> bool:
    """Write the response now; False when the provider has gone."""
    try:
        await response.prepare(request)
        await response.write_eof()
    except ConnectionError:
        return False
    return request.transport is not None and not request.transport.is_closing()

"""How the sandbox answers and how it reads what it is asked."""

from datetime import date
from typing import Any

import orjson
from aiohttp import web
from multidict import CIMultiDict, CIMultiDictProxy, MultiMapping

JSON_HEADERS = CIMultiDictProxy(CIMultiDict({"Content-Type": "application/json; charset=utf-8"}))


class BadRequest(web.HTTPBadRequest):
    """Something of the request is missing or wrong; the text says what."""

    def __init__(self, problem: str) -> None:
        super().__init__(text=_text({"error": "bad_request", "detail": problem}), content_type="application/json")


class NotFound(web.HTTPNotFound):
    """There is no dossier or unit with this code."""

    def __init__(self, code: str) -> None:
        super().__init__(text=_text({"error": "not_found", "code": code}), content_type="application/json")


def encoded(body: bytes, status: int = 200) -> web.Response:
    """An answer that is JSON already."""
    return web.Response(body=body, status=status, headers=JSON_HEADERS)


def reply(value: Any, status: int = 200) -> web.Response:
    """An answer as JSON."""
    return encoded(orjson.dumps(value), status)


async def body_of(request: web.Request) -> dict[str, Any]:
    """The JSON object of a request; raises BadRequest."""
    try:
        read = orjson.loads(await request.read())
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"not JSON: {error}") from error
    if not isinstance(read, dict):
        raise BadRequest("must be a JSON object")
    return read


def text_of(body: dict[str, Any], key: str) -> str:
    """A text that must be there; raises BadRequest."""
    value = body.get(key)
    if not isinstance(value, str) or not value:
        raise BadRequest(f"{key}: must be a text")
    return value


def number_of(query: MultiMapping[str], key: str, default: int, highest: int) -> int:
    """A whole number from 1 to *highest*; raises BadRequest."""
    text = query.get(key, "")
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= highest):
        raise BadRequest(f"{key}: must be a whole number from 1 to {highest}")
    return int(text)


def day_of(query: MultiMapping[str], key: str) -> date:
    """A day that must be there; raises BadRequest."""
    try:
        return date.fromisoformat(query.get(key, ""))
    except ValueError as error:
        raise BadRequest(f"{key}: must be a day such as 2026-06-10") from error


def _text(value: dict[str, str]) -> str:
    return orjson.dumps(value).decode()

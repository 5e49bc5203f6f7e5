"""How public addresses answer: marks by which a reader knows that nothing changed, how long an answer may be kept, how often to ask."""

from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256

from aiohttp import web

from bot.errors import StoreError
from bot.web.public.throttle import Throttle

KEPT = "public, max-age=60"
"""Short: what is taken back is gone for everybody a minute later."""
BUSY_SECONDS = 10
Handler = Callable[[web.Request], Awaitable[web.Response]]
Problem = Callable[[web.Request, int, str], web.Response]
"""How an error is told, from its status and one line."""


def answer(
    request: web.Request, body: bytes, content_type: str, headers: Mapping[str, str] | None = None
) -> web.Response:
    """The body, or 304 to who has it. Only the entity tag decides, not a time: what was taken back made nothing newer."""
    tag = sha256(body).hexdigest()[:32]
    common = {"Cache-Control": KEPT, "ETag": f'"{tag}"', **(headers or {})}
    known = request.if_none_match or ()
    if any(item.value in {tag, "*"} for item in known):
        return web.Response(status=304, headers=common)
    charset = None if content_type.startswith("image/") else "utf-8"
    return web.Response(body=body, content_type=content_type, charset=charset, headers=common)


def guarded(handler: Handler, throttle: Throttle, tell: Problem) -> Handler:
    """*handler*, but 429 for who asks too often and 503 while the store is away."""

    async def handle(request: web.Request) -> web.Response:
        if seconds := throttle.wait(request):
            return _later(tell(request, 429, f"too many requests: ask again in {seconds} s"), seconds)
        try:
            return await handler(request)
        except StoreError:
            return _later(tell(request, 503, "not available now: ask again later"), BUSY_SECONDS)

    return handle


def _later(response: web.Response, seconds: int) -> web.Response:
    response.headers["Retry-After"] = str(seconds)
    return response

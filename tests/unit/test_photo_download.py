"""Photos are fetched from known hosts only, and never from inside our network."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web

from bot.photos.addresses import is_allowed
from bot.photos.download import Download, DownloadRules
from bot.photos.source import MOST_OCTETS, PhotoUnavailable, Unavailable

JPEG = b"\xff\xd8\xff\xe0 a photo"
ZALO = ("zdn.vn", "zadn.vn")


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("10.0.0.8", False),
        ("172.16.3.4", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("239.255.255.250", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("fd12:3456::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::808:808", True),
        ("2002:7f00:1::", False),
        ("2001:0:808:808::f5ff:fffe", False),
        ("zdn.vn", False),
        ("", False),
    ],
)
def test_which_addresses_are_public(address: str, *, allowed: bool) -> None:
    assert is_allowed(address, loopback=False) is allowed


@pytest.mark.parametrize(
    ("address", "allowed"),
    [("127.0.0.1", True), ("::1", True), ("::ffff:127.0.0.1", True), ("10.0.0.1", False), ("169.254.169.254", False)],
)
def test_a_stand_in_may_be_on_this_machine_only(address: str, *, allowed: bool) -> None:
    assert is_allowed(address, loopback=True) is allowed


@pytest.mark.parametrize(
    "link",
    [
        "https://example.com/a.jpg",
        "https://evilzdn.vn/a.jpg",
        "https://zdn.vn.example.com/a.jpg",
        "https://zdn.vn@example.com/a.jpg",
        "https://user:word@photo.zdn.vn/a.jpg",
        "http://photo.zdn.vn/a.jpg",
        "https://photo.zdn.vn:8443/a.jpg",
        "file:///etc/passwd",
        "ftp://photo.zdn.vn/a.jpg",
        "data:image/png;base64,AAAA",
        "//photo.zdn.vn/a.jpg",
        "https://127.0.0.1/a.jpg",
        "https://2130706433/a.jpg",
        "https://0x7f000001/a.jpg",
        "https://[::ffff:127.0.0.1]/a.jpg",
        "https://localhost/a.jpg",
        "photo",
        "",
    ],
)
async def test_a_link_to_elsewhere_is_not_asked(link: str) -> None:
    with pytest.raises(PhotoUnavailable) as caught:
        await Download(DownloadRules(hosts=ZALO)).fetch(link)
    assert caught.value.reason is Unavailable.NOT_ALLOWED


@pytest.mark.parametrize("link", ["https://[not-an-address]/a.jpg", "https://photo.zdn.vn:99999/a.jpg"])
async def test_a_link_that_is_none_is_unreachable(link: str) -> None:
    with pytest.raises(PhotoUnavailable):
        await Download(DownloadRules(hosts=ZALO)).fetch(link)


class Host:
    """A host on this machine that counts who asks."""

    def __init__(self, port: int, asked: list[str]) -> None:
        self.port = port
        self.asked = asked

    def link(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def photo(_request: web.Request) -> web.Response:
    return web.Response(body=JPEG, content_type="application/octet-stream")


async def to(request: web.Request) -> web.Response:
    raise web.HTTPFound(request.query_string)


async def loop(_request: web.Request) -> web.Response:
    raise web.HTTPFound("/loop")


async def gone(_request: web.Request) -> web.Response:
    raise web.HTTPNotFound


async def broken(_request: web.Request) -> web.Response:
    raise web.HTTPBadGateway


async def announced(_request: web.Request) -> web.Response:
    return web.Response(headers={"Content-Length": str(MOST_OCTETS + 1)})


async def eleven_mib(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    response.enable_chunked_encoding()
    await response.prepare(request)
    for _ in range(11):
        await response.write(bytes(1024 * 1024))
    return response


async def drip(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b"\xff")
        await asyncio.sleep(0.01)


async def gzip_bomb(_request: web.Request) -> web.Response:
    return web.Response(body=b"\x1f\x8b small", headers={"Content-Encoding": "gzip"})


async def cut(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(JPEG)
    assert request.transport
    request.transport.abort()
    return response


ANSWERS: dict[str, Answer] = {
    "/photo": photo,
    "/to": to,
    "/loop": loop,
    "/gone": gone,
    "/broken": broken,
    "/announced": announced,
    "/eleven_mib": eleven_mib,
    "/drip": drip,
    "/gzip_bomb": gzip_bomb,
    "/cut": cut,
}


@pytest.fixture
async def host() -> AsyncIterator[Host]:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        return await ANSWERS[request.path](request)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield Host(runner.addresses[0][1], asked)
    await runner.cleanup()


def local(seconds: float = 8.0) -> Download:
    return Download(DownloadRules(hosts=(), loopback=True, seconds=seconds))


@pytest.mark.parametrize("path", ["/photo", "/to?/photo", "/to?/to?/to?/photo"])
async def test_a_photo_is_fetched(host: Host, path: str) -> None:
    assert await local().fetch(host.link(path)) == JPEG


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/loop", Unavailable.NOT_ALLOWED),
        ("/to?https://example.com/a.jpg", Unavailable.NOT_ALLOWED),
        ("/to?http://10.0.0.1/a.jpg", Unavailable.NOT_ALLOWED),
        ("/to?file:///etc/passwd", Unavailable.NOT_ALLOWED),
        ("/gone", Unavailable.GONE),
        ("/broken", Unavailable.UNREACHABLE),
        ("/cut", Unavailable.UNREACHABLE),
        ("/announced", Unavailable.TOO_BIG),
        ("/eleven_mib", Unavailable.TOO_BIG),
        ("/drip", Unavailable.SLOW),
    ],
)
async def test_what_is_no_photo_is_refused(host: Host, path: str, reason: Unavailable) -> None:
    with pytest.raises(PhotoUnavailable) as caught:
        await local(seconds=1.0).fetch(host.link(path))
    assert caught.value.reason is reason
    assert "127.0.0.1" not in str(caught.value)


async def test_nothing_is_unpacked(host: Host) -> None:
    assert await local().fetch(host.link("/gzip_bomb")) == b"\x1f\x8b small"


async def test_nobody_listens(host: Host, unused_tcp_port: int) -> None:
    del host
    with pytest.raises(PhotoUnavailable) as caught:
        await local().fetch(f"http://127.0.0.1:{unused_tcp_port}/a.jpg")
    assert caught.value.reason is Unavailable.UNREACHABLE


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::ffff:127.0.0.1]"])
async def test_a_known_name_that_leads_inside_is_not_connected_to(host: Host, name: str) -> None:
    """The address is checked where the connection is opened: what the name resolves to, or a literal one."""
    inside = TrustingDownload(DownloadRules(hosts=(name,)))
    with pytest.raises(PhotoUnavailable) as caught:
        await inside.fetch(host.link("/photo", name))
    assert caught.value.reason is Unavailable.NOT_ALLOWED
    assert host.asked == []


async def test_a_redirect_inside_is_not_followed(host: Host) -> None:
    """Though both hosts are known by name."""
    download = TrustingDownload(DownloadRules(hosts=(), loopback=True))
    with pytest.raises(PhotoUnavailable) as caught:
        await download.fetch(host.link("/to?http://10.255.255.1/photo"))
    assert caught.value.reason is Unavailable.NOT_ALLOWED
    assert host.asked == ["/to"]


class TrustingDownload(Download):
    """Lets every link pass, so that only the check of addresses is left."""

    def _may_ask(self, url: object) -> bool:
        del url
        return True

"""The parts of the web chat that need no browser: who is counted as whom, what cookies and pages say, what can be set."""

import contextlib
import re
from importlib.resources import files
from pathlib import Path

import orjson
import pytest
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st

from adapters.webchat.frames import BadFrame, Hello, Said, Seen, read
from adapters.webchat.guard import client_of
from adapters.webchat.pages import FACES, MENU, REASONS, WELCOME
from adapters.webchat.rates import Newcomers, Rates
from adapters.webchat.settings import WebChatSettings
from bot import config
from bot.clock import FixedClock
from bot.errors import ConfigError
from tests.webchat import NOW, chat

ROOT = files("adapters.webchat")
PAGES = {name: ROOT.joinpath("pages", name).read_text(encoding="utf-8") for name in ("chat.html", "kiosk.html")}
WORDS = ROOT.joinpath("static", "words.js").read_text(encoding="utf-8")

_KEYS = ("type", "id", "text", "action", "after", "ids", "score", "note", "latitude", "longitude")
_VALUES = st.one_of(
    *(st.none(), st.booleans(), st.integers(-(1 << 60), 1 << 60), st.floats(allow_nan=False), st.text(max_size=20)),
    *(st.uuids().map(str), st.lists(st.text(max_size=3), max_size=3)),
    st.sampled_from(["message", "press", "read", "hello", "score", "location"]),
)
SHAPES = st.dictionaries(st.sampled_from(_KEYS), _VALUES)
"""What a page of another version, or somebody curious, may send."""


class Peer:
    """A connection from an address."""

    def __init__(self, address: str) -> None:
        self._address = address

    def get_extra_info(self, name: str, default: object = None) -> object:
        return (self._address, 1) if name == "peername" else default


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "client"),
    [
        ("198.51.100.1", "", 0, "198.51.100.1"),
        ("198.51.100.1", "203.0.113.9", 0, "198.51.100.1"),
        ("10.0.0.1", "203.0.113.9", 1, "203.0.113.9"),
        ("10.0.0.1", "192.0.2.1, 203.0.113.9", 1, "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, 10.0.0.2", 2, "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9", 5, "203.0.113.9"),
        ("10.0.0.1", "unknown", 1, "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "", 0, "2001:0db8:0001:0002"),
    ],
)
def test_who_is_counted(remote: str, forwarded: str, proxies: int, client: str) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = make_mocked_request("POST", "/webchat/messages", headers=headers, transport=Peer(remote))  # type: ignore[arg-type]  # as much of a transport as is asked
    assert client_of(request, WebChatSettings(proxies=proxies)) == client


def test_a_minute_slides() -> None:
    clock = FixedClock(NOW)
    rates = Rates(2, clock.monotonic)
    assert [rates.wait(["a"]), rates.wait(["a", "b"]), rates.wait(["a"])] == [0, 0, 60]
    clock.advance(59.5)
    assert rates.wait(["b", "a"]) == 1, "one key over its limit is enough"
    clock.advance(0.6)
    assert rates.wait(["a"]) == 0


def test_only_so_many_are_remembered() -> None:
    clock = FixedClock(NOW)
    rates = Rates(1, clock.monotonic, most_keys=2)
    assert [rates.wait([key]) for key in "abca"] == [0, 0, 0, 0], "the first was forgotten"
    newcomers = Newcomers(1, clock.monotonic, most_clients=1)
    assert [newcomers.wait("x", "1"), newcomers.wait("x", "2")] == [0, 3600]
    assert [newcomers.wait("y", "1"), newcomers.wait("x", "2")] == [0, 0]


@pytest.mark.parametrize("after", ["", "-1", "1.0", "٣", "9223372036854775808", 5, None])
def test_places_that_are_none(after: object) -> None:
    with pytest.raises(BadFrame):
        read(b'{"type":"hello","after":%s}' % repr(after).replace("'", '"').replace("None", "null").encode())


def test_the_last_place_there_can_be() -> None:
    assert read(b'{"type":"hello","after":"9223372036854775807"}') == Hello((1 << 63) - 1)


@given(st.one_of(st.binary(max_size=200), SHAPES.map(orjson.dumps)))
def test_anything_is_a_frame_or_refused(octets: bytes) -> None:
    with contextlib.suppress(BadFrame):
        assert isinstance(read(octets), Said | Hello | Seen)


@pytest.mark.parametrize("name", PAGES)
def test_no_script_or_style_stands_in_a_page(name: str) -> None:
    page = PAGES[name]
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
    assert re.findall(r"<script[^>]*>(.*?)</script>", page) == [""]
    sources = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert [source for source in sources if not source.startswith(("{{ base }}", "data:"))] == []


@pytest.mark.parametrize("name", [*PAGES, "chat.js", "kiosk.js", "view.js"])
def test_every_word_is_there_in_both_languages(name: str) -> None:
    text = PAGES.get(name) or ROOT.joinpath("static", name).read_text(encoding="utf-8")
    wanted = set(re.findall(r'data-word(?:-label|-placeholder)?="([^"]+)"', text))
    wanted |= set(re.findall(r'(?:say|notice|cover|word\((?:this\.)?language,)\s?\(?"([a-z.]+)"', text))
    assert wanted
    assert {key for key in wanted if WORDS.count(f'"{key}":') != 2} == set()


def test_what_pages_bring_themselves_is_there_in_both_languages() -> None:
    assert all(item.vi and item.en for item in (*MENU, *FACES, *REASONS))
    assert set(WELCOME) == {"vi", "en"}
    assert all(len(re.findall("data-vi=", page)) == len(re.findall("data-en=", page)) for page in PAGES.values())


@pytest.mark.parametrize(
    ("given_settings", "headers", "attributes"),
    [
        pytest.param({}, {}, "SameSite=Lax", id="plain"),
        pytest.param({"cross_site": True}, {}, "SameSite=Lax", id="another site needs TLS"),
        pytest.param({"proxies": 1}, {"X-Forwarded-Proto": "https"}, "SameSite=Lax; Secure", id="TLS before a proxy"),
        pytest.param({}, {"X-Forwarded-Proto": "https"}, "SameSite=Lax", id="anybody can say so"),
        pytest.param(
            {"public_url": "https://chat.example.gov.vn", "cross_site": True},
            {},
            "SameSite=None; Secure; Partitioned",
            id="another site",
        ),
    ],
)
async def test_the_cookie(given_settings: dict[str, object], headers: dict[str, str], attributes: str) -> None:
    async with chat(**given_settings) as here, here.browser() as browser:
        browser.session.cookie_jar.clear()
        async with browser.session.get(f"{here.address}/webchat/", headers=headers) as response:
            cookie = response.headers["Set-Cookie"]
    assert re.fullmatch(rf"motcua_chat=[\w-]{{22}}; Path=/; Max-Age=2592000; HttpOnly; {attributes}", cookie)


async def test_who_may_frame_the_chat_and_what_it_may_load() -> None:
    async with chat(allowed_origins=("https://dvc.example.gov.vn",)) as here, here.browser() as browser:
        async with browser.session.get(f"{here.address}/webchat/") as response:
            policy = response.headers["Content-Security-Policy"]
        assert policy.endswith("frame-ancestors 'self' https://dvc.example.gov.vn")
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        async with browser.session.get(f"{here.address}/webchat/widget.js") as response:
            assert (response.status, response.content_type) == (200, "text/javascript")
            assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        for name in ("chat.js", "../settings.py", "..%2fsettings.py", "none.js"):
            async with browser.session.get(f"{here.address}/webchat/static/{name}") as response:
                assert response.status == (200 if name == "chat.js" else 404)


async def test_what_the_browser_has_is_not_sent_again() -> None:
    async with chat() as here, here.browser() as browser:
        url = f"{here.address}/webchat/static/conversation.js"
        async with browser.session.get(url) as response:
            tag = response.headers["ETag"]
            assert (response.headers["Cache-Control"], response.headers["Content-Encoding"]) == ("no-cache", "deflate")
            text = await response.text()
        async with browser.session.get(url, headers={"If-None-Match": tag}) as response:
            assert (response.status, await response.read()) == (304, b"")
        assert "class Conversation" in text


def test_every_module_is_asked_for_at_once() -> None:
    """A page that learns of its modules one after the other needs a round trip for each."""
    for page, start in (("chat.html", "chat.js"), ("kiosk.html", "kiosk.js")):
        wanted, found = [start], set()
        while wanted:
            text = ROOT.joinpath("static", wanted.pop()).read_text(encoding="utf-8")
            new = set(re.findall(r'from "\./(\w+\.js)"', text)) - found
            wanted += new
            found |= new
        assert set(re.findall(r'modulepreload" href="{{ base }}static/(\w+\.js)"', PAGES[page])) == found


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ('allowed_origins = ["https://dvc.example.gov.vn/path"]', "without a path"),
        ('allowed_origins = ["*"]', "must be an origin"),
        ('allowed_origins = ["https://a.example;script-src *"]', "must be"),
        ("sessions_per_hour = 0", "sessions_per_hour"),
        ('[[webchat.counters]]\nname = "3"\ntitle = "Q"\nagency = "H05.22"\nkey = "short"', "at least 16"),
        ('[[webchat.counters]]\nname = "3/4"\ntitle = "Q"\nagency = "H05.22"', "counters[0].name"),
        (2 * '[[webchat.counters]]\nname = "3"\ntitle = "Q"\nagency = "H05.22"\n', "used once"),
        ('colour = "red"', "unknown key"),
    ],
)
def test_settings_that_cannot_be(lines: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "motcua.toml"
    path.write_text(f"[webchat]\n{lines}\n")
    with pytest.raises(ConfigError, match=re.escape(problem)):
        config.load(path)

"""By which road a text leaves."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.charging import REFUNDED, charge_of
from bot.model import Address, ChannelName, Charge, Language, MessageId, Office, OutboundKind, OutboundMessage
from bot.render import Renderer
from bot.routing import Road, Roads
from bot.understanding.keywords import BUILT

ROADS = (
    Road(route="smpp:telco", price_vnd=300),
    Road(route="http:vmg", price_vnd=250, short_codes=frozenset({"8283"})),
    Road(route="http:esms", price_vnd=400),
    Road(route="http:onepay", takes_unasked=False),
    Road(route="http:premium", charged=True),
)


class Known:
    def __init__(self, *, down: bool) -> None:
        self._down = down

    def is_down(self) -> bool:
        return self._down


def message(route: str, kind: OutboundKind = OutboundKind.ANSWER, **changes: Any) -> OutboundMessage:
    now = datetime(2026, 6, 10, tzinfo=UTC)
    values = {
        "to": Address(ChannelName.SMS, "84912345678"),
        "source": "8283",
        "reply_key": "k" if kind is OutboundKind.ANSWER else "",
    }
    return OutboundMessage(
        id=MessageId(1),
        route=route,
        text="x",
        kind=kind,
        created_at=now,
        expires_at=now + timedelta(hours=1),
        **(values | changes),
    )


@pytest.mark.parametrize(
    ("route", "kind", "down", "source", "leaves_by"),
    [
        pytest.param("smpp:telco", "answer", (), "8283", "smpp:telco", id="a reply stays on its road"),
        pytest.param("http:onepay", "answer", (), "8283", "http:onepay", id="also on one that only replies"),
        pytest.param("smpp:telco", "answer", ("smpp:telco",), "8283", "http:vmg", id="its road is down: the cheapest"),
        pytest.param(
            "smpp:telco", "answer", ("smpp:telco", "http:vmg"), "8283", "http:esms", id="the next when that is down too"
        ),
        pytest.param("smpp:telco", "answer", ("smpp:telco",), "8284", "http:esms", id="not by another number"),
        pytest.param(
            "smpp:telco",
            "answer",
            ("smpp:telco", "http:vmg", "http:esms"),
            "8283",
            "smpp:telco",
            id="all down: it waits on its own",
        ),
        pytest.param("smpp:telco", "notice", (), "8283", "http:vmg", id="an unasked text takes the cheapest"),
        pytest.param("", "alert", ("http:vmg",), "8283", "smpp:telco", id="without a road the cheapest that works"),
        pytest.param("smpp:telco", "late_answer", (), "8283", "smpp:telco", id="a late answer is a reply"),
        pytest.param("console", "answer", (), "8283", "console", id="a road that is no account stays"),
        pytest.param("zalo", "notice", (), "8283", "zalo", id="another channel stays"),
    ],
)
def test_the_road_of_a_text(route: str, kind: str, down: tuple[str, ...], source: str, leaves_by: str) -> None:
    roads = Roads(ROADS, {road.route: Known(down=road.route in down) for road in ROADS})
    sent = roads.chosen(message(route, OutboundKind(kind), source=source))
    assert sent.route == leaves_by
    assert (sent.reply_key == "") is (leaves_by != route or kind != "answer"), (
        "another road knows nothing of the request"
    )


def test_a_road_of_another_process_is_trusted() -> None:
    roads = Roads(ROADS, {"http:esms": Known(down=False)})
    assert roads.chosen(message("smpp:telco")).route == "smpp:telco"
    assert roads.chosen(message("", OutboundKind.NOTICE)).route == "http:vmg", "the cheapest, wherever it is"


def test_a_reply_that_has_to_move_takes_a_road_that_is_known_to_work() -> None:
    roads = Roads(ROADS, {"smpp:telco": Known(down=True), "http:esms": Known(down=False)})
    assert roads.chosen(message("smpp:telco")).route == "http:esms"


def test_equal_prices_go_by_the_order_of_the_file() -> None:
    pair = (Road(route="b"), Road(route="a"))
    roads = Roads(pair, {"a": Known(down=False), "b": Known(down=False)})
    assert roads.chosen(message("", OutboundKind.NOTICE)).route == "b"


def test_every_template_that_gives_the_price_back_exists() -> None:
    shelves = Renderer(Office(), BUILT)._shelves
    assert set(shelves[Language.VIETNAMESE, ChannelName.SMS].files) >= REFUNDED


@pytest.mark.parametrize(
    ("templates", "charge"),
    [
        (("st.5",), Charge.ANSWERED),
        (("lk.notfound",), Charge.REFUND),
        (("lk.malformed", "lk.notfound"), Charge.REFUND),
        (("lk.notfound", "st.5"), Charge.ANSWERED),
    ],
)
def test_who_pays(templates: tuple[str, ...], charge: Charge) -> None:
    assert charge_of(templates) is charge


def test_a_road_that_only_replies_takes_one_reply_to_each_request() -> None:
    roads = Roads(ROADS, {road.route: Known(down=False) for road in ROADS})
    assert roads.chosen(message("http:onepay")).route == "http:onepay"
    assert roads.chosen(message("http:onepay", reply_key="", ordinal=1)).route == "http:vmg"
    assert roads.chosen(message("http:onepay", OutboundKind.LATE_ANSWER)).route == "http:vmg"


def test_what_goes_to_a_chat_is_never_sent_as_a_text() -> None:
    lost = message("", OutboundKind.NOTICE, to=Address(ChannelName.ZALO, "700000278"))
    assert Roads(ROADS, {}).chosen(lost).route == ""

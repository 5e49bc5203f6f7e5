"""Which way a message takes, what Zalo gets, and what each of its codes means for the message."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.zalo.settings import ZaloTemplate
from adapters.zalo.stand_in import Scripted, ZaloStandIn
from bot.errors import (
    ChannelBusy,
    NextChannel,
    OutcomeUnknown,
    RecipientRefused,
    SendError,
    TemporarySendError,
    Unreachable,
)
from bot.model import Address, Button, ButtonKind, ChannelName, OutboundKind
from bot.official_account import TemplateCost
from bot.store.account_book import AccountBook
from tests.contract.channels.zalo import SETTINGS
from tests.contract.store_engines import KEYRING, SqliteEngine, text
from tests.contract.zalo_account import FOLLOW, PERSON, Account, account, message, notice

RESULT = ZaloTemplate(id="7895", fields={"code": "ma_ho_so"}, uid_price_vnd=165, phone_price_vnd=300)
RATING = ZaloTemplate(id="7896", uid_price_vnd=200, always=True)
TEMPLATES = {"st.9": RESULT, "rate.ask.hs": RATING}


@pytest.fixture
async def stand_in() -> AsyncIterator[ZaloStandIn]:
    zalo = ZaloStandIn(SETTINGS)
    await zalo.start()
    yield zalo
    await zalo.stop()


@pytest.fixture
async def records(sqlite_engine: SqliteEngine) -> AccountBook:
    return AccountBook(await sqlite_engine.open(), KEYRING, sqlite_engine.clock)


Made = Any


@pytest.fixture
def making(stand_in: ZaloStandIn, records: AccountBook, sqlite_engine: SqliteEngine) -> Made:
    @contextlib.asynccontextmanager
    async def made(**changes: Any) -> AsyncIterator[Account]:
        async with account(stand_in, records, sqlite_engine.clock, **({"templates": TEMPLATES} | changes)) as one:
            yield one

    return made


async def wrote(records: AccountBook, made: Account, *, hours_ago: float) -> None:
    """The person is known, and wrote that long ago."""
    person = Address(ChannelName.ZALO, PERSON)
    await records._store.save_inbound(replace(text(), sender=person), claim=False)
    await records.wrote(person, made.clock.now() - timedelta(hours=hours_ago))


async def test_an_answer_goes_as_text_with_its_buttons(making: Made, stand_in: ZaloStandIn) -> None:
    link = Button("Nộp phí", "https://dvc.bacninh.gov.vn/phi", ButtonKind.LINK)
    async with making() as made:
        ids = await made.courier.to_person(message(made.clock, buttons=(FOLLOW, link)))
    (sent,) = stand_in.sent
    assert ids == [sent.message_id]
    assert (sent.path, sent.to, sent.text) == ("/v3.0/oa/message/cs", PERSON, "Hồ sơ đang xử lý")
    assert sent.buttons == [
        {"title": "Theo dõi", "type": "oa.query.hide", "payload": "#td:H05.12-260610-0001"},
        {"title": "Nộp phí", "type": "oa.open.url", "payload": {"url": "https://dvc.bacninh.gov.vn/phi"}},
    ]
    assert made.counts["sent_text"] == 1


async def test_no_more_than_five_buttons(making: Made, stand_in: ZaloStandIn) -> None:
    async with making() as made:
        await made.courier.to_person(message(made.clock, buttons=(FOLLOW,) * 7))
    assert len(stand_in.sent[0].buttons) == 5


async def test_a_form_for_the_number_comes_after_the_text(making: Made, stand_in: ZaloStandIn) -> None:
    share = Button("Chia sẻ số điện thoại", kind=ButtonKind.SHARE_PHONE)
    async with making() as made:
        ids = await made.courier.to_person(message(made.clock, buttons=(share,)))
    said, form = stand_in.sent
    assert ids == [said.message_id]
    assert said.buttons == []
    assert form.body["message"]["attachment"]["payload"]["template_type"] == "request_user_info"


async def test_a_form_that_is_refused_costs_nothing(making: Made, stand_in: ZaloStandIn) -> None:
    share = Button("Chia sẻ số điện thoại", kind=ButtonKind.SHARE_PHONE)
    stand_in.on_sent = lambda _: stand_in.script.append(Scripted(code=-201))
    async with making() as made:
        assert len(await made.courier.to_person(message(made.clock, buttons=(share,)))) == 1
    assert made.counts["form_refused"] == 1


async def test_without_buttons_only_the_text_leaves(making: Made, stand_in: ZaloStandIn) -> None:
    async with making(buttons=False) as made:
        await made.courier.to_person(message(made.clock, "1. Theo dõi", buttons=(FOLLOW,)))
    assert (stand_in.sent[0].text, stand_in.sent[0].buttons) == ("1. Theo dõi", [])


async def test_an_account_without_buttons_is_learnt_once(making: Made, stand_in: ZaloStandIn) -> None:
    stand_in.has_buttons = False
    choice = Button("Đúng vậy", "chon:a1b2:1")
    async with making() as made:
        await made.courier.to_person(message(made.clock, "Chọn:", buttons=(FOLLOW, choice)))
        await made.courier.to_person(message(made.clock, "Chọn:\n1. Đúng vậy", buttons=(choice,)))
    assert [sent.text for sent in stand_in.sent] == [
        "Chọn:\n• Theo dõi: TD H05.12-260610-0001\n1. Đúng vậy",
        "Chọn:\n1. Đúng vậy",
    ]
    assert made.counts["buttons_refused"] == 1


async def test_somebody_unknown_is_no_reason_to_give_up_buttons(making: Made, stand_in: ZaloStandIn) -> None:
    stand_in.always = Scripted(code=-201)
    async with making() as made:
        with pytest.raises(RecipientRefused):
            await made.courier.to_person(message(made.clock, buttons=(FOLLOW,)))
        assert made.courier.shows_buttons


async def test_a_long_text_goes_in_pages_and_loses_nothing(making: Made, stand_in: ZaloStandIn) -> None:
    long = "\n\n".join(f"Đoạn {number}: " + "chữ " * 60 for number in range(15))
    async with making() as made:
        ids = await made.courier.to_person(message(made.clock, long, buttons=(FOLLOW,)))
    texts = [sent.text for sent in stand_in.sent]
    assert len(ids) == len(texts) > 1
    assert all(len(part) <= 2000 for part in texts)
    assert " ".join(" ".join(texts).split()) == " ".join(long.split())
    assert [bool(sent.buttons) for sent in stand_in.sent] == [False] * (len(texts) - 1) + [True]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param(Scripted(code=-200), OutcomeUnknown, id="later: may only be repeated as a duplicate"),
        pytest.param(Scripted(code=-210), RecipientRefused, id="never"),
        pytest.param(Scripted(code=-213), Unreachable, id="blocked in between"),
        pytest.param(Scripted(drops=True), OutcomeUnknown, id="unknown"),
    ],
)
async def test_a_second_page_that_fails(
    making: Made, stand_in: ZaloStandIn, answer: Scripted, error: type[SendError]
) -> None:
    first: list[str] = []

    def then(sent: Any) -> None:
        if not first:
            first.append(sent.message_id)
            stand_in.script.append(answer)

    stand_in.on_sent = then
    async with making() as made:
        with pytest.raises(error) as raised:
            await made.courier.to_person(message(made.clock, "chữ " * 900))
    assert raised.value.parts == (first[0], None)


async def test_somebody_who_is_not_signed_in(making: Made, stand_in: ZaloStandIn) -> None:
    to = Address(ChannelName.ZALO, "~246845~77")
    async with making() as made:
        await made.courier.to_person(message(made.clock, to=to))
    assert stand_in.sent[0].path == "/v2.0/oa/message"
    assert stand_in.sent[0].body["recipient"] == {"anonymous_id": "246845", "conversation_id": "77"}


@pytest.mark.parametrize(
    ("hours", "paid", "path"),
    [
        pytest.param(1, False, "/v3.0/oa/message/cs", id="an hour ago: free"),
        pytest.param(47.9, False, "/v3.0/oa/message/cs", id="just within 48 hours: free"),
        pytest.param(48.1, False, "/v3.0/oa/message/template", id="after 48 hours: template"),
        pytest.param(48.1, True, "/v3.0/oa/message/cs", id="after 48 hours: text, for money"),
        pytest.param(24 * 7.1, True, "/v3.0/oa/message/template", id="after a week: template"),
        pytest.param(None, False, "/v3.0/oa/message/template", id="never known to write: template"),
    ],
)
async def test_what_nobody_asked_for(
    making: Made,
    stand_in: ZaloStandIn,
    records: AccountBook,
    hours: float | None,
    paid: bool,  # noqa: FBT001 - an example
    path: str,
) -> None:
    async with making(paid_messages=paid) as made:
        if hours is not None:
            await wrote(records, made, hours_ago=hours)
        await made.courier.to_person(notice(made.clock))
    assert [sent.path for sent in stand_in.sent] == [path]


async def test_a_template_says_our_values_in_its_own_words_and_is_counted(
    making: Made, stand_in: ZaloStandIn, records: AccountBook
) -> None:
    async with making() as made:
        ids = await made.courier.to_person(notice(made.clock))
    (sent,) = stand_in.sent
    assert sent.body == {
        "user_id": PERSON,
        "template_id": "7895",
        "template_data": {"ma_ho_so": "H05.12-260610-0001"},
    }
    assert ids == [sent.message_id]
    assert await records.template_costs("2026-06") == {"st.9": TemplateCost(sent=1, cost_vnd=165)}
    assert (made.counts["sent_template"], made.counts["template_vnd"]) == (1, 165)


async def test_without_a_template_another_channel_must_do(making: Made, stand_in: ZaloStandIn) -> None:
    async with making() as made:
        with pytest.raises(NextChannel):
            await made.courier.to_person(notice(made.clock, "al.new"))
    assert stand_in.sent == []


async def test_zalo_s_word_on_the_window_is_truer_than_our_book(
    making: Made, stand_in: ZaloStandIn, records: AccountBook
) -> None:
    stand_in.closed.add(PERSON)
    async with making() as made:
        await wrote(records, made, hours_ago=1)
        await made.courier.to_person(notice(made.clock))
        with pytest.raises(NextChannel):
            await made.courier.to_person(message(made.clock))
    assert [sent.path for sent in stand_in.sent] == ["/v3.0/oa/message/template"]


async def test_a_rating_form_is_a_template_even_within_the_window(
    making: Made, stand_in: ZaloStandIn, records: AccountBook
) -> None:
    async with making() as made:
        await wrote(records, made, hours_ago=1)
        await made.courier.to_person(notice(made.clock, "rate.ask.hs"))
    assert stand_in.sent[0].body["template_id"] == "7896"


async def test_a_template_to_a_number(making: Made, stand_in: ZaloStandIn, records: AccountBook) -> None:
    to = Address(ChannelName.SMS, "84912345678")
    async with making() as made:
        ids = await made.courier.to_phone(notice(made.clock, to=to))
        with pytest.raises(NextChannel):
            await made.courier.to_phone(message(made.clock, to=to, kind=OutboundKind.NOTICE))
    (sent,) = stand_in.sent
    assert (sent.path, ids) == ("/message/template", [sent.message_id])
    assert sent.body == {
        "phone": "84912345678",
        "template_id": "7895",
        "template_data": {"ma_ho_so": "H05.12-260610-0001"},
        "tracking_id": "7123",
    }
    assert await records.template_costs("2026-06") == {"st.9": TemplateCost(sent=1, cost_vnd=300)}


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (-32, ChannelBusy),
        (-200, TemporarySendError),
        ("-211", TemporarySendError),
        (-213, Unreachable),
        (-230, NextChannel),
        (-240, RecipientRefused),
        (-224, TemporarySendError),
        (-99999, RecipientRefused),
    ],
)
async def test_codes(making: Made, stand_in: ZaloStandIn, code: int | str, error: type[SendError]) -> None:
    stand_in.script.append(Scripted(code=code))
    async with making() as made:
        with pytest.raises(error) as raised:
            await made.courier.to_person(message(made.clock))
    assert type(raised.value) is error
    assert bool(made.log.alarms()) == (code in {-240, -224, -99999})


async def test_a_trouble_of_the_account_is_told_until_something_leaves(making: Made, stand_in: ZaloStandIn) -> None:
    stand_in.script.append(Scripted(code=-224))
    async with making() as made:
        with pytest.raises(TemporarySendError):
            await made.courier.to_person(message(made.clock))
        assert made.courier.trouble == "-224"
        await made.courier.to_person(message(made.clock))
        assert made.courier.trouble == ""


async def test_the_proof_of_the_app_s_secret(making: Made) -> None:
    async with making(appsecret_proof=True) as made:
        await made.courier.to_person(message(made.clock))
        headers = made.client._headers("access-0")
    assert headers["appsecret_proof"] == "1750b78a720eb4ccefe909121a49f4ef945edc0e0975f48cfe82d78c287df588"

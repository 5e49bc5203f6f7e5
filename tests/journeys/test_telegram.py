"""People at Telegram, from what they do there to what they read there; the gateway called by webhook."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from adapters.telegram.channel import TelegramChannel
from adapters.telegram.stand_in import Fault, StandIn
from adapters.telegram.stand_in_updates import chat_of
from bot.photos.source import PhotoUnavailable
from tests.contract.channels.telegram import SECRET
from tests.contract.sessions import until
from tests.receipts import Shot, photograph
from tests.telegram_gateway import AN, BINH, CODE, GROUP, OTHER, TelegramGateway, telegram_gateway

STRANGE = "*_[x](http://y)`~<b>&lt; \u202e"


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[TelegramGateway]:
    stand_in = StandIn()
    await stand_in.start()
    try:
        async with telegram_gateway(tmp_path, stand_in) as running:
            await running.until_state("up")
            yield running
    finally:
        await stand_in.close()


async def test_telegram_is_told_where_updates_go_and_what_the_menu_is(gateway: TelegramGateway) -> None:
    await until(lambda: gateway.stand_in.counts["setMyCommands"] == 2)
    assert gateway.stand_in.webhook["url"] == "http://127.0.0.1:1/hooks/telegram"
    assert gateway.stand_in.webhook["secret_token"] == SECRET
    assert orjson.loads(gateway.stand_in.webhook["allowed_updates"]) == [
        *("message", "edited_message", "callback_query", "my_chat_member")
    ]
    vietnamese, english = [call for call in gateway.stand_in.calls if call.method == "setMyCommands"]
    names = [row["command"] for row in orjson.loads(vietnamese.fields["commands"])]
    assert {"tracuu", "trogiup"} <= set(names)
    assert english.fields["language_code"] == "en"
    assert names == [row["command"] for row in orjson.loads(english.fields["commands"])]


async def test_a_code_is_answered_with_buttons_that_mean_what_they_say(gateway: TelegramGateway) -> None:
    gateway.stand_in.tell(gateway.people.text(AN, f"/tracuu {CODE}"))
    (card,) = await gateway.hears(1, AN)
    assert card.text.startswith(f"Hồ sơ {CODE}\n")
    assert "parse_mode" not in card.fields
    (button, *_) = [button for row in card.keyboard["inline_keyboard"] for button in row]
    assert button == {"text": "Quá trình xử lý", "callback_data": f"nk:{CODE}"}
    gateway.stand_in.tell(gateway.people.press(AN, button["callback_data"]))
    _, steps = await gateway.hears(2, AN)
    gateway.stand_in.tell(gateway.people.text(AN, f"nk {CODE}"))
    *_, typed = await gateway.hears(3, AN)
    assert steps.text == typed.text
    await until(lambda: gateway.stand_in.counts["answerCallbackQuery"] == 1)


@pytest.mark.parametrize(
    "action", ["v1:admin:../../etc", "chon:1a2b3c:1", "xx", "⚠", f"hs;{CODE}", "nk\x00\n"], ids=repr
)
async def test_a_forged_button_reads_like_an_expired_one(gateway: TelegramGateway, action: str) -> None:
    gateway.stand_in.tell(gateway.people.press(AN, action))
    (answer,) = await gateway.hears(1, AN)
    gateway.stand_in.tell(gateway.people.press(AN, "chon:0:1"))
    _, expired = await gateway.hears(2, AN)
    assert answer.text == expired.text
    assert "Hồ sơ" not in answer.text


@pytest.mark.parametrize("written", [CODE, f"/tracuu {CODE}", f"/tracuu@motcua_bot {CODE}", f"@motcua_bot {CODE}"])
async def test_in_a_group_nothing_of_a_dossier_is_said(gateway: TelegramGateway, written: str) -> None:
    gateway.stand_in.tell(gateway.people.message(GROUP, sender=AN, text=written))
    gateway.stand_in.tell(gateway.people.text(BINH, "TG"))
    await gateway.hears(1, BINH)
    said = gateway.stand_in.sent(GROUP)
    assert len(said) == (0 if written == CODE else 1)
    assert all("riêng" in call.text and CODE not in call.text for call in said)
    assert all(CODE not in str(row["text"]) for row in gateway.rows("inbox"))


async def test_a_group_that_moved_is_answered_where_it_is_now(gateway: TelegramGateway) -> None:
    moved = Fault(400, "Bad Request: group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": GROUP - 1})
    gateway.stand_in.fail("sendMessage", moved)
    gateway.stand_in.tell(gateway.people.message(GROUP, sender=AN, text="/trogiup"))
    (said,) = await gateway.hears(1)
    assert said.chat == str(GROUP - 1)
    assert gateway.counted()["migrated"] == 1


async def test_who_has_a_strange_name_and_writes_strange_signs_is_answered(gateway: TelegramGateway) -> None:
    update = gateway.people.text(AN, f"HS {STRANGE}")
    update["message"]["from"]["first_name"] = update["message"]["chat"]["first_name"] = STRANGE
    gateway.stand_in.tell(update)
    (answer,) = await gateway.hears(1, AN)
    assert answer.text


@pytest.mark.parametrize("payload", ["junk", "x" * 64, "lk", "'; DROP TABLE inbox;--", STRANGE])
async def test_a_link_with_junk_leads_to_help(gateway: TelegramGateway, payload: str) -> None:
    gateway.stand_in.tell(gateway.people.text(AN, f"/start {payload}"))
    gateway.stand_in.tell(gateway.people.text(BINH, "/trogiup"))
    (answer,), (help_text,) = await gateway.hears(1, AN), await gateway.hears(1, BINH)
    assert answer.text == help_text.text


async def test_a_link_with_a_code_leads_to_the_dossier(gateway: TelegramGateway) -> None:
    gateway.stand_in.tell(gateway.people.text(AN, f"/start hs_{CODE.replace('.', '_')}"))
    (answer,) = await gateway.hears(1, AN)
    assert answer.text.startswith(f"Hồ sơ {CODE}\n")


async def test_the_first_words_say_where_messages_are_kept(gateway: TelegramGateway) -> None:
    gateway.stand_in.tell(gateway.people.text(AN, "/start"))
    (welcome,) = await gateway.hears(1, AN)
    assert "máy chủ ở nước ngoài" in welcome.text


async def test_somebody_elses_number_is_not_taken(gateway: TelegramGateway) -> None:
    gateway.stand_in.tell(gateway.people.contact(AN, "+84987654321", owner=BINH))
    (answer,) = await gateway.hears(1, AN)
    assert "84987654321" not in answer.text
    assert "84987654321" not in str(gateway.rows("contact")) + str(gateway.rows("inbox"))


IGNORED = {
    "channel_post": {"message_id": 1, "chat": {"id": -100, "type": "channel"}, "date": 1, "text": CODE},
    "message": {"message_id": 1, "from": {"id": 9, "is_bot": True}, "chat": chat_of(9), "date": 1, "text": CODE},
    "edited_message": {"message_id": 1, "from": {"id": AN}, "chat": chat_of(AN), "date": 1, "location": {}},
    "telepathy": {"text": CODE},
}


@pytest.mark.parametrize("kind", IGNORED)
async def test_what_nobody_waits_for_is_acknowledged_and_left(gateway: TelegramGateway, kind: str) -> None:
    content: dict[str, Any] = IGNORED[kind]
    gateway.stand_in.tell(gateway.people.update(kind, content))
    await gateway.stand_in.all_taken()
    assert gateway.rows("inbox") == []
    assert gateway.stand_in.refusals == []
    assert sum(times for event, times in gateway.counted().items() if event.startswith("ignored_")) == 1


async def test_who_blocks_the_bot_and_comes_back(gateway: TelegramGateway) -> None:
    gateway.stand_in.tell(gateway.people.text(AN, CODE))
    await gateway.hears(1, AN)
    gateway.stand_in.tell(gateway.people.membership(AN, "member", "kicked"))
    await gateway.settled()
    assert gateway.rows("contact")[0]["unreachable_at"] is not None
    gateway.stand_in.tell(gateway.people.membership(AN, "kicked", "member"))
    await gateway.hears(2, AN)
    assert gateway.rows("contact")[0]["unreachable_at"] is None


async def test_a_keyboard_that_telegram_does_not_like_costs_the_keyboard_only(gateway: TelegramGateway) -> None:
    gateway.stand_in.fail("sendMessage", Fault(400, "Bad Request: BUTTON_DATA_INVALID"))
    gateway.stand_in.tell(gateway.people.text(AN, OTHER))
    (answer,) = await gateway.hears(1, AN)
    assert OTHER in answer.text
    assert answer.keyboard is None
    assert gateway.counted()["sent_plain"] == 1


async def test_a_photographed_receipt_is_answered(gateway: TelegramGateway) -> None:
    gateway.stand_in.files["AgAC-7"] = photograph(Shot(content=CODE, turned=70, size=(1080, 1440)))
    gateway.stand_in.tell(gateway.people.photo(AN, "AgAC-7"))
    (card,) = await gateway.hears(1, AN)
    assert card.text.startswith(f"Hồ sơ {CODE}\n")
    gateway.stand_in.tell(gateway.people.photo(AN, "AgAC-none"))
    _, lost = await gateway.hears(2, AN)
    assert lost.text.startswith("Chúng tôi không nhận được tệp ảnh.")


async def test_photos_are_fetched_by_their_reference(gateway: TelegramGateway) -> None:
    gateway.stand_in.files |= {"AgAC-1": b"\xff\xd8 picture", "AgAC-2": b"x" * (10 * 1024 * 1024 + 1)}
    (channel,) = [channel for channel in gateway.app._hooked if isinstance(channel, TelegramChannel)]
    assert await channel.photos.fetch("AgAC-1") == b"\xff\xd8 picture"
    for reference, reason in (("AgAC-2", "too_big"), ("AgAC-3", "gone")):
        with pytest.raises(PhotoUnavailable, match=reason):
            await channel.photos.fetch(reference)
    lost = b'{"ok": true, "result": {"file_id": "x", "file_unique_id": "x", "file_path": "photos/lost"}}'
    gateway.stand_in.fail("getFile", Fault(200, body=lost))
    with pytest.raises(PhotoUnavailable, match="gone"):
        await channel.photos.fetch("AgAC-4")
    assert await gateway.state() == "up", "a lost file says nothing about the token"


@pytest.mark.parametrize(
    ("written", "edited", "answers"),
    [
        pytest.param("H05.12-26061-0001", CODE, 2, id="what could not be read, mended"),
        pytest.param(CODE, CODE, 1, id="the same text"),
        pytest.param(CODE, "HSCT", 1, id="what was answered"),
    ],
)
async def test_an_edit_is_answered_once(gateway: TelegramGateway, written: str, edited: str, answers: int) -> None:
    sent = gateway.people.text(AN, written)
    gateway.stand_in.tell(sent)
    await gateway.hears(1, AN)
    again = sent["message"] | {"text": edited, "edit_date": 1781237430}
    gateway.stand_in.tell(gateway.people.update("edited_message", again))
    await gateway.settled()
    heard = await gateway.hears(answers, AN)
    assert heard[-1].text.startswith(f"Hồ sơ {CODE}\n")
    assert len(gateway.rows("outbox")) == answers

"""Every update kind becomes the right inbox row, or is ignored and counted; never an exception."""

import json
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import Update

from adapters.telegram.commands import MENU, offered
from adapters.telegram.updates import ALLOWED, OTHER_KINDS, Arrived, Ignored, Unreadable, UpdateReader
from bot.clock import FixedClock
from bot.events import stored

FIXTURES = sorted((Path(__file__).parents[1] / "fixtures" / "telegram").glob("*.json"))
NOW = datetime(2026, 6, 12, 3, 0, tzinfo=UTC)


def reader(username: str = "motcua_bot") -> UpdateReader:
    made = UpdateReader(123456, FixedClock(NOW))
    made.username = username
    return made


def seen(read: Arrived | Ignored) -> dict[str, Any]:
    """As the fixtures write it."""
    callback = {"callback": read.callback_id} if read.callback_id else {}
    if isinstance(read, Ignored):
        return {"ignored": read.reason} | callback
    message = read.message
    assert (message.recipient, message.route, message.received_at) == ("123456", "telegram", NOW)
    assert unicodedata.is_normalized("NFC", message.text)
    return {
        "sender": message.sender.id,
        "text": message.text,
        "event": None if message.event is None else orjson.loads(stored(message.event)),
        "external_id": message.external_id,
    } | callback


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_update(path: Path) -> None:
    fixture = json.loads(path.read_text(encoding="utf-8"))
    assert seen(reader().read(fixture["update"])) == fixture["becomes"]


def test_every_kind_of_the_library_is_known_and_has_a_fixture() -> None:
    kinds = {kind.value for kind in Update.ALL_TYPES}
    assert kinds == OTHER_KINDS | set(ALLOWED)
    shown = {key for path in FIXTURES for key in json.loads(path.read_text(encoding="utf-8"))["update"]}
    assert kinds <= shown


@pytest.mark.parametrize(
    "update",
    [None, [], "x", 5, {}, {"update_id": "5"}, {"update_id": None}, {"update_id": True}, {"message": {}}],
    ids=repr,
)
def test_what_is_no_update(update: object) -> None:
    with pytest.raises(Unreadable):
        reader().read(update)


def test_before_the_bot_knows_its_name_only_plain_commands_are_heard_in_groups() -> None:
    group = {"id": -5, "type": "group"}
    person = {"id": 7, "is_bot": False}

    def read(text: str) -> Arrived | Ignored:
        return reader("").read({"update_id": 1, "message": {"chat": group, "from": person, "text": text}})

    assert isinstance(read("/tracuu x"), Arrived)
    assert read("@motcua_bot x") == Ignored("group_talk")
    assert read("@ x") == Ignored("group_talk")


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)
KEYS = (
    *("chat", "from", "text", "photo", "location", "contact", "document", "caption", "message", "data", "id"),
    *("new_chat_member", "old_chat_member", "reply_to_message", "sticker", "sender_chat"),
)


@settings(max_examples=300)
@given(
    kind=st.sampled_from(ALLOWED),
    content=st.dictionaries(st.sampled_from(KEYS), values, max_size=6) | values,
    chat=st.sampled_from(["private", "group", "channel"]),
)
def test_nothing_raises(kind: str, content: object, chat: str) -> None:
    if isinstance(content, dict):
        whole = {"chat": {"id": 5, "type": chat}, "from": {"id": 5, "is_bot": False}}
        content = whole | {key: value for key, value in content.items() if key not in whole or value}
    read = reader().read({"update_id": 1, kind: content})
    assert isinstance(read, Arrived | Ignored)


def test_the_menu_offers_what_is_built_and_keeps_telegrams_rules() -> None:
    assert [command.name for command in offered({"HS", "TG"})] == ["tracuu", "trogiup"]
    assert len(MENU) <= 100
    for command in MENU:
        assert command.name.isascii()
        assert command.name.islower()
        assert 1 <= len(command.name) <= 32
        assert all(3 <= len(words) <= 256 for words in (command.vietnamese, command.english))

"""A petition in a chat: buttons, photos, a place; and photos added from a chat to a petition that came by SMS, once both are linked."""

import io
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from bot.attachments.folder import AttachmentFolder
from bot.attachments.sweeping import FileSweeper
from bot.events import ButtonPressed, Event, LocationShared, Photo
from bot.logs import get_log
from bot.model import Address, ChannelName, InboundMessage
from bot.photos.folder import PhotoFolder
from bot.privacy import Keyring
from tests.contract.sessions import until
from tests.integration.lines import STRANGER, Line, running

LAMP = "Đèn đường trước nhà số 12 Lý Thái Tổ, phường Võ Cường hỏng đã 3 ngày"
CODE = "PA26000010"


class Chat:
    """One person's web chat."""

    def __init__(self, line: Line, folder: PhotoFolder) -> None:
        self.line = line
        self.folder = folder
        self.number = 0

    async def say(self, text: str = "", event: Event | None = None) -> str:
        self.number += 1
        self.line.clock.advance(40)
        message = InboundMessage(
            sender=Address(ChannelName.WEBCHAT, "551"),
            recipient="77",
            text=text,
            received_at=self.line.clock.now(),
            route=self.line.route.name,
            external_id=f"chat {self.number}",
            event=event,
        )
        before = await self.line.sent()
        await self.line.intake.message(message)
        await until(lambda: not self.line.worker._running)
        replies: list[str] = []
        while len(replies) < await self.line.sent() - before:
            found = await self.line.route.replies("551", 1)
            if not found:
                break  # the others went to another account of the person
            replies += found
        return "\n".join(replies)

    async def press(self, action: str) -> str:
        return await self.say(event=ButtonPressed(action))

    async def photo(self, caption: str = "") -> str:
        file = io.BytesIO()
        Image.new("RGB", (300, 200), "grey").save(file, "JPEG")
        return await self.say(caption, Photo((await self.folder.keep(file.getvalue()),)))


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    folder = PhotoFolder(tmp_path / "photos")
    async with running(tmp_path, photos={ChannelName.WEBCHAT: folder}) as line:
        yield Chat(line, folder)


async def test_a_draft_with_a_photo_and_a_place(chat: Chat) -> None:
    assert "Ông/Bà muốn phản ánh, kiến nghị về việc gì?" in await chat.press("pa")
    assert "Đã ghi thêm" in await chat.say(LAMP)
    assert "1 tệp" in await chat.photo("ảnh chụp tối qua")
    assert "Đã ghi thêm" in await chat.say(event=LocationShared(21.185, 106.07))
    assert "Đã giấu tên" in await chat.press("pagt")
    assert f"{LAMP}" in await chat.press("xem")
    receipt = await chat.press("gui")
    assert f"Mã phản ánh: {CODE}" in receipt
    assert "Lĩnh vực: Điện, chiếu sáng" in receipt
    petition = await chat.line.book.petition(CODE)
    assert petition is not None
    assert (petition.files, petition.place.latitude, petition.confidentiality.value) == (1, 21.185, "name_hidden")
    (file,) = await chat.line.book.files_of(CODE)
    assert file.media_type == "image/jpeg"
    assert "Đã ghi lĩnh vực" in await chat.press(f"lv:{CODE}:GT")
    assert "Nếu đúng, Ông/Bà trả lời 1" in await chat.press(f"huy:{CODE}")
    assert "Đã rút phản ánh" in await chat.say("1")


async def test_a_petition_as_the_caption_of_a_photo(chat: Chat) -> None:
    assert f"Mã phản ánh: {CODE}" in await chat.photo(f"PA {LAMP}")
    petition = await chat.line.book.petition(CODE)
    assert petition is not None
    assert petition.files == 1


async def test_a_photo_from_a_chat_comes_to_the_petition_sent_by_sms(chat: Chat) -> None:
    (receipt,) = await chat.line.answers(STRANGER, "PA Den duong truoc nha so 12 Ly Thai To phuong Vo Cuong hong")
    assert CODE in receipt
    (told,) = await chat.line.answers(STRANGER, "LK")
    code = next(word for word in told.replace(",", " ").split() if len(word) == 6 and word.isdigit())
    assert "Đã liên kết" in await chat.say(f"LK {code}")
    await chat.line.route.replies(STRANGER, 10)
    asked = await chat.photo()
    assert f"1. Ảnh của phản ánh {CODE}" in asked
    assert "mời Ông/Bà gửi lại" in await chat.say("1")
    assert "Đã ghi thêm vào phản ánh" in await chat.photo()
    petition = await chat.line.book.petition(CODE)
    assert petition is not None
    assert petition.files == 1
    assert [account.address.channel.value for account in petition.told_at] == ["sms", "webchat"]


async def test_a_file_that_is_none_is_told(chat: Chat) -> None:
    await chat.press("pa")
    reference = await chat.folder.keep(b"MZ\x90\x00 a program" + bytes(50))
    assert "Chúng tôi chỉ nhận ảnh JPEG, PNG, video MP4 hoặc tệp PDF." in await chat.say("", Photo((reference,)))


async def test_files_of_a_draft_that_was_given_up_are_deleted(chat: Chat, tmp_path: Path) -> None:
    await chat.press("pa")
    await chat.photo()
    folder = AttachmentFolder(tmp_path / "attachments", Keyring(bytes(32)))
    sweeper = FileSweeper(folder, chat.line.book, get_log())
    orphan = folder.keep(b"%PDF-1.7", None)
    kept = len(folder.older_than(-1))
    assert (await sweeper.sweep(), kept) == (0, 2)
    os.utime(tmp_path / "attachments" / orphan, (0, 0))
    await chat.press("huy")
    assert await sweeper.sweep() == kept
    assert folder.older_than(-1) == []

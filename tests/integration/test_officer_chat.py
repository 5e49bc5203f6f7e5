"""Officers handle petitions from a chat: linked by the desk's code, seen first as citizens will, by the rules of the desk."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.access.accounts import COMMAND_LINE
from bot.access.records import CodePurpose
from bot.model import ChannelName
from bot.officers import OfficerRole
from bot.petitions.commands import Assign
from bot.petitions.record import Petition, PetitionState
from tests.contract.store_engines import SqliteEngine, claimed
from tests.officer_chats import OfficerChatting, linked, two_steps
from tests.petition_desk import Reception, reception
from tests.unit.petition_samples import RECEPTIONIST

ANSWER = "Đã thay bóng đèn mới. Phường đã kiểm tra cả tuyến đường trong sáng nay."
S = PetitionState


@pytest.fixture
async def office(sqlite_engine: SqliteEngine) -> AsyncIterator[Reception]:
    async with reception(sqlite_engine) as found:
        yield found


async def assigned(office: Reception) -> Petition:
    """One that waits at the ward."""
    new = await office.sent()
    await office.petitions.work.do(new.code, new.version, Assign(agency=office.ward, category="DN"), RECEPTIONIST)
    return await office.now(new.code)


async def officer(office: Reception, user: str = "can") -> OfficerChatting:
    return await linked(office, user, OfficerRole.OFFICER, office.ward)


async def lead(office: Reception) -> OfficerChatting:
    return await linked(office, "truong", OfficerRole.LEAD, office.ward)


async def taken(office: Reception, chat: OfficerChatting) -> Petition:
    new = await assigned(office)
    assert "đã nhận" in await chat.says(f"NHAN {new.code}")
    return await office.now(new.code)


async def test_from_the_list_to_the_answer(office: Reception) -> None:
    chat, new = await officer(office), await assigned(office)
    assert new.code in await chat.says("/viec")
    assert await chat.buttons("viec") == [f"xem:{new.code}"]
    assert f"nhan:{new.code}" in await chat.buttons(f"[xem:{new.code}]")
    assert "Hạn trả lời" in await chat.says(f"[nhan:{new.code}]")
    assert "Soạn nội dung trả lời" in await chat.says(f"tra loi {new.code.lower()}")
    shown = await chat.answer(ANSWER)
    assert shown is not None
    texts = [content.text for content in shown.contents]
    assert "Người dân sẽ nhận qua SMS" in texts[0]
    assert "Da thay bong den moi" in texts[0]
    assert [button.action for button in shown.contents[-1].buttons] == ["gui", "huy"]
    assert "Đã gửi trả lời" in await chat.says("GUI")
    answered = await office.now(new.code)
    assert (answered.state, answered.answer, answered.summary) == (S.ANSWERED, ANSWER, "Da thay bong den moi")
    last = (await office.store.events_of(new.code))[-1]
    assert (last.name, last.actor.channel) == ("send_answer", ChannelName.TELEGRAM)
    assert await chat.says("GUI") == ""


async def test_the_preview_is_what_the_citizen_gets(office: Reception) -> None:
    chat = await officer(office)
    petition = await taken(office, chat)
    shown = await chat.says(f"TRALOI {petition.code} {ANSWER}")
    await chat.says("GUI")
    rows = await office.place.engine.rows("SELECT text FROM outbox WHERE kind = 'notice' ORDER BY id DESC LIMIT 1")
    assert str(rows[0][0]) in shown


async def test_what_is_too_short_or_personal_is_written_again(office: Reception) -> None:
    chat = await officer(office)
    petition = await taken(office, chat)
    await chat.says(f"TRALOI {petition.code}")
    assert "ít nhất 30 ký tự" in await chat.says("Đã xong rồi nhé")
    assert "tóm tắt không dấu" in await chat.says(
        "Phường đã cho thay toàn bộ bóng đèn đường trên tuyến và sẽ kiểm tra hằng tuần"
    )
    assert "tóm tắt không dấu" in await chat.says("Đã thay toàn bộ bóng đèn đường trên tuyến")
    assert "Da thay bong den" in await chat.says("Đã thay bóng đèn")
    assert "số điện thoại" in await chat.says("Đã thay bóng đèn. Cần thêm xin gọi anh Nam 0912345678 của tổ điện nhé")
    assert "soạn GUI" in await chat.says("Anh Nam đồng ý cho số này")
    assert "Đã gửi" in await chat.says("GUI")
    last = (await office.store.events_of(petition.code))[-1]
    assert last.data["despite_personal_data"] == "Anh Nam đồng ý cho số này"


async def test_proposed_returned_and_approved(office: Reception) -> None:
    await two_steps(office)
    chat, head = await officer(office), await lead(office)
    petition = await taken(office, chat)
    assert "trình lãnh đạo" in await chat.says(f"TRALOI {petition.code} {ANSWER}")
    assert "Đã trình duyệt" in await chat.says("gui")
    assert "Da thay bong den moi" in await head.says(f"DUYET {petition.code}")
    await head.says(f"[tralai:{petition.code}]")
    assert "soạn GUI để trả lại" in await head.says("Nêu rõ tên đường")
    assert "Đã trả lại" in await head.says("GUI")
    assert (await office.now(petition.code)).state is S.IN_PROGRESS
    await chat.says(f"TRALOI {petition.code} {ANSWER}")
    await chat.says("GUI")
    await head.says(f"DUYET {petition.code}")
    assert "Đã duyệt và gửi" in await head.says("[gui]")
    assert (await office.now(petition.code)).state is S.ANSWERED


async def test_asked_and_passed_on(office: Reception) -> None:
    chat, head = await officer(office), await lead(office)
    petition = await taken(office, chat)
    assert "Cot den so may" in await chat.says(f"HOI {petition.code} Cột đèn số mấy?")
    assert "Đã gửi câu hỏi" in await chat.says("GUI")
    assert (await office.now(petition.code)).state is S.NEED_INFO
    other = await taken(office, chat)
    assert "Chưa rõ đơn vị nào" in await head.says(f"CHUYEN {other.code} phường")
    agencies = (await office.petitions.data.master_data()).agencies_by_code()
    assert "chuyển đến" in await head.says(agencies[office.other].ward)
    assert "Đã chuyển" in await head.says("GUI")
    assert (await office.now(other.code)).agency == office.other


async def test_two_officers_at_once(office: Reception) -> None:
    one, two = await officer(office), await officer(office, "ba")
    petition = await taken(office, one)
    await asyncio.gather(one.says(f"TRALOI {petition.code} {ANSWER}"), two.says(f"TRALOI {petition.code} {ANSWER}"))
    said = await asyncio.gather(one.says("GUI"), two.says("GUI"))
    assert sorted("Đã gửi trả lời" in text for text in said) == [False, True]
    late = next(text for text in said if "Đã gửi trả lời" not in text)
    assert "nay: Đã trả lời" in late
    assert ANSWER in late


async def test_a_change_meanwhile_keeps_the_text_and_is_seen_again(office: Reception) -> None:
    one, two = await officer(office), await officer(office, "ba")
    petition = await taken(office, one)
    await one.says(f"TRALOI {petition.code} {ANSWER}")
    await two.says(f"HOI {petition.code} Cột đèn số mấy?")
    await two.says("GUI")
    stale = await one.says("GUI")
    assert "nay: Chờ bổ sung thông tin" in stale
    assert ANSWER in stale or "Da thay bong den moi" in stale


async def test_after_half_an_hour_nothing_is_sent(office: Reception) -> None:
    chat = await officer(office)
    petition = await taken(office, chat)
    await chat.says(f"TRALOI {petition.code} {ANSWER}")
    office.place.engine.clock.advance(31 * 60)
    assert await chat.says("GUI") == ""
    assert "quá 30 phút" in await chat.says("gửi đi nhé, xong rồi")
    assert (await office.now(petition.code)).state is S.IN_PROGRESS


async def test_after_half_a_day_the_desk_proves_who_it_is(office: Reception) -> None:
    chat = await officer(office)
    petition = await taken(office, chat)
    office.place.engine.clock.advance(13 * 3600)
    await chat.says(f"TRALOI {petition.code} {ANSWER}")
    assert "đăng nhập bàn làm việc" in await chat.says("GUI")
    assert (await office.now(petition.code)).state is S.IN_PROGRESS
    browser = office.place.visitor()
    assert (await browser.sign_in("can", code=office.place.code())).location == "/desk"
    assert "Đã gửi trả lời" in await chat.says("GUI")


async def test_a_link_that_is_good_once_confirms_the_account(sqlite_engine: SqliteEngine) -> None:
    async with reception(sqlite_engine, public_url="https://motcua.example") as office:
        chat, other = await officer(office), await officer(office, "ba")
        petition = await taken(office, chat)
        browser, wrong = office.place.visitor(), office.place.visitor()
        await browser.sign_in("can", code=office.place.code())
        await wrong.sign_in("ba", code=office.place.code())
        office.place.engine.clock.advance(13 * 3600)
        await chat.says(f"TRALOI {petition.code} {ANSWER}")
        said = await chat.answer("GUI")
        assert said is not None
        assert said.contents[0].once
        page = "/desk/chat/" + said.contents[0].text.rpartition("/desk/chat/")[2]
        assert (await browser.get(page)).location.startswith("/desk/login?next=/desk/chat/")
        await browser.sign_in("can", code=office.place.code())
        await wrong.sign_in("ba", code=office.place.code())
        assert (await wrong.get(page)).status == 404
        assert "Telegram" in (await browser.get(page)).text
        assert (await wrong.post(page)).status == 404
        assert (await browser.post(page)).location == "/desk/profile"
        assert (await browser.get(page)).status == 404
        assert "Đã gửi trả lời" in await chat.says("GUI")
        assert await other.says("GUI") == ""


async def test_after_half_a_year_nothing_is_shown(office: Reception) -> None:
    chat = await officer(office)
    new = await assigned(office)
    office.place.engine.clock.advance(181 * 86_400)
    assert "đăng nhập bàn làm việc" in await chat.says("VIEC")
    assert "đăng nhập bàn làm việc" in await chat.says(f"NHAN {new.code}")
    assert (await office.now(new.code)).state is S.ASSIGNED


async def test_who_left_is_a_citizen(office: Reception) -> None:
    chat = await officer(office)
    new = await assigned(office)
    book, accounts = office.place.parts.book, office.place.parts.accounts
    account = await book.account_named("can")
    assert account is not None
    await accounts.leave(account, COMMAND_LINE)
    assert await chat.says(f"NHAN {new.code}") == ""
    assert (await office.now(new.code)).state is S.ASSIGNED


@pytest.mark.parametrize("text", ["H05.12-260610-0001", "HS H05.12-260610-0001", "xin chào", "GUI", "HUY", "XEM", "TG"])
async def test_the_rest_is_left_to_the_citizens_side(office: Reception, text: str) -> None:
    chat = await officer(office)
    assert await chat.says(text) == ""


async def test_a_dossier_is_looked_up_in_the_middle_of_an_answer(office: Reception) -> None:
    chat = await officer(office)
    petition = await taken(office, chat)
    await chat.says(f"TRALOI {petition.code}")
    assert await chat.says("H05.12-260610-0001") == ""
    assert "soạn GUI" in await chat.says(ANSWER)


async def test_others_see_nothing(office: Reception) -> None:
    new = await assigned(office)
    stranger = OfficerChatting(office, "stranger")
    elsewhere = await linked(office, "xa", OfficerRole.OFFICER, office.other)
    assert await stranger.says(f"NHAN {new.code}") == ""
    assert await stranger.says("LK 000000") == ""
    assert "Không có phản ánh" in await elsewhere.says(f"NHAN {new.code}")
    assert await elsewhere.says(f"XEM {new.code}") == ""
    assert "Hiện không có" in await elsewhere.says("VIEC")


async def test_as_a_citizen_and_back(office: Reception) -> None:
    chat, new = await officer(office), await assigned(office)
    assert "với tư cách người dân" in await chat.says("/congdan")
    assert await chat.says(f"NHAN {new.code}") == ""
    assert "đang xử lý phản ánh" in await chat.says("Cán bộ")
    assert "đã nhận" in await chat.says(f"NHAN {new.code}")


LINKS = ["LK 482913", "lk: 482 913", "Liên kết 482913", "LK482913"]


@pytest.mark.parametrize("text", LINKS)
async def test_however_the_code_is_typed(office: Reception, text: str) -> None:
    key = await office.place.officer("can", role=OfficerRole.OFFICER, agency=office.ward)
    assert await office.place.parts.book.issue_code(CodePurpose.LINK_CODE, key, "482913")
    chat = OfficerChatting(office, "chat")
    assert "Đã liên kết tài khoản này với cán bộ Trần Can" in await chat.says(text)
    assert await OfficerChatting(office, "another chat").says(text) == ""


async def test_not_by_sms(office: Reception) -> None:
    chat = await linked(office, "can", OfficerRole.OFFICER, office.ward, ChannelName.SMS)
    new = await assigned(office)
    assert await chat.says(f"NHAN {new.code}") == "Xu ly phan anh chi thuc hien tren Zalo, Telegram hoac ban lam viec."
    assert (await office.now(new.code)).state is S.ASSIGNED


async def test_a_message_that_is_handled_twice_takes_one_step(office: Reception) -> None:
    chat, new = await officer(office), await assigned(office)
    message = chat.message(f"NHAN {new.code}")
    row = await claimed(office.store, message)
    said = [await office.petitions.chat.answer(row.message, row.contact) for _ in range(2)]
    assert ["đã nhận" in one.contents[0].text for one in said if one] == [True, True]
    assert len(await office.store.events_of(new.code)) == 3

"""Petitions from the first SMS to the last rating: real lines, a real store, officers in a real browser."""

import re
from pathlib import Path

from playwright.async_api import expect

from bot.officers import OfficerRole
from tests.journeys.petition_town import PETITION_CODE, RECEPTION, WARD, WARD_CODE, Desk, Town, town
from tests.journeys.phones import as_parts

PETITION = (
    "PA Đèn đường trước số nhà 12 Lý Thái Tổ, phường Võ Cường hỏng đã ba hôm nay, tối đi lại rất nguy hiểm. "
    "Đề nghị kiểm tra và sửa sớm giúp bà con trong tổ dân phố chúng tôi."
)
QUESTION = "Cột đèn số mấy?"
ANSWER = "UBND phường đã thay bóng đèn trước số nhà 12 Lý Thái Tổ và kiểm tra cả tuyến đường."
AGAIN = "UBND phường đã thay cả bộ đèn, dây dẫn và kiểm tra lại vào buổi tối cùng tổ dân phố."


async def answer(desk: Desk, text: str, summary: str) -> None:
    """Look at what the citizen will read, then send it."""
    form = await desk.step("Trả lời")
    await form.get_by_label("Nội dung trả lời").fill(text)
    await form.get_by_label("Tóm tắt cho SMS").fill(summary)
    await form.get_by_role("button", name="Xem trước").click()
    await desk.shows("Người dân sẽ đọc")
    previews = desk.page.locator(".preview")
    await expect(previews).to_have_count(2)
    await expect(previews.nth(0)).to_contain_text(summary)
    await expect(previews.nth(1)).to_contain_text(text)
    await desk.send(await desk.step("Trả lời"), "Trả lời", "Đã gửi câu trả lời cho người dân.")


async def received(place: Town) -> str:
    """The petition by SMS, linked with Zalo, a photo added there."""
    citizen = place.citizen
    assert len(as_parts(PETITION, 1)) == 3
    receipt = await citizen.asks(PETITION)
    assert receipt.startswith("Da nhan phan anh cua Ong/Ba, ma PA")
    assert citizen.more_sms() == []
    told = await citizen.asks("LK")
    linking = re.findall(r"\b\d{6}\b", told)[0]
    assert "Đã liên kết với SMS" in await citizen.writes(f"LK {linking}")
    assert "Da lien ket so nay voi Zalo" in await citizen.sms()
    petition = str(PETITION_CODE.findall(receipt)[0])
    assert f"1. Ảnh của phản ánh {petition}" in await citizen.shows(place.photo)
    assert f"Đã ghi thêm vào phản ánh {petition}" in await citizen.writes("1")
    return petition


async def both_read(place: Town, sms: str, zalo: str) -> None:
    assert sms in await place.citizen.sms()
    assert zalo in await place.citizen.message()


async def test_from_an_sms_to_the_second_answer(tmp_path: Path) -> None:
    async with town(tmp_path) as place:
        code = await received(place)

        reception = await place.officer("tiep", OfficerRole.RECEPTION, RECEPTION)
        await reception.open("petitions?tab=new")
        await reception.page.get_by_role("link", name=code).click()
        await reception.shows("Đèn đường trước số nhà 12 Lý Thái Tổ", "Mới tiếp nhận", "image/jpeg")
        assert await reception.page.locator(".files img").evaluate(
            "image => image.decode().then(() => image.naturalWidth)"
        )
        form = await reception.step("Giao xử lý")
        await form.get_by_label("Chuyển đến").select_option(label=WARD)
        await reception.send(form, "Giao xử lý", "Đã giao.")
        await both_read(place, f"{code}: ", f"Phản ánh {code} đã chuyển {WARD}")

        ward = await place.officer("can", OfficerRole.OFFICER, WARD_CODE)
        await ward.open("petitions?tab=agency")
        await ward.page.get_by_role("link", name=code).click()
        await ward.send(await ward.step("Nhận xử lý"), "Nhận xử lý", "Đã nhận xử lý.")
        form = await ward.step("Hỏi thêm người dân")
        await form.get_by_label("Câu hỏi cho người dân").fill(QUESTION)
        await ward.send(form, "Hỏi thêm người dân", "Đã gửi câu hỏi")
        await both_read(place, "can them thong tin: Cot den so may?", QUESTION)

        assert f"Da ghi them vao phan anh {code}" in await place.citizen.asks("THEM cot so 15 canh cong truong")
        await ward.open(f"petitions/{code}")
        await ward.shows("cot so 15 canh cong truong", "Đang xử lý")
        await answer(ward, ANSWER, "Da thay bong den")
        await both_read(place, f"Phan anh {code}: Da thay bong den. Xem them: soan XEM {code}", ANSWER)

        reopened = await place.citizen.asks(f"DG {code} 2 chưa giải quyết")
        assert f"Phan anh {code} duoc xem xet lai" in reopened
        await ward.open(f"petitions/{code}")
        await ward.shows("2/5", "chưa giải quyết")
        await answer(ward, AGAIN, "Da thay ca bo den")
        await both_read(place, f"Phan anh {code}: Da thay ca bo den.", AGAIN)

        assert "5/5" in await place.citizen.asks("DG 5")
        await ward.open(f"petitions/{code}")
        await ward.shows("Đã kết thúc", "5/5")
        assert place.citizen.more_sms() == []


async def test_somebody_who_wants_a_person(tmp_path: Path) -> None:
    async with town(tmp_path) as place:
        citizen = place.citizen
        assert "Da chuyen yeu cau gap can bo." in await citizen.asks("GAP CAN BO")
        desk = await place.officer("tiep", OfficerRole.RECEPTION, RECEPTION)
        await desk.open("conversations")
        await desk.page.get_by_role("link", name="CB").click()
        await desk.page.get_by_role("button", name="Nhận trả lời").click()
        await desk.told("Đã nhận.")

        await citizen.texts("Cho toi hoi lam giay khai sinh can nhung gi")
        await place.line.settled()
        assert citizen.more_sms() == [], "the bot is quiet"
        await desk.page.reload()
        await desk.shows("Cho toi hoi lam giay khai sinh can nhung gi")
        await desk.page.get_by_label("Nội dung gửi người dân").fill("Ông/Bà mang giấy chứng sinh và căn cước.")
        await desk.page.get_by_role("button", name="Gửi", exact=True).click()
        await desk.told("Đã gửi.")
        assert "Ong/Ba mang giay chung sinh va can cuoc." in await citizen.sms()
        await desk.page.get_by_role("button", name="Kết thúc").click()
        await desk.told("Đã kết thúc. Hệ thống tự trả lời trở lại.")
        assert "8283" in await citizen.asks("TG"), "the bot answers again"


async def test_two_officers_at_once_and_a_double_click(tmp_path: Path) -> None:
    async with town(tmp_path) as place:
        receipt = await place.citizen.asks(PETITION)
        code = PETITION_CODE.findall(receipt)[0]
        first = await place.officer("tiep", OfficerRole.RECEPTION, RECEPTION)
        second = await place.officer("don", OfficerRole.RECEPTION, RECEPTION)
        for desk in (first, second):
            await desk.open(f"petitions/{code}")
            await (await desk.step("Giao xử lý")).get_by_label("Chuyển đến").select_option(label=WARD)
        await (await first.step("Giao xử lý")).get_by_role("button", name="Giao xử lý").dblclick()
        await first.told("Đã giao.")
        assert "da chuyen" in await place.citizen.sms()
        note = await second.step("Ghi chú nội bộ")
        await note.get_by_label("Nội dung").fill("Người dân đã gọi điện hỏi thêm")
        async with second.page.expect_response(lambda answer: answer.request.method == "POST") as late:
            await note.get_by_role("button", name="Ghi chú nội bộ").click()
        assert (await late.value).status == 409
        await expect(second.page.get_by_role("alert")).to_contain_text("vừa được người khác thay đổi")
        await second.shows("Đã chuyển xử lý")
        typed = (await second.step("Ghi chú nội bộ")).get_by_label("Nội dung")
        await expect(typed).to_have_value("Người dân đã gọi điện hỏi thêm")
        await place.line.settled()
        assert place.citizen.more_sms() == [], "the double click was one step"

"""The inbox and the page of one petition, through a real listener: who sees what, steps, refusals, two at once."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import orjson
import pytest

from bot.officers import OfficerRole
from bot.petitions.record import Confidentiality, PetitionState, Place
from tests.contract.store_engines import SqliteEngine, person
from tests.petition_desk import Reception, reception
from tests.unit.petition_samples import PHONE

SCRIPT = "<script>alert(1)</script> \u202e đèn đường trước số nhà 12 hỏng đã ba hôm nay"
ANSWER = "Phường đã thay bóng đèn mới và kiểm tra cả tuyến đường trong sáng nay."
SHORT = "Da thay bong den"
TOKENS = r'value="[\w-]{20,}"'


@pytest.fixture
async def office(sqlite_engine: SqliteEngine) -> AsyncIterator[Reception]:
    async with reception(sqlite_engine) as found:
        yield found


async def test_the_inbox_shows_what_is_new_and_no_script_of_a_citizen(office: Reception) -> None:
    new = await office.sent(text=SCRIPT, place=Place(ward="Võ Cường", text="<img src=x onerror=alert(2)>"))
    desk = await office.receptionist()
    listed = await desk.get("/desk/petitions")
    detail = await desk.get(f"/desk/petitions/{new.code}")
    assert new.code in listed.text
    for page in (listed, detail):
        assert "<script>alert" not in page.text
        assert "onerror=alert(2)>" not in page.text.replace("&gt;", "")
        assert "&lt;script&gt;alert(1)" in page.text
        assert "[RLO]" in page.text
    assert "84912" not in detail.text


@pytest.mark.parametrize(
    "nonsense",
    [
        "page=-5",
        "page=99999999999999999999",
        "tab=junk",
        "size=1000000",
        "sort=junk",
        "state=x",
        "officer=abc",
        "search=%00%27",
    ],
)
async def test_nonsense_in_the_address_of_the_list(office: Reception, nonsense: str) -> None:
    desk = await office.receptionist()
    assert (await desk.get(f"/desk/petitions?{nonsense}")).status == 200


async def test_another_agency_finds_nothing_and_unknown_codes_look_the_same(office: Reception) -> None:
    petition, _ = await office.given()
    stranger = await office.visitor("la", OfficerRole.LEAD, office.other)
    operator = await office.visitor("may", OfficerRole.OPERATOR, office.reception)
    foreign = await stranger.get(f"/desk/petitions/{petition.code}")
    unknown = await stranger.get("/desk/petitions/PA26999990")
    posted = await stranger.post(f"/desk/petitions/{petition.code}/note", version=petition.version, note="xem")
    assert (foreign.status, unknown.status) == (404, 404)
    pages = (re.sub(f"{petition.code}|PA26999990|{TOKENS}", "", page.text) for page in (foreign, unknown))
    assert len(set(pages)) == 1
    assert posted.status == 404
    assert (await operator.get("/desk/petitions")).status == 404
    found = await stranger.get(
        f"/desk/petitions?agency={office.ward}&search={petition.code}", headers={"Accept": "application/json"}
    )
    assert '"petitions":[]' in found.text


async def test_from_the_list_to_the_answer_and_on_to_the_next(office: Reception) -> None:
    petition, officer = await office.given()
    second = await office.sent(text="Rác đổ tràn ra lối đi chung của cả ngõ mấy hôm nay rồi")
    desk = await office.receptionist()
    await desk.get(f"/desk/petitions/{second.code}")
    await desk.post(f"/desk/petitions/{second.code}/assign", version=1, agency=office.ward, category="MT")
    previewed = await officer.post(
        f"/desk/petitions/{petition.code}/answer", version=petition.version, text=ANSWER, summary=SHORT, preview="1"
    )
    assert (previewed.status, SHORT in previewed.text) == (200, True)
    sent = await officer.post(
        f"/desk/petitions/{petition.code}/answer", version=petition.version, text=ANSWER, summary=SHORT, next="1"
    )
    assert (sent.status, sent.location) == (303, f"/desk/petitions/{second.code}")
    assert (await office.now(petition.code)).state is PetitionState.ANSWERED
    assert len(await office.place.engine.rows("SELECT 1 FROM outbox WHERE kind = 'notice'")) == 3


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({"text": "", "summary": SHORT}, "ít nhất 30 ký tự", id="empty"),
        pytest.param({"text": "\u200b" * 60, "summary": SHORT}, "ít nhất 30 ký tự", id="nothing to see"),
        pytest.param({"text": ANSWER, "summary": ""}, "tóm tắt để gửi qua SMS", id="no summary"),
        pytest.param({"text": ANSWER, "summary": "x" * 37}, "dài quá 36", id="long summary"),
        pytest.param({"text": f"{ANSWER} Gọi 0912 345 678", "summary": SHORT}, "số điện thoại", id="personal data"),
    ],
)
async def test_an_answer_that_does_not_do_is_told_and_kept(
    office: Reception, fields: dict[str, str], said: str
) -> None:
    petition, officer = await office.given()
    refused = await officer.post(f"/desk/petitions/{petition.code}/answer", version=petition.version, **fields)
    assert (refused.status, said in refused.text) == (422, True)
    assert (fields["text"] in refused.text, fields["summary"] in refused.text) == (True, True)
    assert (await office.now(petition.code)).version == petition.version


async def test_a_long_answer_is_confirmed_first(office: Reception) -> None:
    petition, officer = await office.given()
    fields = {"version": petition.version, "text": ANSWER * 6, "summary": SHORT}
    asked = await officer.post(f"/desk/petitions/{petition.code}/answer", **fields)
    sent = await officer.post(f"/desk/petitions/{petition.code}/answer", **fields, confirmed="1")
    assert (asked.status, "3 tin SMS" in asked.text, 'name="confirmed"' in asked.text) == (422, True, True)
    assert sent.status == 303


async def test_two_officers_at_once_one_is_told_of_the_newer_state(office: Reception) -> None:
    petition, first = await office.given()
    second = await office.visitor("hai", OfficerRole.OFFICER, office.ward)
    await second.get(f"/desk/petitions/{petition.code}")
    path, fields = f"/desk/petitions/{petition.code}/answer", {"version": petition.version, "summary": SHORT}
    answers = await asyncio.gather(
        first.post(path, text=ANSWER, **fields), second.post(path, text=f"{ANSWER} Xin cảm ơn.", **fields)
    )
    assert sorted(answer.status for answer in answers) == [303, 409]
    stale = next(answer for answer in answers if answer.status == 409)
    assert "Đã trả lời" in stale.text
    assert len(await office.place.engine.rows("SELECT 1 FROM petition_event WHERE name = 'send_answer'")) == 1


async def test_a_double_click_sends_once(office: Reception) -> None:
    petition, officer = await office.given()
    once = officer.once
    path, fields = (
        f"/desk/petitions/{petition.code}/answer",
        {"version": petition.version, "text": ANSWER, "summary": SHORT},
    )
    answers = await asyncio.gather(*(officer.post(path, once=once, **fields) for _ in range(3)))
    assert {answer.status for answer in answers} == {303}
    assert len(await office.place.engine.rows("SELECT 1 FROM petition_event WHERE name = 'send_answer'")) == 1


async def test_unknown_steps_and_steps_of_others(office: Reception) -> None:
    petition, officer = await office.given()
    unknown = await officer.post(f"/desk/petitions/{petition.code}/burn", version=petition.version)
    reject = await officer.post(f"/desk/petitions/{petition.code}/reject", version=petition.version, reason="not_ours")
    extra = await officer.post(
        f"/desk/petitions/{petition.code}/note", version=petition.version, note="Đã xem", state="closed"
    )
    assert (unknown.status, reject.status, extra.status) == (400, 409, 303)
    assert (await office.now(petition.code)).state is PetitionState.IN_PROGRESS


async def test_whose_name_is_hidden(office: Reception) -> None:
    petition, officer = await office.given(
        confidentiality=Confidentiality.NAME_HIDDEN, told_at=(replace(PHONE, address=person()),)
    )
    own = await officer.get(f"/desk/petitions/{petition.code}", headers={"Accept": "application/json"})
    desk = await (await office.receptionist()).get(
        f"/desk/petitions/{petition.code}", headers={"Accept": "application/json"}
    )
    assert '"hidden":true' in own.text
    assert '"accounts":[]' in own.text
    assert '"hidden":false' in desk.text
    assert person().id not in desk.text


@pytest.mark.parametrize("chosen", [True, False], ids=["to the ward", "nobody chosen: nothing is done"])
async def test_several_at_once(office: Reception, *, chosen: bool) -> None:
    sent = [await office.sent(text=f"Đèn đường ở ngõ số {number} hỏng đã nhiều hôm") for number in range(3)]
    agency = office.ward if chosen else ""
    desk = await office.receptionist()
    await desk.get("/desk/petitions")
    ticked = [f"{petition.code}:1" for petition in sent]
    done_ = await desk.session.post(
        f"{desk.address}/desk/petitions",
        data=[
            ("csrf_token", desk.csrf),
            ("action", "assign"),
            ("agency", agency),
            *(("petition", one) for one in ticked),
        ],
        allow_redirects=False,
    )
    assert done_.status == 303
    assert {(await office.now(petition.code)).agency for petition in sent} == {agency}


async def test_the_full_contact_is_shown_for_a_reason_that_is_kept(office: Reception) -> None:
    petition, officer = await office.given(told_at=(replace(PHONE, address=person()),))
    hidden = await office.sent(confidentiality=Confidentiality.NAME_HIDDEN, told_at=(replace(PHONE, address=person()),))
    short = await officer.post(f"/desk/petitions/{petition.code}/contact", reason="xem")
    shown = await officer.post(
        f"/desk/petitions/{petition.code}/contact", reason=f"Gọi số {person().id} hẹn giờ kiểm tra tại nhà"
    )
    foreign = await officer.post(f"/desk/petitions/{hidden.code}/contact", reason="Gọi hẹn giờ kiểm tra tại nhà")
    assert (short.status, person().id in short.text) == (422, False)
    assert (shown.status, person().id in shown.text) == (200, True)
    assert foreign.status == 404
    logged = await office.place.engine.rows("SELECT action, data FROM audit WHERE action = 'contact_seen'")
    assert len(logged) == 1
    assert person().id not in str(logged)


async def test_the_thread_shows_each_message_once_with_what_became_of_it(office: Reception) -> None:
    petition, officer = await office.given(told_at=(replace(PHONE, address=person()),))
    await officer.post(
        f"/desk/petitions/{petition.code}/note", version=petition.version, note="Đã gọi tổ điện kiểm tra"
    )
    page = await officer.get(f"/desk/petitions/{petition.code}", headers={"Accept": "application/json"})
    bubbles = orjson.loads(page.text)["conversation"]
    assert [bubble["side"] for bubble in bubbles].count("note") == 1
    assert sum("nguy hiểm" in bubble["text"] for bubble in bubbles) == 1
    assert any(bubble["side"] == "officer" and bubble["state"] == "ready" for bubble in bubbles)


async def test_files_are_shown_to_those_who_may_see_the_petition(office: Reception) -> None:
    petition, officer = await office.given()
    unknown = await officer.get(f"/desk/petitions/{petition.code}/files/{'0' * 32}")
    odd = await officer.get(f"/desk/petitions/{petition.code}/files/..%2f..%2fkey")
    assert (unknown.status, odd.status) == (404, 404)

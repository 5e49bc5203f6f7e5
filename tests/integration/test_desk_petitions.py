"""The inbox and the page of one petition, through a real listener: who sees what, steps, refusals, two at once."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.answering import Answerer, OneStopSystems
from bot.calendar import WorkingCalendar
from bot.desk_parts import DeskParts
from bot.limits import Limits
from bot.memory import NoMemory
from bot.model import Office
from bot.officers import OfficerRole
from bot.outgoing import Outgoing
from bot.petition_parts import PetitionParts
from bot.petitions.deciding import decide
from bot.petitions.record import CITIZEN, Confidentiality, Petition, PetitionState, Place
from bot.petitions.writes import ChangePetition
from bot.render import Renderer
from bot.store.base import PlanStore
from bot.understanding.keywords import BUILT
from tests.contract.store_engines import KEYRING, SqliteEngine, person, text
from tests.contract.store_petitions import does
from tests.desk import DeskPlace, Visitor, desk_place
from tests.unit.petition_samples import PHONE, done, submit
from tests.unit.worlds import Systems

SCRIPT = "<script>alert(1)</script> \u202e đèn đường trước số nhà 12 hỏng đã ba hôm nay"
ANSWER = "Phường đã thay bóng đèn mới và kiểm tra cả tuyến đường trong sáng nay."
SHORT = "Da thay bong den"
TOKENS = r'value="[\w-]{20,}"'


class Reception:
    """A desk with petitions in its store."""

    def __init__(self, place: DeskPlace, petitions: PetitionParts, store: PlanStore) -> None:
        self.place = place
        self.petitions = petitions
        self.store = store
        self.reception = ""
        self.ward = ""
        self.other = ""

    async def learn(self) -> None:
        agencies = (await self.petitions.data.master_data()).agencies
        self.reception = agencies[0].code
        self.ward, self.other = (agency.code for agency in agencies if agency.ward in {"Võ Cường", "Kinh Bắc"})

    async def sent(self, **facts: Any) -> Petition:
        now = self.place.engine.clock.now()
        code = await self.store.new_petition_code(now)
        draft = replace(submit().draft, texts=(facts.pop("text", SCRIPT),), **facts)
        command = replace(submit(), draft=draft, code=code, person=KEYRING.contact_id(person()))
        change = done(decide(None, command, CITIZEN, await self.petitions.data.around(now)))
        await does(self.store, text(f"PA {code}", at=now), ChangePetition(change))
        found = await self.store.petition(code)
        assert found is not None
        return found

    async def visitor(self, user: str, role: OfficerRole, agency: str) -> Visitor:
        return await self.place.signed_in(user, role=role, agency=agency)

    async def receptionist(self) -> Visitor:
        return await self.visitor("tiep", OfficerRole.RECEPTION, self.reception)

    async def now(self, code: str) -> Petition:
        found = await self.store.petition(code)
        assert found is not None
        return found

    async def given(self, **facts: Any) -> tuple[Petition, Visitor]:
        """One that an officer of the ward works on."""
        new = await self.sent(**facts)
        desk = await self.receptionist()
        await desk.get(f"/desk/petitions/{new.code}")
        given = await desk.post(
            f"/desk/petitions/{new.code}/assign", version=new.version, agency=self.ward, category="DN"
        )
        assert given.status == 303, given.text
        officer = await self.visitor("can", OfficerRole.OFFICER, self.ward)
        await officer.get(f"/desk/petitions/{new.code}")
        assert (await officer.post(f"/desk/petitions/{new.code}/accept", version=2)).status == 303
        await officer.get(f"/desk/petitions/{new.code}")
        return await self.now(new.code), officer


@pytest.fixture
async def office(sqlite_engine: SqliteEngine) -> AsyncIterator[Reception]:
    kept: list[tuple[PetitionParts, PlanStore]] = []

    def build(settings: Any, store: PlanStore, keyring: Any, clock: Any, log: Any, **more: Any) -> DeskParts:
        petitions = PetitionParts(store, keyring, clock, log)
        answerer = Answerer(
            office=Office(),
            renderer=Renderer(Office(), BUILT),
            systems=OneStopSystems(dossiers=Systems(), background=Systems()),
            memory_of=lambda _: NoMemory(),
            limits=Limits(),
            calendar=WorkingCalendar(),
            clock=clock,
        )
        petitions.connect(answerer, Outgoing({}))
        kept.append((petitions, store))
        return DeskParts(settings, store, keyring, clock, log, petitions, **more)

    async with desk_place(sqlite_engine, build=build) as place:
        found = Reception(place, *kept[0])
        await found.learn()
        yield found


async def test_the_inbox_shows_what_is_new_and_no_script_of_a_citizen(office: Reception) -> None:
    new = await office.sent(place=Place(ward="Võ Cường", text="<img src=x onerror=alert(2)>"))
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
    assert (
        petition.code not in (await stranger.get(f"/desk/petitions?agency={office.ward}&search={petition.code}")).text
    )


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


async def test_several_at_once(office: Reception) -> None:
    sent = [await office.sent(text=f"Đèn đường ở ngõ số {number} hỏng đã nhiều hôm") for number in range(3)]
    desk = await office.receptionist()
    await desk.get("/desk/petitions")
    ticked = [f"{petition.code}:1" for petition in sent]
    done_ = await desk.session.post(
        f"{desk.address}/desk/petitions",
        data=[
            ("csrf_token", desk.csrf),
            ("action", "assign"),
            ("agency", office.ward),
            *(("petition", one) for one in ticked),
        ],
        allow_redirects=False,
    )
    assert done_.status == 303
    assert {(await office.now(petition.code)).agency for petition in sent} == {office.ward}

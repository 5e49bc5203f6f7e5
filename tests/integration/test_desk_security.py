"""What attackers try at the desk. ``PROVEN`` says where each attack is shown to fail; those that have no other place are here."""

import csv
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from bot.intent import Greeting
from bot.officers import OfficerRole
from bot.petitions.record import Confidentiality, Petition
from bot.wishes import TalkToPerson
from tests.contract.store_engines import SqliteEngine, person
from tests.desk import Visitor
from tests.integration.test_desk_conversations import says
from tests.petition_desk import Reception, reception
from tests.unit.petition_samples import PHONE

JSON = {"Accept": "application/json"}
SCRIPT = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://x")'
OTHER_MATTER = "Cửa hàng xả nước thải ra mương, mùi hôi cả ngày lẫn đêm, đề nghị kiểm tra"
HUGE = "9" * 19

HERE = "tests/integration/test_desk_security.py"
PROVEN: Mapping[str, Sequence[tuple[str, str]]] = {
    "CSRF": [("tests/integration/test_desk_forms.py", "test_other_forms_do_nothing_and_lose_nothing")],
    "session fixation": [
        ("tests/integration/test_desk_signing.py", "test_the_session_id_is_new_at_sign_in_and_no_other_works"),
        ("tests/integration/test_desk_signing.py", "test_with_https_the_cookie_is_bound_to_the_host"),
    ],
    "brute force": [
        ("tests/integration/test_desk_signing.py", "test_brute_force_is_locked_out_also_for_the_right_password"),
        ("tests/integration/test_desk_signing.py", "test_five_wrong_codes_kill_the_sign_in_code"),
        ("tests/integration/test_desk_engines.py", "test_guessing_in_parallel_gets_five_tries"),
    ],
    "open redirects": [
        ("tests/integration/test_desk_signing.py", "test_next_leads_only_to_the_desk"),
        (HERE, "test_after_several_steps_nobody_is_led_away"),
    ],
    "dangerous acts": [("tests/integration/test_desk_forms.py", "test_dangerous_acts_want_a_new_proof")],
    "sent twice": [("tests/integration/test_desk_forms.py", "test_a_double_click_is_done_once")],
    "object references across agencies": [
        (
            "tests/integration/test_desk_petitions.py",
            "test_another_agency_finds_nothing_and_unknown_codes_look_the_same",
        ),
        ("tests/integration/test_desk_petitions.py", "test_files_are_shown_to_those_who_may_see_the_petition"),
        ("tests/integration/test_desk_conversations.py", "test_another_agency_finds_nothing"),
        ("tests/integration/test_desk_dossiers.py", "test_who_sees_it"),
        ("tests/integration/test_desk_ratings.py", "test_leads_see_their_own_agency"),
        (HERE, "test_a_closed_conversation_shows_nothing_of_later"),
        (HERE, "test_steps_on_petitions_of_others"),
        (HERE, "test_no_petition_is_joined_to_one_of_another_agency"),
        (HERE, "test_a_lead_edits_canned_answers_of_the_own_agency_only"),
        (HERE, "test_earlier_petitions_are_those_that_the_officer_may_see"),
    ],
    "stored script": [
        ("tests/integration/test_desk_petitions.py", "test_the_inbox_shows_what_is_new_and_no_script_of_a_citizen"),
        ("tests/integration/test_public_page.py", "test_what_people_write_stays_text"),
        ("tests/integration/test_open311.py", "test_json_and_xml_say_the_same"),
        (HERE, "test_no_script_of_anybody_runs"),
    ],
    "uploads": [
        ("tests/unit/test_attachments.py", "test_what_is_kept"),
        ("tests/unit/test_attachments.py", "test_what_is_refused"),
        ("tests/unit/test_attachments.py", "test_a_picture_is_shown_without_what_stood_in_it"),
        ("tests/unit/test_attachments.py", "test_five_files_and_a_video"),
    ],
    "formulas in exports": [
        ("tests/integration/test_desk_officers.py", "test_no_cell_is_a_formula"),
        (HERE, "test_no_export_holds_a_formula"),
        (HERE, "test_a_spreadsheet_of_petitions_holds_no_formula_and_nobody"),
    ],
    "hidden names": [
        ("tests/integration/test_desk_petitions.py", "test_whose_name_is_hidden"),
        ("tests/integration/test_desk_petitions.py", "test_the_full_contact_is_shown_for_a_reason_that_is_kept"),
        (HERE, "test_another_petition_does_not_tell_whose_name_is_hidden"),
        (HERE, "test_a_conversation_does_not_tell_whose_name_is_hidden"),
    ],
    "petitions of others by their codes": [
        ("tests/integration/test_petitions_of_others.py", "test_the_code_of_somebody_else_says_and_does_nothing"),
        ("tests/integration/test_petitions_of_others.py", "test_a_wrong_check_digit_opens_nothing_of_anybody"),
        ("tests/integration/test_officer_chat.py", "test_others_see_nothing"),
        ("tests/integration/test_officer_chat.py", "test_who_left_is_a_citizen"),
        ("tests/integration/test_officer_chat.py", "test_not_by_sms"),
        ("tests/integration/test_open311.py", "test_others_are_as_if_they_were_not_there"),
    ],
    "chats in other hands": [
        ("tests/contract/test_alert_delivery.py", "test_delivery"),
        ("tests/integration/test_officer_chat.py", "test_after_half_a_day_the_desk_proves_who_it_is"),
        ("tests/integration/test_one_person.py", "test_the_new_holder_of_a_number_gets_nothing_of_the_former_one"),
    ],
    "who rated": [
        ("tests/integration/test_desk_ratings.py", "test_nine_are_shown_to_nobody"),
        ("tests/integration/test_desk_ratings.py", "test_the_rest_gives_nobody_away"),
        ("tests/integration/test_desk_ratings.py", "test_comments_without_who_rated"),
    ],
    "numbers out of range": [(HERE, "test_nothing_breaks_on_numbers_and_days_out_of_range")],
}


@pytest.fixture
async def office(sqlite_engine: SqliteEngine) -> AsyncIterator[Reception]:
    async with reception(sqlite_engine) as found:
        yield found


@pytest.mark.parametrize("attack", PROVEN)
def test_where_it_is_proven(attack: str) -> None:
    root = Path(__file__).parents[2]
    missing = [name for path, name in PROVEN[attack] if f"def {name}(" not in (root / path).read_text("utf-8")]
    assert missing == []


async def page_of(visitor: Visitor, petition: Petition) -> str:
    return (await visitor.get(f"/desk/petitions/{petition.code}", headers=JSON)).text


async def test_another_petition_does_not_tell_whose_name_is_hidden(office: Reception) -> None:
    hidden, _ = await office.given(confidentiality=Confidentiality.NAME_HIDDEN, text=OTHER_MATTER)
    public, officer = await office.given()
    assert hidden.code not in await page_of(officer, public)
    assert public.code not in await page_of(officer, hidden)
    assert hidden.code in await page_of(await office.receptionist(), public)


async def test_earlier_petitions_are_those_that_the_officer_may_see(office: Reception) -> None:
    own, _ = await office.given(text=OTHER_MATTER)
    foreign = await office.sent()
    now, officer = await office.given()
    for visitor, codes in ((officer, {own.code}), (await office.receptionist(), {own.code, foreign.code})):
        earlier = orjson.loads(await page_of(visitor, now))["sender"]["earlier"]
        assert {row["code"] for row in earlier} == codes


async def test_a_conversation_does_not_tell_whose_name_is_hidden(office: Reception) -> None:
    hidden, officer = await office.given(confidentiality=Confidentiality.NAME_HIDDEN)
    office.place.engine.clock.advance(60.0)
    await says(office, TalkToPerson(codes=(f"{office.ward}-260610-0001",)), "cho gap can bo")
    own = await officer.get("/desk/conversations/CB00001", headers=JSON)
    desk = await (await office.receptionist()).get("/desk/conversations/CB00001", headers=JSON)
    assert ("cho gap can bo" in own.text, hidden.code in own.text) == (True, False)
    assert hidden.code in desk.text


async def test_a_closed_conversation_shows_nothing_of_later(office: Reception) -> None:
    await says(office, TalkToPerson(codes=(f"{office.ward}-260610-0001",)), "cho gap can bo")
    officer = await office.visitor("can", OfficerRole.OFFICER, office.ward)
    await officer.get("/desk/conversations/CB00001")
    assert (await officer.post("/desk/conversations/CB00001", version=1, action="close")).status == 303
    office.place.engine.clock.advance(60.0)
    await says(office, Greeting(), "toi hoi viec khac")
    page = await officer.get("/desk/conversations/CB00001", headers=JSON)
    assert ("cho gap can bo" in page.text, "toi hoi viec khac" in page.text) == (True, False)


async def test_steps_on_petitions_of_others(office: Reception) -> None:
    petition, officer = await office.given()
    stranger = await office.visitor("la", OfficerRole.LEAD, office.other)
    own, _ = await office.given(text=OTHER_MATTER)
    stranger_id = (await office.place.parts.book.account_named("la")).officer.id  # type: ignore[union-attr]  # just made
    lead = await office.visitor("chi", OfficerRole.LEAD, office.ward)
    for visitor, fields in [
        (stranger, {"action": "assign", "agency": office.other}),
        (stranger, {"action": "categorise", "category": "MT"}),
        (lead, {"action": "assign", "agency": office.ward, "officer": str(stranger_id)}),
        (lead, {"action": "assign", "agency": office.other}),
    ]:
        await visitor.get("/desk/petitions")
        answered = await visitor.post("/desk/petitions", petition=f"{petition.code}:{petition.version}", **fields)
        assert answered.status == 303
        after = await office.now(petition.code)
        assert (after.agency, after.category, after.state) == (petition.agency, petition.category, petition.state)
        assert after.officer != stranger_id
    for path in ("print", "files/" + "0" * 32):
        foreign = await stranger.get(f"/desk/petitions/{petition.code}/{path}")
        assert foreign.status == 404
    assert (await officer.get(f"/desk/petitions/{own.code}")).status == 200


async def test_after_several_steps_nobody_is_led_away(office: Reception) -> None:
    desk = await office.receptionist()
    for back in ("//evil.example/desk/petitions", "/desk/petitions/../../x", "/desk/petitions\nSet-Cookie: a=b", "x"):
        await desk.get("/desk/petitions")
        answered = await desk.post("/desk/petitions", action="accept", back=back)
        assert (answered.status, answered.location) == (303, "/desk/petitions")


async def test_no_petition_is_joined_to_one_of_another_agency(office: Reception) -> None:
    own, officer = await office.given()
    foreign = await office.sent(text=OTHER_MATTER)
    refused = []
    for case in (foreign.code, "PA26999990"):
        await officer.get(f"/desk/petitions/{own.code}")
        answered = await officer.post(
            f"/desk/petitions/{own.code}/merge", version=own.version, case=case, once=None, preview=None
        )
        refused.append((answered.status, answered.text.count('role="alert"')))
    assert refused == [(422, refused[0][1])] * 2
    assert (await office.now(own.code)).version == own.version


async def test_a_lead_edits_canned_answers_of_the_own_agency_only(office: Reception) -> None:
    admin = await office.visitor("an", OfficerRole.ADMINISTRATOR, office.reception)
    lead = await office.visitor("chi", OfficerRole.LEAD, office.ward)
    text = {"text": "Đèn đã được sửa trong hôm nay.", "summary": "Da sua den"}
    for agency in (office.other, ""):
        await admin.get("/desk/settings/answers")
        await admin.post(
            "/desk/settings/answers", action="save", version="0", title=f"Của {agency}", agency=agency, **text
        )
    everything = orjson.loads((await admin.get("/desk/settings/answers", headers=JSON)).text)["items"]
    assert orjson.loads((await lead.get("/desk/settings/answers", headers=JSON)).text)["items"] == []
    for action in ("save", "remove"):
        for item in everything:
            await lead.get("/desk/settings/answers")
            fields = {"id": str(item["id"]), "version": str(item["version"]), "agency": office.ward}
            tried = await lead.post("/desk/settings/answers", action=action, title="Đã đổi", **fields, **text)
            assert tried.status == 404
    await lead.get("/desk/settings/answers")
    own = await lead.post("/desk/settings/answers", action="save", version="0", title="Mới", agency="", **text)
    assert own.status == 303
    items = orjson.loads((await lead.get("/desk/settings/answers", headers=JSON)).text)["items"]
    assert [item["values"]["agency"] for item in items] == [office.ward]


async def test_no_script_of_anybody_runs(office: Reception) -> None:
    admin = await office.visitor("an", OfficerRole.ADMINISTRATOR, office.reception)
    agency = {"code": "DL.01", "name": f"Điện {SCRIPT}", "short_name": SCRIPT[:20], "kind": "utility", "is_open": "1"}
    canned = {"title": SCRIPT, "text": f'"><img src=x onerror=alert(2)> {SCRIPT}', "summary": SCRIPT}
    for kind, fields in (("agencies", agency), ("answers", canned)):
        await admin.get(f"/desk/settings/{kind}")
        saved = await admin.post(f"/desk/settings/{kind}", action="save", version="0", **fields)
        assert saved.status == 303, saved.text
    petition, officer = await office.given(text=f"{SCRIPT} đèn đường trước số nhà 12 hỏng đã ba hôm nay")
    await officer.get(f"/desk/petitions/{petition.code}")
    noted = await officer.post(f"/desk/petitions/{petition.code}/note", version=petition.version, note=SCRIPT * 2)
    assert noted.status == 303
    await says(office, TalkToPerson(), f"gap can bo {SCRIPT}")
    desk = await office.receptionist()
    for visitor, path in [
        (admin, "/desk/settings/agencies"),
        (admin, "/desk/settings/answers"),
        (admin, "/desk/audit"),
        (officer, f"/desk/petitions/{petition.code}"),
        (officer, f"/desk/petitions/{petition.code}/print"),
        (desk, "/desk/petitions"),
        (desk, f"/desk/petitions?search={SCRIPT}&ward={SCRIPT}"),
        (desk, "/desk/conversations/CB00001"),
    ]:
        page = await visitor.get(path)
        assert page.status == 200
        assert (path, "<script>alert" in page.text, "<img src=x" in page.text) == (path, False, False)


async def test_no_export_holds_a_formula(office: Reception) -> None:
    admin = await office.visitor("an", OfficerRole.ADMINISTRATOR, office.reception)
    await admin.get("/desk/audit")
    await office.place.engine.change(f"UPDATE audit SET subject = '{FORMULA}'")
    table = await admin.post("/desk/audit", action="export")
    assert table.headers["Content-Type"].startswith("text/csv")
    assert "'=HYPERLINK" in table.text
    assert ",=HYPERLINK" not in table.text.replace('"', "")


async def test_a_spreadsheet_of_petitions_holds_no_formula_and_nobody(office: Reception) -> None:
    await office.sent(text=f"{FORMULA} đèn đường hỏng đã ba hôm nay", told_at=(replace(PHONE, address=person()),))
    table = await (await office.receptionist()).get("/desk/petitions/export")
    assert table.headers["Content-Type"].startswith("text/csv")
    cells = [cell for row in csv.reader(table.text.removeprefix("\ufeff").splitlines()) for cell in row]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    assert person().id not in table.text


@pytest.mark.parametrize(
    "path",
    [
        f"/desk/petitions?officer={HUGE}&page={HUGE}",
        f"/desk/audit?before={HUGE}",
        "/desk/audit?until=9999-12-31&since=0001-01-01",
        f"/desk/deliveries?before={HUGE}",
        "/desk/deliveries?until=9999-12-31",
        "/desk/deliveries?until=0001-01-01",
        "/desk/deliveries?direction=in&since=0001-01-01",
        "/desk/ratings?period=9999-99",
    ],
)
async def test_nothing_breaks_on_numbers_and_days_out_of_range(office: Reception, path: str) -> None:
    role = OfficerRole.AUDITOR
    assert (await (await office.visitor("an", role, office.reception)).get(path)).status == 200

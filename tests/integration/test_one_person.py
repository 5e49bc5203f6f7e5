"""Accounts of one person through the whole flow: joined by a code, told on both sides, undone, seen and erased."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.events import PhoneShared
from bot.limits import REPLIES_AN_HOUR
from tests.contract.sessions import until
from tests.integration.lines import OWNER, STRANGER, A, Line

OTHER = "84901234567"


async def code_of(line: Line, sender: str, text: str) -> str:
    found = re.search(r"\b\d{6}\b", await line.ask(sender, text))
    assert found
    return found[0]


async def joined(line: Line) -> None:
    """The stranger's phone is joined with the owner's."""
    code = await code_of(line, OWNER, "LK")
    assert "Da lien ket so nay" in await line.ask(STRANGER, f"LK {code}")
    (told,) = await line.route.replies(OWNER, 5)
    assert "Da lien ket so nay" in told


async def test_a_code_joins_two_accounts_and_opens_what_the_number_may_see(line: Line) -> None:
    assert "Chua co HS nao" in await line.ask(STRANGER, "HSCT")
    await joined(line)
    assert f"moi nhat: {A}" in await line.ask(STRANGER, "HSCT")
    assert "thieu chu ky" in await line.ask(STRANGER, f"NK {A}")


async def test_either_side_undoes_it(line: Line) -> None:
    await joined(line)
    assert "Da huy lien ket" in await line.ask(STRANGER, "HLK")
    (told,) = await line.route.replies(OWNER, 5)
    assert "Da huy lien ket" in told
    assert "Chua co HS nao" in await line.ask(STRANGER, "HSCT")
    assert "chua lien ket" in await line.ask(STRANGER, "HLK")


async def test_after_a_week_it_is_asked_first(line: Line) -> None:
    await joined(line)
    line.clock.advance(timedelta(days=8).total_seconds())
    assert "muon huy lien ket" in await line.ask(STRANGER, "HLK")
    assert "Da huy lien ket" in await line.ask(STRANGER, "1")


async def test_wrong_codes_are_counted_and_end(line: Line) -> None:
    for left in (4, 3, 2, 1):
        assert f"con {left} lan thu" in await line.ask(STRANGER, "LK 000000")
    assert "qua so lan" in await line.ask(STRANGER, "LK 000000")
    code = await code_of(line, OWNER, "LK")
    assert "qua so lan" in await line.ask(STRANGER, f"LK {code}"), "a right code does not help who guesses"


async def test_a_code_works_once_and_not_on_its_own_account(line: Line) -> None:
    code = await code_of(line, OWNER, "LK")
    assert "kenh khac" in await line.ask(OWNER, f"LK {code}")
    assert "Da lien ket" in await line.ask(STRANGER, f"LK {code}")
    await line.route.replies(OWNER, 5)
    assert "sai hoac het han" in await line.ask(OTHER, f"LK {code}")


async def test_a_number_that_the_channel_proved_joins_at_once(line: Line) -> None:
    message = replace(line.route.message(STRANGER, "", line.clock), external_id="shared", event=PhoneShared(OWNER))
    await line.intake.message(message)
    (told,) = await line.route.replies(STRANGER, 5)
    assert "Da lien ket" in told
    assert f"moi nhat: {A}" in await line.ask(STRANGER, "HSCT")


async def test_a_number_is_told_in_its_own_language(line: Line) -> None:
    await line.ask(OWNER, "EN")
    message = replace(line.route.message(STRANGER, "", line.clock), external_id="shared", event=PhoneShared(OWNER))
    await line.intake.message(message)
    (told,) = await line.route.replies(STRANGER, 5)
    assert "Da lien ket" in told
    texts = await line.store.claim_outbound("", 5, line.clock.now())
    assert ["now linked" in text.text for text in texts] == [True]


async def test_what_is_kept_is_told_withdrawn_and_erased(line: Line) -> None:
    await line.ask(STRANGER, A)
    assert "1 ma HS da tra cuu" in await line.ask(STRANGER, "DL")
    assert "Da rut dong y" in await line.ask(STRANGER, "RUT")
    code = await code_of(line, STRANGER, "XOADL")
    assert "chua bi xoa" in await line.ask(OTHER, f"XOADL {code}"), "the code of somebody else"
    assert "Da xoa du lieu" in await line.ask(STRANGER, f"XOADL {code}")
    assert "0 ma HS da tra cuu" in await line.ask(STRANGER, "DL")


async def test_who_has_used_up_his_replies_joins_nobody_unnoticed(line: Line) -> None:
    for number in range(REPLIES_AN_HOUR):
        line.clock.advance(30)
        await line.text(STRANGER, ("HSCT", "TG")[number % 2])
        await until(lambda: not line.worker._running)
    code = await code_of(line, OWNER, "LK")
    await line.text(STRANGER, f"LK {code}")
    (told,) = await line.route.replies(OWNER, 5)
    assert "Da lien ket so nay" in told


@pytest.mark.parametrize("typed", ["LK 0912345678", "LK so cua toi la 0912345678"])
async def test_a_typed_number_joins_nobody(line: Line, typed: str) -> None:
    answer = await line.ask(STRANGER, typed)
    assert "Da lien ket" not in answer
    assert "Chua co HS nao" in await line.ask(STRANGER, "HSCT")


YEAR = timedelta(days=366).total_seconds()


async def test_the_new_holder_of_a_number_gets_nothing_of_the_former_one(line: Line) -> None:
    """The stranger's account is joined with the owner's number, which somebody else gets after a silent year."""
    await joined(line)
    line.clock.advance(YEAR / 2)
    assert f"moi nhat: {A}" in await line.ask(STRANGER, "HSCT"), "who goes on writing from the other account"
    line.clock.advance(YEAR / 2)
    assert f"moi nhat: {A}" not in await line.ask(STRANGER, "HSCT"), (
        "the number opens nothing before it is proved again"
    )
    await line.ask(STRANGER, A)
    await line.text(OWNER, "DL")
    answer, told = await line.route.replies(OWNER, 5), await line.route.replies(STRANGER, 5)
    assert "0 ma HS da tra cuu" in answer[0]
    assert "da duoc tach khoi so nay" in told[0]
    assert "1 ma HS da tra cuu" in await line.ask(STRANGER, "DL"), "the history stays with the person"
    assert "chua lien ket" in await line.ask(OWNER, "HLK")
    assert "Chua co HS nao" in await line.ask(STRANGER, "HSCT")
    code = await code_of(line, OWNER, "LK")
    assert "Da lien ket" in await line.ask(STRANGER, f"LK {code}"), "still the same person: a code joins both again"
    await line.route.replies(OWNER, 5)
    assert f"moi nhat: {A}" in await line.ask(STRANGER, "HSCT")

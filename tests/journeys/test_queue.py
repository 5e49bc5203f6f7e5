"""A turn at the counter by SMS: taken, told of once when it is near, also across a restart, given back."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from bot.clock import VIETNAM, SystemClock
from tests.contract.sessions import until
from tests.gateways import Gateway, gateway_of, one_stop

PHONE, WITNESS = "84912345678", "84987654321"
CENTRE = "/api/v1/queues/H05.22"
IN_PERSON = 10


class Morning(SystemClock):
    """The machine's clock, moved so that it is about ten in the morning: at night nobody is told anything."""

    def __init__(self) -> None:
        now = datetime.now(VIETNAM)
        self._moved = now.replace(hour=10, minute=0) - now

    def now(self) -> datetime:
        return datetime.now(UTC) + self._moved


async def asked(upstream: str, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    async with aiohttp.ClientSession() as http, http.request(method, upstream + path, json=body) as answer:
        return await answer.json()


async def others_come(upstream: str) -> None:
    for number in range(IN_PERSON):
        await asked(upstream, "POST", f"{CENTRE}/tickets", {"request_id": f"in person {number}"})


async def advance(upstream: str, by: int) -> None:
    await asked(upstream, "POST", f"/sandbox/queues/H05.22/advance?by={by}")


async def looked(line: Gateway) -> int:
    assert line.app.turns
    return await line.app.turns.round()


async def test_a_turn_at_the_counter(tmp_path: Path) -> None:
    clock = Morning()
    async with one_stop([]) as upstream:
        await others_come(upstream)
        async with gateway_of(tmp_path, upstream, clock=clock) as line:
            assert await line.operator.deliver(PHONE, b"lay so quay ho tich") == 0
            (taken,) = await line.operator.answers(PHONE)
            assert taken.startswith("So cua Ong/Ba: A013 tai TT PVHCC tinh, con 11 nguoi truoc")
            assert "Se bao khi con 5 nguoi." in taken
            assert await looked(line) == 0
            await advance(upstream, 5)
            assert await looked(line) == 0
            await advance(upstream, 1)
            assert await looked(line) == 1
            _, near = await line.operator.answers(PHONE, 2)
            assert near.startswith("Con 5 nguoi truoc Ong/Ba (so A013) tai TT PVHCC tinh.")
            await advance(upstream, 1)
            assert await looked(line) == 0
            await until(lambda: [row["state"] for row in line.written()] == ["sent"] * 2)
        async with gateway_of(tmp_path, upstream, clock=clock) as line:
            assert await looked(line) == 0
            assert await line.operator.deliver(PHONE, b"con may nguoi nua den luot toi") == 0
            (state,) = await line.operator.answers(PHONE)
            assert state.startswith("So A013 tai TT PVHCC tinh: con 4 nguoi truoc Ong/Ba")
            assert await line.operator.deliver(PHONE, b"huy so") == 0
            _, cancelled = await line.operator.answers(PHONE, 2)
            assert cancelled.startswith("Da tra so A013 tai TT PVHCC tinh")
            assert [row["kind"] for row in line.written()].count("notice") == 1
        assert (await asked(upstream, "GET", f"{CENTRE}?ticket=A013"))["ticket"] is None


async def test_who_refuses_messages_is_not_told(tmp_path: Path) -> None:
    async with one_stop([]) as upstream:
        await others_come(upstream)
        async with gateway_of(tmp_path, upstream, clock=Morning()) as line:
            for number in (PHONE, WITNESS):
                assert await line.operator.deliver(number, b"LAY SO") == 0
                await line.operator.answers(number)
            assert await line.operator.deliver(PHONE, b"TC") == 0
            await line.operator.answers(PHONE, 2)
            await advance(upstream, 10)
            assert await looked(line) == 1
            await line.operator.answers(WITNESS, 2)
            assert len(line.operator.texts_to(PHONE)) == 2


async def test_a_one_stop_system_that_is_away_is_asked_again(tmp_path: Path) -> None:
    async with one_stop([]) as upstream:
        await others_come(upstream)
        async with gateway_of(tmp_path, upstream, clock=Morning()) as line:
            assert await line.operator.deliver(PHONE, b"LAY SO") == 0
            await line.operator.answers(PHONE)
            await asked(upstream, "POST", "/sandbox/faults", {"down": True})
            await advance(upstream, 10)
            assert await looked(line) == 0
            await asked(upstream, "POST", "/sandbox/faults", {"down": False})
            assert await looked(line) == 1
            assert "nguoi truoc Ong/Ba" in (await line.operator.answers(PHONE, 2))[1]


async def test_a_joined_account_that_was_chosen_is_told(tmp_path: Path) -> None:
    async with one_stop([]) as upstream:
        await others_come(upstream)
        async with gateway_of(tmp_path, upstream, clock=Morning()) as line:
            assert await line.operator.deliver(PHONE, b"LK") == 0
            (issued,) = await line.operator.answers(PHONE)
            code = re.findall(r"\d{6}", issued)[0]
            assert await line.operator.deliver(WITNESS, f"LK {code}".encode()) == 0
            await line.operator.answers(WITNESS)
            assert await line.operator.deliver(PHONE, b"lay so quay ho tich") == 0
            await line.operator.answers(PHONE, 3)
            assert await line.operator.deliver(WITNESS, b"KENH") == 0
            await line.operator.answers(WITNESS, 2)
            await advance(upstream, 6)
            assert await looked(line) == 1
            *_, near = await line.operator.answers(WITNESS, 3)
            assert near.startswith("Con 5 nguoi truoc Ong/Ba (so A013)")

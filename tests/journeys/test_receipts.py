"""Delivery receipts through the whole gateway: however ids are written, whenever they come, a state never moves backwards."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import VIETNAM
from tests.contract.sessions import until
from tests.gateways import gateway
from tests.smsc import Frame, Peer, deliver_sm

DAY = datetime.now(VIETNAM) - timedelta(days=3)
CODE, OTHER = (f"H05.12-{DAY:%y%m%d}-{number:04d}" for number in (1, 2))
ROWS = [{"code": code, "status": 2} for code in (CODE, OTHER)]
PHONE, WITNESS = "84912345678", "84987654321"
RECEIPT = 0x04


def text(message_id: str, state: str = "DELIVRD") -> bytes:
    return f"id:{message_id} sub:001 dlvrd:001 submit date:2606100900 done date:2606100901 stat:{state} err:000 text:HS".encode()


@dataclass(frozen=True)
class Case:
    label: str
    given: str
    """The id in submit_sm_resp."""
    receipts: Sequence[bytes]
    state: str = "delivered"
    format: str = "same"
    before: bool = False
    """The receipts come before the response."""
    options: dict[str, Any] = field(default_factory=dict)


def tlvs(message_id: str, state: int) -> dict[str, Any]:
    return {"tlvs": [(0x001E, message_id.encode() + b"\0"), (0x0427, bytes((state,)))]}


CASES = [
    Case("the same id", "0000AB12", [text("0000AB12")]),
    Case("other zeros, other case", "0000AB12", [text("ab12")]),
    Case("hexadecimal, then decimal", "1F", [text("0000000031")], format="resp_hex"),
    Case("decimal, then hexadecimal", "31", [text("0000001F")], format="resp_dec"),
    Case("before the response", "77", [text("77")], before=True),
    Case("all before the response", "77", [text("77", "ENROUTE"), text("77"), text("77", "ACCEPTD")], before=True),
    Case("only parameters", "AB", [b""], options=tlvs("AB", 2)),
    Case("parameters win over the text", "AB", [text("AB", "UNDELIV")], options=tlvs("AB", 2)),
    Case("only parameters: failed", "AB", [b""], state="undelivered", options=tlvs("AB", 5)),
    Case("refused", "AB", [text("AB", "REJECTD")], state="undelivered"),
    Case("on its way only", "AB", [text("AB", "ENROUTE")], state="sent"),
    Case("never backwards", "AB", [text("AB"), text("AB", "ENROUTE"), text("AB", "EXPIRED")]),
    Case("twice", "AB", [text("AB"), text("AB")]),
    Case("a word that nobody knows", "AB", [text("AB", "SOON")], state="sent"),
    Case("an id that nobody knows", "AB", [text("AC")], state="sent"),
    Case("unreadable", "AB", [b"\xff\xfe\0"], state="sent"),
    Case("no id was given", "", [text("0"), text("")], state="sent"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
async def test_what_becomes_of_an_answer(case: Case, tmp_path: Path) -> None:
    receipts = [
        deliver_sm(1000 + number, PHONE, octets, esm_class=RECEIPT, **case.options)
        for number, octets in enumerate(case.receipts)
    ]

    def accept(peer: Peer, submit: Frame, message_id: str) -> None:
        if CODE.encode() not in submit.body:
            peer.accept(submit, f"other{message_id}")
        elif case.before:
            peer.send(*receipts)
            peer.accept(submit, case.given)
        else:
            peer.accept(submit, case.given)
            peer.send(*receipts)

    lines = f'receipts = "all"\ndlr_id_format = "{case.format}"'
    async with gateway(tmp_path, ROWS, smpp=lines) as line:
        line.operator.accept = accept
        assert await line.operator.deliver(PHONE, CODE.encode()) == 0
        await line.operator.answers(PHONE)
        assert await line.operator.acknowledged(len(receipts)) == [0] * len(receipts)
        assert len(line.stored()) == 1, "a receipt is no text"
        assert await line.operator.deliver(WITNESS, OTHER.encode()) == 0
        await line.operator.answers(WITNESS)
    assert [row["state"] for row in line.written() if CODE in row["text"]] == [case.state]


async def test_a_citizen_may_write_like_a_receipt(tmp_path: Path) -> None:
    async with gateway(tmp_path, ROWS) as line:
        assert await line.operator.deliver(PHONE, f"id: {CODE} stat: the nao roi".encode()) == 0
        assert CODE in (await line.operator.answers(PHONE))[0]


@pytest.mark.parametrize(
    ("status", "ends", "times"),
    [(0, "sent", 1), (0x64, "sent", 2), (0x0B, "failed", 1)],
    ids=["accepted", "refused for now", "refused"],
)
async def test_a_response_that_comes_late(status: int, ends: str, times: int, tmp_path: Path) -> None:
    waiting: list[tuple[Peer, Frame]] = []

    def keep(peer: Peer, submit: Frame, _message_id: str) -> None:
        waiting.append((peer, submit))

    async with gateway(tmp_path, ROWS, smpp="response_timeout_s = 0.5") as line:
        line.operator.accept = keep
        assert await line.operator.deliver(PHONE, CODE.encode()) == 0
        await until(lambda: [row["state"] for row in line.written()] == ["in_doubt"])
        ((peer, submit),) = waiting
        if status:
            peer.reject(submit, status)
        else:
            peer.accept(submit, "1f")
        line.operator.accept = Peer.accept
        await until(lambda: line.written()[0]["state"] == ends)
        assert await line.operator.deliver(WITNESS, OTHER.encode()) == 0
        await line.operator.answers(WITNESS)
        await until(lambda: '"event":"smpp late response"' in line.log.getvalue())
        assert len(line.operator.texts_to(PHONE)) == times
        assert not line.written()[0]["possible_duplicate"]

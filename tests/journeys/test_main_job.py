"""The main job on real input: an SMSC nobody here wrote, the real program, the sandbox one-stop over HTTP, 1,000 texts."""

import asyncio
import json
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import smpp34

from tests import processes
from tests.journeys.checker import Verdict, judge
from tests.journeys.phones import as_parts, decomposed

VIETNAM = timezone(timedelta(hours=7))
NUMBERS = 250
TEXTS = 1000
DOSSIERS = 1000
AT_ONCE = 16
FORMS = (
    "{code}",
    "HS {code}",
    "tra cuu {lower}",
    "Tra cứu {code}.",
    "TC {code}",
    "cho em hoi ho so {code} xong chua a",
    "Cho tôi hỏi hồ sơ {code} đã xong chưa ạ? Cảm ơn.",
    "mã hồ sơ: {spaced}",
    "({code})",
    (
        "Kinh gui bo phan mot cua, toi ten la An, toi nop ho so tu thang truoc ma den nay chua thay thong bao gi, "
        "nho anh chi xem giup toi ho so so {code} hien dang o dau va bao gio thi co ket qua, xin cam on anh chi rat nhieu"
    ),
    "Kính gửi bộ phận một cửa, tôi nộp hồ sơ đã lâu mà chưa thấy thông báo, nhờ anh chị xem giúp hồ sơ {code} đang ở đâu ạ",
)


@dataclass(frozen=True)
class Sent:
    """One text of a citizen and the dossier it asks for."""

    number: str
    code: str
    text: str


def made_dossiers(now: datetime) -> list[dict[str, Any]]:
    """Every state, due before, on and after today; weekends too."""
    chance = random.Random(5)
    rows = []
    for index in range(DOSSIERS):
        received = now - timedelta(days=chance.randint(1, 60))
        due = now.replace(hour=17, minute=0, second=0, microsecond=0) + timedelta(days=chance.randint(-20, 30))
        rows.append(
            {
                "code": f"H05.{chance.randint(10, 110)}-{received:%y%m%d}-{index + 1:04d}",
                "status": index % 10 + 1,
                "received_at": received.isoformat(),
                "due_at": due.isoformat(),
            }
        )
    return rows


def made_texts(rows: list[dict[str, Any]]) -> list[Sent]:
    chance = random.Random(6)
    numbers = [f"849{chance.randint(10_000_000, 89_999_999)}" for _ in range(NUMBERS)]
    texts = []
    for index in range(TEXTS):
        code = rows[index % len(rows)]["code"]
        if index % 50 == 49:
            code = f"H05.1-{code.split('-')[1]}-{9000 + index:04d}"
        written = FORMS[index % len(FORMS)].format(code=code, lower=code.lower(), spaced=code.replace("-", " - "))
        texts.append(Sent(numbers[index % NUMBERS], code, decomposed(written) if index % 7 == 3 else written))
    return texts


class Operator:
    """The foreign SMSC: delivers texts to whoever is bound and keeps what comes back."""

    def __init__(self, server: smpp34.Server) -> None:
        self._server = server
        self.received: dict[str, list[str]] = defaultdict(list)
        self.statuses: Counter[int] = Counter()
        self.bound: asyncio.Future[smpp34.Esme] = asyncio.get_running_loop().create_future()
        self.news = asyncio.Event()

    async def listen(self) -> None:
        count = 0
        while (event := await self._server.next()) is not None:
            if isinstance(event, smpp34.SubmitSmEvent):
                count += 1
                text = event.short_message.decode("ascii" if event.data_coding == 0 else "utf-16-be")
                self.received[event.destination_addr].append(text)
                event.accept(f"{count:08x}")
                self.news.set()
            elif isinstance(event, smpp34.Esme) and not self.bound.done():
                self.bound.set_result(event)

    async def deliver(self, sent: Sent, reference: int) -> None:
        esme = await self.bound
        parts = as_parts(sent.text, reference)
        for part in reversed(parts) if reference % 2 else parts:
            response = await esme.deliver_sm(
                source_addr=sent.number,
                source_addr_ton=1,
                source_addr_npi=1,
                destination_addr="8283",
                esm_class=part.esm_class,
                data_coding=part.data_coding,
                short_message=part.octets,
            )
            self.statuses[response.command_status] += 1

    def total(self) -> int:
        return sum(len(texts) for texts in self.received.values())


@pytest.fixture
async def operator(unused_tcp_port: int) -> AsyncIterator[tuple[Operator, int]]:
    server = smpp34.Server(host="127.0.0.1", port=unused_tcp_port, system_id="SMSC")
    await server.start()
    operator = Operator(server)
    listening = asyncio.create_task(operator.listen())
    yield operator, unused_tcp_port
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await server.stop()


async def test_a_thousand_texts_are_answered_once_and_rightly(operator: tuple[Operator, int], tmp_path: Path) -> None:
    smsc, smsc_port = operator
    now = datetime.now(VIETNAM)
    rows = made_dossiers(now)
    data = tmp_path / "dossiers.json"
    data.write_text(json.dumps({"dossiers": rows}), encoding="utf-8")
    one_stop = await processes.start(
        "sandbox", "onestop", "--port", "0", "--data", str(data), log=tmp_path / "one-stop.log"
    )
    config = processes.write_config(tmp_path, smsc_port=smsc_port, upstream=one_stop.address)
    gateway = await processes.start("serve", "--config", str(config), log=tmp_path / "gateway.log")
    try:
        texts = made_texts(rows)
        await deliver_all(smsc, texts)
        async with asyncio.timeout(60):
            while smsc.total() < len(texts):
                smsc.news.clear()
                await smsc.news.wait()
        assert set(smsc.statuses) == {0}
        assert not wrong_answers(smsc, texts, rows, now)
        assert smsc.total() == len(texts)
        assert await gateway.stop() == 0
    finally:
        await gateway.kill()
        await one_stop.stop()
    assert_no_number_was_logged(tmp_path / "gateway.log", texts)


async def deliver_all(smsc: Operator, texts: list[Sent]) -> None:
    """Several at once, but one after another for each phone, as people do."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def phone(own: list[tuple[int, Sent]]) -> None:
        for reference, sent in own:
            async with gate:
                await smsc.deliver(sent, reference)

    by_number: defaultdict[str, list[tuple[int, Sent]]] = defaultdict(list)
    for reference, sent in enumerate(texts):
        by_number[sent.number].append((reference, sent))
    async with asyncio.TaskGroup() as group:
        for own in by_number.values():
            group.create_task(phone(own))


def wrong_answers(
    smsc: Operator, texts: list[Sent], rows: list[dict[str, Any]], now: datetime
) -> list[tuple[str, str, Verdict]]:
    known = {row["code"]: row for row in rows}
    wrong = []
    for sent in texts:
        about = [answer for answer in smsc.received[sent.number] if sent.code in answer]
        verdict = (
            judge(about[0], sent.code, known.get(sent.code), now.date())
            if len(about) == 1
            else Verdict(right=False, why=f"{len(about)} answers")
        )
        if not verdict.right:
            wrong.append((sent.text, about[0] if about else "", verdict))
    return wrong


def assert_no_number_was_logged(log: Path, texts: list[Sent]) -> None:
    written = log.read_text()
    assert not [sent.number for sent in texts if sent.number in written or sent.number[2:] in written]

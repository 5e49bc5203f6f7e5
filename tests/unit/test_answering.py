"""From a text to what we answer, and that it ends in time."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.answering import Answerer, OneStopSystems
from bot.calendar import WorkingCalendar
from bot.clock import FixedClock
from bot.intent import Ask, AskForHelp, LookUpDossier, LookUpLog, NotUnderstood
from bot.limits import Limits
from bot.model import Address, ChannelName, Contact, InboundMessage, Language, Office
from bot.punctual import Punctual
from bot.render import Renderer
from bot.understanding.keywords import BUILT
from dossier_client.models import Dossiers, Found, Lookup, Unavailable
from tests.unit.worlds import NOW, OWNER, A, Remembered, Systems, contact, dossier

RENDERER = Renderer(Office(), BUILT)


def answerer(
    systems: Dossiers, background: Dossiers | None = None, without_buttons: frozenset[ChannelName] = frozenset()
) -> Answerer:
    return Answerer(
        office=Office(),
        renderer=RENDERER,
        systems=OneStopSystems(dossiers=systems, background=background or systems),
        memory_of=lambda _: Remembered(),
        limits=Limits(),
        calendar=WorkingCalendar(),
        clock=FixedClock(NOW),
        without_buttons=without_buttons,
    )


def message(text: str, person: Contact) -> InboundMessage:
    return InboundMessage(sender=person.address, recipient="8283", text=text, received_at=NOW, route="smpp:telco")


async def test_a_text_becomes_an_answer() -> None:
    answer = await answerer(Systems(dossier())).answer(message(f"hs {A}", contact()), contact())
    assert answer.intent == LookUpDossier((A,))
    assert answer.texts == (f"HS {A}: UBND P. Vo Cuong dang xu ly, hen tra ket qua 17/06/2026 (con 5 ngay lam viec).",)


async def test_a_new_language_is_spoken_at_once() -> None:
    answer = await answerer(Systems()).answer(message("EN", contact()), contact())
    assert answer.texts[0].startswith("Language set to English.")
    english = contact(language=Language.ENGLISH)
    assert (await answerer(Systems()).answer(message("VN", english), english)).texts[0].startswith("Da chuyen")


@pytest.mark.parametrize("channel", [channel for channel in ChannelName if channel is not ChannelName.SMS])
async def test_in_chat_an_address_is_no_proven_phone(channel: ChannelName) -> None:
    person = Contact(id=bytes(16), address=Address(channel, OWNER))
    answer = await answerer(Systems(dossier())).answer(message("HSCT", person), person)
    assert "nhắn HSCT" in answer.texts[0] or "soạn HSCT" in answer.texts[0]


async def test_chats_show_buttons_or_number_them() -> None:
    person = Contact(id=bytes(16), address=Address(ChannelName.ZALO, "551"))
    shown = await answerer(Systems(dossier())).answer(message(A, person), person)
    assert [button.action for button in shown.contents[0].buttons] == [f"nk:{A}"]
    without = answerer(Systems(dossier()), without_buttons=frozenset({ChannelName.ZALO}))
    numbered = await without.answer(message(A, person), person)
    assert numbered.contents[0].buttons == ()
    assert numbered.texts[0].endswith("\n1. Quá trình xử lý")
    (question,) = [write.question for write in numbered.outcome.writes if isinstance(write, Ask)]
    steps = await without.answer(message("1", person), replace(person, question=question))
    assert steps.intent == LookUpLog(A)


async def test_silence_is_an_answer_without_texts() -> None:
    answer = await answerer(Systems()).answer(message("👍", contact()), contact())
    assert (answer.outcome.replies, answer.texts) == ((), ())


async def test_late_answers_use_the_background_lane() -> None:
    front, back = Systems(), Systems(dossier())
    late = await answerer(front, back).late(A, NOW - timedelta(hours=1), contact())
    assert late is not None
    assert late[1][0].text.startswith("Tra loi yeu cau luc 08:00: HS ")
    assert front.asked == []
    assert await answerer(front, Systems(down=True)).late(A, NOW, contact()) is None


async def test_texts_that_mean_nothing_and_help() -> None:
    known = answerer(Systems())
    assert isinstance((await known.answer(message("abc", contact()), contact())).intent, NotUnderstood)
    assert isinstance((await known.answer(message("", contact()), contact())).intent, AskForHelp)


class Slow(Systems):
    """Answers a look-up; everything after it hangs."""

    async def verify(self, code: str, id_last4: str) -> Unavailable:
        del code, id_last4
        return await asyncio.Future()

    async def by_phone(self, phone: str) -> Unavailable:
        del phone
        return await asyncio.Future()

    async def history(self, code: str) -> Unavailable:
        del code
        return await asyncio.Future()


async def test_one_deadline_for_all_that_is_asked_for_a_message() -> None:
    slow = Punctual(Slow(dossier()), seconds=0.05)
    assert await slow.verify(A, "1234") == Unavailable("")
    assert await slow.by_phone(OWNER) == Unavailable("")
    assert await slow.history(A) == Unavailable("")


class Together(Systems):
    """Gives an answer only when three codes are asked for at the same time."""

    def __init__(self) -> None:
        super().__init__()
        self.barrier = asyncio.Barrier(3)

    async def find(self, code: str) -> Lookup:
        await self.barrier.wait()
        return Found(replace(dossier(), code=code), NOW, "bacninh")


async def test_the_codes_of_a_message_are_asked_for_at_the_same_time() -> None:
    codes = [f"H05.{unit}-260610-0001" for unit in (1, 2, 3)]
    async with asyncio.timeout(5):
        answer = await answerer(Together()).answer(message(" ".join(codes), contact()), contact())
    assert [text[3 : 3 + len(code)] for text, code in zip(answer.texts, codes, strict=True)] == codes

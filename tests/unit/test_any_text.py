"""Whatever anybody writes, in any language and on any channel: an answer without a hole, by SMS in one plain segment."""

import asyncio
import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering import Answer, Answerer, OneStopSystems
from bot.calendar import WorkingCalendar
from bot.clock import FixedClock
from bot.intent import Ask
from bot.limits import Limits
from bot.memory import NoMemory
from bot.model import Address, ChannelName, Contact, InboundMessage, Language, Office, Question
from bot.render import Renderer
from bot.understanding.keywords import BUILT, TABLE
from bot.understanding.names import NAMES, intent_name, slots
from bot.understanding.phrases import phrases
from tests.unit.test_render import GSM_BASIC
from tests.unit.worlds import ABSENT, DOWN, FAR, NOW, A, B, Systems

PROVINCE = Systems()
ANSWERER = Answerer(
    office=Office(),
    renderer=Renderer(Office(), BUILT),
    systems=OneStopSystems(dossiers=PROVINCE, background=PROVINCE),
    memory_of=lambda _contact: NoMemory(),
    limits=Limits(enabled=False),
    calendar=WorkingCalendar(),
    clock=FixedClock(NOW),
)
SENTENCES = [sentence for examples in phrases("intents").values() for sentence in examples]
WORDS = [word for row in TABLE for word in (row.word, *row.aliases)]
PIECES = st.one_of(
    st.sampled_from(SENTENCES),
    st.sampled_from(WORDS),
    st.sampled_from([A, B, ABSENT, FAR, DOWN, "H05.12-261399-0001", "PA26005442", "0912345678", "1", "5", "1234"]),
    st.text(max_size=30),
)
TEXTS = st.lists(PIECES, min_size=1, max_size=4).map(" ".join) | st.text(max_size=300)
QUESTIONS = st.none() | st.builds(
    Question,
    kind=st.sampled_from(
        [
            "choose_code",
            "choose_log",
            "confirm_stop",
            "confirm_resume",
            "confirm_command",
            "choose_meaning",
            "choose_intent",
        ]
    ),
    options=st.lists(st.sampled_from([A, "HS", "subscribe", "opt_out", "procedure_question", "?"]), min_size=2).map(
        tuple
    ),
    asked_at=st.just(NOW),
    expires_at=st.just(NOW + timedelta(minutes=10)),
)
HOLE = re.compile(r"\bNone\b|\{[{%]|[}%]\}|Undefined|\bFalse\b|\bTrue\b")


def says(text: str, channel: ChannelName, language: Language, question: Question | None) -> Answer:
    person = Contact(id=b"x" * 16, address=Address(channel, "84987654321"), language=language, question=question)
    message = InboundMessage(sender=person.address, recipient="8283", text=text, received_at=NOW, route="")
    return asyncio.run(ANSWERER.answer(message, person))


@given(TEXTS, st.sampled_from(ChannelName), st.sampled_from(Language), QUESTIONS)
def test_any_text_gets_a_whole_answer(
    text: str, channel: ChannelName, language: Language, question: Question | None
) -> None:
    answer = says(text, channel, language, question)
    assert intent_name(answer.intent) in NAMES.values()
    assert None not in slots(answer.intent).values()
    assert len(answer.texts) <= 3
    for told in answer.texts:
        assert told.strip()
        assert not HOLE.search(told) or HOLE.search(text)
        if channel is ChannelName.SMS:
            assert len(told) <= 160
            assert set(told) <= GSM_BASIC


@given(TEXTS, st.sampled_from(["1", "2", "3", "0", "co", "khong"]))
def test_any_question_of_ours_takes_an_answer(text: str, reply: str) -> None:
    asked = says(text, ChannelName.SMS, Language.VIETNAMESE, None)
    for write in asked.outcome.writes:
        if isinstance(write, Ask):
            assert says(reply, ChannelName.SMS, Language.VIETNAMESE, write.question).texts is not None


@pytest.mark.parametrize("name", sorted(set(NAMES.values())))
def test_phrases_of_every_intent_are_answered(name: str) -> None:
    for text in phrases("intents")[name][::40]:
        says(text, ChannelName.SMS, Language.ENGLISH, None)

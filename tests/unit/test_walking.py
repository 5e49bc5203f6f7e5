"""Walking through the numbers of a day is stopped, however it is typed; a person with a wrong number is not hurt."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.understanding.codes import OFFICE, Person, shown
from benchmarks.understanding.universe import Universe
from bot.answering import Answer, Answerer, OneStopSystems
from bot.calendar import WorkingCalendar
from bot.clock import FixedClock
from bot.limits import Limits
from bot.memory import NoMemory
from bot.model import Address, ChannelName, Contact, InboundMessage

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
STEP = timedelta(seconds=40)
LEARNED = 10
"""So many dossiers of one unit and day one sender may see."""


class Phone:
    """Somebody with limits, who writes at any time."""

    def __init__(self, limits: Limits, number: str = "84988777666") -> None:
        self._limits = limits
        self._address = Address(ChannelName.SMS, number)

    async def says(self, text: str, at: datetime) -> Answer:
        """The answer at that time."""
        universe = Universe()
        answerer = Answerer(
            office=OFFICE,
            renderer=Person.renderer,
            systems=OneStopSystems(dossiers=universe, background=universe),
            memory_of=lambda _contact: NoMemory(),
            limits=self._limits,
            calendar=WorkingCalendar(),
            clock=FixedClock(at),
        )
        key = self._address.id.encode().ljust(16)
        message = InboundMessage(sender=self._address, recipient="8283", text=text, received_at=at, route="")
        return await answerer.answer(message, Contact(id=key, address=self._address))


async def seen_by(phone: Phone, texts: Sequence[str], step: timedelta) -> set[str]:
    """All dossiers whose state was told."""
    answers = [await phone.says(text, NOON + step * place) for place, text in enumerate(texts)]
    return set().union(*map(shown, answers))


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("H05.12-260610-{:04d}".format, id="codes"),
        pytest.param("H05.12-260610-{}".format, id="without zeros"),
        pytest.param("h05 12 10/6/2026 {:04d}".format, id="written dates"),
        pytest.param("TC h05 cham 12 gach 260610 gach {:04d}".format, id="spoken"),
        pytest.param("NK H05.12-260610-{:04d}".format, id="the steps"),
        pytest.param(lambda number: f"H05.12-260610-{number:04d}, H05.12-260610-{number + 30:04d}", id="two at once"),
    ],
)
@pytest.mark.parametrize(
    ("stride", "step"),
    [
        pytest.param(1, STEP, id="fast"),
        pytest.param(7, STEP, id="in strides"),
        pytest.param(1, timedelta(minutes=25), id="slowly"),
    ],
)
async def test_a_walk_ends(typed: Callable[[int], str], stride: int, step: timedelta) -> None:
    texts = [typed(1 + stride * place) for place in range(20)]
    assert len(await seen_by(Phone(Limits()), texts, step)) <= LEARNED + 1


async def test_a_walk_through_numbers_that_do_not_exist_ends() -> None:
    texts = [f"H05.12-260610-{5000 + place}" for place in range(12)] + ["H05.13-260610-0001"]
    assert await seen_by(Phone(Limits()), texts, STEP) == set()


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(["H05.12-260610-0002", "H05.12-260610-0001"], id="one wrong number first"),
        pytest.param([f"H05.12-260610-000{number}" for number in (3, 2, 4, 1)], id="three wrong numbers first"),
        pytest.param(
            ["H05.12-260610-9001", "H05.12-260610-9002", "H05.12-260610-0001"], id="numbers that do not exist"
        ),
        pytest.param(["H05.12-260610-0001"] * 15, id="the same again and again"),
        pytest.param([f"H05.{unit}-260610-0001" for unit in range(15, 0, -1)], id="one of each of many units"),
    ],
)
async def test_who_does_not_walk_is_answered_to_the_end(texts: list[str]) -> None:
    phone = Phone(Limits())
    answers = [await phone.says(text, NOON + STEP * place) for place, text in enumerate(texts)]
    assert shown(answers[-1]) == {texts[-1]}


async def test_all_readings_of_one_text_are_one_look_up() -> None:
    phone = Phone(Limits())
    answers = [await phone.says("H05.12-260610-1", NOON + STEP * place) for place in range(21)]
    assert [bool(shown(answer)) for answer in answers] == [*[True] * 20, False]


async def test_several_senders_each_have_limits_of_their_own() -> None:
    """What the limits do not cover: many senders who share one walk."""
    limits = Limits()
    seen = [
        await Phone(limits, f"8498877766{sender}").says(f"H05.12-260610-{sender:04d}", NOON) for sender in range(1, 10)
    ]
    assert all(map(shown, seen))

"""Turns at the counters: taken, asked about, given back, changed, and what is said when that cannot be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.intent import DropTicket, KeepTicket, Outcome, Write
from bot.intents import decide
from bot.intents.world import World
from bot.model import Contact, Ticket
from bot.wishes import QueueAction, QueueTicket
from dossier_client.models import Unavailable, Unit
from dossier_client.queues import GivenBack, NoQueue, NoQueues, Queue, QueueClosed, Queues
from tests.unit.worlds import NOW, Remembered, contact, world

CENTRE, WARD = "H05.22", "H05.179"
HELD = Ticket(unit_code=CENTRE, unit_name="Trung tâm", number="A013", taken_at=NOW, is_open=True)


class Line:
    """One line in memory; *ahead* is told of every ticket."""

    def __init__(self, ahead: int | None = 12, *, closed: bool = False, down: bool = False) -> None:
        self.ahead = ahead
        self.closed = closed
        self.down = down
        self.asked: list[str] = []

    async def state(self, unit_code: str, ticket: str | None = None) -> Queue | NoQueue | Unavailable:
        self.asked.append(f"state {unit_code} {ticket}")
        return Unavailable("bacninh") if self.down else self._queue(ticket)

    async def take(self, unit_code: str, request_id: str) -> Queue | NoQueue | QueueClosed | Unavailable:
        self.asked.append(f"take {unit_code} {request_id}")
        if self.down:
            return Unavailable("bacninh")
        return QueueClosed() if self.closed else self._queue("A020")

    async def give_back(self, unit_code: str, ticket: str) -> GivenBack | NoQueue | Unavailable:
        self.asked.append(f"give_back {unit_code} {ticket}")
        return Unavailable("bacninh") if self.down else GivenBack()

    def _queue(self, ticket: str | None) -> Queue:
        ahead = self.ahead if ticket else None
        return Queue(unit=Unit(), ticket=ticket, now_serving="A001", ahead=ahead, waiting=13, is_open=not self.closed)


def around(line: Queues, tickets: Sequence[Ticket] = (), person: Contact | None = None) -> World:
    return replace(world(person, memory=Remembered(tickets=tickets)), queues=line)


async def said(action: QueueAction, text: str, there: World) -> Outcome:
    return await decide(QueueTicket(action, text), there)


def kept(unit: str = CENTRE, name: str = "Trung tâm Phục vụ hành chính công tỉnh", *, tell: bool = True) -> KeepTicket:
    midnight = NOW.replace(hour=17)
    return KeepTicket(unit_code=unit, unit_name=name, number="A020", valid_until=midnight, tell_when_near=tell)


@dataclass(frozen=True)
class Case:
    label: str
    action: QueueAction
    text: str
    template: str
    line: Queues
    tickets: tuple[Ticket, ...] = ()
    writes: tuple[Write, ...] = ()


TAKE, STATUS, CANCEL, CHANGE = QueueAction.TAKE, QueueAction.STATUS, QueueAction.CANCEL, QueueAction.CHANGE
DROPPED = DropTicket(CENTRE, "A013")
RETURNED = replace(HELD, is_open=False)
CASES = [
    Case("taken", TAKE, "lay so quay ho tich", "queue.taken", Line(), (), (kept(),)),
    Case("near already", TAKE, "lay so", "queue.taken", Line(5), (), (kept(tell=False),)),
    Case("has one", TAKE, "lay so", "queue.state", Line(), (HELD,)),
    Case("gave one back", TAKE, "lay so", "queue.taken", Line(), (RETURNED,), (kept(),)),
    Case("five a day", TAKE, "lay so", "queue.limit", Line(), (RETURNED,) * 5),
    Case("closed", TAKE, "lay so", "queue.closed", Line(closed=True)),
    Case("no queue", TAKE, "lay so", "queue.not_here", NoQueues()),
    Case("down", TAKE, "lay so", "queue.down", Line(down=True)),
    Case("a question", TAKE, "lấy số ở đâu", "queue.none", Line()),
    Case("tomorrow", TAKE, "đặt lịch sáng mai", "queue.today_only", Line()),
    Case("today", TAKE, "lấy số hôm nay", "queue.taken", Line(), (), (kept(),)),
    Case("another body", TAKE, "lấy số ở bệnh viện", "office.elsewhere", Line()),
    Case("state", STATUS, "con may nguoi nua", "queue.state", Line(), (HELD,)),
    Case("state without a ticket", STATUS, "dang goi so may", "queue.none", Line()),
    Case("state of a closed line", STATUS, "dang goi so may", "queue.closed", Line(closed=True)),
    Case("state, down", STATUS, "so cua toi", "queue.down", Line(down=True), (HELD,)),
    Case("given back", CANCEL, "huy so", "queue.cancelled", Line(), (HELD,), (DROPPED,)),
    Case("given back, down", CANCEL, "huy so", "queue.down", Line(down=True), (HELD,)),
    Case("nothing to give back", CANCEL, "huy so", "queue.none", Line()),
    Case("changed", CHANGE, "doi so", "queue.changed", Line(), (HELD,), (DROPPED, kept())),
    Case("nothing to change", CHANGE, "doi so", "queue.none", Line()),
    Case("changed, closed", CHANGE, "doi so", "queue.closed", Line(closed=True), (HELD,)),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
async def test_what_is_said_and_kept(case: Case) -> None:
    outcome = await said(case.action, case.text, around(case.line, case.tickets))
    assert [reply.template for reply in outcome.replies] == [case.template]
    assert tuple(write for write in outcome.writes if isinstance(write, KeepTicket | DropTicket)) == case.writes


async def test_a_repeated_wish_is_the_same_request() -> None:
    """The answer was lost: the ticket was not stored, so the next wish must get the same one."""
    line = Line()
    for _ in range(2):
        await said(TAKE, "lay so", around(line))
    await said(TAKE, "lay so", around(line, (RETURNED,)))
    await said(TAKE, "lay so", around(line, person=contact("84911111111")))
    requests = [asked.split()[-1] for asked in line.asked]
    assert requests[0] == requests[1]
    assert len(set(requests)) == 3


async def test_who_wants_no_messages_is_promised_none() -> None:
    outcome = await said(TAKE, "lay so", around(Line(), person=contact(opted_out_at=NOW - timedelta(days=1))))
    assert outcome.writes[0] == kept(tell=False)
    assert outcome.replies[0].values["will_tell"] is False


@pytest.mark.parametrize(
    ("text", "number"),
    [("huy so", "B002"), ("huy so a013", "A013"), ("huy so o trung tam hanh chinh cong", "A013")],
)
async def test_which_of_two_tickets(text: str, number: str) -> None:
    newest = replace(HELD, unit_code="H05.9", number="B002")
    outcome = await said(CANCEL, text, around(Line(), (newest, HELD)))
    assert outcome.replies[0].values["ticket"] == number


async def test_a_ticket_that_was_passed_over() -> None:
    outcome = await said(STATUS, "so cua toi", around(Line(None), (HELD,)))
    assert outcome.replies[0].values["ahead"] is None

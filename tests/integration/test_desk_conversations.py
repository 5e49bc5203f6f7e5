"""A person who wants an officer: asked for by message, taken, answered, told to the head, closed; through the real store and listener."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from bot.conversations import Conversation, ConversationState
from bot.intent import AskForHelp, Greeting, Intent, LookUpDossier, NotUnderstood, Outcome, StopNotices
from bot.intents import decide
from bot.intents.petition_world import KeptFiles, Petitions
from bot.model import ChannelName, Destination
from bot.officers import OfficerRole
from bot.petition_memory import StoredPetitions
from bot.petitions.record import StoredFile
from bot.store.port import Decision
from bot.wishes import TalkToPerson
from tests.contract.store_engines import SqliteEngine, claimed, person, text
from tests.petition_desk import Reception, reception
from tests.unit.petition_samples import PHONE
from tests.unit.worlds import Remembered, world

HERE = Destination(person(), PHONE.source, PHONE.route)


@pytest.fixture
async def office(sqlite_engine: SqliteEngine) -> AsyncIterator[Reception]:
    async with reception(sqlite_engine) as found:
        yield found


class WithPetitions(Remembered):
    """The memory of the tests, with the conversation of the store."""

    def __init__(self, own: Petitions) -> None:
        super().__init__()
        self.petitions = own


async def says(office: Reception, intent: Intent, words: str) -> Outcome:
    """What the bot makes of it, stored as the worker does."""
    now = office.place.engine.clock.now()
    row = await claimed(office.store, text(words, at=now))
    own = StoredPetitions(office.store, row.contact, office.petitions.data, files=NoFiles())
    outcome = await decide(intent, replace(world(row.contact, memory=WithPetitions(own), now=now), here=HERE))
    await office.store.decide(Decision(inbound=row, at=now, writes=outcome.writes))
    return outcome


class NoFiles:
    """Nobody sends any."""

    async def keep(self, channel: ChannelName, references: Sequence[str], already: Sequence[StoredFile]) -> KeptFiles:
        del channel, references, already
        return KeptFiles()


async def running(office: Reception) -> Conversation:
    found = await office.store.conversation("CB00001")
    assert found is not None
    return found


async def test_asked_for_taken_answered_and_closed(office: Reception) -> None:
    asked = await says(office, TalkToPerson(), "gap can bo")
    assert [reply.template for reply in asked.replies] == ["human"]
    assert asked.replies[0].values["at"] == (await running(office)).promised_at
    desk = await office.receptionist()
    listed = await desk.get("/desk/conversations")
    page = await desk.get("/desk/conversations/CB00001")
    assert "CB00001" in listed.text
    assert "gap can bo" in page.text
    assert (await desk.post("/desk/conversations/CB00001", version=1, action="take")).status == 303
    for intent, words, quiet in [
        (NotUnderstood(), "toi hoi ve giay to dat", True),
        (Greeting(), "alo", True),
        (AskForHelp(), "TG", False),
        (StopNotices(), "TC", False),
        (LookUpDossier(codes=("H05.12-260610-0001",)), "H05.12-260610-0001", False),
    ]:
        assert (not (await says(office, intent, words)).replies) is quiet, words
    seen = await running(office)
    await desk.get("/desk/conversations/CB00001")
    sent = await desk.post(
        "/desk/conversations/CB00001", version=seen.version, action="write", text="Mời bác mang sổ đỏ ra quầy 3."
    )
    assert sent.status == 303, sent.text
    rows = await office.place.engine.rows("SELECT text, kind FROM outbox")
    assert ("Moi bac mang so do ra quay 3.", "notice") in [tuple(row) for row in rows]
    seen = await running(office)
    await desk.get("/desk/conversations/CB00001")
    assert (await desk.post("/desk/conversations/CB00001", version=seen.version, action="close")).status == 303
    assert (await running(office)).state is ConversationState.CLOSED
    assert (await says(office, Greeting(), "chao")).replies


async def test_of_two_officers_one_takes_it(office: Reception) -> None:
    await says(office, TalkToPerson(), "gap can bo")
    first, second = await office.receptionist(), await office.visitor("tiep2", OfficerRole.RECEPTION, office.reception)
    for visitor in (first, second):
        await visitor.get("/desk/conversations/CB00001")
    answers = await asyncio.gather(
        *(visitor.post("/desk/conversations/CB00001", version=1, action="take") for visitor in (first, second))
    )
    assert sorted(answer.status for answer in answers) == [303, 409]


@pytest.mark.parametrize(
    ("action", "words", "status"), [("write", "", 422), ("write", "x" * 301, 422), ("burn", "", 400)]
)
async def test_what_is_refused_is_told_and_kept(office: Reception, action: str, words: str, status: int) -> None:
    await says(office, TalkToPerson(), "gap can bo")
    desk = await office.receptionist()
    await desk.get("/desk/conversations/CB00001")
    await desk.post("/desk/conversations/CB00001", version=1, action="take")
    await desk.get("/desk/conversations/CB00001")
    answered = await desk.post("/desk/conversations/CB00001", version=2, action=action, text=words)
    assert (answered.status, words in answered.text) == (status, True)


async def test_another_agency_finds_nothing(office: Reception) -> None:
    await says(office, TalkToPerson(), "gap can bo")
    stranger = await office.visitor("la", OfficerRole.LEAD, office.other)
    assert (await stranger.get("/desk/conversations/CB00001")).status == 404
    assert "CB00001" not in (await stranger.get("/desk/conversations")).text


async def test_the_head_is_told_after_four_working_hours_and_the_person_a_new_time(office: Reception) -> None:
    await says(office, TalkToPerson(), "gap can bo")
    clock = office.place.engine.clock
    clock.advance(3 * 3600.0)
    await office.petitions.talks.round()
    early = (await running(office)).escalated_at
    clock.advance(((await running(office)).promised_at - clock.now()).total_seconds() + 60)
    await office.petitions.talks.round()
    late = await running(office)
    assert (early, late.escalated_at) == (None, clock.now())
    assert late.promised_at > clock.now()
    rows = await office.place.engine.rows("SELECT text FROM outbox WHERE kind = 'notice'")
    assert any("Xin loi Ong/Ba vi chua co can bo" in row[0] for row in rows)
    await office.petitions.talks.round()
    assert (await running(office)).version == late.version


async def test_after_a_working_day_of_silence_it_is_over(office: Reception) -> None:
    await says(office, TalkToPerson(), "gap can bo")
    desk = await office.receptionist()
    await desk.get("/desk/conversations/CB00001")
    await desk.post("/desk/conversations/CB00001", version=1, action="take")
    await desk.get("/desk/conversations/CB00001")
    await desk.post("/desk/conversations/CB00001", version=2, action="called_back")
    office.place.engine.clock.advance(30 * 3600.0)
    await office.petitions.talks.round()
    over = await running(office)
    assert (over.state, over.closed_because) == (ConversationState.CLOSED, "silence")

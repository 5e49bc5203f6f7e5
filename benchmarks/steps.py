"""Where the time of one message goes: microseconds of CPU for each step, all threads and the kernel's share together.

``python -m benchmarks.steps [--messages 4000]``: every step with the gateway's own classes on the same texts. What waits (store,
look-up, sending) runs 64 at a time; its peers are programs of their own, so that their CPU does not count.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import uvloop

from benchmarks.programs import line_of, program
from benchmarks.smsc_load import Plan, deliver_sm, texts
from bot.calendar import WorkingCalendar
from bot.channels import Slot
from bot.clock import SystemClock
from bot.intent import Intent, Outcome
from bot.intents import decide
from bot.intents.world import World
from bot.limits import Limits
from bot.logs import get_log, set_up
from bot.memory import NoMemory
from bot.model import Contact, InboundMessage, Office, OutboundMessage
from bot.privacy import Keyring
from bot.render import Renderer
from bot.serving import quieten_collector
from bot.store import make_store
from bot.store.base import PlanStore
from bot.store.port import Claimed, Decision, NewOutbound
from bot.understanding.keywords import BUILT
from bot.understanding.router import understand
from dossier_client.client import OneStopClient
from dossier_client.models import Dossiers
from dossier_client.settings import UpstreamSettings
from sms import pdu
from sms.channel import SmppChannel
from sms.inbound import Inbound
from sms.settings import SmppSettings

TOGETHER = 64
"""Units of work under way at a time: what a busy gateway has."""
ONLY_ANSWERS = ("--rate", "0.000001", "--seconds", "3600")
"""Makes the load generator an SMSC that sends nothing."""

Given = TypeVar("Given")
Made = TypeVar("Made")


@dataclass(slots=True)
class Table:
    """The steps and their cost."""

    rows: list[tuple[str, float]] = field(default_factory=list)

    def each(self, name: str, work: Callable[[Given], Made], given: Iterable[Given]) -> list[Made]:
        """Do one thing after the other."""
        things = list(given)
        began = time.process_time()
        made = [work(thing) for thing in things]
        self._add(name, began, len(things))
        return made

    async def together(self, name: str, work: Callable[[Given], Awaitable[Made]], given: Sequence[Given]) -> list[Made]:
        """Do them in groups."""
        began = time.process_time()
        made: list[Made] = []
        for start in range(0, len(given), TOGETHER):
            made += await asyncio.gather(*(work(thing) for thing in given[start : start + TOGETHER]))
        self._add(name, began, len(given))
        return made

    def _add(self, name: str, began: float, count: int) -> None:
        self.rows.append((name, (time.process_time() - began) / count * 1e6))


@dataclass(frozen=True, slots=True)
class Parts:
    """The gateway's own classes, each working for itself."""

    store: PlanStore
    dossiers: OneStopClient
    channel: SmppChannel
    inbound: Inbound
    office: Office = field(default_factory=Office)
    clock: SystemClock = field(default_factory=SystemClock)
    limits: Limits = field(default_factory=Limits)
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)

    def world(self, contact: Contact, dossiers: Dossiers) -> World:
        """What an intent sees."""
        return World(
            contact=contact,
            now=self.clock.now(),
            office=self.office,
            dossiers=dossiers,
            memory=NoMemory(),
            limits=self.limits,
            calendar=self.calendar,
            phones=(contact.address.id,),
        )

    def reply(self, row: Claimed, text: str) -> OutboundMessage:
        """The message that answers *row*."""
        now = self.clock.now()
        return OutboundMessage(
            id=self.store.new_id(),
            to=row.contact.address,
            source=row.message.recipient,
            route=row.message.route,
            text=text,
            reply_to=row.id,
            created_at=now,
            expires_at=now + timedelta(hours=24),
        )


@asynccontextmanager
async def all_parts(folder: Path) -> AsyncIterator[Parts]:
    """Everything open and bound."""
    log, clock = folder / "log", SystemClock()
    async with AsyncExitStack() as stack:
        _, stub = await stack.enter_async_context(program("benchmarks.upstream_stub", log=log))
        _, smsc = await stack.enter_async_context(program("benchmarks.smsc_load", *ONLY_ANSWERS, log=log))
        upstream = UpstreamSettings(
            name="stub", base_url=await line_of(stub, "ready "), heads=("H05",), max_concurrent=256
        )
        port = int((await line_of(smsc, "ready ")).rpartition(":")[2])
        account = SmppSettings(name="load", host="127.0.0.1", port=port, system_id="gw", password="", window=TOGETHER)
        store = make_store("", folder, Keyring(bytes(32)), clock)
        dossiers = OneStopClient([upstream], clock.now)
        channel = SmppChannel(account, epoch=1, short_codes=("8283",), clock=clock, log=get_log())
        await store.open()
        stack.push_async_callback(store.close)
        await dossiers.start()
        stack.push_async_callback(dossiers.close)
        up = asyncio.Event()
        channel.on_room(up.set)
        line = asyncio.create_task(channel.run(Deaf()))
        stack.callback(line.cancel)
        await up.wait()
        yield Parts(store, dossiers, channel, Inbound(account, channel.name, ("8283",), clock))


class Deaf:
    """Receives nothing: this SMSC sends nothing."""

    async def message(self, message: object) -> None:
        """Never called."""

    part = receipt = late = late_refusal = message


async def measure(parts: Parts, frames: Sequence[bytes]) -> Table:
    """Take *frames* through every step, one step after the other."""
    table, renderer = Table(), Renderer(parts.office, BUILT)
    decoded = table.each("decode the PDU", _decode, frames)
    messages = table.each("read it as a message", lambda pair: _read(parts, *pair), zip(decoded, frames, strict=True))
    saved = await table.together("store it (commit 1)", lambda one: parts.store.save_inbound(one, claim=True), messages)
    rows = [one.claimed for one in saved if one.claimed]
    intents = table.each("understand", lambda row: _understand(parts, row), rows)
    pairs = list(zip(rows, intents, strict=True))
    codes = [row.message.text for row in rows]
    await table.together("look up", parts.dossiers.find, codes)
    outcomes = await table.together("decide", lambda pair: _decide(parts, *pair), pairs)
    replies = [(row, outcome.replies[0]) for row, outcome in zip(rows, outcomes, strict=True)]
    written = table.each(
        "write the text",
        lambda pair: renderer.render(pair[1], pair[0].contact.language, pair[0].contact.address.channel),
        replies,
    )
    outbound = [parts.reply(row, text) for row, text in zip(rows, written, strict=True)]
    decisions = [
        Decision(inbound=row, at=one.created_at, outbound=(NewOutbound(message=one, sending=True),), writes=made.writes)
        for row, one, made in zip(rows, outbound, outcomes, strict=True)
    ]
    await table.together("store the answer (commit 2)", parts.store.decide, decisions)
    ids = await table.together("encode, submit, take the response", lambda one: _send(parts.channel, one), outbound)
    sent = list(zip(outbound, ids, strict=True))
    await table.together(
        "record it (commit 3)", lambda pair: parts.store.record_sent(pair[0], pair[1], parts.clock.now()), sent
    )
    return table


def _decode(frame: bytes) -> pdu.ShortMessage:
    (whole,) = pdu.FrameReader().feed(frame)
    message = pdu.decode(whole)
    assert isinstance(message, pdu.ShortMessage)
    return message


def _read(parts: Parts, message: pdu.ShortMessage, frame: bytes) -> InboundMessage:
    read = parts.inbound.read(message, frame, "1:load.1")
    assert isinstance(read, InboundMessage)
    return read


def _understand(parts: Parts, row: Claimed) -> Intent:
    return understand(row.message.text, row.contact, parts.clock.now(), parts.office)


async def _decide(parts: Parts, row: Claimed, intent: Intent) -> Outcome:
    """The dossier comes from the client's memory now."""
    return await decide(intent, parts.world(row.contact, parts.dossiers))


async def _send(channel: SmppChannel, message: OutboundMessage) -> Sequence[str]:
    slot: Slot | None = channel.reserve(message.to.id, channel.segments_of(message.text))
    assert slot is not None
    return await channel.send(message, slot)


async def run(count: int, folder: Path | None = None) -> list[tuple[str, float]]:
    """The table for *count* messages, after as many to warm up at most."""
    warm_up = min(count, 500)
    frames = [deliver_sm(1, sender, code.encode()) for sender, code in texts(Plan(count + warm_up))]
    with tempfile.TemporaryDirectory(prefix="motcua-bench-", dir=folder) as place:
        async with all_parts(Path(place)) as parts:
            await measure(parts, frames[:warm_up])
            quieten_collector()
            return (await measure(parts, frames[warm_up:])).rows


def lines(rows: Sequence[tuple[str, float]]) -> list[str]:
    """The table in words."""
    total = sum(microseconds for _, microseconds in rows)
    shown = [f"{name:36} {microseconds:7.1f} us  {microseconds / total:5.0%}" for name, microseconds in rows]
    return [*shown, f"{'sum':36} {total:7.1f} us"]


def main() -> None:
    """Read the options and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=4000)
    parser.add_argument("--dir", type=Path, help="put the database under this folder")
    options = parser.parse_args()
    set_up("warning")
    print("\n".join(lines(uvloop.run(run(options.messages, options.dir)))))


if __name__ == "__main__":
    main()

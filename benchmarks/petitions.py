"""How long the desk waits for petitions when the store holds those of two years: pages of lists, counts, searches, one petition.

python -m benchmarks.petitions [--petitions 100000] [--runs 15] [--engine sqlite|postgresql]
"""

import argparse
import asyncio
import itertools
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import uvloop

from benchmarks.store import database
from bot.clock import VIETNAM, SystemClock
from bot.logs import set_up
from bot.model import Address, ChannelName, Destination
from bot.petitions.codes import petition_code
from bot.petitions.record import (
    CITIZEN,
    OPEN,
    Confidentiality,
    Petition,
    PetitionChange,
    PetitionEvent,
    PetitionState,
    Place,
)
from bot.privacy import Keyring
from bot.store import make_store
from bot.store.base import PlanStore
from bot.store.port_petitions import PetitionFilter, Tab
from bot.store.port_public import PublicFilter

BATCH = 250
DAYS = 730
OPEN_SHARE = 0.05
AGENCIES = [f"H05.{number}" for number in range(120)]
WARDS = [f"Phường {number}" for number in range(99)]
CATEGORIES = ["MT", "GT", "DT", "DN", "AN", "DD", "HC", "DVC", "GD", "YT", "CS", "VH", "QD", "KH"]
SYLLABLES = [
    start + end
    for start in [
        "b",
        "c",
        "ch",
        "d",
        "đ",
        "g",
        "h",
        "k",
        "kh",
        "l",
        "m",
        "n",
        "ng",
        "nh",
        "ph",
        "qu",
        "r",
        "s",
        "t",
        "th",
        "tr",
        "v",
        "x",
    ]
    for end in [
        "a",
        "ac",
        "ai",
        "am",
        "an",
        "ang",
        "ao",
        "ây",
        "ên",
        "ết",
        "i",
        "iên",
        "inh",
        "o",
        "oan",
        "ong",
        "ô",
        "ông",
        "ơ",
        "ơi",
        "u",
        "ung",
        "ươc",
        "ương",
        "y",
    ]
]
OVER = sorted(set(PetitionState) - OPEN)
RELEASED: dict[str, Any] = {"confidentiality": Confidentiality.PUBLIC}
PHONE = Destination(Address(ChannelName.SMS, "84912345678"), "8283", "smpp:telco")


def texts(chance: random.Random) -> Iterator[str]:
    """Some syllables are in every third text, most in few."""
    weights = list(itertools.accumulate(1 / (place + 5) for place in range(len(SYLLABLES))))
    while True:
        yield " ".join(chance.choices(SYLLABLES, cum_weights=weights, k=chance.randint(15, 60)))


def history(count: int, now: datetime) -> Iterator[PetitionChange]:
    """Petitions of two years, the last of them still open."""
    chance = random.Random(20260610)
    words = texts(chance)
    numbers: dict[int, Iterator[int]] = {}
    for place in range(count):
        at = now - timedelta(days=DAYS) * (1 - place / count)
        number = next(numbers.setdefault(at.astimezone(VIETNAM).year, itertools.count(1)))
        is_open = place > count * (1 - OPEN_SHARE)
        found = Petition(
            code=petition_code(number, at),
            person=chance.randbytes(16),
            told_at=(PHONE,),
            channel=ChannelName.SMS,
            sent_at=at,
            text=next(words),
            category=chance.choice(CATEGORIES),
            place=Place(ward=chance.choice(WARDS), latitude=21 + chance.random() / 3, longitude=106 + chance.random()),
            agency=chance.choice(AGENCIES),
            officer=chance.randrange(1, 500),
            state=PetitionState(chance.choice(sorted(OPEN) if is_open else OVER)),
            state_since=at,
            changed_at=at,
            clock_at=at + timedelta(days=5) if is_open else None,
            days=5,
            classify_due=at + timedelta(days=1),
            answer_due=now + timedelta(hours=chance.randrange(-200, 200)) if is_open else at + timedelta(days=7),
            answer="" if is_open else next(words),
            answered_at=None if is_open else at + timedelta(days=chance.randrange(2, 9)),
            **(RELEASED | {"public_text": next(words), "released_at": at} if not is_open and place % 3 == 0 else {}),
        )
        event = PetitionEvent(at=at, actor=CITIZEN, name="submit", before=None, after=found.state)
        yield PetitionChange(before=None, after=found, event=event)


async def fill(store: PlanStore, count: int, now: datetime) -> None:
    """As officers would write them down, many in one transaction."""
    changes = history(count, now)
    while batch := list(itertools.islice(changes, BATCH)):
        await store.change_petition(replace(batch[0], also=tuple(batch[1:])), ())


def questions(store: PlanStore, now: datetime, example: Petition) -> dict[str, Callable[[], Awaitable[object]]]:
    """What the desk asks."""
    agency, since = AGENCIES[7], now - timedelta(days=14)
    wanted = {
        "all": PetitionFilter(),
        **{f"tab {tab}, all agencies": PetitionFilter(tab=tab, viewer=7) for tab in Tab},
        **{f"tab {tab}, an agency": PetitionFilter(tab=tab, viewer=7, agency=agency) for tab in (Tab.AGENCY, Tab.DONE)},
        "page 100": PetitionFilter(page=100),
        "a ward": PetitionFilter(ward=WARDS[3]),
        "a field, done": PetitionFilter(tab=Tab.DONE, category="MT"),
        "a field, a ward, done": PetitionFilter(tab=Tab.DONE, category="MT", ward=WARDS[3]),
        "a channel nobody uses": PetitionFilter(channel="zalo"),
        "a state": PetitionFilter(state="spam"),
        "a month": PetitionFilter(sent_from=now - timedelta(days=400), sent_until=now - timedelta(days=370)),
        "an agency, a month": PetitionFilter(agency=agency, sent_from=now - timedelta(days=400), sent_until=since),
        "an officer": PetitionFilter(officer=7),
        "a frequent word": PetitionFilter(search=SYLLABLES[0]),
        "two frequent words": PetitionFilter(search=" ".join(SYLLABLES[:2])),
        "four frequent words": PetitionFilter(search=" ".join(SYLLABLES[:4])),
        "rare words": PetitionFilter(search=" ".join(SYLLABLES[-2:])),
        "frequent words, an agency": PetitionFilter(search=" ".join(SYLLABLES[:2]), agency=agency),
        "frequent words, late": PetitionFilter(search=" ".join(SYLLABLES[:2]), tab=Tab.LATE),
        "a code": PetitionFilter(search=example.code),
    }
    return {
        **{f"list: {name}": partial(store.list_petitions, one, now) for name, one in wanted.items()},
        **public_questions(store, now, example),
        "one petition with events and files": lambda: asyncio.gather(
            store.petition(example.code), store.events_of(example.code), store.files_of(example.code)
        ),
        "loads of all officers": partial(store.officer_loads, "", now, now - timedelta(days=90)),
        "loads of an agency": partial(store.officer_loads, agency, now, now - timedelta(days=90)),
        "similar ones": partial(store.similar_to, example, since),
        "a person's": partial(store.petitions_of, example.person, 20),
        "clocks that have come": partial(store.due_petitions, now, 0, 100),
    }


def public_questions(store: PlanStore, now: datetime, example: Petition) -> dict[str, Callable[[], Awaitable[object]]]:
    """What everybody may ask."""
    lately = PublicFilter(sent_from=now - timedelta(days=90), sent_until=now, most=200)
    wanted = {
        "a page": PublicFilter(),
        "90 days": lately,
        "90 days, a field, open": replace(lately, categories=("MT",), is_open=True),
        "far pages": PublicFilter(skipped=10_000),
        "a field, far": PublicFilter(categories=("MT",), skipped=1_000),
        "a code": PublicFilter(codes=(example.code,)),
    }
    year = now.replace(month=1, day=1)
    return {
        **{f"public: {name}": partial(store.released, one) for name, one in wanted.items()},
        "public: feed": partial(store.released_lately, 50),
        "public: figures of the year": partial(store.public_figures, year, now, now),
    }


async def median(ask: Callable[[], Awaitable[object]], runs: int) -> float:
    """Milliseconds."""
    await ask()
    took = []
    for _ in range(runs):
        started = time.perf_counter()
        await ask()
        took.append((time.perf_counter() - started) * 1000)
    return statistics.median(took)


async def _vacuumed(url: str) -> None:
    """As the server does by itself within minutes."""
    connection = await asyncpg.connect(url)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


async def run(url: str, folder: Path, count: int, runs: int) -> None:
    """Fill and ask."""
    clock = SystemClock()
    store = make_store(url, folder, Keyring(bytes(32)), clock)
    await store.open()
    try:
        started = time.perf_counter()
        await fill(store, count, clock.now())
        print(f"  {count:,} petitions written in {time.perf_counter() - started:.0f} s")
        if url:
            await _vacuumed(url)
        example = (await store.list_petitions(PetitionFilter(tab=Tab.AGENCY), clock.now())).petitions[0]
        for name, ask in questions(store, clock.now(), example).items():
            print(f"  {await median(ask, runs):7.1f} ms  {name}")
    finally:
        await store.close()


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--petitions", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--engine", choices=["sqlite", "postgresql"])
    options = parser.parse_args()
    set_up("warning")
    for engine in [options.engine] if options.engine else ["sqlite", "postgresql"]:
        print(f"petitions on {engine}, medians of {options.runs}", flush=True)
        with database(engine) as (url, folder):
            uvloop.run(run(url, folder, options.petitions, options.runs))


if __name__ == "__main__":
    main()

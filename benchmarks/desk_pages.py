"""How long the desk's pages take, and how big they are, when the store holds 100,000 petitions: over HTTP, as a reception officer.

python -m benchmarks.desk_pages [--petitions 100000] [--runs 15] [--engine sqlite|postgresql]

The time is the server's: from the request to the last octet on this machine, one request at a time.
"""

import argparse
import re
import statistics
import time
from pathlib import Path

import aiohttp
import uvloop
from argon2 import PasswordHasher

from benchmarks.petitions import AGENCIES, SYLLABLES, fill
from benchmarks.store import database
from bot.access.accounts import COMMAND_LINE, NewAccount
from bot.access.passwords import Passwords
from bot.answering import Answerer, OneStopSystems
from bot.calendar import WorkingCalendar
from bot.clock import SystemClock
from bot.desk_parts import DeskParts
from bot.limits import Limits
from bot.logs import get_log, set_up
from bot.memory import NoMemory
from bot.model import Office
from bot.officers import OfficerRole
from bot.outgoing import Outgoing
from bot.petition_parts import PetitionParts
from bot.privacy import Keyring
from bot.render import Renderer
from bot.settings import Settings
from bot.settings_desk import DeskSection
from bot.store import make_store
from bot.store.base import PlanStore
from bot.store.port_petitions import PetitionFilter, Tab
from bot.understanding.keywords import BUILT
from bot.web.server import Listener
from dossier_client.client import OneStopClient

PASSWORD = "ba con trâu đen"  # noqa: S105 - of this run
QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
MOST_MILLISECONDS, MOST_OCTETS = 50.0, 150_000


def desk_of(store: PlanStore, folder: Path, clock: SystemClock) -> DeskParts:
    """As the program builds it."""
    keyring = Keyring(bytes(32))
    one_stop = OneStopClient([], clock.now, clock.monotonic)
    answerer = Answerer(
        office=Office(),
        renderer=Renderer(Office(), BUILT),
        systems=OneStopSystems(dossiers=one_stop, background=one_stop.background),
        memory_of=lambda _: NoMemory(),
        limits=Limits(),
        calendar=WorkingCalendar(),
        clock=clock,
    )
    petitions = PetitionParts(store, keyring, clock, get_log())
    petitions.connect(answerer, Outgoing({}))
    settings = Settings(data_dir=folder, desk=DeskSection(totp="optional"))
    return DeskParts(settings, store, keyring, clock, get_log(), petitions, passwords=QUICK)


async def signed_in(address: str) -> aiohttp.ClientSession:
    """A browser of the officer ``an``."""
    session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
    async with session.get(f"{address}/desk/login") as page:
        token = re.findall(r'name="csrf_token" value="([^"]+)"', await page.text())[0]
    fields = {"username": "an", "password": PASSWORD, "totp": "", "csrf_token": token}
    async with session.post(f"{address}/desk/login", data=fields, allow_redirects=False) as answer:
        if answer.status != 303:
            raise RuntimeError(f"not signed in: {answer.status}")
    return session


async def pages(store: PlanStore, clock: SystemClock) -> dict[str, str]:
    """What is looked at: name → path."""
    example = (await store.list_petitions(PetitionFilter(tab=Tab.AGENCY), clock.now())).petitions[0]
    return {
        **{f"tab {tab}": f"/desk/petitions?tab={tab}" for tab in Tab},
        "an agency": f"/desk/petitions?tab=agency&agency={AGENCIES[7]}",
        "a field, done": "/desk/petitions?tab=done&category=MT",
        "page 100": "/desk/petitions?tab=done&page=100",
        "two frequent words": f"/desk/petitions?search={'+'.join(SYLLABLES[:2])}",
        "one petition": f"/desk/petitions/{example.code}",
        "assignments": "/desk/assignments",
        "conversations": "/desk/conversations",
    }


async def run(url: str, folder: Path, count: int, runs: int) -> None:
    """Fill, sign in, ask."""
    clock = SystemClock()
    store = make_store(url, folder, Keyring(bytes(32)), clock)
    await store.open()
    parts = desk_of(store, folder, clock)
    listener = Listener(parts.routes())
    try:
        await fill(store, count, clock.now())
        reception = NewAccount(
            user_name="an", name="An", role=OfficerRole.RECEPTION, agency="H05.00", password=PASSWORD
        )
        await parts.accounts.add(reception, COMMAND_LINE)
        address = f"http://127.0.0.1:{await listener.start('127.0.0.1', 0)}"
        session = await signed_in(address)
        async with session:
            for name, path in (await pages(store, clock)).items():
                milliseconds, octets = await timed(session, address + path, runs)
                over = " OVER" if milliseconds > MOST_MILLISECONDS or octets > MOST_OCTETS else ""
                print(f"  {milliseconds:7.1f} ms  {octets / 1000:6.1f} kB  {name}{over}", flush=True)
    finally:
        await listener.stop()
        await store.close()


async def timed(session: aiohttp.ClientSession, url: str, runs: int) -> tuple[float, int]:
    """Median milliseconds, and octets. Raises ``RuntimeError`` for a page that is none."""
    took, octets = [], 0
    for _ in range(runs + 1):
        started = time.perf_counter()
        async with session.get(url, allow_redirects=False) as answer:
            octets = len(await answer.read())
            if answer.status != 200:
                raise RuntimeError(f"{url}: {answer.status}")
        took.append((time.perf_counter() - started) * 1000)
    return statistics.median(took[1:]), octets


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--petitions", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--engine", choices=["sqlite", "postgresql"])
    options = parser.parse_args()
    set_up("error")
    for engine in [options.engine] if options.engine else ["sqlite", "postgresql"]:
        print(f"pages of the desk on {engine}, medians of {options.runs}", flush=True)
        with database(engine) as (url, folder):
            uvloop.run(run(url, folder, options.petitions, options.runs))


if __name__ == "__main__":
    main()

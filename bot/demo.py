"""``motcua demo``: the whole gateway on this machine, real HTTP and real SMPP over loopback, a conversation and a prompt."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click
from pydantic import SecretStr

from bot.app import App
from bot.clock import VIETNAM, SystemClock
from bot.demo_script import CITIZEN, conversation, dossiers
from bot.logs import set_up
from bot.roles import ROLES
from bot.settings import HttpSection, LogSection, OfficeSection, Settings, SmppSection, SmsSection, UpstreamSection
from bot.terminal import told_to_end, typed
from dossier_client.sandbox import SandboxData, SandboxOneStop, SandboxOptions
from sms.sandbox import SandboxSmsc

ANSWER_SECONDS = 8.0
SHORT_CODE = "8283"


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that runs during the demo."""

    app: App
    smsc: SandboxSmsc
    phones: "Phones"


class Phones:
    """The phones of the demo: what each number received."""

    def __init__(self) -> None:
        self._received: dict[str, asyncio.Queue[str]] = {}

    def take(self, number: str, text: str) -> None:
        """An SMS arrived on a phone."""
        self._inbox(number).put_nowait(text)

    async def next(self, number: str, seconds: float = ANSWER_SECONDS) -> str | None:
        """The next SMS on a phone, or None after *seconds*."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                return await self._inbox(number).get()
        return None

    def more(self, number: str) -> list[str]:
        """What else has arrived by now."""
        queue = self._inbox(number)
        return [queue.get_nowait() for _ in range(queue.qsize())]

    def _inbox(self, number: str) -> asyncio.Queue[str]:
        return self._received.setdefault(number, asyncio.Queue())


async def play(*, once: bool, office: OfficeSection) -> int:
    """Run the demo, speaking for *office*; 1 when a text of the conversation stayed without its answer."""
    today = datetime.now(VIETNAM).date()
    with tempfile.TemporaryDirectory(prefix="motcua-demo-") as folder, (Path(folder) / "log").open("w") as log:
        set_up("info", log)
        async with _stage(Path(folder), office) as stage:
            missed = await _play_conversation(stage)
            if not once:
                await _prompt(stage, [row["code"] for row in dossiers(today)][:3])
    return 1 if missed else 0


@contextlib.asynccontextmanager
async def _stage(folder: Path, office: OfficeSection) -> AsyncIterator[Stage]:
    today = datetime.now(VIETNAM).date()
    one_stop = SandboxOneStop(SandboxData.loaded(dossiers(today), seed=1, today=today), SandboxOptions())
    phones = Phones()
    smsc = SandboxSmsc(system_id="gw", password="demo", on_message=phones.take)  # noqa: S106 - both ends are ours, on loopback
    upstream_port, smsc_port = await one_stop.start("127.0.0.1", 0), await smsc.start("127.0.0.1", 0)
    app = App(_settings(folder, office, upstream_port, smsc_port), ROLES, clock=SystemClock())
    port = await app.start()
    click.echo(
        f"one-stop sandbox http://127.0.0.1:{upstream_port}, SMSC 127.0.0.1:{smsc_port}, gateway http://127.0.0.1:{port}/readyz\n"
    )
    try:
        await smsc.wait_bound(ANSWER_SECONDS)
        yield Stage(app, smsc, phones)
    finally:
        await app.stop()
        await smsc.close()
        await one_stop.close()


def _settings(folder: Path, office: OfficeSection, upstream_port: int, smsc_port: int) -> Settings:
    return Settings(
        data_dir=folder,
        http=HttpSection(port=0),
        office=office,
        log=LogSection(),
        upstreams=(UpstreamSection(name="bacninh", base_url=f"http://127.0.0.1:{upstream_port}", heads=("H05",)),),
        sms=SmsSection(
            short_codes=(SHORT_CODE,),
            smpp=(
                SmppSection(name="telco", host="127.0.0.1", port=smsc_port, system_id="gw", password=SecretStr("demo")),
            ),
        ),
    )


async def _play_conversation(stage: Stage) -> int:
    missed = 0
    for line in conversation(datetime.now(VIETNAM).date()):
        click.secho(f"# {line.shows}", dim=True)
        missed += not await _exchange(stage, line.sender, line.text)
    return missed


async def _exchange(stage: Stage, sender: str, text: str) -> bool:
    click.echo(f"{_short(sender)} > {text}")
    await stage.smsc.deliver(sender, SHORT_CODE, text)
    answer = await stage.phones.next(sender)
    if answer is None:
        click.secho("      (no answer)\n", fg="yellow")
        return False
    for reply in (answer, *stage.phones.more(sender)):
        click.secho(f" {SHORT_CODE} < {reply}   [{len(reply)}]", fg="green")
    click.echo()
    return True


async def _prompt(stage: Stage, codes: list[str]) -> None:
    click.echo("Type own texts (they come from " + _short(CITIZEN) + "), for instance:")
    for code in codes:
        click.echo(f"  {code}")
    click.echo("An empty line ends the demo.\n")
    with told_to_end() as ended:
        async for text in typed("> ", ended):
            if not text:
                return
            await _exchange(stage, CITIZEN, text)


def _short(number: str) -> str:
    return f"{number[:4]}..{number[-3:]}"

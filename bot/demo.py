"""``motcua demo``: the whole gateway on this machine, real HTTP and real SMPP over loopback, a conversation and a prompt."""

import asyncio
import contextlib
import secrets
import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import click
from pydantic import SecretStr

from adapters.telegram.stand_in import TOKEN
from bot.access.passwords import Passwords
from bot.app import App
from bot.attachment_parts import FOLDER_NAME
from bot.attachments.folder import AttachmentFolder
from bot.clock import VIETNAM, SystemClock
from bot.demo_script import CITIZEN, conversation, dossiers
from bot.explain import trace
from bot.logs import set_up
from bot.privacy import KEY_NAME, Keyring, load_key
from bot.roles import ROLES
from bot.sample.load import load_desk, load_year
from bot.sample.world import agencies, shown_officers
from bot.settings import HttpSection, LogSection, OfficeSection, Settings, SmppSection, SmsSection, UpstreamSection
from bot.settings_desk import DeskSection
from bot.settings_telegram import TelegramSection
from bot.settings_zalo import ZaloSection
from bot.simulator.devices import Device, Devices
from bot.simulator.pages import SimulatorPages
from bot.simulator.peers import ACCOUNT, Peers
from bot.store import make_store
from bot.store.master_book import MasterBook
from bot.store.officer_book import OfficerBook
from bot.terminal import told_to_end, typed
from bot.translate import office_of
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
    devices: Devices
    address: str
    """Where the gateway listens."""


class Phones:
    """The phones of the demo: what each number received."""

    def __init__(self) -> None:
        self._received: dict[str, asyncio.Queue[str]] = {}
        self._watched: dict[str, Callable[[str], None]] = {}

    def take(self, number: str, text: str) -> None:
        """An SMS arrived on a phone."""
        self._inbox(number).put_nowait(text)
        if number in self._watched:
            self._watched[number](text)

    def watch(self, number: str, seen: Callable[[str], None]) -> None:
        """Tell what arrives on a phone as it comes."""
        self._watched[number] = seen

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
        async with staged(Path(folder), office, with_year=not once) as stage:
            missed = await _play_conversation(stage)
            if not once:
                await _prompt(stage, [row["code"] for row in dossiers(today)][:3])
    return 1 if missed else 0


@contextlib.asynccontextmanager
async def staged(folder: Path, office: OfficeSection, *, with_year: bool = False) -> AsyncIterator[Stage]:
    """The gateway, its one-stop system, its operator, Zalo and Telegram, all on loopback; data in *folder*.

    *with_year*: a year of petitions lies on the officers' desk, and it is told how to sign in there.
    """
    today = datetime.now(VIETNAM).date()
    password = await _lay_year_out(folder) if with_year else ""
    one_stop = SandboxOneStop(SandboxData.loaded(dossiers(today), seed=1, today=today), SandboxOptions())
    phones = Phones()
    smsc = SandboxSmsc(system_id="gw", password="demo", on_message=phones.take)  # noqa: S106 - both ends are ours, on loopback
    upstream_port, smsc_port = await one_stop.start("127.0.0.1", 0), await smsc.start("127.0.0.1", 0)
    peers = Peers(CITIZEN)
    await peers.start()
    settings = _settings(folder, office, upstream_port, smsc_port, peers)
    devices = _devices(peers, smsc, phones, settings)
    pages = SimulatorPages(devices, [row["code"] for row in dossiers(today)][:3]).routes()
    app = App(settings, ROLES, clock=SystemClock(), pages=pages)
    peers.gateway = f"http://127.0.0.1:{await app.start()}"
    click.echo(
        f"one-stop sandbox http://127.0.0.1:{upstream_port}, SMSC 127.0.0.1:{smsc_port}, gateway {peers.gateway}/readyz"
    )
    click.echo(f"phone, Zalo, Telegram and web chat side by side: {peers.gateway}/simulator")
    if password:
        click.echo(f"a year of petitions, for everybody: {peers.gateway}/public/")
        click.echo(f"officers' desk: {peers.gateway}/desk, password {password} (of this demo only), sign in as")
        for officer in shown_officers():
            click.echo(f"  {officer.user_name:<16} {officer.role}, {agencies()[officer.agency].name}")
    click.echo()
    try:
        await smsc.wait_bound(ANSWER_SECONDS)
        yield Stage(app, smsc, phones, devices, peers.gateway)
    finally:
        await app.stop()
        await peers.close()
        await smsc.close()
        await one_stop.close()


async def _lay_year_out(folder: Path) -> str:
    """The invented year in the store that the gateway is about to open; the password of its officers."""
    clock, password = SystemClock(), secrets.token_hex(5)
    keyring = Keyring(load_key("", folder / KEY_NAME))
    store = make_store("", folder, keyring, clock)
    await store.open()
    try:
        hashed = await Passwords().hash(password)
        await load_desk(OfficerBook(store, keyring, clock), MasterBook(store, keyring, clock), hashed, clock.now())
        await load_year(store, keyring, clock.now(), AttachmentFolder(folder / FOLDER_NAME, keyring))
    finally:
        await store.close()
    return password


def _devices(peers: Peers, smsc: SandboxSmsc, phones: Phones, settings: Settings) -> Devices:
    """The three devices of the simulator; the phone is the citizen's of the conversation."""

    async def say_on_phone(text: str, pressed: bool) -> bool:  # noqa: FBT001 - the shape of ``Send``
        del pressed
        return await smsc.deliver(CITIZEN, SHORT_CODE, text) == 0

    async def read_as(text: str) -> tuple[str, ...]:
        return tuple(await asyncio.to_thread(lambda: list(trace(text, of_office, datetime.now(VIETNAM)))))

    of_office = office_of(settings)
    send = {Device.PHONE: say_on_phone, Device.ZALO: peers.say_on_zalo, Device.TELEGRAM: peers.say_on_telegram}
    devices = Devices(send=send, trace=read_as)
    peers.show_on(devices)
    phones.watch(CITIZEN, partial(devices.receive, Device.PHONE))
    return devices


def _settings(folder: Path, office: OfficeSection, upstream_port: int, smsc_port: int, peers: Peers) -> Settings:
    return Settings(
        data_dir=folder,
        http=HttpSection(port=0),
        office=office,
        log=LogSection(),
        desk=DeskSection(totp="optional"),
        zalo=ZaloSection(
            app_id=ACCOUNT.app_id,
            app_secret=SecretStr(ACCOUNT.app_secret),
            oa_id=ACCOUNT.oa_id,
            oa_secret_key=tuple(SecretStr(key) for key in ACCOUNT.oa_secret_keys),
            access_token=SecretStr(ACCOUNT.access_token),
            refresh_token=SecretStr(ACCOUNT.refresh_token),
            api_base_url=peers.zalo.url,
            oauth_base_url=peers.zalo.url,
            zbs_base_url=peers.zalo.url,
        ),
        telegram=TelegramSection(
            token=SecretStr(TOKEN),
            mode="polling",
            base_url=f"{peers.telegram.address}/bot",
            base_file_url=f"{peers.telegram.address}/file/bot",
        ),
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
    if sender == CITIZEN:
        await stage.devices.say(Device.PHONE, text)
    else:
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

"""Builds everything and runs it. The only place that knows every class."""

import asyncio
from collections.abc import Awaitable, Coroutine, Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import web

from adapters.telegram.settings import TelegramSettings
from adapters.zalo.settings import ZaloSettings
from bot.answering import Answerer, OneStopSystems
from bot.attachment_parts import AttachmentParts
from bot.calendar import WorkingCalendar
from bot.catalogue import CatalogueRefresh
from bot.channels import ConnectedChannel, WebhookChannel
from bot.clock import Clock
from bot.console import ROUTE, Console, ConsoleRoute
from bot.desk_door import DeskDoor
from bot.housekeeping import Housekeeping
from bot.late_answers import LateAnswers
from bot.limits import Limits
from bot.logs import get_log
from bot.loop_guard import LoopGuard
from bot.memory import StoredMemory
from bot.metrics import Metrics
from bot.model import ChannelName, Contact, InboundMessage, PartGroup
from bot.outgoing import Outgoing
from bot.petition_parts import PetitionParts
from bot.photos.decoder import Decoder
from bot.photos.download import Download, DownloadRules
from bot.photos.folder import PhotoFolder
from bot.photos.linked import LinkedPhotos
from bot.photos.reader import PhotoReader
from bot.photos.source import PhotoSource
from bot.pipeline import Intake
from bot.privacy import KEY_NAME, Keyring, load_key
from bot.render import Renderer
from bot.roles import Role
from bot.routing import Roads
from bot.sender import Sender
from bot.settings import Settings
from bot.settings_email import email_of
from bot.settings_webchat import webchat_settings
from bot.settings_zalo import zalo_of
from bot.store import make_store
from bot.store.account_book import AccountBook
from bot.store.retention import Retention
from bot.template_costs import TemplateCosts
from bot.translate import http_accounts_of, office_of, roads_of, smpp_accounts_of, telegram_of, upstreams_of
from bot.turns import Turns
from bot.understanding.keywords import BUILT
from bot.web.health import Health
from bot.web.public.parts import public_routes
from bot.web.server import Listener
from bot.worker import Brakes, Worker
from dossier_client.client import OneStopClient
from sms.channel import SmppChannel
from sms.http.channel import HttpSmsChannel
from sms.reassembly import join_group

if TYPE_CHECKING:
    from adapters.email.channel import EmailChannel

DRAIN_SECONDS, LINES_SECONDS, TASKS_SECONDS, STORE_SECONDS = 3.5, 3.5, 0.5, 1.0
MIB = 1024 * 1024


class App:
    """One process of the gateway."""

    def __init__(
        self,
        settings: Settings,
        roles: frozenset[Role],
        *,
        clock: Clock,
        console: bool = False,
        pages: Iterable[web.RouteDef] = (),
    ) -> None:
        """With *console*, texts can be said through ``console``; *pages* are served besides. Raises ``ConfigError`` when the key cannot be used."""
        self._settings = settings
        self._roles = roles
        self._clock = clock
        self._log = get_log()
        self._metrics = Metrics()
        self._lines: list[SmppChannel] = []
        self._hooked: list[WebhookChannel] = []
        self._letters: list[EmailChannel] = []
        self._channels: list[ConnectedChannel] = []
        self._senders: dict[str, Sender] = {}
        self._worker: Worker | None = None
        self.turns: Turns | None = None
        """Who waits at the counters; set once a worker is started."""
        self._tasks: list[asyncio.Task[None]] = []
        self.has_loose_ends = False
        """Set by ``stop`` when something did not end in time."""
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        keyring = Keyring(load_key(settings.privacy.key.get_secret_value(), settings.data_dir / KEY_NAME))
        kept = settings.retention
        self._store = make_store(
            settings.database_url,
            settings.data_dir,
            keyring,
            clock,
            open_sessions=self._open_sessions,
            retention=Retention.of_days(kept.raw_days, kept.look_up_days, kept.message_days),
        )
        self.accounts = AccountBook(self._store, keyring, clock)
        """What Official Accounts keep in the store."""
        self._mark = keyring.digest
        parts = self._petitions = PetitionParts(self._store, keyring, clock, self._log, settings.http.public_url)
        self.desk = DeskDoor(settings, self._store, keyring, clock, self._log, parts) if Role.WEB in roles else None
        rules = DownloadRules(hosts=settings.photos.zalo_hosts, loopback=settings.photos.allow_loopback)
        self._folder = PhotoFolder(settings.data_dir / "photos")
        self._attachments = AttachmentParts(settings, keyring, self._folder, self._log)
        self._photo_sources: dict[ChannelName, PhotoSource] = {
            ChannelName.ZALO: LinkedPhotos(Download(rules)),
            ChannelName.WEBCHAT: self._folder,
        }
        self._metrics.count_lines(self._events)
        self._one_stop = OneStopClient(
            upstreams_of(settings), clock.now, clock.monotonic, cache_octets=settings.cache.dossiers_mib * MIB
        )
        self._metrics.count_upstreams(lambda: {name: seen.counts for name, seen in self._one_stop.health().items()})
        self._has_console = console
        self._pages = tuple(pages)
        self._listener: Listener | None = None

    async def start(self) -> int:
        """Open the store, the lines and the listener; the port that HTTP listens on, 0 without the web role."""
        await self._store.open()
        await self._one_stop.start()
        if Role.SMS in self._roles:
            self._lines = [self._line(account) for account in smpp_accounts_of(self._settings)]
        self._hooked = self._webhook_channels()
        self._letters = self._email()
        self._channels = [*self._lines, *self._hooked, *self._letters]
        self._senders = {
            route.name: Sender(route, self._store, self._clock, self._metrics, self._log)
            for channel in self._channels
            for route in channel.routes()
        }
        if self._has_console:
            self._senders[ROUTE] = Sender(ConsoleRoute(), self._store, self._clock, self._metrics, self._log)
        self._run_parts()
        return await self._listen() if Role.WEB in self._roles else 0

    @property
    def console(self) -> Console:
        """Says texts through this process, once it is started with a console."""
        short_code = self._settings.sms.short_codes[0]
        return Console(store=self._store, receive=self._intake, short_code=short_code, clock=self._clock)

    async def wait(self) -> None:
        """Return when a part of the process ended, which none should; raises what ended it."""
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    async def stop(self) -> None:
        """Take nothing new, finish what is in hand, close; at most 10 s, whoever does not answer."""
        until = self._clock.monotonic() + DRAIN_SECONDS
        if self._worker is not None:
            await self._worker.drain(DRAIN_SECONDS)
        left = max(0.0, until - self._clock.monotonic())
        await asyncio.gather(*(sender.drain(left) for sender in self._senders.values()))
        await self._in_time(LINES_SECONDS, "lines", *(channel.drain() for channel in self._channels))
        for task in self._tasks:
            task.cancel()
        await self._in_time(TASKS_SECONDS, "tasks", *self._tasks)
        if self._listener is not None:
            await self._listener.stop()
        await self._one_stop.close()
        await self._in_time(STORE_SECONDS, "store", self._store.close())

    async def _in_time(self, seconds: float, what: str, *works: Awaitable[None]) -> None:
        """What does not end is left: sends under way are in doubt, rows are taken back at the next start or in 30 s."""
        running = [asyncio.ensure_future(work) for work in works]
        if not running:
            return
        done, late = await asyncio.wait(running, timeout=seconds)
        if late:
            self._log.warning("not closed in order", what=what)
            self.has_loose_ends = True
        for work in done:
            if not work.cancelled() and (error := work.exception()):
                self._log.warning("not closed in order", what=what, error=repr(error))

    def _webhook_channels(self) -> list[WebhookChannel]:
        """Those that are switched on. One builder a channel: it decides by the roles whether it sends, listens, or both."""
        telegram, zalo = telegram_of(self._settings), zalo_of(self._settings.zalo)
        found: list[WebhookChannel] = [*self._sms_by_http(), *([self._telegram(telegram)] if telegram else [])]
        return [*found, *([self._zalo(zalo)] if zalo else []), *self._webchat()]

    def _email(self) -> "list[EmailChannel]":
        server = email_of(self._settings.email, self._settings.data_dir)
        if server is None:
            return []
        from adapters.email.channel import EmailChannel  # noqa: PLC0415 - as Telegram's: memory for those who use it

        sends = Role.WORKER in self._roles
        return [EmailChannel(server, mark=self._mark, clock=self._clock, sends=sends)]

    def _telegram(self, bot: TelegramSettings) -> WebhookChannel:
        from adapters.telegram.channel import TelegramChannel  # noqa: PLC0415 - its library takes 0.3 s: only bots pay

        channel = TelegramChannel(
            bot,
            sends=Role.WORKER in self._roles,
            receives=Role.WEB in self._roles,
            built=BUILT,
            clock=self._clock,
            log=self._log,
        )
        self._photo_sources[ChannelName.TELEGRAM] = channel.photos
        self._attachments.sources[ChannelName.TELEGRAM] = channel.files
        return channel

    def _zalo(self, account: ZaloSettings) -> WebhookChannel:
        from adapters.zalo.channel import ZaloChannel  # noqa: PLC0415 - as Telegram's

        return ZaloChannel(
            account,
            records=self.accounts,
            sends=Role.WORKER in self._roles,
            clock=self._clock,
            log=self._log,
        )

    def _sms_by_http(self) -> list[HttpSmsChannel]:
        """Replies that go into a response are sent where the request came in."""
        return [
            HttpSmsChannel(
                account,
                epoch=self._store.epoch,
                short_codes=self._settings.sms.short_codes,
                clock=self._clock,
                log=self._log,
                listens=Role.WEB in self._roles,
                sends=(Role.WEB if account.answers_in_response else Role.WORKER) in self._roles,
            )
            for account in http_accounts_of(self._settings)
        ]

    def _webchat(self) -> list[WebhookChannel]:
        """Only where browsers are connected: sending is waking them."""
        section = self._settings.webchat
        if not section.enabled or Role.WEB not in self._roles:
            return []
        from adapters.webchat.channel import WebChatChannel  # noqa: PLC0415 - as Telegram's

        settings = webchat_settings(
            section, office_of(self._settings), public_url=self._settings.http.public_url, built=BUILT
        )
        return [WebChatChannel(settings, mailbox=self._store, clock=self._clock, log=self._log, photos=self._folder)]

    def _line(self, account: Any) -> SmppChannel:
        return SmppChannel(
            account,
            epoch=self._store.epoch,
            short_codes=self._settings.sms.short_codes,
            clock=self._clock,
            log=self._log,
        )

    def _run_parts(self) -> None:
        outgoing = Outgoing(self._senders, Roads(roads_of(self._settings), self._senders))
        limits = Limits(enabled=self._settings.limits.enabled)
        answerer = self._answerer(limits)
        self._petitions.connect(answerer, outgoing)
        if Role.WORKER in self._roles:
            self._worker = Worker(
                store=self._store,
                answerer=answerer,
                outgoing=outgoing,
                brakes=Brakes(limits, LoopGuard(enabled=self._settings.limits.enabled)),
                photos=PhotoReader(
                    sources=self._photo_sources,
                    decoder=Decoder(),
                    clock=self._clock,
                    metrics=self._metrics,
                    log=self._log,
                ),
                clock=self._clock,
                metrics=self._metrics,
                log=self._log,
            )
            self._worker.officers = self._petitions.chat
            late = LateAnswers(
                store=self._store,
                answerer=answerer,
                upstreams=self._one_stop,
                outgoing=outgoing,
                clock=self._clock,
                log=self._log,
            )
            self.turns = Turns(
                store=self._store,
                answerer=answerer,
                queues=self._one_stop.queues,
                outgoing=outgoing,
                clock=self._clock,
                log=self._log,
            )
            self._run(self._worker.run(), late.run(), self.turns.run(), *self._petitions.runs(self._one_stop))
        intake = self._intake = Intake(
            store=self._store, worker=self._worker, join=self._join, metrics=self._metrics, log=self._log
        )
        house = Housekeeping(
            store=self._store,
            intake=intake,
            clock=self._clock,
            metrics=self._metrics,
            log=self._log,
            reassembly_timeout=timedelta(seconds=self._settings.sms.reassembly_timeout_s),
        )
        self._run(
            house.run(),
            CatalogueRefresh(self._settings.data_dir, self._one_stop.catalogues, self._clock, self._log).run(),
            self._folder.run(),
            self._attachments.sweep(self._store),
            self._listen_for_hints(),
            *(sender.run() for sender in self._senders.values()),
            *(channel.run(intake) for channel in self._channels),
        )
        if self._settings.zalo.app_id:
            self._run(TemplateCosts(self.accounts, clock=self._clock, metrics=self._metrics, log=self._log).run())

    def _answerer(self, limits: Limits) -> Answerer:
        office = office_of(self._settings)
        return Answerer(
            office=office,
            renderer=Renderer(office, BUILT),
            systems=OneStopSystems(
                dossiers=self._one_stop, background=self._one_stop.background, queues=self._one_stop.queues
            ),
            memory_of=self._memory_of,
            limits=limits,
            calendar=WorkingCalendar(),
            clock=self._clock,
            without_buttons=frozenset() if self._settings.zalo.buttons else frozenset({ChannelName.ZALO}),
        )

    def _memory_of(self, contact: Contact) -> StoredMemory:
        return StoredMemory(self._store, contact, self._clock, self._petitions.of(contact, self._attachments.keeper))

    def _run(self, *works: Coroutine[Any, Any, None]) -> None:
        self._tasks += [asyncio.get_running_loop().create_task(work) for work in works]

    async def _listen_for_hints(self) -> None:
        """Another process stored something for us: look at once instead of at the next poll."""
        while True:
            await self._store.wait_for_work(5.0)
            if self._worker is not None:
                self._worker.has_backlog()
            for sender in self._senders.values():
                sender.has_backlog()

    def _join(self, group: PartGroup) -> InboundMessage:
        alphabets = {f"smpp:{section.name}": section.default_alphabet for section in self._settings.sms.smpp}
        return join_group(group, alphabets.get(group.route, "gsm0338"))

    def _open_sessions(self) -> frozenset[str]:
        return frozenset().union(*(channel.open_sessions() for channel in self._channels))

    def _line_states(self) -> dict[str, str]:
        return {name.removeprefix("smpp:"): state for line in self._lines for name, state in line.health().items()}

    def _events(self) -> dict[str, Mapping[str, int]]:
        lines = {line.name: line.counts for line in self._lines}
        return lines | {channel.name: channel.counts for channel in self._hooked}

    def _channel_states(self) -> dict[str, str]:
        channels: list[ConnectedChannel] = [*self._hooked, *self._letters]
        return {name: state for channel in channels for name, state in channel.health().items()}

    async def _listen(self) -> int:
        health = Health(
            store=self._store,
            roles=sorted(self._roles),
            lines=self._line_states,
            channels=self._channel_states,
            upstreams=self._one_stop.breakers,
            metrics=self._metrics,
        )
        hooks = [hook for channel in self._hooked for hook in channel.hooks(self._intake)]
        assert self.desk is not None  # noqa: S101 - only processes with the web role listen
        self._listener = Listener(
            [
                *self._pages,
                *health.routes(),
                *public_routes(self._settings, self._store, self._petitions, self._attachments.keeper, health.services),
                *hooks,
                *self.desk.routes(),
            ]
        )
        port = await self._listener.start(self._settings.http.host, self._settings.http.port)
        self._run(*self.desk.works(f"http://{self._settings.http.host}:{port}"))
        return port

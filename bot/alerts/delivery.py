"""Tells officers of alerts in the chats that they linked. What is not urgent waits for working hours."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, Protocol

from bot.access.records import OfficerAccount, OfficerLink
from bot.alerts.receivers import receivers, still_right
from bot.clock import VIETNAM, Clock
from bot.errors import StoreError
from bot.logs import Log
from bot.model import Button, ButtonKind, ChannelName, Language, OutboundKind
from bot.outgoing import Prepared
from bot.petition_data import PetitionData
from bot.petition_telling import Line, Teller
from bot.petitions.around import Around
from bot.petitions.record import Severity, TaskAlert, Told
from bot.rounds import in_rounds
from bot.store.port import Store
from bot.store.port_alerts import Alert, AlertBook
from bot.store.port_petitions import PetitionBook

ROUND_SECONDS = 5.0
AT_ONCE = 500
USEFUL = timedelta(hours=4)
WAKING = time(7), time(18)
"""Between these, on working days, officers hear of what is not of the highest severity."""
PREFERRED = (ChannelName.ZALO, ChannelName.TELEGRAM, ChannelName.WEBCHAT)
PETITIONS = "pa"
"""How the sources of alerts about petitions begin."""
LOOK = ("xem", {Language.VIETNAMESE: "Xem", Language.ENGLISH: "See it"})
_TAKE = ("nhan", {Language.VIETNAMESE: "Nhận", Language.ENGLISH: "Take it"})
_APPROVE = ("duyet", {Language.VIETNAMESE: "Xem và duyệt", Language.ENGLISH: "Look and approve"})
NEXT = {"assigned": _TAKE, "accept": _TAKE, "accept_late": _TAKE, "approval": _APPROVE}
"""Condition of an alert → the order that it calls for in the officer's chat."""
OPEN_IT = {Language.VIETNAMESE: "Mở phản ánh", Language.ENGLISH: "Open it"}


class Books(AlertBook, PetitionBook, Store, Protocol):
    """Where alerts, petitions and accounts are kept."""


class Links(Protocol):
    """The accounts of officers, and their chats."""

    async def everybody(self) -> Sequence[OfficerAccount]:
        """Those who left or are locked too."""
        ...

    async def links_of(self, officer: int) -> Sequence[OfficerLink]:
        """Of one officer."""
        ...


class AlertDelivery:
    """Several processes may run it: an alert is sent once."""

    def __init__(
        self,
        *,
        books: Books,
        links: Links,
        data: PetitionData,
        teller: Teller,
        clock: Clock,
        log: Log,
        public_url: str = "",
    ) -> None:
        """*public_url* is where the desk is reached; "" leaves the button out."""
        self._books = books
        self._links = links
        self._data = data
        self._teller = teller
        self._clock = clock
        self._log = log
        self._public_url = public_url.rstrip("/")

    async def run(self) -> None:
        """Look every few seconds; until cancelled."""
        await in_rounds(self.round, ROUND_SECONDS, self._log, "alerts")

    async def round(self) -> int:
        """Tell of everything that nobody was told of; how many alerts left."""
        alerts = await self._books.unsent_alerts(AT_ONCE)
        if not alerts:
            return 0
        around = await self._without_locked(await self._data.around(self._clock.now()))
        due = [alert for alert in alerts if alert.alert.severity is Severity.S1 or _is_awake(around)]
        return sum([await self._tried(alert, around) for alert in due])

    async def _without_locked(self, around: Around) -> Around:
        """Nobody whose account is locked is told: the chat may be in other hands."""
        usable = {account.officer.id for account in await self._links.everybody() if account.is_usable}
        return replace(around, officers={key: one for key, one in around.officers.items() if key in usable})

    async def _tried(self, alert: Alert, around: Around) -> bool:
        try:
            return await self._tell(alert, around)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - one alert must not keep the others waiting; it stands in the desk all the same
            self._log.error("an alert broke", code=alert.code, source=alert.alert.source, error=type(error).__name__)
            await self._books.send_alert(alert, (), around.now)
            return False

    async def _tell(self, alert: Alert, around: Around) -> bool:
        """Whether it was this process that told."""
        task = await self._right_now(alert.alert)
        officers = receivers(task, around.officers.values(), around.now) if task else ()
        lines = [line for officer in officers if (line := await self._line(alert.alert, officer.id)) is not None]
        prepared = list(self._teller.prepared(lines, around.now, kind=OutboundKind.ALERT, valid=USEFUL))
        told = False
        try:
            told = await self._books.send_alert(alert, [message.outbound for message in prepared], around.now)
        finally:
            _end(prepared, told=told)
        self._log.info("alert", code=alert.code, source=alert.alert.source, sent=told, messages=len(prepared))
        return told

    async def _right_now(self, task: TaskAlert) -> TaskAlert | None:
        if not task.source.startswith(PETITIONS):
            return task
        petition = await self._books.petition(task.subject)
        return still_right(task, petition) if petition else None

    async def _line(self, task: TaskAlert, officer: int) -> Line | None:
        links = [link.destination for link in await self._links.links_of(officer)]
        if not links:
            return None
        to = min(links, key=lambda link: _rank(link.address.channel))
        member = await self._books.account(to.address)
        language = member.language if member else Language.VIETNAMESE
        line = self._teller.line(Told(template=f"al.{task.source}", values=_values(task)), to, language)
        return replace(line, content=replace(line.content, buttons=self._buttons(task, language)))

    def _buttons(self, task: TaskAlert, language: Language) -> tuple[Button, ...]:
        """What an officer says next in the chat, and the way to the desk."""
        if not task.source.startswith(PETITIONS):
            return ()
        orders = [LOOK, *([NEXT[task.condition]] if task.condition in NEXT else [])]
        said = tuple(Button(labels[language], f"{verb}:{task.subject}") for verb, labels in orders)
        if not self._public_url.startswith("https://"):
            return said
        return (*said, Button(OPEN_IT[language], f"{self._public_url}/desk/petitions/{task.subject}", ButtonKind.LINK))


def _values(task: TaskAlert) -> dict[str, Any]:
    values: dict[str, Any] = {"code": task.subject, **task.values}
    if due := values.get("due_on"):
        values["due_on"] = datetime.fromisoformat(due)
    return {**values, "severity": task.severity.value, "condition": task.condition}


def _rank(channel: ChannelName) -> int:
    return PREFERRED.index(channel) if channel in PREFERRED else len(PREFERRED)


def _is_awake(around: Around) -> bool:
    local = around.now.astimezone(VIETNAM)
    starts, ends = WAKING
    return around.calendars.usual.is_working_day(local.date()) and starts <= local.time() < ends


def _end(prepared: Sequence[Prepared], *, told: bool) -> None:
    for message in prepared:
        message.go() if told else message.give_back()

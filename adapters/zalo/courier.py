"""Which way a message takes: free text while the person's last message is fresh, else an approved template, else another channel."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from adapters.zalo import bodies, outcomes
from adapters.zalo.client import Client, Declined
from adapters.zalo.events import ANONYMOUS
from adapters.zalo.outcomes import ALARMING, Handling, Service
from adapters.zalo.settings import ZaloSettings, ZaloTemplate
from bot.clock import VIETNAM, Clock
from bot.errors import NextChannel, OutcomeUnknown, RecipientRefused, SendError, StoreError, Unreachable
from bot.logs import Log
from bot.model import Button, ButtonKind, OutboundKind, OutboundMessage, TemplateMessage
from bot.official_account import AccountRecords

FREE = timedelta(hours=48)
"""After the person's last message: any number of free texts."""
PAID = timedelta(days=7)
"""As long, for money."""
CLOSED = frozenset({-230, -231, -232})
"""Zalo's own word on these spans: truer than our book-keeping."""
TEXT, ANONYMOUS_TEXT = "/v3.0/oa/message/cs", "/v2.0/oa/message"
TEMPLATE_BY_UID, TEMPLATE_BY_PHONE = "/v3.0/oa/message/template", "/message/template"


class Courier:
    """Sends one message in its way, with the error that says what to do next."""

    def __init__(
        self,
        settings: ZaloSettings,
        client: Client,
        records: AccountRecords,
        clock: Clock,
        log: Log,
        counts: Counter[str],
    ) -> None:
        self._settings = settings
        self._client = client
        self._records = records
        self._clock = clock
        self._log = log
        self._counts = counts
        self.shows_buttons = settings.buttons
        """Until Zalo says that this account has none."""
        self.trouble: str = ""
        """Why an operator must act before anything leaves; "" when all is well."""

    async def to_person(self, message: OutboundMessage) -> Sequence[str]:
        """To somebody who has written to the account; Zalo's id of each part. Raises a ``SendError``."""
        template, registered = self._template(message)
        if template and registered and (registered.always or not await self._may_be_free(message)):
            return [await self._by_uid(message, template, registered)]
        if not registered and not await self._may_be_free(message):
            raise NextChannel("the person has not written for 48 hours and there is no template for this")
        try:
            return await self._free(message)
        except Declined as declined:
            if template and registered and declined.code in CLOSED:
                return [await self._by_uid(message, template, registered)]
            raise self._failure(Service.ACCOUNT, declined.code) from declined

    async def to_phone(self, message: OutboundMessage) -> Sequence[str]:
        """To a phone number, by template only. Raises a ``SendError``."""
        template, registered = self._template(message)
        if not template or not registered:
            raise NextChannel("there is no template for this")
        payload = bodies.by_phone(message.to.id, template, registered, str(message.id))
        data = await self._post(Service.PHONE, TEMPLATE_BY_PHONE, payload)
        await self._count_cost(template.key, registered.phone_price_vnd)
        return [str(data.get("msg_id") or message.id)]

    def _template(self, message: OutboundMessage) -> tuple[TemplateMessage | None, ZaloTemplate | None]:
        template = message.template
        return template, self._settings.templates.get(template.key) if template else None

    async def _may_be_free(self, message: OutboundMessage) -> bool:
        """What somebody asked for may always go as text: Zalo decides. For the rest our book decides."""
        if message.kind is OutboundKind.ANSWER:
            return True
        span = PAID if self._settings.paid_messages else FREE
        last = await self._last_wrote(message)
        return last is not None and self._clock.now() - last < span

    async def _last_wrote(self, message: OutboundMessage) -> datetime | None:
        try:
            return await self._records.last_wrote(message.to)
        except StoreError as error:
            self._log.warning("last message not known", error=str(error))
            return None

    async def _free(self, message: OutboundMessage) -> Sequence[str]:
        """Every page of the text, then the form for a number if one is offered."""
        texts = bodies.pages(message.text)
        ids: list[str] = []
        for place, text in enumerate(texts):
            buttons = message.buttons if place == len(texts) - 1 else ()
            try:
                ids.append(await self._text(message.to.id, text, buttons, message))
            except (SendError, Declined) as error:
                if not ids:
                    raise
                raise self._after_some(error, ids, len(texts)) from error
        if any(button.kind is ButtonKind.SHARE_PHONE for button in message.buttons):
            await self._offer_form(message.to.id)
        self._counts["sent_text"] += 1
        return ids

    async def _text(self, person: str, text: str, buttons: Sequence[Button], message: OutboundMessage) -> str:
        path = ANONYMOUS_TEXT if person.startswith(ANONYMOUS) else TEXT
        shown = buttons if self.shows_buttons else ()
        body = bodies.text_message(text, shown)
        try:
            data = await self._client.post(
                Service.ACCOUNT, path, {"recipient": bodies.recipient(person), "message": body}
            )
        except Declined as declined:
            refused = outcomes.handling_of(Service.ACCOUNT, declined.code) is Handling.PLAIN
            if not refused or "attachment" not in body:
                raise
            data = await self._without_buttons(path, person, bodies.with_commands(text, shown), declined.code)
        self.trouble = ""
        return str(data.get("message_id") or message.id)

    async def _without_buttons(self, path: str, person: str, text: str, code: int) -> Mapping[str, Any]:
        """Zalo refused the message with buttons. If it takes it without, this account has none."""
        plain = bodies.pages(text)[0]
        payload = {"recipient": bodies.recipient(person), "message": {"text": plain}}
        data = await self._client.post(Service.ACCOUNT, path, payload)
        self.shows_buttons = False
        self._counts["buttons_refused"] += 1
        self._log.warning("Zalo refuses buttons: choices are written as commands from now on", code=code)
        return data

    async def _offer_form(self, person: str) -> None:
        """The text has left and says it all: a form that does not is only counted."""
        payload = {"recipient": bodies.recipient(person), "message": bodies.phone_form()}
        try:
            await self._client.post(Service.ACCOUNT, TEXT, payload)
        except (SendError, Declined):
            self._counts["form_refused"] += 1

    async def _by_uid(self, message: OutboundMessage, template: TemplateMessage, registered: ZaloTemplate) -> str:
        payload = bodies.by_uid(message.to.id, template, registered)
        data = await self._post(Service.ACCOUNT, TEMPLATE_BY_UID, payload)
        await self._count_cost(template.key, registered.uid_price_vnd)
        return str(data.get("message_id") or message.id)

    async def _post(self, service: Service, path: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            data = await self._client.post(service, path, payload)
        except Declined as declined:
            raise self._failure(service, declined.code) from declined
        self.trouble = ""
        return data

    async def _count_cost(self, template: str, cost_vnd: int) -> None:
        self._counts["sent_template"] += 1
        self._counts["template_vnd"] += cost_vnd
        month = self._clock.now().astimezone(VIETNAM).strftime("%Y-%m")
        try:
            await self._records.add_template_cost(month, template, cost_vnd)
        except StoreError as error:
            self._log.warning("cost of a template not stored", template=template, vnd=cost_vnd, error=str(error))

    def _failure(self, service: Service, code: int) -> SendError:
        """The error of a refusal; what an operator must hear of is said."""
        handling = outcomes.handling_of(service, code)
        self._counts[f"declined_{code}" if handling else "declined_unknown"] += 1
        if handling is None or handling in ALARMING:
            self._log.error("Zalo declines", service=service.value, code=code, handling=handling and handling.value)
        if handling is Handling.OPERATOR:
            self.trouble = str(code)
        return outcomes.failure(service, code, self._clock.now())

    def _after_some(self, error: SendError | Declined, ids: Sequence[str], pages: int) -> SendError:
        """Once a page has left, the whole may be sent again only as a possible duplicate."""
        failure = self._failure(Service.ACCOUNT, error.code) if isinstance(error, Declined) else error
        parts = (*ids, *[None] * (pages - len(ids)))
        if isinstance(failure, Unreachable):
            return Unreachable(str(failure), parts=parts)
        if failure.retry or isinstance(failure, OutcomeUnknown):
            return OutcomeUnknown(f"some pages left, then: {failure}", parts=parts)
        return RecipientRefused(str(failure), parts=parts)

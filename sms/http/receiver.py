"""The hook of one account: who calls, what a person wrote, and the answer that the provider gets."""

import hashlib
from collections import Counter, OrderedDict
from collections.abc import Sequence
from http import HTTPStatus
from itertools import count

from aiohttp import web

from bot.channels import Receive
from bot.clock import Clock
from bot.errors import StoreRefused
from bot.logs import Log
from bot.model import Address, ChannelName, InboundMessage
from sms import msisdn
from sms.http import credentials, fields, hook
from sms.http.arrival import Arrival, read
from sms.http.dialect import Inbound, Reply
from sms.http.reply_key import ReplyKey
from sms.http.settings import HttpAccount
from sms.http.waiting import Given, Waiter, Waiting

LONGEST_ID = 100
MOST_ANSWERED = 1000


class Receiver:
    """Takes the texts of one account."""

    def __init__(
        self,
        account: HttpAccount,
        rules: Inbound,
        waiting: Waiting,
        *,
        epoch: int,
        short_codes: Sequence[str],
        clock: Clock,
        log: Log,
    ) -> None:
        """*short_codes* are ours, the account's own first; *epoch* is the store's."""
        self.route = f"http:{account.name}"
        self.counts: Counter[str] = Counter()
        """What happened, by event: ``forged``, ``unreadable``, ``no_reply_in_time``."""
        self.is_draining = False
        self._account = account
        self._rules = rules
        self._waiting = waiting
        self._epoch = epoch
        self._numbers = count(1)
        self._answered: OrderedDict[str, None] = OrderedDict()
        self._default_code = next(iter(short_codes), "")
        self._short_codes = sorted(short_codes, key=len, reverse=True)
        self._clock = clock
        self._log = log

    def routes(self, receive: Receive) -> Sequence[web.RouteDef]:
        """``/hooks/sms/NAME``, with the secret as one more part of the path where the account has one."""

        async def handle(request: web.Request) -> web.StreamResponse:
            return await self._handle(request, receive)

        path = f"/hooks/sms/{self._account.name}"
        return [web.route("*", path, handle), web.route("*", f"{path}/{{secret}}", handle)]

    def answered(self) -> frozenset[str]:
        """The requests without an id that got their response: the same words once more are soon a new text."""
        return frozenset(self._answered)

    async def _handle(self, request: web.Request, receive: Receive) -> web.StreamResponse:
        rules = self._rules
        if self.is_draining:
            return self._answer(rules.answers.retry_later)
        if request.method not in rules.methods:
            raise web.HTTPMethodNotAllowed(request.method, rules.methods)
        if not hook.is_known(request, self._account, rules):
            return self._forged()
        try:
            given = hook.read_fields(request, await hook.body(request), rules)
            if not credentials.fields_are_right(self._account, rules.auth, given):
                return self._forged()
            arrival = read(given, rules)
        except fields.Unreadable as error:
            self.counts["unreadable"] += 1
            self._log.warning("request not understood", route=self.route, reason=str(error))
            return web.Response(status=HTTPStatus.BAD_REQUEST, text=str(error))
        return await self._store(request, receive, arrival)

    def _forged(self) -> web.Response:
        self.counts["forged"] += 1
        return self._answer(self._rules.answers.bad_auth)

    async def _store(self, request: web.Request, receive: Receive, arrival: Arrival) -> web.StreamResponse:
        answers = self._rules.answers
        message, key = self._message(arrival)
        waiter = self._waiter(message, key)
        try:
            await receive.message(message)
            if waiter is not None:
                return await self._reply(request, arrival, key.waiter, waiter)
            return await self._acknowledge(request, message, arrival)
        except StoreRefused:
            return self._answer(answers.retry_later)
        finally:
            if waiter is not None:
                self._waiting.close(key.waiter, waiter, written=False)

    def _waiter(self, message: InboundMessage, key: ReplyKey) -> Waiter | None:
        """A place for the reply, before anybody can have written one."""
        answers_here = self._account.answers_in_response and message.ignored is None
        return self._waiting.open(key.waiter) if answers_here else None

    async def _acknowledge(self, request: web.Request, message: InboundMessage, arrival: Arrival) -> web.StreamResponse:
        answers = self._rules.answers
        response = self._answer(answers.stored, arrival)
        if message.content_hash and await hook.is_written(request, response):
            self._has_answered(message.session)
        return response

    async def _reply(self, request: web.Request, arrival: Arrival, key: str, waiter: Waiter) -> web.StreamResponse:
        """The response with the reply in it, when that is ready in time."""
        answers = self._rules.answers
        given = self._waiting.given(key) or await self._waiting.reply(key, waiter, self._account.reply_wait_s)
        if given is None:
            self.counts["no_reply_in_time"] += 1
            return self._answer(answers.processing or answers.stored, arrival)
        response = self._answer(answers.stored, arrival, given)
        self._waiting.close(key, waiter, written=await hook.is_written(request, response))
        return response

    def _answer(self, reply: Reply, arrival: Arrival | None = None, given: Given | None = None) -> web.Response:
        text, reply_id = (given.text, given.id) if given else ("", "")
        return hook.answer(self._account, self._rules, reply, arrival, text=text, reply_id=reply_id)

    def _message(self, arrival: Arrival) -> tuple[InboundMessage, ReplyKey]:
        content_hash = _digest(f"{self.route}\0{arrival.sender}\0{arrival.short_code}\0{arrival.text}")
        name = arrival.message_id if len(arrival.message_id) <= LONGEST_ID else _digest(arrival.message_id).hex()
        key = ReplyKey(
            waiter=name or content_hash.hex(),
            request_id=arrival.message_id,
            keyword=arrival.keyword,
            operator=arrival.operator,
        )
        message = InboundMessage(
            sender=Address(ChannelName.SMS, arrival.sender),
            recipient=self._own_code(arrival.short_code) or arrival.short_code or self._default_code,
            text=arrival.text,
            received_at=self._clock.now(),
            route=self.route,
            content_hash=b"" if name else content_hash,
            external_id=f"{self._account.name}:{name}" if name else None,
            session=f"{self._epoch}:{self.route}.{next(self._numbers)}",
            ignored=self._why_ignored(arrival),
            reply_key=key.written(),
        )
        return message, key

    def _why_ignored(self, arrival: Arrival) -> str | None:
        if self._own_code(arrival.sender) is not None:
            return "own_number"
        return None if msisdn.is_mobile(arrival.sender) else "not_a_person"

    def _own_code(self, address: str) -> str | None:
        """Operators write 8283 as 8283 or 848283; a phone number that merely ends so is none of ours."""
        if msisdn.is_mobile(msisdn.normalise(address) or ""):
            return None
        return next((code for code in self._short_codes if address.endswith(code)), None)

    def _has_answered(self, session: str) -> None:
        self._answered[session] = None
        if len(self._answered) > MOST_ANSWERED:
            self._answered.popitem(last=False)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()

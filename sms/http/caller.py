"""Calling a provider to send a text, and what follows from its answer."""

import asyncio
from collections.abc import Sequence
from http import HTTPStatus
from itertools import count

import aiohttp
from jinja2 import TemplateError

from bot.errors import ChannelBusy, NotSent, OutcomeUnknown, RecipientRefused, SendError, TemporarySendError
from bot.model import OutboundMessage
from bot.pacing import Pace
from sms.http.answers import Meaning, Verdict, judge
from sms.http.calls import Call, Text, calls
from sms.http.dialect import Outbound
from sms.http.settings import HttpAccount

CONNECT_SECONDS = 5.0
UNREACHABLE_SECONDS = 5.0
ACCOUNT_SECONDS = 60.0
BUSY_SECONDS, LONGEST_BUSY_SECONDS = 1.0, 300.0
ONCE_MORE_SECONDS = 30.0
MOST_ANSWER_OCTETS = 64 * 1024


class Caller:
    """The calls of one account."""

    def __init__(self, account: HttpAccount, pace: Pace) -> None:
        rules = account.dialect.outbound
        assert rules is not None  # noqa: S101 - made for accounts that can be called
        self.is_refused = False
        """The provider refuses the account: somebody has to look at it."""
        self._account = account
        self._rules: Outbound = rules
        self._pace = pace
        self._places = asyncio.Semaphore(account.concurrency)
        self._http: aiohttp.ClientSession | None = None

    def busy(self) -> ChannelBusy | None:
        """Set while no call may be made."""
        left = self._pace.left()
        return ChannelBusy("the provider is not to be called now", retry_after=left) if left else None

    async def send(self, text: Text, message: OutboundMessage) -> Sequence[str]:
        """All parts in order; the provider's ids, or ours where it gives none. Raises a ``SendError``."""
        ids: list[str] = []
        number = count(1)
        try:
            for call in calls(self._account, self._rules, text):
                verdict = await self._ask(call, again=message.possible_duplicate)
                if verdict.meaning is not Meaning.ACCEPTED:
                    raise self._error(verdict, message)
                ids.append(verdict.provider_id or f"{text.id}.{next(number)}")
        except TemplateError as error:
            raise RecipientRefused(f"cannot be written in this dialect: {error}") from error
        except SendError as error:
            if not ids:
                raise
            raise _with_parts(error, ids) from error
        self.is_refused = False
        return ids

    async def close(self) -> None:
        """Close the connections."""
        if self._http is not None:
            await self._http.close()

    async def _ask(self, call: Call, *, again: bool) -> "_Judged":
        try:
            async with (
                self._places,
                self._client().request(
                    call.method, call.url, headers=call.headers, data=call.body or None, allow_redirects=False
                ) as response,
            ):
                octets = b""
                async for chunk in response.content.iter_any():
                    octets += chunk
                    if len(octets) > MOST_ANSWER_OCTETS:
                        break
                body = octets.decode(response.charset or "utf-8", "replace")
                return _Judged(judge(self._rules, response.status, body, again=again), _wait(response))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            self._pace.pause(UNREACHABLE_SECONDS)
            raise NotSent(f"not reached: {type(error).__name__}") from error
        except (aiohttp.ClientError, TimeoutError, LookupError) as error:
            raise OutcomeUnknown(f"no answer to the call: {type(error).__name__}") from error

    def _client(self) -> aiohttp.ClientSession:
        if self._http is None:
            account = self._account
            self._http = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),
                timeout=aiohttp.ClientTimeout(total=account.timeout_s, sock_connect=CONNECT_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._http

    def _error(self, judged: "_Judged", message: OutboundMessage) -> SendError:
        detail = f"the provider says {judged.value}"
        match judged.meaning:
            case Meaning.BUSY:
                wait = min(judged.wait or BUSY_SECONDS, LONGEST_BUSY_SECONDS)
                self._pace.pause(wait)
                return ChannelBusy(detail, retry_after=wait)
            case Meaning.ACCOUNT:
                self.is_refused = True
                self._pace.pause(ACCOUNT_SECONDS)
                return ChannelBusy(detail, retry_after=ACCOUNT_SECONDS)
            case Meaning.TEMPORARY:
                return TemporarySendError(detail, retry_after=judged.wait)
            case Meaning.UNCLEAR if message.attempts <= 1:
                return TemporarySendError(detail, retry_after=ONCE_MORE_SECONDS)
            case Meaning.UNKNOWN:
                return OutcomeUnknown(detail)
            case _:
                return RecipientRefused(detail)


class _Judged:
    """A verdict, with the pause that the provider asked for."""

    __slots__ = ("meaning", "provider_id", "value", "wait")

    def __init__(self, verdict: Verdict, wait: float | None) -> None:
        self.meaning, self.value, self.provider_id = verdict.meaning, verdict.value, verdict.provider_id
        self.wait = wait


def _wait(response: aiohttp.ClientResponse) -> float | None:
    """Seconds of ``Retry-After``; a date there is not worth reading."""
    if response.status not in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        return None
    given = response.headers.get("Retry-After", "")
    return min(float(given), LONGEST_BUSY_SECONDS) if given.isdigit() else None


def _with_parts(error: SendError, ids: Sequence[str]) -> SendError:
    """Once a part has left, the whole may be sent again only as a possible duplicate."""
    kind = OutcomeUnknown if error.retry else type(error)
    return kind(str(error), parts=(*ids, None))

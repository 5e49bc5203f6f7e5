"""Signing in at Zalo: the link that a person follows once, and pairs of tokens for codes and for spent tokens.

https://docs.zaloplatforms.com/docs/OA/bat-dau/xac-thuc-va-uy-quyen-cho-ung-dung-new. Failures come with HTTP 200 as well,
some of them with an empty body: only an answer that holds an access token is a success.
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from string import ascii_letters, digits
from typing import Any
from urllib.parse import urlencode

import aiohttp
import orjson

from adapters.zalo.settings import ZaloSettings
from bot.clock import Clock
from bot.official_account import TokenPair

VERIFIER_LENGTH = 43
LETTERS = ascii_letters + digits
LONGEST_ANSWER = 64 * 1024
USUAL_SECONDS = 90_000
SHORTEST_SECONDS = 60
SERVER_FAULT = 500


@dataclass(frozen=True, slots=True)
class Refused:
    """Zalo will not give tokens for this: ask a person to authorise again. The text is for an operator and holds no secret."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """Something between us failed; whether Zalo saw the request is not known."""

    reason: str


Answer = TokenPair | Refused | Unclear


def new_verifier() -> str:
    """43 letters and digits whose challenge reads the same in both kinds of Base64: sources differ on which is wanted."""
    while True:
        verifier = "".join(secrets.choice(LETTERS) for _ in range(VERIFIER_LENGTH))
        if not set(challenge(verifier)) & set("-_"):
            return verifier


def challenge(verifier: str) -> str:
    """What the link shows of a verifier (RFC 7636, S256), without padding."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode()


def permission_link(settings: ZaloSettings, verifier: str, state: str) -> str:
    """Where an administrator of the account agrees."""
    query = {"app_id": settings.app_id, "redirect_uri": settings.redirect_uri, "code_challenge": challenge(verifier)}
    return f"{settings.oauth_base_url}/v4/oa/permission?{urlencode(query | {'state': state})}"


class OAuth:
    """The token endpoint."""

    def __init__(self, settings: ZaloSettings, session: aiohttp.ClientSession, clock: Clock) -> None:
        self._settings = settings
        self._session = session
        self._clock = clock

    async def exchange(self, code: str, verifier: str) -> Answer:
        """The first pair, for the code that the callback brought."""
        return await self._ask({"grant_type": "authorization_code", "code": code, "code_verifier": verifier}, "")

    async def renew(self, refresh_token: str) -> Answer:
        """The next pair. An answer without a new refresh token leaves the old one good."""
        return await self._ask({"grant_type": "refresh_token", "refresh_token": refresh_token}, refresh_token)

    async def _ask(self, form: dict[str, str], kept: str) -> Answer:
        try:
            async with self._session.post(
                f"{self._settings.oauth_base_url}/v4/oa/access_token",
                data={**form, "app_id": self._settings.app_id},
                headers={"secret_key": self._settings.app_secret},
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=self._settings.timeout_s),
            ) as response:
                return self._read(response.status, await response.content.read(LONGEST_ANSWER), kept)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return Unclear(type(error).__name__)

    def _read(self, status: int, body: bytes, kept: str) -> Answer:
        if status >= SERVER_FAULT:
            return Unclear(f"HTTP {status}")
        if not body.strip():
            return Refused("empty answer: the token was used before")
        try:
            fields = orjson.loads(body)
        except orjson.JSONDecodeError:
            return Unclear(f"HTTP {status} without JSON")
        if not isinstance(fields, dict):
            return Unclear(f"HTTP {status} without an object")
        access = fields.get("access_token")
        if not isinstance(access, str) or not access:
            return Refused(_reason(fields))
        renewed = fields.get("refresh_token")
        return TokenPair(
            access_token=access,
            refresh_token=renewed if isinstance(renewed, str) and renewed else kept,
            expires_at=self._clock.now() + timedelta(seconds=_seconds(fields.get("expires_in"))),
        )


def _seconds(value: Any) -> int:
    """Zalo writes a number as text; what is no number is as long as usual."""
    written = str(value)
    return max(int(written), SHORTEST_SECONDS) if written.isascii() and written.isdigit() else USUAL_SECONDS


def _reason(fields: Mapping[str, Any]) -> str:
    """The code and name of a failure; long texts might repeat what we sent."""
    code, name = fields.get("error"), fields.get("error_name")
    return f"{code if isinstance(code, int | str) else 'no code'} {name if isinstance(name, str) else ''}"[:80].strip()

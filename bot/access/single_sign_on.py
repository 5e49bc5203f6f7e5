"""Signing in at an OpenID Connect provider: discovery, authorization code with PKCE, the identity token checked.

OpenID Connect Core 1.0 §3.1, OpenID Connect Discovery 1.0, RFC 7636, RFC 9207.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import aiohttp
import orjson
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bot.clock import Clock
from bot.errors import ConfigError, MotcuaError
from bot.privacy import Keyring
from bot.settings_desk import SingleSignOnSection

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
"""Never a shared secret and never none: what signs is the provider's own key."""
SECONDS = 10.0
ATTEMPT_LIFE = timedelta(minutes=10)
SKEW_SECONDS = 60
LARGEST_ANSWER = 256 * 1024


class SignOnFailed(MotcuaError):
    """Nobody was identified; the text says why, for the log."""


@dataclass(frozen=True, slots=True)
class Departure:
    """Where to send the browser, and what it keeps until it comes back."""

    address: str
    kept: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider identified, and where in the desk that person wanted to go."""

    user_name: str
    wanted: str


class SingleSignOn:
    """Asks one provider. What an attempt needs lies sealed in the browser, so any process can finish it."""

    def __init__(self, settings: SingleSignOnSection, callback: str, keyring: Keyring, clock: Clock) -> None:
        self._settings = settings
        self._callback = callback
        self._keyring = keyring
        self._clock = clock
        self._found: dict[str, Any] = {}

    async def depart(self, wanted: str) -> Departure:
        """Begin. Raises ``SignOnFailed`` when the provider does not answer."""
        provider = await self._provider()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        query = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._callback,
            "scope": "openid profile",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        attempt = [state, nonce, verifier, wanted, self._clock.now().timestamp()]
        kept = base64.urlsafe_b64encode(self._keyring.seal_octets(orjson.dumps(attempt))).decode()
        return Departure(f"{provider['authorization_endpoint']}?{urlencode(query)}", kept)

    async def arrive(self, kept: str, state: str, code: str, issuer: str) -> Identity:
        """Who came back. Raises ``SignOnFailed``."""
        expected, nonce, verifier, wanted = self._attempt(kept)
        if not hmac.compare_digest(expected.encode(), state.encode()) or not code:
            raise SignOnFailed("the answer belongs to another attempt")
        if issuer and issuer != self._settings.issuer:
            raise SignOnFailed("the answer is of another provider")
        provider = await self._provider()
        told = await self._told(
            "POST",
            provider["token_endpoint"],
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self._callback,
                "code_verifier": verifier,
                "client_id": self._settings.client_id,
                "client_secret": self._settings.client_secret.get_secret_value(),
            },
        )
        keys = await self._told("GET", provider["jwks_uri"])
        claims = self._claims(str(told.get("id_token", "")), keys, nonce)
        user_name = claims.get(self._settings.user_claim)
        if not isinstance(user_name, str) or not user_name:
            raise SignOnFailed(f"the token has no {self._settings.user_claim}")
        return Identity(user_name, wanted)

    def _attempt(self, kept: str) -> tuple[str, str, str, str]:
        try:
            state, nonce, verifier, wanted, began = orjson.loads(
                self._keyring.open_octets(base64.urlsafe_b64decode(kept))
            )
        except (ValueError, ConfigError) as error:
            raise SignOnFailed("the browser kept no attempt") from error
        if self._clock.now().timestamp() - began > ATTEMPT_LIFE.total_seconds():
            raise SignOnFailed("the attempt is too old")
        return state, nonce, verifier, wanted

    def _claims(self, token: str, keys: dict[str, Any], nonce: str) -> dict[str, Any]:
        try:
            decoded = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS)  # type: ignore[arg-type]  # their own shape of a key set
            now = int(self._clock.now().timestamp())
            jwt.JWTClaimsRegistry(
                now=now,
                leeway=SKEW_SECONDS,
                iss={"essential": True, "value": self._settings.issuer},
                aud={"essential": True, "value": self._settings.client_id},
                exp={"essential": True},
                iat={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(decoded.claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise SignOnFailed(f"the identity token does not hold: {type(error).__name__}") from error
        azp = decoded.claims.get("azp", self._settings.client_id)
        if azp != self._settings.client_id:
            raise SignOnFailed("the identity token is for another client")
        return dict(decoded.claims)

    async def _provider(self) -> dict[str, Any]:
        """Its addresses, asked for once."""
        if not self._found:
            found = await self._told("GET", f"{self._settings.issuer}/.well-known/openid-configuration")
            names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            if found.get("issuer") != self._settings.issuer or not all(
                isinstance(found.get(name), str) for name in names
            ):
                raise SignOnFailed("the provider's description is not that of desk.sso.issuer")
            self._found = found
        return self._found

    async def _told(self, method: str, address: str, **more: Any) -> dict[str, Any]:
        limit = aiohttp.ClientTimeout(total=SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=limit) as session,
                session.request(method, address, allow_redirects=False, **more) as response,
            ):
                body = await response.content.read(LARGEST_ANSWER)
                if response.status != 200:  # noqa: PLR2004 - the one status that carries what we want
                    raise SignOnFailed(f"the provider answered {response.status}")
                found = orjson.loads(body)
        except (aiohttp.ClientError, TimeoutError, orjson.JSONDecodeError) as error:
            raise SignOnFailed(f"the provider cannot be asked: {type(error).__name__}") from error
        if not isinstance(found, dict):
            raise SignOnFailed("the provider answered something else")
        return found

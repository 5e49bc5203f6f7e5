"""Who may ask: nobody needs anything, one fixed bearer token, or OAuth2 tokens of 60 s as the exchange axis (LGSP) gives them."""

import base64
import binascii
import hmac
import secrets
from collections.abc import Callable, Mapping

TOKEN_SECONDS = 60


class Tokens:
    """Access tokens and how long they hold."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._ends: dict[str, float] = {}

    def give(self) -> str:
        """A new token for 60 s."""
        now = self._monotonic()
        self._ends = {token: end for token, end in self._ends.items() if end > now}
        token = secrets.token_urlsafe(24)
        self._ends[token] = now + TOKEN_SECONDS
        return token

    def holds(self, token: str) -> bool:
        """Whether it was given and has not ended."""
        return self._ends.get(token, 0.0) > self._monotonic()


def bearer(headers: Mapping[str, str]) -> str:
    """The bearer token of a request, or ""."""
    kind, _, token = headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def client_of(headers: Mapping[str, str], form: Mapping[str, object]) -> tuple[str, str]:
    """Client id and secret, from Basic authentication or the form."""
    kind, _, packed = headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return str(form.get("client_id", "")), str(form.get("client_secret", ""))
    try:
        client, _, secret = base64.b64decode(packed, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return client, secret


def same(given: str, wanted: str) -> bool:
    """Compares without telling by its time how much was right."""
    return hmac.compare_digest(given.encode(), wanted.encode())

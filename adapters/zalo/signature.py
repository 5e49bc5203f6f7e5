"""Whether an event was signed by Zalo. One function, a switch for each way of signing, no look into the body before it.

https://docs.zaloplatforms.com/docs/OA/webhook/tong-quan: ``X-ZEvent-Signature: mac=<hex>`` with
mac = SHA-256(app_id + raw body + timestamp + OA secret key). Deployments differ, so others can be switched on.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum

HEADER = "X-ZEvent-Signature"
WRITTEN = re.compile(r"\s*(?:mac\s*=\s*)?([0-9a-fA-F]{64})\s*", re.ASCII)
TIMESTAMP = re.compile(rb'"timestamp"\s*:\s*(?:"([^"\\]{0,32})"|(-?[0-9][0-9.eE+-]{0,31}))')
EVENT = b'"event_name"'
MOST_TIMESTAMPS = 4


class Scheme(StrEnum):
    """What is hashed, and how."""

    SHA256 = "sha256"
    """As documented."""
    SHA256_OA_ID = "sha256_oa_id"
    """Begins with the account's id in place of the app's."""
    SHA256_APP_SECRET = "sha256_app_secret"  # noqa: S105 - a name of a way, no secret
    """Ends with the app's secret in place of the account's."""
    HMAC = "hmac"
    """HMAC-SHA256 of the body under the account's secret."""


class Verdict(Enum):
    """What a request is."""

    GENUINE = "genuine"
    PROBE = "probe"
    """Unsigned and no event: what the console sends when the address is saved. It wants 200, and nothing is done."""
    FORGED = "forged"
    """An event without a signature, or with a wrong one."""
    UNREADABLE = "unreadable"
    """Without the time that every event has a signature cannot be right or wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What goes into a signature. Several account secrets while one is being replaced."""

    app_id: str
    oa_id: str
    oa_secret_keys: tuple[str, ...] = field(repr=False)
    app_secret: str = field(repr=False, default="")
    schemes: tuple[Scheme, ...] = (Scheme.SHA256,)


def _sha256(*terms: bytes) -> str:
    return hashlib.sha256(b"".join(terms)).hexdigest()


MACS: Mapping[Scheme, Callable[[Secrets, str, bytes, bytes], str]] = {
    Scheme.SHA256: lambda secrets, key, body, at: _sha256(secrets.app_id.encode(), body, at, key.encode()),
    Scheme.SHA256_OA_ID: lambda secrets, key, body, at: _sha256(secrets.oa_id.encode(), body, at, key.encode()),
    Scheme.SHA256_APP_SECRET: lambda secrets, _key, body, at: _sha256(
        secrets.app_id.encode(), body, at, secrets.app_secret.encode()
    ),
    Scheme.HMAC: lambda _secrets, key, body, _at: hmac.new(key.encode(), body, hashlib.sha256).hexdigest(),
}


def judge(header: str | None, body: bytes, secrets: Secrets) -> Verdict:
    """What a request with this signature (None: with none) and this body is."""
    if header is None:
        return Verdict.FORGED if EVENT in body else Verdict.PROBE
    written = WRITTEN.fullmatch(header)
    if written is None:
        return Verdict.FORGED
    given = written[1].lower().encode()
    times = list(_timestamps(body))
    if any(hmac.compare_digest(given, made.encode()) for made in _macs(body, times or [b""], secrets)):
        return Verdict.GENUINE
    return Verdict.FORGED if times else Verdict.UNREADABLE


def sign(body: bytes, secrets: Secrets) -> str:
    """The header of a genuine event, in the first scheme; for whoever plays Zalo."""
    times = [*_timestamps(body), b""]
    return f"mac={MACS[secrets.schemes[0]](secrets, secrets.oa_secret_keys[0], body, times[0])}"


def _macs(body: bytes, times: list[bytes], secrets: Secrets) -> Iterator[str]:
    for scheme in secrets.schemes:
        if scheme is Scheme.SHA256_APP_SECRET and not secrets.app_secret:
            continue
        for key in secrets.oa_secret_keys:
            if key:
                yield from (MACS[scheme](secrets, key, body, at) for at in times)


def _timestamps(body: bytes) -> Iterator[bytes]:
    """Every value written under that name: the body is not parsed before it is known to be genuine."""
    for place, found in enumerate(TIMESTAMP.finditer(body)):
        if place == MOST_TIMESTAMPS:
            return
        yield found[1] if found[1] is not None else found[2]

"""Codes of an authenticator (RFC 6238: SHA-1, six digits, 30 seconds), each good once."""

import hmac
from datetime import datetime

import pyotp
import segno

SECONDS = 30
TOLERANCE = (0, -1, 1)
"""Clocks of phones differ: one step before and after is taken too."""
ISSUER = "Một Cửa"


def new_secret() -> str:
    """160 random bits in base 32."""
    return pyotp.random_base32()


def is_secret(text: str) -> bool:
    """Whether an authenticator could use it."""
    try:
        return len(pyotp.TOTP(text).byte_secret()) >= 10  # noqa: PLR2004 - RFC 4226 wants 128 bits; what others made may have 80
    except ValueError:
        return False


def step_of(secret: str, code: str, now: datetime, used: int) -> int | None:
    """The time step that *code* belongs to; None for a wrong code and for one of a step up to *used*."""
    current = int(now.timestamp()) // SECONDS
    maker = pyotp.TOTP(secret)
    given = code.replace(" ", "")
    for step in (current + difference for difference in TOLERANCE):
        if hmac.compare_digest(maker.at(step * SECONDS).encode(), given.encode()) and step > used:
            return step
    return None


def address_of(secret: str, user_name: str) -> str:
    """The ``otpauth:`` address that an authenticator reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=user_name, issuer_name=ISSUER)


def picture_of(address: str) -> str:
    """Its QR code as an inline SVG without styles."""
    return str(segno.make(address, error="m").svg_inline(scale=5, border=3, dark="#000", light="#fff", omitsize=True))

"""Times and search keys as the integers that the tables hold."""

import hashlib
from datetime import UTC, datetime
from functools import lru_cache

REPEAT_BUCKET = 120
RECEIPT_BUCKET = 86_400
RECEIPT_DAYS = 4
"""A receipt is matched with parts sent today or on one of the three days before."""
HASH_BITS = 32
COUNTED_DIGITS = 12


@lru_cache(1024)
def to_micros(moment: datetime) -> int:
    """Microseconds since 1970. One moment is written to several columns, so the last ones are remembered."""
    return round(moment.timestamp() * 1_000_000)


def from_micros(value: int) -> datetime:
    """The aware UTC time of a stored number."""
    return datetime.fromtimestamp(value / 1_000_000, UTC)


def storable(text: str) -> str:
    """The text with what no database takes, halves of characters and NUL, replaced by U+FFFD."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def repeat_keys(content_hash: bytes, received_at: datetime) -> tuple[int, int, int]:
    """Where a message is found again by its content, then where an equal one is that came up to 120 s before, and one
    that came a little later by a clock that was set back since.

    The time comes first, so the index grows only at its end and stays quick however much history there is; messages
    with equal keys are then compared by their whole hash.
    """
    here = _bucket(received_at, REPEAT_BUCKET) << HASH_BITS | int.from_bytes(content_hash[: HASH_BITS // 8], "big")
    return here, here - (1 << HASH_BITS), here + (1 << HASH_BITS)


def receipt_key(provider_id: str, sent_at: datetime) -> int:
    """Where a sent part is found again by the provider's id; ordered by day for the same reason."""
    return _bucket(sent_at, RECEIPT_BUCKET) << HASH_BITS | _part_key(provider_id)


def receipt_keys(provider_id: str, received_at: datetime) -> list[int]:
    """The keys that a part may have whose receipt came now; the day after too, for clocks that were set back."""
    key, today = _part_key(provider_id), _bucket(received_at, RECEIPT_BUCKET)
    return [today - days << HASH_BITS | key for days in range(-1, RECEIPT_DAYS)]


def _part_key(provider_id: str) -> int:
    """The end of the id read as a number: most providers count, so neighbours in time are neighbours in the index and
    share its pages. What is no number is hashed. Parts of equal keys are compared by route and whole id.
    """
    try:
        return int(provider_id[-COUNTED_DIGITS:], 36) & (1 << HASH_BITS) - 1
    except ValueError:
        return int.from_bytes(hashlib.blake2b(provider_id.encode(), digest_size=HASH_BITS // 8).digest())


def _bucket(moment: datetime, width: int) -> int:
    return to_micros(moment) // (width * 1_000_000)

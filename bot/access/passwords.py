"""Passwords: argon2id hashes, checked beside the event loop and never many at once."""

import asyncio
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

SHORTEST, LONGEST = 10, 200
AT_ONCE = 2
"""Each takes the memory below and a core for some 50 ms; citizens' texts go on meanwhile."""
COMMON = frozenset({"1234567890", "0123456789", "password123", "matkhau123", "qwertyuiop", "1q2w3e4r5t", "abcd123456"})


class Passwords:
    """Hashes and checks. One without a hash takes as long to refuse as one with a hash."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """The default cost is the first choice of OWASP's cheat sheet on password storage: 46 MiB, one pass."""
        self._hasher = hasher or PasswordHasher(time_cost=1, memory_cost=47_104, parallelism=1)
        self._nobody = ""
        self._room = asyncio.Semaphore(AT_ONCE)

    async def hash(self, password: str) -> str:
        """What may be stored of it."""
        async with self._room:
            return await asyncio.to_thread(self._hasher.hash, _plain(password))

    async def check(self, stored: str, password: str) -> bool:
        """Whether it is the one that was hashed; "" is nobody's hash."""
        async with self._room:
            return await asyncio.to_thread(self._check, stored, password[:LONGEST])

    def _check(self, stored: str, password: str) -> bool:
        self._nobody = self._nobody or self._hasher.hash("nobody has this password")
        try:
            right = self._hasher.verify(stored or self._nobody, _plain(password))
        except (VerifyMismatchError, VerificationError, InvalidHashError):
            return False
        return right and bool(stored)


def weakness(password: str, user_name: str) -> str | None:
    """Why it is too weak, a key of the words of the desk; None for a good one."""
    if len(password) < SHORTEST:
        return "password.too_short"
    if len(password) > LONGEST:
        return "password.too_long"
    folded = password.casefold()
    if folded in COMMON or len(set(folded)) <= 2 or user_name in folded:  # noqa: PLR2004 - "aaaaaaaaab" is no password
        return "password.too_common"
    return None


def _plain(password: str) -> str:
    """Keyboards write Vietnamese letters composed or not; both are the same password."""
    return unicodedata.normalize("NFC", password)

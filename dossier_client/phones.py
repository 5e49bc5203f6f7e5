"""Phones of which only hashes are kept."""

import hashlib
from dataclasses import dataclass, field

MARK_OCTETS = 12


@dataclass(frozen=True, slots=True)
class PhoneMarks:
    """Phones that can be recognised but not read; without the key not even that."""

    key: bytes = field(repr=False)
    marks: frozenset[str]

    def __contains__(self, phone: object) -> bool:
        return isinstance(phone, str) and mark(self.key, phone) in self.marks


def mark(key: bytes, phone: str) -> str:
    """The keyed hash of a phone."""
    return hashlib.blake2b(phone.encode(), key=key, digest_size=MARK_OCTETS).hexdigest()

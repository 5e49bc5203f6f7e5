"""Keeping people's addresses secret: encrypted for delivery, a keyed hash for search, a mask for logs.

Law 91/2025/QH15 on personal data: what is stored is what the service needs, and no more.
"""

import hashlib
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.errors import ConfigError
from bot.model import Address, ChannelName

KEY_OCTETS = 32
NONCE_OCTETS = 12
KEY_NAME = "key"
"""The file of the key under ``data_dir``, when the configuration gives none."""


class Keyring:
    """Seals and hashes addresses with one secret key of 32 octets."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_OCTETS:
            raise ConfigError(
                f"privacy.key: must be {KEY_OCTETS} octets written as {KEY_OCTETS * 2} hexadecimal digits"
            )
        self._cipher = AESGCM(hashlib.sha256(b"seal" + key).digest())
        self._keyed = hashlib.blake2b(key=hashlib.sha256(b"hash" + key).digest(), digest_size=16)

    def contact_id(self, address: Address) -> bytes:
        """The keyed hash of an address: 16 octets, the same for ever under one key."""
        return self.digest(_octets_of(address))

    def digest(self, data: bytes) -> bytes:
        """A keyed hash of anything, 16 octets."""
        keyed = self._keyed.copy()
        keyed.update(data)
        return keyed.digest()

    def seal(self, address: Address) -> bytes:
        """The address, encrypted and authenticated."""
        return self.seal_octets(_octets_of(address))

    def open(self, sealed: bytes) -> Address:
        """The address that was sealed. Raises ``ConfigError`` when the key is not the one it was sealed with."""
        channel, _, value = self.open_octets(sealed).decode().partition("|")
        return Address(ChannelName(channel), value)

    def seal_octets(self, plain: bytes) -> bytes:
        """Anything that only we may read, encrypted and authenticated."""
        nonce = os.urandom(NONCE_OCTETS)
        return nonce + self._cipher.encrypt(nonce, plain, None)

    def open_octets(self, sealed: bytes) -> bytes:
        """What was sealed. Raises ``ConfigError`` when the key is not the one it was sealed with."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_OCTETS], sealed[NONCE_OCTETS:], None)
        except InvalidTag as error:
            raise ConfigError(
                "privacy.key: the stored addresses were sealed with another key; give the old one back"
            ) from error


def _octets_of(address: Address) -> bytes:
    return f"{address.channel}|{address.id}".encode()


def load_key(text: str, path: Path) -> bytes:
    """The key as 64 hexadecimal digits, or the one kept at *path* (made there, mode 0600, when missing)."""
    if text:
        try:
            return bytes.fromhex(text)
        except ValueError as error:
            raise ConfigError("privacy.key: must be 64 hexadecimal digits") from error
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(path.read_text().strip())
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(KEY_OCTETS))
        file.flush()
        os.fsync(file.fileno())
    return bytes.fromhex(path.read_text().strip())


def masked(address_id: str) -> str:
    """How an address may appear in a log: ``8491*****678``."""
    visible_head, visible_tail = 4, 3
    if len(address_id) <= visible_head + visible_tail:
        return "*" * len(address_id)
    return f"{address_id[:visible_head]}*****{address_id[-visible_tail:]}"

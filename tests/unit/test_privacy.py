"""Addresses are sealed for delivery and hashed for search; the key is made once."""

import stat
from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.model import Address, ChannelName
from bot.privacy import Keyring, load_key, masked

KEY = bytes(range(32))
ADDRESS = Address(ChannelName.SMS, "84912345678")


def test_sealed_address_opens_with_the_same_key_only() -> None:
    sealed = Keyring(KEY).seal(ADDRESS)
    assert Keyring(KEY).open(sealed) == ADDRESS
    with pytest.raises(ConfigError, match="another key"):
        Keyring(bytes(32)).open(sealed)


def test_two_seals_differ_and_the_hash_does_not() -> None:
    ring = Keyring(KEY)
    assert ring.seal(ADDRESS) != ring.seal(ADDRESS)
    assert ring.contact_id(ADDRESS) == Keyring(KEY).contact_id(ADDRESS)
    assert ring.contact_id(ADDRESS) != ring.contact_id(Address(ChannelName.ZALO, ADDRESS.id))
    assert b"84912345678" not in ring.seal(ADDRESS) + ring.contact_id(ADDRESS)


def test_the_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    path = tmp_path / "key"
    made = load_key("", path)
    assert load_key("", path) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_key(KEY.hex(), path) == KEY


@pytest.mark.parametrize("bad", ["zz", "ab"])
def test_a_bad_key_is_told(bad: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"privacy\.key"):
        Keyring(load_key(bad, tmp_path / "key"))


@pytest.mark.parametrize(("address", "shown"), [("84912345678", "8491*****678"), ("8283", "****"), ("", "")])
def test_masks(address: str, shown: str) -> None:
    assert masked(address) == shown

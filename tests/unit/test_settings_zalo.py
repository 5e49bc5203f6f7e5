"""``[zalo]``: what must be given, what may be, and that no secret is repeated."""

from pathlib import Path

import pytest

from adapters.zalo.signature import Scheme
from bot import config
from bot.errors import ConfigError
from bot.settings import Settings
from bot.settings_zalo import zalo_of

FULL = {"app_id": "1", "app_secret": "s1", "oa_id": "2", "oa_secret_key": "s2"}


def loaded(folder: Path, lines: dict[str, object], more: str = "") -> Settings:
    path = folder / "motcua.toml"
    written = "\n".join(f"{name} = {_toml(value)}" for name, value in lines.items())
    path.write_text(f"[zalo]\n{written}\n{more}", encoding="utf-8")
    return config.load(path)


def _toml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, list) else f'"{value}"'


def test_without_an_app_the_channel_is_off(tmp_path: Path) -> None:
    assert zalo_of(loaded(tmp_path, {}).zalo) is None


def test_an_account(tmp_path: Path) -> None:
    template = '[zalo.templates."rate.ask.hs"]\nid = "7"\nfields = {code = "ma"}\nuid_price_vnd = 165\nalways = true\n'
    account = zalo_of(loaded(tmp_path, FULL, template).zalo)
    assert account is not None
    assert (account.app_id, account.app_secret, account.oa_id, account.oa_secret_keys) == ("1", "s1", "2", ("s2",))
    assert account.schemes == (Scheme.SHA256,)
    registered = account.templates["rate.ask.hs"]
    assert (registered.id, registered.fields, registered.uid_price_vnd, registered.always) == (
        "7",
        {"code": "ma"},
        165,
        True,
    )
    assert "s1" not in repr(account)
    assert "s2" not in repr(account)


def test_two_secrets_and_ways_of_signing_while_they_change(tmp_path: Path) -> None:
    lines = FULL | {"oa_secret_key": ["new", "old"], "signature": ["sha256", "hmac"]}
    account = zalo_of(loaded(tmp_path, lines).zalo)
    assert account is not None
    assert (account.oa_secret_keys, account.schemes) == (("new", "old"), (Scheme.SHA256, Scheme.HMAC))


def test_while_connecting_the_account_s_secret_is_not_known_yet(tmp_path: Path) -> None:
    lines = {name: value for name, value in FULL.items() if name != "oa_secret_key"} | {"connecting": True}
    account = zalo_of(loaded(tmp_path, lines).zalo)
    assert account is not None
    assert account.oa_secret_keys == ()


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        pytest.param({"app_id": "1"}, "zalo.oa_secret_key: must be given: the OA Secret Key", id="nothing else"),
        pytest.param(FULL | {"app_secret": ""}, "zalo.app_secret: must be given", id="no secret of the app"),
        pytest.param(FULL | {"oa_id": ""}, "zalo.oa_id: must be given", id="no account"),
        pytest.param(FULL | {"oa_secret_key": ""}, "zalo.oa_secret_key: must be given", id="an empty secret"),
        pytest.param({"oa_id": "2"}, "zalo.oa_id: stands without app_id", id="no app"),
        pytest.param(FULL | {"signature": "md5"}, "zalo.signature[0]: must be", id="no such signature"),
        pytest.param(FULL | {"api_base_url": "zalo"}, "zalo.api_base_url: must be an address", id="no address"),
        pytest.param(FULL | {"app_id": "abc"}, "zalo.app_id: must match", id="no number"),
        pytest.param(FULL | {"tokn": "x"}, "zalo.tokn: unknown key", id="a misspelt key"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, lines: dict[str, object], told: str) -> None:
    with pytest.raises(ConfigError) as raised:
        loaded(tmp_path, lines)
    assert told in str(raised.value)


def test_a_secret_of_another_shape_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        loaded(tmp_path, FULL | {"code_verifier": "topsecret" * 10})
    assert "zalo.code_verifier" in str(raised.value)
    assert "topsecret" not in str(raised.value)

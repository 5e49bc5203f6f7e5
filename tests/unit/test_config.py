"""All problems of a configuration are told together, each with key, rule and what was given."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import config
from bot.errors import ConfigError
from bot.translate import smpp_accounts_of

GOOD_UPSTREAM = '[[upstreams]]\nname = "bacninh"\nbase_url = "http://127.0.0.1:9000"\nheads = ["H05"]\n'
GOOD_SMPP = '[[sms.smpp]]\nname = "telco"\nhost = "127.0.0.1"\nsystem_id = "gw"\npassword = "pw"\n'


@dataclass(frozen=True)
class Case:
    label: str
    text: str
    told: str


PROBLEMS = [
    Case("unknown key", "bogus = 1", "bogus: unknown key"),
    Case("unknown key in a table", "[http]\nprot = 1", "http.prot: unknown key"),
    Case(
        "number out of range",
        "[http]\nport = 99999",
        "http.port: Input should be less than or equal to 65535 (given 99999)",
    ),
    Case(
        "no web address",
        GOOD_UPSTREAM.replace("http:", "ftp:"),
        "upstreams[0].base_url: must be an address that starts with http:// or https://",
    ),
    Case("no route to it", GOOD_UPSTREAM.replace('heads = ["H05"]', ""), "upstreams[0]: needs heads"),
    Case(
        "bad head", GOOD_UPSTREAM.replace("H05", "Bắc Ninh"), 'upstreams[0].heads[0]: must be "*" or a head such as H05'
    ),
    Case(
        "half an authentication",
        GOOD_UPSTREAM + 'auth = {kind = "basic", user = "u"}',
        "upstreams[0].auth: kind basic needs password",
    ),
    Case(
        "certificate not readable",
        GOOD_UPSTREAM + 'ca_file = "/nowhere/ca.pem"',
        "upstreams[0].ca_file: must be a file that this user can read",
    ),
    Case("same name twice", GOOD_UPSTREAM + GOOD_UPSTREAM, "upstreams: every name may be used once"),
    Case(
        "secret not set",
        GOOD_SMPP.replace('"pw"', '"env:NOT_THERE"'),
        "sms.smpp[0].password: names the variable NOT_THERE, which is not set",
    ),
    Case(
        "secret file missing",
        GOOD_SMPP.replace('"pw"', '"file:/nowhere/pw"'),
        "sms.smpp[0].password: names a file that cannot be read",
    ),
    Case(
        "password longer than SMPP allows",
        GOOD_SMPP.replace('"pw"', '"123456789"'),
        "sms.smpp[0].password: must be at most 8 ASCII characters: SMPP gives it no more room",
    ),
    Case(
        "password not ASCII",
        GOOD_SMPP.replace('"pw"', '"mật"'),
        "sms.smpp[0].password: must be at most 8 ASCII characters",
    ),
    Case(
        "system_id longer than SMPP allows",
        GOOD_SMPP.replace('"gw"', '"1234567890123456"'),
        "sms.smpp[0].system_id: must be at most 15 ASCII characters: SMPP gives it no more room",
    ),
    Case(
        "system_type longer than SMPP allows",
        GOOD_SMPP + 'system_type = "1234567890123"',
        "sms.smpp[0].system_type: must be at most 12 ASCII characters: SMPP gives it no more room",
    ),
    Case(
        "address_range longer than SMPP allows",
        GOOD_SMPP + f'address_range = "{"8" * 41}"',
        "sms.smpp[0].address_range: must be at most 40 ASCII characters: SMPP gives it no more room",
    ),
    Case(
        "no host", GOOD_SMPP.replace('"127.0.0.1"', '""'), "sms.smpp[0].host: String should have at least 1 character"
    ),
    Case("password missing", GOOD_SMPP.replace('password = "pw"\n', ""), "sms.smpp[0].password: Field required"),
    Case("bad TLV", GOOD_SMPP + 'extra_tlvs = {"0x1501" = "zz"}', "must be octets written in hexadecimal"),
    Case("wrong database", 'database_url = "mysql://u:pw@h/d"', 'database_url: must be "" (SQLite) or postgresql://'),
    Case("not TOML", "data_dir = ", "is not TOML"),
]


def written(folder: Path, text: str) -> Path:
    path = folder / "motcua.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("case", PROBLEMS, ids=lambda case: case.label)
def test_problem_is_told(case: Case, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        config.load(written(tmp_path, case.text))
    assert case.told in str(caught.value)


def test_all_problems_come_together_and_name_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "bogus = 1\n[http]\nport = -1\n[sms]\nshort_codes = []\n")
    with pytest.raises(ConfigError) as caught:
        config.load(path)
    lines = str(caught.value).splitlines()
    assert len(lines) == 3
    assert all(line.startswith(f"{path}: ") for line in lines)


def test_secrets_are_never_repeated(tmp_path: Path) -> None:
    text = GOOD_SMPP.replace('"pw"', "12345") + "[privacy]\nkey = 777\n" + 'database_url = "mysql://u:sesame@h/d"\n'
    with pytest.raises(ConfigError) as caught:
        config.load(written(tmp_path, text))
    assert not {"12345", "777", "sesame"} & set(
        str(caught.value).replace("/", " ").replace(":", " ").replace("@", " ").split()
    )


def test_secrets_come_from_variables_and_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELCO_PASSWORD", "from-env")
    (tmp_path / "key").write_text("ab" * 32 + "\n")
    text = GOOD_SMPP.replace('"pw"', '"env:TELCO_PASSWORD"') + f'[privacy]\nkey = "file:{tmp_path / "key"}"\n'
    settings = config.load(written(tmp_path, text))
    assert settings.sms.smpp[0].password.get_secret_value() == "from-env"
    assert settings.privacy.key.get_secret_value() == "ab" * 32
    assert "from-env" not in repr(settings)


def test_variables_win_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_HTTP__PORT", "0")
    monkeypatch.setenv("MOTCUA_SMS__SHORT_CODES", '["1022"]')
    settings = config.load(written(tmp_path, '[http]\nport = 8081\nhost = "0.0.0.0"\n'))
    assert (settings.http.port, settings.http.host, settings.sms.short_codes) == (0, "0.0.0.0", ("1022",))


@pytest.mark.parametrize("name", ["MOTCUA_HTPP__PORT", "MOTCUA_DATADIR", "MOTCUA_DATA_DIR__X"])
def test_unknown_variable_is_told(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(name, "1")
    with pytest.raises(ConfigError, match=f"{name}: unknown variable"):
        config.load(written(tmp_path, ""))


def test_file_from_the_environment_or_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert config.load().http.port == 8080
    written(tmp_path, "[http]\nport = 8081\n")
    assert config.load().http.port == 8081
    other = tmp_path / "other.toml"
    other.write_text("[http]\nport = 8082\n")
    monkeypatch.setenv("MOTCUA_CONFIG", str(other))
    assert config.load().http.port == 8082
    monkeypatch.setenv("MOTCUA_CONFIG", str(tmp_path / "none.toml"))
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load()


def test_the_longest_that_smpp_allows_is_taken(tmp_path: Path) -> None:
    text = (
        GOOD_SMPP.replace('"gw"', f'"{"g" * 15}"').replace('"pw"', '"12345678"')
        + f'system_type = "{"t" * 12}"\naddress_range = "{"8" * 40}"\n'
    )
    (account,) = smpp_accounts_of(config.load(written(tmp_path, text)))
    assert [len(field) for field in (account.system_id, account.password, account.system_type)] == [15, 8, 12]


def test_a_long_password_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        config.load(written(tmp_path, GOOD_SMPP.replace('"pw"', '"open-sesame"')))
    assert "sesame" not in str(caught.value)

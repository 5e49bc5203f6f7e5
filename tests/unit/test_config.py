"""All problems of a configuration are told together, each with key, rule and what was given."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import config
from bot.errors import ConfigError
from bot.translate import smpp_accounts_of

GOOD_UPSTREAM = '[[upstreams]]\nname = "bacninh"\nbase_url = "http://127.0.0.1:9000"\nheads = ["H05"]\n'
GOOD_SMPP = '[[sms.smpp]]\nname = "telco"\nhost = "127.0.0.1"\nsystem_id = "gw"\npassword = "pw"\n'
OAUTH = 'auth = {{kind = "oauth2", token_url = "{}", client_id = "c"}}'


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
        "http.port: must be at most 65535 (given 99999)",
    ),
    Case(
        "no web address",
        GOOD_UPSTREAM.replace("http:", "ftp:"),
        "upstreams[0].base_url: must be an address that starts with http:// or https://",
    ),
    Case("no route to it", GOOD_UPSTREAM.replace('heads = ["H05"]', ""), "upstreams[0].routes: give heads"),
    Case(
        "bad head", GOOD_UPSTREAM.replace("H05", "Bắc Ninh"), 'upstreams[0].heads[0]: must be "*" or a head such as H05'
    ),
    Case(
        "half an authentication",
        GOOD_UPSTREAM + 'auth = {kind = "basic", user = "u"}',
        "upstreams[0].auth.password: must be given for kind basic",
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
    Case("no host", GOOD_SMPP.replace('"127.0.0.1"', '""'), "sms.smpp[0].host: must have at least 1 characters"),
    Case("password missing", GOOD_SMPP.replace('password = "pw"\n', ""), "sms.smpp[0].password: must be given"),
    Case("bad TLV", GOOD_SMPP + 'extra_tlvs = {"0x1501" = "zz"}', "must be octets written in hexadecimal"),
    Case("wrong database", 'database_url = "mysql://u:pw@h/d"', 'database_url: must be "" (SQLite) or postgresql://'),
    Case("not TOML", "data_dir = ", "is not TOML"),
    Case(
        "no certificates", GOOD_UPSTREAM + f'ca_file = "{__file__}"', "ca_file: must be a file of certificates in PEM"
    ),
    Case("no token address", GOOD_UPSTREAM + OAUTH.format("nope"), "auth.token_url: must be an address that starts"),
    Case("no secret", GOOD_UPSTREAM + OAUTH.format("http://h"), "auth.client_secret: must be given for kind oauth2"),
    Case("short key", '[privacy]\nkey = "abc"', "privacy.key: must be 64 hexadecimal digits"),
    Case("text for a list", '[sms]\nshort_codes = "8283"', "sms.short_codes: must be a list (given '8283')"),
    Case("word for a number", '[http]\nport = "x"', "http.port: must be a whole number (given 'x')"),
    Case("list for a table", "http = []", "http: must be a table"),
    Case("unknown choice", '[log]\nlevel = "loud"', "log.level: must be 'debug', 'info', 'warning' or 'error'"),
    Case("bad tag", GOOD_SMPP + 'extra_tlvs = {"15" = "A0"}', "sms.smpp[0].extra_tlvs.15: must match"),
    Case(
        "bad date", GOOD_UPSTREAM + 'routes = [{head = "H05", dates = ["2016-13-01", "x"]}]', "must be a date such as"
    ),
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


def test_a_name_used_twice_is_told_with_the_other_problems(tmp_path: Path) -> None:
    text = GOOD_UPSTREAM + "timeout_s = 9\n" + GOOD_UPSTREAM + "[http]\nport = -1\n"
    with pytest.raises(ConfigError) as caught:
        config.load(written(tmp_path, text))
    told = sorted(line.partition(": ")[2] for line in str(caught.value).splitlines())
    assert [line.split(" (given")[0] for line in told] == [
        "http.port: must be at least 0",
        "upstreams: every name may be used once, given twice: bacninh",
        "upstreams[0].timeout_s: must be at most 5.0",
    ]


def test_secrets_are_never_repeated(tmp_path: Path) -> None:
    text = GOOD_SMPP.replace('"pw"', "12345") + "[privacy]\nkey = 777\n" + 'database_url = "mysql://u:sesame@h/d"\n'
    with pytest.raises(ConfigError) as caught:
        config.load(written(tmp_path, text))
    assert not {"12345", "777", "sesame"} & set(
        str(caught.value).replace("/", " ").replace(":", " ").replace("@", " ").split()
    )


SECRET = "open-sesame"
LEAKS = [
    f'[http]\npasword = "{SECRET}"',
    f'telco_password = "{SECRET}"',
    GOOD_UPSTREAM.replace("http://", f"ftp://user:{SECRET}@"),
    GOOD_UPSTREAM + f'webhook_secret = {{now = "{SECRET}"}}',
    GOOD_UPSTREAM + f'webhook_secret = ["{SECRET}", 5]',
    GOOD_UPSTREAM + f'auth = {{kind = "{SECRET[:4]}", token = "{SECRET}"}}',
    f'[privacy]\nkey = "{SECRET}"',
    f'upstreams = "{SECRET}"'.replace(SECRET, f"[{{'password': '{SECRET}'"),
]


@pytest.mark.parametrize("text", LEAKS)
def test_nothing_that_may_be_a_secret_is_repeated(text: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        config.load(written(tmp_path, text))
    assert SECRET not in str(caught.value)


def test_a_problem_in_a_variable_names_the_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MOTCUA_HTTP__PORT", "many")
    monkeypatch.setenv("MOTCUA_UPSTREAMS", "[nonsense")
    path = written(tmp_path, "[http]\nprot = 1\n")
    with pytest.raises(ConfigError) as caught:
        config.load(path)
    assert sorted(str(caught.value).splitlines()) == sorted(
        [
            f"{path}: http.prot: unknown key",
            "MOTCUA_HTTP__PORT: http.port: must be a whole number (given 'many')",
            "MOTCUA_UPSTREAMS: upstreams: must be a list",
        ]
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

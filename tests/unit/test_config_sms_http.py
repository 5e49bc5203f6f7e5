"""The section of an account at an HTTP provider: every problem is told."""

from pathlib import Path

import pytest

from bot import config
from bot.errors import ConfigError
from bot.translate import http_accounts_of, roads_of
from tests.unit.test_config import written

VMG = '[[sms.http]]\nname = "vmg"\ndialect = "cp-soap"\nuser = "gw"\npassword = "pw"\nsend_url = "https://mt.test/s"\n'
FIBO = '[[sms.http]]\nname = "fibo"\ndialect = "fibo"\nsend_url = "https://mt.test/s"\n'
ESMS = '[[sms.http]]\nname = "esms"\ndialect = "esms"\nsend_url = "https://mt.test/s"\nuser = "k"\nsecret = "s"\n'


def test_an_account_as_the_channel_sees_it(tmp_path: Path) -> None:
    given = VMG + 'ip_allow = ["203.0.113.0/24", "2001:db8::/32"]\nmt_price_vnd = 250\nshort_codes = ["8283"]\n'
    settings = config.load(written(tmp_path, given + ESMS + 'values = {brandname = "TTHCC"}\nmt_price_vnd = 400\n'))
    account, esms = http_accounts_of(settings)
    assert (account.name, account.user, account.password, account.send_url) == ("vmg", "gw", "pw", "https://mt.test/s")
    assert [str(network) for network in account.ip_allow] == ["203.0.113.0/24", "2001:db8::/32"]
    assert esms.values == {"brandname": "TTHCC"}
    assert [(road.route, road.price_vnd, road.takes_unasked) for road in roads_of(settings)] == [
        ("http:vmg", 250, True),
        ("http:esms", 400, True),
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param(VMG.replace("cp-soap", "vmg"), "sms.http[0].dialect: is none of cp-soap", id="unknown dialect"),
        pytest.param(
            VMG.replace('password = "pw"\n', ""),
            "sms.http[0].password: must be given for dialect cp-soap",
            id="password",
        ),
        pytest.param(
            VMG.replace('send_url = "https://mt.test/s"\n', ""), "sms.http[0].send_url: must be given", id="no address"
        ),
        pytest.param(VMG.replace("https://", "ftp://"), "sms.http[0].send_url: must be an address", id="bad address"),
        pytest.param(FIBO, "sms.http[0].ip_allow: dialect fibo proves nothing by itself", id="anybody could send"),
        pytest.param(FIBO + 'ip_allow = ["here"]', "sms.http[0].ip_allow", id="no network"),
        pytest.param(
            FIBO + 'path_secret = "a/b"', "sms.http[0].path_secret: may hold only letters", id="no part of an address"
        ),
        pytest.param(ESMS, "sms.http[0].values: lacks what the dialect prints", id="a value is missing"),
        pytest.param(ESMS.replace('secret = "s"', ""), "sms.http[0].values", id="still told"),
        pytest.param(VMG + VMG, "sms.http: every name may be used once, given twice: vmg", id="name twice"),
    ],
)
def test_a_problem_is_told(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        config.load(written(tmp_path, text))
    assert says in str(raised.value)


def test_a_secret_in_the_path_is_enough(tmp_path: Path) -> None:
    (account,) = http_accounts_of(config.load(written(tmp_path, FIBO + 'path_secret = "Zx81-k"\n')))
    assert account.path_secret == "Zx81-k"

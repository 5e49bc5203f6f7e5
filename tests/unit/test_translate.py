"""From the settings to what the parts are given."""

from typing import Any

import pytest

from bot.settings import Settings, SmppSection, SmsSection, UpstreamSection
from bot.translate import smpp_accounts_of, upstreams_of
from dossier_client.settings import Auth, BasicAuth, BearerAuth, LgspAuth, NoAuth, OAuth2Auth

AUTHS: list[tuple[dict[str, str], Auth]] = [
    ({"kind": "none"}, NoAuth()),
    ({"kind": "bearer", "token": "t"}, BearerAuth("t")),
    ({"kind": "basic", "user": "u", "password": "p"}, BasicAuth("u", "p")),
    (
        {"kind": "oauth2", "token_url": "http://h/token", "client_id": "c", "client_secret": "s"},
        OAuth2Auth("http://h/token", "c", "s"),
    ),
    ({"kind": "lgsp", "token": "t"}, LgspAuth("t")),
]


@pytest.mark.parametrize(("given", "auth"), AUTHS, ids=[given["kind"] for given, _ in AUTHS])
def test_each_way_to_sign_in(given: dict[str, str], auth: Auth) -> None:
    values: dict[str, Any] = {"name": "one", "base_url": "http://h", "heads": ["H05"], "auth": given}
    (upstream,) = upstreams_of(Settings(upstreams=(UpstreamSection(**values),)))
    assert upstream.auth == auth


def test_an_account_of_an_operator() -> None:
    values: dict[str, Any] = {
        "name": "telco",
        "host": "h",
        "port": 2775,
        "system_id": "gw",
        "password": "pw",
        "enquire_link_s": 7,
        "response_timeout_s": 8,
        "extra_tlvs": {"0x1401": "00ff"},
        "mt_charged": True,
    }
    (account,) = smpp_accounts_of(Settings(sms=SmsSection(smpp=(SmppSection(**values),))))
    assert (account.password, account.mt_charged, account.extra_tlvs) == ("pw", True, ((0x1401, b"\x00\xff"),))
    assert (account.timing.idle, account.timing.response) == (7, 8)

"""The section of the mail server: every problem is told."""

from pathlib import Path

import pytest

from adapters.email.settings import Security
from bot import config
from bot.errors import ConfigError
from bot.settings_email import email_of
from tests.unit.test_config import written

GOOD = '[email]\nhost = "mail.example.gov.vn"\nsender = "Một cửa <motcua@example.gov.vn>"\n'


def test_the_mail_server_as_the_channel_sees_it(tmp_path: Path) -> None:
    settings = config.load(written(tmp_path, GOOD + 'user = "motcua"\npassword = "pw"\n'))
    server = email_of(settings.email, tmp_path)
    assert server is not None
    assert (server.host, server.port, server.security) == ("mail.example.gov.vn", 587, Security.REQUIRED)
    assert (server.user, server.password, server.attachments_in) == ("motcua", "pw", tmp_path / "attachments")


def test_without_a_host_there_is_none(tmp_path: Path) -> None:
    assert email_of(config.load(written(tmp_path, "")).email, tmp_path) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param('[email]\nhost = "h"\n', "email.sender: must be given with host", id="no sender"),
        pytest.param('[email]\nsender = "motcua"\n', "email.sender: must be an address", id="no address"),
        pytest.param(GOOD + 'user = "u"\n', "email.password: must be given with user", id="no password"),
        pytest.param(
            GOOD + 'user = "u"\npassword = "p"\nsecurity = "if_offered"\n',
            "email.user: needs security",
            id="a password in the clear",
        ),
        pytest.param(GOOD + 'security = "ssl"\n', "email.security: must be", id="unknown word"),
    ],
)
def test_a_problem_is_told(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        config.load(written(tmp_path, text))
    assert says in str(raised.value)

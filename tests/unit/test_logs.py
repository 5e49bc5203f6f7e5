"""The log: one JSON line an event, nothing of a person in it, and it never stops the service."""

import io
import json
import logging

import pytest
import structlog

from bot.logs import Lines, get_log, mask_numbers, set_up


@pytest.fixture
def lines() -> io.StringIO:
    stream = io.StringIO()
    set_up("info", stream)
    yield stream
    structlog.reset_defaults()
    logging.basicConfig(force=True)


@pytest.mark.parametrize(
    ("text", "logged"),
    [
        ("from 84912345678 now", "from 8491*****678 now"),
        ("+84912345678", "+849*****678"),
        ("cccd 027090001234", "cccd 0270*****234"),
        ("code 000.00.15.H05-190626-0003 stays", "code 000.00.15.H05-190626-0003 stays"),
        ("G09.20-20260609-0092637 stays", "G09.20-20260609-0092637 stays"),
        ("8283 is short", "8283 is short"),
    ],
)
def test_numbers_are_masked(text: str, logged: str) -> None:
    assert mask_numbers(text) == logged


def test_one_line_an_event_even_with_breaks_in_it(lines: io.StringIO) -> None:
    get_log().info("odd", text="a\nb\u2028c\x1b[31m", sender="84912345678")
    (line,) = lines.getvalue().splitlines()
    event = json.loads(line)
    assert event["event"] == "odd"
    assert event["sender"] == "8491*****678"
    assert "\x1b" not in line


@pytest.mark.parametrize(
    "text",
    [
        "POST https://api.telegram.org/bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/sendMessage",
        "token 110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw refused",
        "http://127.0.0.1:8081/bot123456:stand-in/getMe",
    ],
)
def test_tokens_of_bots_are_masked_whoever_lets_them_slip_in(lines: io.StringIO, text: str) -> None:
    get_log().error("odd", error=text)
    logging.getLogger("some.library").error("failed: %s", text, exc_info=RuntimeError(text))
    assert "AAHdqTcv" not in lines.getvalue()
    assert "stand-in" not in lines.getvalue()


def test_libraries_speak_from_warnings_upwards(lines: io.StringIO) -> None:
    logging.getLogger("some.library").info("chatter")
    logging.getLogger("some.library").warning("about 84912345678")
    (line,) = lines.getvalue().splitlines()
    assert json.loads(line)["text"] == "about 8491*****678"


def test_a_full_disk_costs_lines_not_service() -> None:
    class Full(io.StringIO):
        def write(self, _text: str) -> int:
            raise OSError(28, "No space left on device")

    lines = Lines(Full())
    lines.msg("lost")
    assert lines.dropped == 1

"""Whoever waits at a terminal sees how far long work has come; whoever reads the output sees nothing of it."""

import asyncio
import io
import sys
from pathlib import Path

import pytest

from bot.progress import shown, size_of
from tests.contract.sessions import until


class Screen(io.StringIO):
    """A terminal, or a file."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize(
    ("total", "told"), [pytest.param(200.0, "50%", id="of known size"), pytest.param(None, "100 lines", id="of any")]
)
async def test_a_terminal_shows_how_far_it_is(total: float | None, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen(terminal=True)
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    async with shown("lines", lambda: (100.0 if total else 100, total)):
        await until(lambda: told in screen.getvalue())


@pytest.mark.parametrize(
    ("errors", "output", "beside_output"),
    [
        pytest.param(False, False, False, id="errors go to a file"),
        pytest.param(True, True, True, id="the output is on the same screen"),
    ],
)
async def test_nothing_is_shown(
    *, errors: bool, output: bool, beside_output: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    screens = Screen(terminal=errors), Screen(terminal=output)
    monkeypatch.setattr(sys, "stderr", screens[0])
    monkeypatch.setattr(sys, "stdout", screens[1])
    async with shown("lines", lambda: (1, None), beside_output=beside_output):
        await asyncio.sleep(0)
    assert [screen.getvalue() for screen in screens] == ["", ""]


def test_a_file_that_is_not_there_yet_has_no_size(tmp_path: Path) -> None:
    assert size_of(tmp_path / "none") == 0
    (tmp_path / "some").write_bytes(b"12")
    assert size_of(tmp_path / "some") == 2

"""Every command: help with an example, exit codes 0, 1 and 2, one clear text for each failure."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from bot.cli import main

SURFACE = {
    *("demo", "serve", "web", "sms", "worker", "migrate", "check-config"),
    *("say", "understand", "explain", "messages", "officers", "sandbox", "backup", "zalo", "email"),
}


def commands(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield words, command
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from commands(inner, (*words, name))


EVERY = list(commands(main))
LEAVES = [(words, command) for words, command in EVERY if not isinstance(command, click.Group)]
MISSING_WORDS = {
    "say": ("sms", "84912345678", "TG"),
    "explain": ("TG",),
    "backup": ("x.db",),
    "messages": ("--since", "0"),
    "officers add": (
        *("--user", "an", "--name", "An", "--role", "officer", "--agency", "H05.12"),
        *("--password-stdin", "--no-totp"),
    ),
    "officers lock": ("an",),
    "officers unlock": ("an",),
    "officers left": ("an",),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def called(*words: str) -> Result:
    return CliRunner().invoke(main, list(words), prog_name="motcua")


def test_the_surface() -> None:
    assert set(main.commands) == SURFACE


@pytest.mark.parametrize("words", [words for words, _ in EVERY], ids=" ".join)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_has_an_example(words: tuple[str, ...], option: str) -> None:
    result = called(*words, option)
    assert result.exit_code == 0
    assert "Example: " in result.output
    assert r"\b" not in result.output
    assert " ".join(("motcua", *words)) in result.output.partition("Example: ")[2]


@pytest.mark.parametrize(
    ("words", "command"), EVERY, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_options_say_what_they_do(words: tuple[str, ...], command: click.Command) -> None:
    options = [option for option in command.params if isinstance(option, click.Option)]
    assert not [option.name for option in options if not option.help], words


@pytest.mark.parametrize("words", [words for words, _ in LEAVES], ids=" ".join)
def test_an_unknown_option_is_wrong_use(words: tuple[str, ...]) -> None:
    result = called(*words, "--nonsense")
    assert result.exit_code == 2
    assert "No such option" in result.output


@pytest.mark.parametrize("words", [words for words, _ in LEAVES], ids=" ".join)
def test_a_bad_configuration_is_a_failure(words: tuple[str, ...], folder: Path) -> None:
    (folder / "bad.toml").write_text("bogus = 1\n[http]\nport = -1\n")
    result = called(*words, *MISSING_WORDS.get(" ".join(words), ()), "--config", "bad.toml")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "motcua: the configuration cannot be used",
        "bad.toml: http.port: must be at least 0 (given -1)",
        "bad.toml: bogus: unknown key",
    ]


@dataclass(frozen=True)
class Case:
    label: str
    words: tuple[str, ...]
    code: int
    told: str


CASES = [
    Case("version", ("--version",), 0, "motcua, version"),
    Case("unknown command", ("sevre",), 2, "No such command 'sevre'"),
    Case("no phone number", ("say", "sms", "VIETTEL", "TG"), 2, "must be a Vietnamese phone number"),
    Case("no sender", ("say", "webchat", "", "TG"), 2, "must be an id"),
    Case("unknown channel", ("say", "fax", "84912345678", "TG"), 2, "is not one of 'sms', 'zalo'"),
    Case("no text", ("say", "sms", "84912345678"), 2, "Missing argument 'TEXT'"),
    Case("no time", ("messages",), 2, "Missing option '--since'"),
    Case("time without zone", ("messages", "--since", "2026-06-10"), 2, "must be an ISO time with its zone"),
    Case("rubbish as time", ("understand", "--at", "soon"), 2, "must be an ISO time with its zone"),
    Case("no store yet", ("messages", "--since", "0"), 1, "holds no store yet"),
    Case("nothing to copy", ("backup", "copy.db"), 1, "does not exist: nothing to copy"),
    Case("one role on SQLite", ("worker",), 1, "a single role needs PostgreSQL"),
    Case("another role on SQLite", ("sms",), 1, "run everything in one process with: motcua serve"),
    Case("nothing set", ("check-config",), 0, "configuration is good: SQLite in var, 0 upstreams, 0 SMPP accounts"),
    Case("no such file", ("check-config", "--config", "no.toml"), 1, "no.toml: cannot be read: No such file"),
    Case("a folder", ("check-config", "--config", "."), 2, "is a directory"),
    Case("explained", ("explain", "hs ho5.12 260610 ooo1"), 0, "intent    lookup_status"),
    Case("empty text explained", ("explain", ""), 0, "intent    help"),
    Case("long text explained", ("explain", "H05 " * 25_000), 0, "intent"),
    Case("no UTF-8", ("explain", "hs \udcff H05.12-260610-0001"), 0, "intent    lookup_status"),
    Case("no UTF-8 said", ("say", "sms", "84912345678", "H29.5-260610-0001 \udcff"), 0, "thuoc TP Ho Chi Minh"),
    Case("no UTF-8 as sender", ("say", "zalo", "\udcff", "TG"), 2, "must be an id"),
    Case("migrated", ("migrate",), 0, "schema is at 0"),
    Case("no port", ("sandbox", "onestop", "--port", "99999"), 2, "is not in the range"),
    Case("bad data", ("sandbox", "onestop", "--port", "0", "--data", "no.json"), 2, "does not exist"),
    Case("rate too high", ("sandbox", "onestop", "--error-rate", "7"), 2, "--error-rate: must be a number from 0 to 1"),
    Case("no error", ("sandbox", "onestop", "--error-status", "0"), 2, "must be a number from 400 to 599"),
    Case("negative delay", ("sandbox", "onestop", "--delay-ms", "-5"), 2, "must be a number from 0 to"),
    Case("no number", ("sandbox", "smsc", "--port", "x"), 2, "is not a valid integer"),
]


def test_a_setting_that_nothing_uses_is_told(folder: Path) -> None:
    (folder / "motcua.toml").write_text('redis_url = "redis://u:sesame@127.0.0.1/0"\n')
    told = called("check-config").output
    assert "note: redis_url is set and not used yet" in told
    assert "sesame" not in told


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_a_call(case: Case, folder: Path) -> None:
    result = called(*case.words)
    assert (result.exit_code, case.told in result.output) == (case.code, True), result.output
    assert "Traceback" not in result.output
    assert folder.exists()

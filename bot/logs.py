"""One line of JSON for each unit of work. No secret, no full phone number, no text of a person."""

import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol, TextIO, cast

import orjson


@contextmanager
def _without(module: str) -> Iterator[None]:
    """As if *module* was not installed."""
    modules = cast("dict[str, object]", sys.modules)
    found = modules.get(module)
    modules[module] = None
    try:
        yield
    finally:
        modules[module] = found
        if found is None:
            del modules[module]


with _without("rich"):  # it would be loaded for coloured lines that are never written here: 3 MiB
    import structlog

LONG_NUMBER = re.compile(r"(?<![\w.-])\+?(?:\d{4})(\d{2,10})(\d{3})(?![\w-])")
BOT_TOKEN = re.compile(r"(?<=/bot)\d+:[\w-]+|(?<!\d)\d{6,12}:[\w-]{30,}")
"""Of a Telegram bot: a part of every address that an HTTP library may quote."""
SHORTEST_NUMBER = 9
BREAKS = str.maketrans({"\u2028": "\\u2028", "\u2029": "\\u2029", "\x85": "\\u0085"})


class Log(Protocol):
    """What the rest of the program calls: an event in a few fixed words, then values."""

    def debug(self, event: str, **values: Any) -> None:
        """For whoever looks for a fault."""
        ...

    def info(self, event: str, **values: Any) -> None:
        """One unit of work was done."""
        ...

    def warning(self, event: str, **values: Any) -> None:
        """Something an operator should know."""
        ...

    def error(self, event: str, **values: Any) -> None:
        """Something an operator must act on."""
        ...


class Lines:
    """Writes lines and never fails: a full disk or a closed pipe costs log lines, not service."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.dropped = 0

    def msg(self, line: str) -> None:
        """Write one line, or count it as dropped."""
        try:
            self._stream.write(line + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            self.dropped += 1

    log = debug = info = warning = error = critical = exception = msg


def _as_json(_logger: object, _method: str, values: Any) -> str:
    line = orjson.dumps(values, default=str).decode()
    return line if line.isascii() else line.translate(BREAKS)


def _redact(_logger: object, _method: str, values: Any) -> Any:
    """Numbers as long as a phone or an identity card, and tokens of bots, are masked, whoever let them slip in."""
    for key, value in values.items():
        if isinstance(value, str) and len(value) >= SHORTEST_NUMBER and key != "timestamp":
            values[key] = mask_numbers(BOT_TOKEN.sub("*****", value))
    return values


def mask_numbers(text: str) -> str:
    """The text with every run of 9 or more digits masked, unless it is part of a dossier code."""
    return LONG_NUMBER.sub(lambda found: f"{found[0][:4]}*****{found[2]}", text)


def set_up(level: str, stream: TextIO | None = None) -> Lines:
    """Send our log and that of the libraries to *stream* (default stderr); libraries from warnings upwards."""
    lines = Lines(stream or sys.stderr)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _redact,
            _as_json,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=lambda *_: lines,
        cache_logger_on_first_use=False,
    )
    handler = _LibraryHandler()
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    return lines


class _LibraryHandler(logging.Handler):
    """Brings the lines of libraries into our form."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record of a library."""
        text = record.getMessage()
        log = structlog.get_logger()
        log.log(record.levelno, "library", logger=record.name, text=text, exc_info=record.exc_info)


def get_log() -> Log:
    """The log of this process, as ``set_up`` left it."""
    log: Log = structlog.get_logger().bind()  # unbound, it would be made anew for every line
    return log

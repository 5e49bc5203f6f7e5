"""Printing values into URLs, forms, JSON and XML: every value is escaped, whatever a dialect's author forgot."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment


class AsIs(str):
    """A value that is already written in the format it is printed into."""

    __slots__ = ()


_NOT_IN_XML = dict.fromkeys([*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)])


def in_text(value: str) -> str:
    """As it is."""
    return value


def in_header(value: str) -> str:
    """Without line ends: what follows one would be a header of its own."""
    return " ".join(value.splitlines())


def in_url(value: str) -> str:
    """Percent-encoded, every sign that is no letter, digit or ``-._~``."""
    return quote(value, safe="", errors="replace")


def in_json(value: str) -> str:
    """What stands between the quotation marks of a string."""
    return json.dumps(value)[1:-1]


def in_xml(value: str) -> str:
    """Element content and attribute values; characters that XML has no place for vanish."""
    return escape(value.translate(_NOT_IN_XML), {'"': "&quot;", "'": "&apos;"})


ESCAPES: Mapping[str, Callable[[str], str]] = {
    "text": in_text,
    "header": in_header,
    "url": in_url,
    "json": in_json,
    "xml": in_xml,
}


def _hmac_of(value: object, key: object, algorithm: str = "sha256") -> str:
    return hmac.new(str(key).encode(), str(value).encode(), algorithm).hexdigest()


FILTERS: Mapping[str, Callable[..., str]] = {
    "base64": lambda value: base64.b64encode(str(value).encode()).decode("ascii"),
    "md5": lambda value: hashlib.md5(str(value).encode(), usedforsecurity=False).hexdigest(),
    "hmac": _hmac_of,
    "hex_ucs2": lambda value: str(value).encode("utf-16-be").hex().upper(),
}
"""Besides those of Jinja2. There is none for escaping: that happens by itself."""


def check_template(source: str) -> str:
    """The template as it is. Raises ``ValueError`` when it cannot be compiled."""
    try:
        _environment("text").from_string(source)
    except TemplateError as error:
        raise ValueError(f"is no template: {error}") from error
    return source


def fill(source: str, target: str, values: Mapping[str, Any]) -> str:
    """The template with its values, escaped for *target*. Raises ``jinja2.TemplateError`` for a value that is not there."""
    return _compiled(source, target).render(values)


@lru_cache(256)
def _compiled(source: str, target: str) -> Template:
    return _environment(target).from_string(source)


@lru_cache
def _environment(target: str) -> ImmutableSandboxedEnvironment:
    escaped = ESCAPES[target]
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,
        keep_trailing_newline=False,
        finalize=lambda value: value if isinstance(value, AsIs) else escaped(str(value)),
    )
    environment.filters |= FILTERS
    return environment

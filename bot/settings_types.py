"""The kinds of values that a setting can have, with the rule of each in words."""

import os
import re
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import InitErrorDetails

from bot.opening import read_periods, told


class Section(BaseModel):
    """A table of the file; a key that it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def secret_value(given: Any) -> Any:
    """``env:NAME`` and ``file:PATH`` are read; anything else is the secret itself."""
    if not isinstance(given, str):
        return given
    kind, _, rest = given.partition(":")
    if kind == "env":
        if rest not in os.environ:
            raise ValueError(f"names the variable {rest}, which is not set")
        return os.environ[rest]
    if kind == "file":
        try:
            return Path(rest).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ValueError(f"names a file that cannot be read: {error.strerror}") from error
    return given


def _web_address(given: str) -> str:
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an address that starts with http:// or https:// and names a host")
    return given.rstrip("/")


def _database(given: str) -> str:
    if given and urlsplit(given).scheme not in {"postgresql", "postgres"}:
        raise ValueError('must be "" (SQLite) or postgresql://user:password@host/database')
    return given


def _head(given: str) -> str:
    if given != "*" and not (len(given) == 3 and given[0].isalpha() and given[1:].isdigit()):  # noqa: PLR2004 - the shape itself
        raise ValueError('must be "*" or a head such as H05')
    return given.upper()


def _optional_web_address(given: str) -> str:
    return _web_address(given) if given else given


def _certificates(given: str) -> str:
    if given:
        try:
            ssl.create_default_context(cafile=given)
        except ssl.SSLError as error:
            raise ValueError("must be a file of certificates in PEM form") from error
        except OSError as error:
            raise ValueError(f"must be a file that this user can read: {error.strerror}") from error
    return given


def _matching(pattern: str, rule: str) -> Callable[[str], str]:
    compiled = re.compile(pattern, re.ASCII)

    def check(given: str) -> str:
        if compiled.fullmatch(given) is None:
            raise ValueError(rule)
        return given

    return check


def _one_or_more(given: Any) -> Any:
    """One secret may be written without a list."""
    return [given] if isinstance(given, str) else given


Checked = TypeVar("Checked")


def named_once(given: Any, check: Callable[[Any], Checked]) -> Checked:
    """Sections of one kind have different names; told together with whatever *check* finds in them."""
    names = _names(given)
    twice = sorted({name for name in names if names.count(name) > 1})
    problem = ValueError(f"every name may be used once, given twice: {', '.join(twice)}")
    try:
        checked = check(given)
    except ValidationError as error:
        if not twice:
            raise
        found = [
            InitErrorDetails(type=item["type"], loc=item["loc"], input=item["input"], ctx=item.get("ctx", {}))
            for item in error.errors(include_url=False)
        ]
        found.append(InitErrorDetails(type="value_error", input=given, ctx={"error": problem}))
        raise ValidationError.from_exception_data(error.title, found) from None
    if twice:
        raise problem
    return checked


def _names(given: Any) -> list[str]:
    sections = given if isinstance(given, list | tuple) else []
    named = [item.get("name") if isinstance(item, dict) else getattr(item, "name", None) for item in sections]
    return [name for name in named if isinstance(name, str)]


def _hours(given: str) -> str:
    try:
        return told(read_periods(given))
    except ValueError as error:
        raise ValueError("must be hours in order, such as 07:30-11:30, 13:30-17:00") from error


def _hexadecimal(given: str) -> str:
    try:
        bytes.fromhex(given)
    except ValueError as error:
        raise ValueError("must be octets written in hexadecimal") from error
    return given


def octets_of_bind(most: int) -> Callable[[str], str]:
    """A field of the bind PDU: SMPP 3.4 §4.1.1 gives it *most* octets and a NUL."""

    def check(given: str) -> str:
        if len(given) > most or not given.isascii() or not given.isprintable():
            raise ValueError(f"must be at most {most} ASCII characters: SMPP gives it no more room")
        return given

    return check


def password_of_bind(given: SecretStr) -> SecretStr:
    """As ``octets_of_bind``, for the password."""
    octets_of_bind(8)(given.get_secret_value())
    return given


def matching_secret(pattern: str, rule: str) -> Callable[[SecretStr], SecretStr]:
    """A secret of one shape, or none at all."""
    check = _matching(pattern, rule)

    def checked(given: SecretStr) -> SecretStr:
        if given.get_secret_value():
            check(given.get_secret_value())
        return given

    return checked


def secret_web_address(given: SecretStr) -> SecretStr:
    """An address that may hold a password, or none at all."""
    if given.get_secret_value():
        _web_address(given.get_secret_value())
    return given


def plain(value: SecretStr | str) -> str:
    """The text, also of a secret."""
    return value.get_secret_value() if isinstance(value, SecretStr) else value


Secret = Annotated[SecretStr, BeforeValidator(secret_value)]
Secrets = Annotated[tuple[Secret, ...], BeforeValidator(_one_or_more)]
Key = Annotated[Secret, AfterValidator(matching_secret("[0-9A-Fa-f]{64}", "must be 64 hexadecimal digits"))]
WebAddress = Annotated[str, AfterValidator(_web_address)]
OptionalWebAddress = Annotated[str, AfterValidator(_optional_web_address)]
DatabaseUrl = Annotated[str, BeforeValidator(secret_value), AfterValidator(_database)]
Head = Annotated[str, AfterValidator(_head)]
ReadableFile = Annotated[str, AfterValidator(_certificates)]
OpeningHours = Annotated[str, AfterValidator(_hours)]
Hexadecimal = Annotated[str, AfterValidator(_hexadecimal)]
Port = Annotated[int, Field(ge=0, le=65535)]
Name = Annotated[
    str,
    AfterValidator(
        _matching("[a-z][a-z0-9_-]{0,30}", "must be a word of a-z, 0-9, - and _, at most 31, a letter first")
    ),
]
ShortCode = Annotated[str, AfterValidator(_matching(r"\d{3,8}", "must be 3 to 8 digits"))]

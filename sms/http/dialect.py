"""What a provider's HTTP interface looks like: the table that a file under ``dialects`` fills."""

import tomllib
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from sms.http.templates import check_template

Names = tuple[str, ...]
"""Names that one thing has at different providers of the family; the case does not matter."""
Template = Annotated[str, AfterValidator(check_template)]
"""Jinja2; every value is escaped for the format that it is printed into."""


class DialectProblem(ValueError):
    """The file cannot be used; the text holds one line for each problem."""


class Table(BaseModel):
    """A table of the file; a key that it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Format(StrEnum):
    """What a text is printed into, and so how its values are escaped."""

    TEXT = "text"
    URL = "url"
    JSON = "json"
    XML = "xml"


CONTENT_TYPES = {
    Format.TEXT: "text/plain",
    Format.URL: "application/x-www-form-urlencoded",
    Format.JSON: "application/json",
    Format.XML: "text/xml",
}


class FieldNames(Table):
    """Where an incoming text says what."""

    sender: Annotated[Names, Field(min_length=1)]
    text: Annotated[Names, Field(min_length=1)]
    short_code: Names = ()
    keyword: Names = ()
    message_id: Names = ()
    operator: Names = ()


class NoCredentials(Table):
    """The request itself proves nothing: the path's secret or the caller's address must."""

    kind: Literal["none"] = "none"


class BasicCredentials(Table):
    """HTTP Basic with the account's user and password."""

    kind: Literal["basic"]


class FieldCredentials(Table):
    """User and password among the fields."""

    kind: Literal["fields"]
    user: Names
    password: Names
    hashed: Literal["", "md5"] = ""
    """``md5``: the password field holds the hexadecimal MD5 of the user followed by the account's secret."""


class SignedFields(Table):
    """A keyed hash (HMAC) with the account's secret over ``name=value`` of the decoded fields, in this order."""

    kind: Literal["hmac"]
    algorithm: Literal["md5", "sha1", "sha256", "sha512"] = "sha256"
    fields: Annotated[Names, Field(min_length=1)]
    joiner: str = "&"
    values_only: bool = False
    signature: str = "signature"
    digest: Literal["hex", "base64"] = "hex"
    key_field: str = ""
    """The field that must equal the account's user."""


Credentials = Annotated[NoCredentials | BasicCredentials | FieldCredentials | SignedFields, Field(discriminator="kind")]


class Reply(Table):
    """An answer of ours to a provider."""

    status: Annotated[int, Field(ge=200, le=599)] = 200
    body: Template = ""


class Answers(Table):
    """What the provider hears. ``stored`` and ``processing`` are printed with the request's fields and ``text``."""

    format: Format = Format.TEXT
    stored: Reply = Reply()
    """The text is saved. Where replies go into the response, ``text`` and ``reply_id`` are the reply."""
    processing: Reply | None = None
    """The reply is not ready in time; ``stored`` with an empty text where none is given."""
    bad_auth: Reply = Reply(status=401)
    retry_later: Reply = Reply(status=503)


class Inbound(Table):
    """How texts come in."""

    methods: tuple[Literal["GET", "POST"], ...] = ("POST",)
    body: Literal["query", "form", "json", "soap"] = "form"
    """``form`` takes the fields of a GET from its query."""
    fields: FieldNames
    has_keyword: bool = True
    """The text still begins with the keyword; else the keyword is put before it again."""
    coding: Literal["plain", "base64", "base64_auto", "hex_ucs2", "data_coding"] = "plain"
    """``data_coding``: two hexadecimal digits of SMPP's data_coding, then the octets in hexadecimal."""
    auth: Credentials = NoCredentials()
    reply: Literal["in_response", "by_call"] = "by_call"
    answers: Answers = Answers()


class Extract(Table):
    """Where a value stands in a provider's answer; the whole of it when nothing is given."""

    json_path: str = ""
    """Names with dots between."""
    xml_element: str = ""
    """The local name of an element, whatever its namespace."""
    pattern: str = ""
    """The first group of a regular expression."""


class Verdicts(Table):
    """What the value of an answer means. A value that stands nowhere is tried once more, then counts as permanent."""

    accepted: Annotated[Names, Field(min_length=1)]
    repeated: Names = ()
    """The provider has it already: accepted, when we send it once more."""
    busy: Names = ()
    """Too fast: the whole route pauses."""
    temporary: Names = ()
    account: Names = ()
    """The account is at fault (wrong login, address not allowed, no money), not the message: the route pauses."""
    permanent: Names = ()


class MessageTypes(Table):
    """How the provider wants to be told who pays."""

    answered: str = "1"
    refund: str = "2"
    free: str = "0"


class Outbound(Table):
    """How texts go out."""

    url: Template = "{{ send_url }}"
    method: Literal["GET", "POST"] = "POST"
    headers: dict[str, Template] = {}
    format: Format = Format.URL
    body: Template = ""
    basic: bool = False
    """Sign in with HTTP Basic."""
    value: Extract = Extract()
    verdicts: Verdicts
    id: Extract | None = None
    """Where the provider's id of the message stands; else it is known by ours."""
    transliterate: bool = True
    max_parts: Annotated[int, Field(ge=1, le=10)] = 1
    parts: Literal["whole", "each"] = "whole"
    """``whole``: one call with all the text; ``each``: a call for each part, with its index, and ``is_more`` until the last."""
    message_types: MessageTypes = MessageTypes()


class Dialect(Table):
    """One provider's HTTP interface."""

    inbound: Inbound | None = None
    outbound: Outbound | None = None

    @model_validator(mode="after")
    def _does_something(self) -> "Dialect":
        if self.inbound is None and self.outbound is None:
            raise ValueError("give [inbound], [outbound] or both")
        if self.inbound and self.inbound.reply == "by_call" and self.outbound is None:
            raise ValueError('replies by call need [outbound]; else set inbound.reply = "in_response"')
        return self


def shipped() -> list[str]:
    """The names of the dialects that come with the program."""
    folder = files("sms.http") / "dialects"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


def load(name: str) -> Dialect:
    """A shipped dialect by its name, or the one in a file that ends in ``.toml``. Raises ``DialectProblem``."""
    if name.endswith(".toml"):
        return _read(Path(name))
    if name not in shipped():
        raise DialectProblem(f"is none of {', '.join(shipped())} and no file that ends in .toml")
    return read((files("sms.http") / "dialects" / f"{name}.toml").read_text(encoding="utf-8"))


def read(text: str) -> Dialect:
    """The dialect that a TOML text describes. Raises ``DialectProblem``."""
    try:
        return Dialect.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise DialectProblem(f"is no TOML: {error}") from error
    except ValidationError as error:
        raise DialectProblem("; ".join(_told(item) for item in error.errors(include_url=False))) from error


def _told(problem: object) -> str:
    assert isinstance(problem, dict)  # noqa: S101 - what pydantic lists are dictionaries
    return f"{'.'.join(str(step) for step in problem['loc']) or 'the whole'}: {problem['msg']}"


def _read(path: Path) -> Dialect:
    try:
        return read(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DialectProblem(f"names a file that cannot be read: {error.strerror}") from error

"""What can be set: the sections of the configuration file, with the rule of each key."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict


def _secret_value(given: Any) -> Any:
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


def _readable_file(given: str) -> str:
    if given and not os.access(given, os.R_OK):
        raise ValueError("must be a file that this user can read")
    return given


def _hexadecimal(given: str) -> str:
    try:
        bytes.fromhex(given)
    except ValueError as error:
        raise ValueError("must be octets written in hexadecimal") from error
    return given


def _octets_of_bind(most: int) -> Callable[[str], str]:
    """A field of the bind PDU: SMPP 3.4 §4.1.1 gives it *most* octets and a NUL."""

    def check(given: str) -> str:
        if len(given) > most or not given.isascii() or not given.isprintable():
            raise ValueError(f"must be at most {most} ASCII characters: SMPP gives it no more room")
        return given

    return check


def _password_of_bind(given: SecretStr) -> SecretStr:
    _octets_of_bind(8)(given.get_secret_value())
    return given


def _plain(value: SecretStr | str) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else value


Secret = Annotated[SecretStr, BeforeValidator(_secret_value)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
DatabaseUrl = Annotated[str, BeforeValidator(_secret_value), AfterValidator(_database)]
Head = Annotated[str, AfterValidator(_head)]
ReadableFile = Annotated[str, AfterValidator(_readable_file)]
Hexadecimal = Annotated[str, AfterValidator(_hexadecimal)]
Port = Annotated[int, Field(ge=0, le=65535)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,30}$")]
ShortCode = Annotated[str, Field(pattern=r"^\d{3,8}$")]


class Section(BaseModel):
    """A table of the file; a key that it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class HttpSection(Section):
    """Where the gateway listens."""

    host: str = "127.0.0.1"
    port: Port = 8080
    public_url: str = ""


class AuthSection(Section):
    """How an upstream wants us to sign in."""

    kind: Literal["none", "bearer", "basic", "oauth2", "lgsp"] = "none"
    token: Secret = SecretStr("")
    user: str = ""
    password: Secret = SecretStr("")
    token_url: str = ""
    client_id: str = ""
    client_secret: Secret = SecretStr("")

    @model_validator(mode="after")
    def _complete(self) -> "AuthSection":
        needed = {
            "bearer": ("token",),
            "basic": ("user", "password"),
            "oauth2": ("token_url", "client_id", "client_secret"),
            "lgsp": ("token",),
        }
        missing = [key for key in needed.get(self.kind, ()) if not _plain(getattr(self, key))]
        if missing:
            raise ValueError(f"kind {self.kind} needs {', '.join(missing)}")
        return self


class RouteSection(Section):
    """Dossiers of one head and one span of dates, for merged provinces."""

    head: Head
    dates: tuple[date, date] = (date(2016, 1, 1), date(9999, 12, 31))
    order: int = 1


class UpstreamSection(Section):
    """One one-stop system."""

    name: Name
    kind: Literal["onestop", "opencps"] = "onestop"
    base_url: WebAddress
    heads: tuple[Head, ...] = ()
    webhook_secret: Secret | tuple[Secret, ...] = SecretStr("")
    timeout_s: Annotated[float, Field(gt=0, le=5)] = 3.0
    max_concurrent: Annotated[int, Field(ge=1, le=1024)] = 16
    max_waiting: Annotated[int, Field(ge=0, le=10_000)] = 256
    auth: AuthSection = AuthSection()
    routes: tuple[RouteSection, ...] = ()
    ca_file: ReadableFile = ""
    group_id: str = ""

    @model_validator(mode="after")
    def _reachable(self) -> "UpstreamSection":
        if not self.heads and not self.routes:
            raise ValueError('needs heads (for instance ["H05"]) or routes, or no code ever leads to it')
        return self


class SmppSection(Section):
    """One SMPP account at an operator."""

    name: Name
    host: Annotated[str, Field(min_length=1)]
    port: Port = 2775
    system_id: Annotated[str, AfterValidator(_octets_of_bind(15))]
    password: Annotated[Secret, AfterValidator(_password_of_bind)]
    system_type: Annotated[str, AfterValidator(_octets_of_bind(12))] = ""
    bind_mode: Literal["trx", "tx+rx"] = "trx"
    binds: Annotated[int, Field(ge=1, le=32)] = 1
    window: Annotated[int, Field(ge=1, le=1000)] = 10
    rate: Annotated[float, Field(ge=0)] = 0
    tls: bool = False
    ca_file: ReadableFile = ""
    source_ton: Annotated[int, Field(ge=0, le=255)] = 0
    source_npi: Annotated[int, Field(ge=0, le=255)] = 1
    dest_ton: Annotated[int, Field(ge=0, le=255)] = 1
    dest_npi: Annotated[int, Field(ge=0, le=255)] = 1
    addr_ton: Annotated[int, Field(ge=0, le=255)] = 1
    addr_npi: Annotated[int, Field(ge=0, le=255)] = 0
    address_range: Annotated[str, AfterValidator(_octets_of_bind(40))] = ""
    enquire_link_s: Annotated[float, Field(gt=0)] = 30
    response_timeout_s: Annotated[float, Field(gt=0, le=300)] = 30
    receipts: Literal["none", "all", "failed"] = "none"
    dlr_id_format: Literal["same", "resp_hex", "resp_dec"] = "same"
    default_alphabet: Literal["gsm0338", "latin1", "ascii"] = "gsm0338"
    concatenation: Literal["udh8", "udh16", "sar", "payload", "single"] = "udh8"
    mt_charged: bool = False
    extra_tlvs: dict[Annotated[str, Field(pattern=r"^0x[0-9A-Fa-f]{1,4}$")], Hexadecimal] = {}


class SmsSection(Section):
    """The short number and its operators."""

    short_codes: Annotated[tuple[ShortCode, ...], Field(min_length=1)] = ("8283",)
    prefix: str = ""
    mo_price_vnd: Annotated[int, Field(ge=0)] = 0
    reassembly_timeout_s: Annotated[float, Field(gt=0)] = 120
    smpp: tuple[SmppSection, ...] = ()


class OfficeSection(Section):
    """What the templates print of the office."""

    province: str = "tỉnh Bắc Ninh"
    head: Head = "H05"
    hotline: Annotated[str, Field(max_length=12)] = "0222.3822222"
    web: Annotated[str, Field(max_length=22)] = "dvc.bacninh.gov.vn"
    opening_hours: str = "07:30-11:30, 13:30-17:00"
    example_code: Annotated[str, Field(max_length=25)] = "H05.12-260610-0001"
    sensitive_procedures: frozenset[str] = frozenset()


class LimitsSection(Section):
    """The limits per person; load tests switch them off."""

    enabled: bool = True


class PrivacySection(Section):
    """The key that seals addresses."""

    key: Secret = SecretStr("")


class RetentionSection(Section):
    """After how many days history goes."""

    raw_days: Annotated[int, Field(ge=1)] = 30
    look_up_days: Annotated[int, Field(ge=1)] = 90
    message_days: Annotated[int, Field(ge=1)] = 365


class LogSection(Section):
    """How much the log tells."""

    level: Literal["debug", "info", "warning", "error"] = "info"


class CacheSection(Section):
    """What is kept in memory between look-ups."""

    dossiers_mib: Annotated[int, Field(ge=1, le=4096)] = 16


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(env_prefix="MOTCUA_", env_nested_delimiter="__", extra="forbid", frozen=True)

    data_dir: Path = Path("var")
    database_url: DatabaseUrl = ""
    redis_url: Annotated[str, BeforeValidator(_secret_value)] = ""
    http: HttpSection = HttpSection()
    upstreams: tuple[UpstreamSection, ...] = ()
    sms: SmsSection = SmsSection()
    office: OfficeSection = OfficeSection()
    limits: LimitsSection = LimitsSection()
    privacy: PrivacySection = PrivacySection()
    retention: RetentionSection = RetentionSection()
    cache: CacheSection = CacheSection()
    log: LogSection = LogSection()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file, which arrives as arguments."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings

    @model_validator(mode="after")
    def _names_once(self) -> "Settings":
        for key, names in (
            ("upstreams", [item.name for item in self.upstreams]),
            ("sms.smpp", [item.name for item in self.sms.smpp]),
        ):
            twice = {name for name in names if names.count(name) > 1}
            if twice:
                raise ValueError(f"{key}: every name may be used once, given twice: {', '.join(sorted(twice))}")
        return self

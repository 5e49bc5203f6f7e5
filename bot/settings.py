"""What can be set: the sections of the configuration file, with the rule of each key."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    WrapValidator,
    field_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.settings_desk import DeskSection
from bot.settings_email import EmailSection
from bot.settings_photos import PhotosSection
from bot.settings_sms_http import HttpSmsSection
from bot.settings_sources import Environment
from bot.settings_telegram import TelegramSection
from bot.settings_types import (
    DatabaseUrl,
    Head,
    Hexadecimal,
    Key,
    Name,
    OpeningHours,
    OptionalWebAddress,
    Port,
    ReadableFile,
    Secret,
    Secrets,
    Section,
    ShortCode,
    WebAddress,
    named_once,
    octets_of_bind,
    password_of_bind,
    plain,
    secret_value,
)
from bot.settings_webchat import WebChatSection
from bot.settings_zalo import ZaloSection

NEEDED = {
    "bearer": {"token"},
    "basic": {"user", "password"},
    "oauth2": {"token_url", "client_id", "client_secret"},
    "lgsp": {"token"},
}
"""What each kind of signing in cannot do without."""

UNUSED_REDIS = "redis_url is set and not used yet: this version needs no Redis"


class HttpSection(Section):
    """Where the gateway listens."""

    host: str = "127.0.0.1"
    port: Port = 8080
    public_url: OptionalWebAddress = ""


class AuthSection(Section):
    """How an upstream wants us to sign in."""

    model_config = ConfigDict(validate_default=True)

    kind: Literal["none", "bearer", "basic", "oauth2", "lgsp"] = "none"
    token: Secret = SecretStr("")
    user: str = ""
    password: Secret = SecretStr("")
    token_url: OptionalWebAddress = ""
    client_id: str = ""
    client_secret: Secret = SecretStr("")

    @field_validator("token", "user", "password", "token_url", "client_id", "client_secret")
    @classmethod
    def _given_where_needed(cls, value: SecretStr | str, info: ValidationInfo) -> SecretStr | str:
        kind = info.data.get("kind", "none")
        if info.field_name in NEEDED.get(kind, ()) and not plain(value):
            raise ValueError(f"must be given for kind {kind}")
        return value


class RouteSection(Section):
    """Dossiers of one head and one span of dates, for merged provinces."""

    head: Head
    dates: tuple[date, date] = (date(2016, 1, 1), date(9999, 12, 31))
    order: int = 1


class UpstreamSection(Section):
    """One one-stop system."""

    model_config = ConfigDict(validate_default=True)

    name: Name
    kind: Literal["onestop", "opencps"] = "onestop"
    base_url: WebAddress
    heads: tuple[Head, ...] = ()
    webhook_secret: Secrets = ()
    timeout_s: Annotated[float, Field(gt=0, le=5)] = 3.0
    max_concurrent: Annotated[int, Field(ge=1, le=1024)] = 16
    max_waiting: Annotated[int, Field(ge=0, le=10_000)] = 256
    auth: AuthSection = AuthSection()
    routes: tuple[RouteSection, ...] = ()
    ca_file: ReadableFile = ""
    group_id: str = ""

    @field_validator("routes")
    @classmethod
    def _reachable(cls, value: tuple[RouteSection, ...], info: ValidationInfo) -> tuple[RouteSection, ...]:
        if not value and info.data.get("heads") == ():
            raise ValueError('give heads (for instance ["H05"]) or routes, or no code ever leads to it')
        return value


class SmppSection(Section):
    """One SMPP account at an operator."""

    name: Name
    host: Annotated[str, Field(min_length=1)]
    port: Port = 2775
    system_id: Annotated[str, AfterValidator(octets_of_bind(15))]
    password: Annotated[Secret, AfterValidator(password_of_bind)]
    system_type: Annotated[str, AfterValidator(octets_of_bind(12))] = ""
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
    address_range: Annotated[str, AfterValidator(octets_of_bind(40))] = ""
    enquire_link_s: Annotated[float, Field(gt=0)] = 30
    response_timeout_s: Annotated[float, Field(gt=0, le=300)] = 30
    receipts: Literal["none", "all", "failed"] = "none"
    dlr_id_format: Literal["same", "resp_hex", "resp_dec"] = "same"
    default_alphabet: Literal["gsm0338", "latin1", "ascii"] = "gsm0338"
    concatenation: Literal["udh8", "udh16", "sar", "payload", "single"] = "udh8"
    mt_charged: bool = False
    mt_price_vnd: Annotated[int, Field(ge=0)] = 0
    extra_tlvs: dict[Annotated[str, Field(pattern=r"^0x[0-9A-Fa-f]{1,4}$")], Hexadecimal] = Field(default_factory=dict)


class SmsSection(Section):
    """The short number and its operators."""

    short_codes: Annotated[tuple[ShortCode, ...], Field(min_length=1)] = ("8283",)
    prefix: str = ""
    mo_price_vnd: Annotated[int, Field(ge=0)] = 0
    reassembly_timeout_s: Annotated[float, Field(gt=0)] = 120
    smpp: Annotated[tuple[SmppSection, ...], WrapValidator(named_once)] = ()
    http: Annotated[tuple[HttpSmsSection, ...], WrapValidator(named_once)] = ()


class OfficeSection(Section):
    """What the templates print of the office."""

    province: str = "tỉnh Bắc Ninh"
    head: Head = "H05"
    hotline: Annotated[str, Field(max_length=12)] = "0222.3822222"
    web: Annotated[str, Field(max_length=22)] = "dvc.bacninh.gov.vn"
    opening_hours: OpeningHours = "07:30-11:30, 13:30-17:00"
    saturday_hours: OpeningHours = ""
    agency: Annotated[str, Field(pattern=r"^[0-9A-Z.]{3,24}$")] = "H05.22"
    example_code: Annotated[str, Field(max_length=25)] = "H05.12-260610-0001"
    sensitive_procedures: frozenset[str] = frozenset()
    asks_for_ratings: bool = True


class AgencySection(Section):
    """What is known of one agency."""

    code: Annotated[str, Field(pattern=r"^[0-9A-Z.]{3,24}$")]
    address: Annotated[str, Field(max_length=120)] = ""
    phone: Annotated[str, Field(max_length=12)] = ""
    hours: OpeningHours = ""
    saturday_hours: OpeningHours = ""

    @property
    def name(self) -> str:
        """What there may be only one of."""
        return self.code


class LimitsSection(Section):
    """The limits per person; load tests switch them off."""

    enabled: bool = True


class PrivacySection(Section):
    """The key that seals addresses."""

    key: Key = SecretStr("")


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
    redis_url: Annotated[str, BeforeValidator(secret_value)] = ""
    http: HttpSection = HttpSection()
    upstreams: Annotated[tuple[UpstreamSection, ...], WrapValidator(named_once)] = ()
    sms: SmsSection = SmsSection()
    email: EmailSection = EmailSection()
    telegram: TelegramSection = TelegramSection()
    office: OfficeSection = OfficeSection()
    agencies: Annotated[tuple[AgencySection, ...], WrapValidator(named_once)] = ()
    webchat: WebChatSection = WebChatSection()
    desk: DeskSection = DeskSection()
    photos: PhotosSection = PhotosSection()
    limits: LimitsSection = LimitsSection()
    privacy: PrivacySection = PrivacySection()
    retention: RetentionSection = RetentionSection()
    cache: CacheSection = CacheSection()
    log: LogSection = LogSection()
    zalo: ZaloSection = ZaloSection()

    @field_validator("telegram")
    @classmethod
    def _can_be_called(cls, value: TelegramSection, info: ValidationInfo) -> TelegramSection:
        http = info.data.get("http")
        if value.is_on and value.mode == "webhook" and http is not None and not http.public_url:
            raise ValueError("mode webhook needs http.public_url, where Telegram reaches us; or set mode to polling")
        return value

    @field_validator("desk")
    @classmethod
    def _can_come_back(cls, value: DeskSection, info: ValidationInfo) -> DeskSection:
        http = info.data.get("http")
        if value.sso.issuer and http is not None and not http.public_url:
            raise ValueError("sso needs http.public_url, where browsers come back to")
        return value

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
        del env_settings, dotenv_settings, file_secret_settings
        return Environment(settings_cls), init_settings

"""The section of an account at a provider that brings and takes texts over HTTP: ``[[sms.http]]``."""

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated

from jinja2 import TemplateError
from pydantic import AfterValidator, ConfigDict, Field, SecretStr, ValidationInfo, field_validator

from bot.settings_types import Name, OptionalWebAddress, Secret, Section, ShortCode, plain
from sms.http.calls import Text, calls
from sms.http.dialect import (
    BasicCredentials,
    Dialect,
    DialectProblem,
    FieldCredentials,
    NoCredentials,
    SignedFields,
    load,
)
from sms.http.replies import print_reply
from sms.http.settings import HttpAccount

SAMPLE = Text(id="1", to="84900000000", short_code="8283", text="text", message_type="0")


def _dialect(given: str) -> str:
    try:
        load(given)
    except DialectProblem as error:
        raise ValueError(str(error)) from error
    return given


def _needed(dialect: Dialect) -> set[str]:
    """What the dialect cannot do without."""
    needed = {"send_url"} if dialect.outbound else set()
    match dialect.inbound and dialect.inbound.auth:
        case BasicCredentials():
            needed |= {"user", "password"}
        case FieldCredentials(hashed=hashed):
            needed |= {"user", "secret" if hashed else "password"}
        case SignedFields(key_field=key_field):
            needed |= {"secret", "user"} if key_field else {"secret"}
    return needed


def _print_all(account: HttpAccount) -> None:
    """Everything that the dialect prints, once. Raises ``TemplateError``."""
    inbound, outbound = account.dialect.inbound, account.dialect.outbound
    if outbound is not None:
        list(calls(account, outbound, SAMPLE))
    if inbound is not None:
        answers = inbound.answers
        for reply in (answers.stored, answers.processing, answers.bad_auth, answers.retry_later):
            print_reply(account, inbound, reply or answers.stored, None)


class HttpSmsSection(Section):
    """One account at a provider."""

    model_config = ConfigDict(validate_default=True)

    name: Name
    dialect: Annotated[str, AfterValidator(_dialect)]
    user: str = ""
    password: Secret = SecretStr("")
    secret: Secret = SecretStr("")
    send_url: OptionalWebAddress = ""
    path_secret: Secret = SecretStr("")
    ip_allow: tuple[IPv4Network | IPv6Network, ...] = ()
    trusted_proxies: Annotated[int, Field(ge=0, le=10)] = 0
    short_codes: tuple[ShortCode, ...] = ()
    reply_wait_s: Annotated[float, Field(gt=0, le=60)] = 8
    timeout_s: Annotated[float, Field(gt=0, le=120)] = 15
    concurrency: Annotated[int, Field(ge=1, le=256)] = 8
    rate: Annotated[float, Field(ge=0)] = 0
    mt_charged: bool = False
    mt_price_vnd: Annotated[int, Field(ge=0)] = 0
    values: dict[str, str] = Field(default_factory=dict)

    @field_validator("user", "password", "secret", "send_url")
    @classmethod
    def _given_where_needed(cls, value: SecretStr | str, info: ValidationInfo) -> SecretStr | str:
        name = info.data.get("dialect")
        if name and not plain(value) and info.field_name in _needed(load(name)):
            raise ValueError(f"must be given for dialect {name}")
        return value

    @field_validator("path_secret")
    @classmethod
    def _fits_an_address(cls, value: SecretStr) -> SecretStr:
        if not all(sign.isascii() and (sign.isalnum() or sign in "-._~") for sign in value.get_secret_value()):
            raise ValueError("may hold only letters, digits and - . _ ~, as a part of an address")
        return value

    @field_validator("ip_allow")
    @classmethod
    def _somebody_is_proved(
        cls, value: tuple[IPv4Network | IPv6Network, ...], info: ValidationInfo
    ) -> tuple[IPv4Network | IPv6Network, ...]:
        name, path_secret = info.data.get("dialect"), info.data.get("path_secret")
        inbound = load(name).inbound if name else None
        proves_nothing = inbound is not None and isinstance(inbound.auth, NoCredentials)
        if proves_nothing and not value and not (path_secret and plain(path_secret)):
            raise ValueError(
                f"dialect {name} proves nothing by itself: give ip_allow or path_secret, or anybody may send"
            )
        return value

    @field_validator("values")
    @classmethod
    def _complete(cls, value: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        if "dialect" not in info.data:
            return value
        account = HttpAccount(name="sample", dialect=load(info.data["dialect"]), send_url="http://sample", values=value)
        try:
            _print_all(account)
        except TemplateError as error:
            raise ValueError(f"lacks what the dialect prints: {error.message}") from error
        return value


def account_of(section: HttpSmsSection) -> HttpAccount:
    """The account as the channel wants to know it."""
    return HttpAccount(
        name=section.name,
        dialect=load(section.dialect),
        path_secret=section.path_secret.get_secret_value(),
        secret=section.secret.get_secret_value(),
        user=section.user,
        password=section.password.get_secret_value(),
        ip_allow=section.ip_allow,
        proxies=section.trusted_proxies,
        send_url=section.send_url,
        values=section.values,
        short_codes=section.short_codes,
        reply_wait_s=section.reply_wait_s,
        timeout_s=section.timeout_s,
        concurrency=section.concurrency,
        rate=section.rate,
        mt_charged=section.mt_charged,
    )

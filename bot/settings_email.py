"""The section of the mail server that takes our letters: ``[email]``."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, SecretStr, ValidationInfo, field_validator

from adapters.email.addresses import bare, is_address
from adapters.email.settings import EmailSettings, Security
from bot.settings_types import Port, ReadableFile, Secret, Section, plain

SAFE = frozenset({"required", "tls"})


def _address(given: str) -> str:
    if given and not is_address(bare(given)):
        raise ValueError("must be an address, or a name with one: Một cửa <motcua@example.gov.vn>")
    return given


EmailAddress = Annotated[str, AfterValidator(_address)]


class EmailSection(Section):
    """The mail server; without a host the channel is off."""

    model_config = ConfigDict(validate_default=True)

    host: str = ""
    port: Port = 587
    security: Literal["required", "if_offered", "off", "tls"] = "required"
    user: str = ""
    password: Secret = SecretStr("")
    sender: EmailAddress = ""
    reply_to: EmailAddress = ""
    ca_file: ReadableFile = ""
    timeout_s: Annotated[float, Field(gt=0, le=300)] = 30
    concurrency: Annotated[int, Field(ge=1, le=64)] = 4

    @field_validator("sender")
    @classmethod
    def _given_with_a_host(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("host") and not value:
            raise ValueError("must be given with host: letters come from somebody")
        return value

    @field_validator("user")
    @classmethod
    def _only_on_a_safe_line(cls, value: str, info: ValidationInfo) -> str:
        if value and info.data.get("security", "required") not in SAFE:
            raise ValueError('needs security = "required" or "tls": a password is never sent in the clear')
        return value

    @field_validator("password")
    @classmethod
    def _given_with_a_user(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        if info.data.get("user") and not plain(value):
            raise ValueError("must be given with user")
        return value


def email_of(section: EmailSection, data_dir: Path) -> EmailSettings | None:
    """The mail server as the channel wants to know it; None without a host."""
    if not section.host:
        return None
    same = section.model_dump(exclude={"password", "security"})
    return EmailSettings(
        **same,
        security=Security(section.security),
        password=section.password.get_secret_value(),
        attachments_in=data_dir / "attachments",
    )

"""Settings of the officers' desk."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, SecretStr, ValidationInfo, field_validator

from bot.settings_types import OptionalWebAddress, Secret, Section, plain


class SingleSignOnSection(Section):
    """An OpenID Connect provider at which officers may sign in."""

    model_config = ConfigDict(validate_default=True)

    issuer: OptionalWebAddress = ""
    client_id: str = ""
    client_secret: Secret = SecretStr("")
    user_claim: str = "preferred_username"
    label: Annotated[str, Field(max_length=60)] = "SSO"

    @field_validator("client_id", "client_secret")
    @classmethod
    def _given_where_needed(cls, value: SecretStr | str, info: ValidationInfo) -> SecretStr | str:
        if info.data.get("issuer") and not plain(value):
            raise ValueError("must be given with desk.sso.issuer")
        return value


class DeskSection(Section):
    """How officers sign in."""

    totp: Literal["required", "optional"] = "required"
    secure_cookie: Literal["auto", "always", "never"] = "auto"
    trusted_proxies: Annotated[int, Field(ge=0, le=8)] = 0
    telegram_bot: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{0,32}$")] = ""
    sso: SingleSignOnSection = SingleSignOnSection()

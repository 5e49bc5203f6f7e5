"""``[zalo]``: one Official Account."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field, SecretStr, ValidationInfo, field_validator

from adapters.zalo.settings import API_BASE_URL, OAUTH_BASE_URL, ZBS_BASE_URL, ZaloSettings, ZaloTemplate
from adapters.zalo.signature import Scheme
from bot.settings_types import OptionalWebAddress, Secret, Secrets, Section, WebAddress, plain

Identity = Annotated[str, Field(pattern=r"^[0-9]{0,25}$")]
SchemeName = Literal["sha256", "sha256_oa_id", "sha256_app_secret", "hmac"]
SECRETS = frozenset({"app_secret", "access_token", "refresh_token", "code_verifier"})
WHERE = {
    "app_secret": "the app's secret key, from developers.zalo.me",
    "oa_id": "the id of the Official Account",
    "oa_secret_key": "the OA Secret Key, from the app's Webhook page (while that page is being set up: connecting = true)",
}
"""What a switched-on account cannot do without, and where it is found."""


def _one_or_more(given: object) -> object:
    return [given] if isinstance(given, str) else given


class ZaloTemplateSection(Section):
    """One text that Zalo approved, under our key."""

    id: Annotated[str, Field(min_length=1)]
    fields: dict[str, str] = Field(default_factory=dict)
    uid_price_vnd: Annotated[int, Field(ge=0)] = 0
    phone_price_vnd: Annotated[int, Field(ge=0)] = 0
    always: bool = False


class ZaloSection(Section):
    """An Official Account; switched on by its ``app_id``."""

    model_config = ConfigDict(validate_default=True)

    connecting: bool = False
    app_id: Identity = ""
    app_secret: Secret = SecretStr("")
    oa_id: Identity = ""
    oa_secret_key: Secrets = ()
    signature: Annotated[tuple[SchemeName, ...], BeforeValidator(_one_or_more), Field(min_length=1)] = ("sha256",)
    access_token: Secret = SecretStr("")
    refresh_token: Secret = SecretStr("")
    redirect_uri: OptionalWebAddress = ""
    code_verifier: Annotated[Secret, Field(max_length=43)] = SecretStr("")
    api_base_url: WebAddress = API_BASE_URL
    oauth_base_url: WebAddress = OAUTH_BASE_URL
    zbs_base_url: WebAddress = ZBS_BASE_URL
    appsecret_proof: bool = False
    buttons: bool = True
    trust_shared_phone: bool = False
    paid_messages: bool = False
    templates_by_phone: bool = False
    takeover_minutes: Annotated[int, Field(ge=1, le=1440)] = 30
    concurrency: Annotated[int, Field(ge=1, le=512)] = 32
    timeout_s: Annotated[float, Field(gt=0, le=60)] = 10
    site_verification: Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]*$")] = ""
    templates: dict[str, ZaloTemplateSection] = Field(default_factory=dict)

    @field_validator("app_secret", "oa_id", "oa_secret_key")
    @classmethod
    def _given_when_on(
        cls, value: SecretStr | str | tuple[SecretStr, ...], info: ValidationInfo
    ) -> SecretStr | str | tuple[SecretStr, ...]:
        name = info.field_name or ""
        given = any(map(plain, value)) if isinstance(value, tuple) else bool(plain(value))
        is_on = bool(info.data.get("app_id", "?"))
        if is_on and not given and not (name == "oa_secret_key" and info.data.get("connecting")):
            raise ValueError(f"must be given: {WHERE[name]}")
        if given and not is_on:
            raise ValueError("stands without app_id, which switches the account on")
        return value


def zalo_of(section: ZaloSection) -> ZaloSettings | None:
    """What the channel wants to know; None when it is switched off."""
    if not section.app_id:
        return None
    same = section.model_dump(exclude={*SECRETS, "oa_secret_key", "signature", "templates"})
    return ZaloSettings(
        **same,
        app_secret=plain(section.app_secret),
        access_token=plain(section.access_token),
        refresh_token=plain(section.refresh_token),
        code_verifier=plain(section.code_verifier),
        oa_secret_keys=tuple(map(plain, section.oa_secret_key)),
        schemes=tuple(map(Scheme, section.signature)),
        templates=_templates(section.templates),
    )


def _templates(sections: Mapping[str, ZaloTemplateSection]) -> dict[str, ZaloTemplate]:
    return {key: ZaloTemplate(**section.model_dump()) for key, section in sections.items()}

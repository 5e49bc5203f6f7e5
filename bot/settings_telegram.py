"""What can be set of the Telegram channel."""

from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, SecretStr, ValidationInfo, field_validator

from bot.settings_types import Secret, Section, WebAddress, matching_secret, plain, secret_web_address

Token = Annotated[
    Secret, AfterValidator(matching_secret(r"\d{3,20}:[\w-]{3,}", "must be as BotFather gave it: 123456789:AAH…"))
]
SecretToken = Annotated[
    Secret,
    AfterValidator(
        matching_secret(
            r"[A-Za-z0-9_-]{1,256}",
            "must be 1 to 256 of A-Z a-z 0-9 _ - (try: openssl rand -hex 32); Telegram takes no others",
        )
    ),
]


class TelegramSection(Section):
    """One bot; without a token the channel is off."""

    model_config = ConfigDict(validate_default=True)

    token: Token = SecretStr("")
    mode: Literal["webhook", "polling"] = "webhook"
    secret_token: SecretToken = SecretStr("")
    base_url: WebAddress = "https://api.telegram.org/bot"
    base_file_url: WebAddress = "https://api.telegram.org/file/bot"
    proxy: Annotated[Secret, AfterValidator(secret_web_address)] = SecretStr("")
    rate: Annotated[float, Field(ge=0)] = 30
    concurrent: Annotated[int, Field(ge=1, le=1024)] = 64

    @field_validator("secret_token")
    @classmethod
    def _given_for_webhook(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        is_on = bool(plain(info.data.get("token", "")))
        if is_on and info.data.get("mode") == "webhook" and not plain(value):
            raise ValueError("must be given for mode webhook (try: openssl rand -hex 32), or set mode to polling")
        return value

    @property
    def is_on(self) -> bool:
        """There is a bot."""
        return bool(plain(self.token))

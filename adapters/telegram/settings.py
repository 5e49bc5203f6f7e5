"""What the channel wants to know, checked before it comes here."""

from dataclasses import dataclass, field

OFFICIAL = "https://api.telegram.org"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How fast Telegram lets a bot talk; its own 429 has the last word. 0 means: no limit of ours.

    https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
    """

    overall: float = 30.0
    """Messages a second to all chats together."""
    chat: float = 1.0
    """Messages a second to one person, after a short burst."""
    group: float = 20.0
    """Messages a minute to one group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramSettings:
    """One bot."""

    token: str = field(repr=False)
    """``123456:ABC…``; the number before the colon is the bot's id."""
    secret_token: str = field(default="", repr=False)
    """What Telegram repeats in a header of each webhook call; needed for the webhook only."""
    webhook_url: str = ""
    """Where Telegram shall send updates to; "" means that we ask for them (long polling)."""
    base_url: str = f"{OFFICIAL}/bot"
    """The token follows at once."""
    base_file_url: str = f"{OFFICIAL}/file/bot"
    """The token follows at once."""
    proxy: str = field(default="", repr=False)
    """``http://user:password@host:port``; used for all calls to the Bot API."""
    connect_timeout_s: float = 5.0
    read_timeout_s: float = 10.0
    concurrent: int = 64
    """Sends under way at the same time."""
    poll_s: float = 25.0
    """How long Telegram holds a request for updates open while there are none."""
    rates: Rates = Rates()

    @property
    def bot_id(self) -> int:
        """The bot's own account; no call is needed to know it."""
        return int(self.token.partition(":")[0])

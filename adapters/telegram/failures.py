"""What an error of the Bot API means for a message of ours. The words are ours: descriptions may quote what was sent."""

from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from adapters.telegram.request import NothingWritten, TooFast
from bot.errors import ChannelBusy, NotSent, OutcomeUnknown, RecipientRefused, SendError, Unreachable

GONE = (
    "chat not found",
    "user not found",
    "user is deactivated",
    "peer_id_invalid",
    "chat_id is empty",
    "group chat was deactivated",
)
"""Parts of the description of a 400, lower case: there is nobody to send to."""
NOT_PLAIN = ("can't parse", "button_", "reply markup", "reply_markup", "inline keyboard", "entit")
"""The text or its keyboard is not to Telegram's liking: without both it may be."""


def is_not_plain(error: TelegramError) -> bool:
    """The same text alone may still be taken; nothing was sent."""
    return isinstance(error, BadRequest) and any(words in error.message.lower() for words in NOT_PLAIN)


def send_error(error: TelegramError) -> SendError:
    """What to do next; anything not named here may have arrived."""
    match error:
        case NothingWritten():
            return NotSent(f"nothing written: {error.message}")
        case TooFast():
            return ChannelBusy("429", retry_after=error.seconds)
        case InvalidToken():
            return NotSent("the token was refused")
        case Forbidden():
            return Unreachable("403: blocked, deactivated or never started")
        case BadRequest() if any(words in error.message.lower() for words in GONE):
            return Unreachable("400: no such chat")
        case BadRequest():
            return RecipientRefused("400")
        case _:
            return OutcomeUnknown(type(error).__name__)

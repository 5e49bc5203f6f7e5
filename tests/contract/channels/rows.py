"""Every channel that must keep the contract."""

from collections.abc import Callable

from tests.contract.channels.channel import Channel
from tests.contract.channels.sms_http import SmsByHttp, SmsInResponse
from tests.contract.channels.telegram import Telegram
from tests.contract.channels.webchat import WebChat
from tests.contract.channels.zalo import Zalo

CHANNELS: dict[str, Callable[[], Channel]] = {
    "sms_http": SmsByHttp,
    "sms_in_response": SmsInResponse,
    "telegram": Telegram,
    "webchat": WebChat,
    "zalo": Zalo,
}

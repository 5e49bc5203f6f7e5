"""The first thing that Telegram's people read."""

import pytest

from bot.intent import Reply
from bot.model import ChannelName, Language, Office
from bot.render import Renderer
from bot.understanding.keywords import BUILT


@pytest.mark.parametrize(
    ("language", "words"),
    [(Language.VIETNAMESE, "máy chủ ở nước ngoài"), (Language.ENGLISH, "servers abroad")],
)
def test_the_welcome_says_that_messages_are_kept_abroad(language: Language, words: str) -> None:
    renderer = Renderer(Office(), BUILT)
    texts = {channel: renderer.render(Reply("welcome", {}), language, channel) for channel in ChannelName}
    assert words in texts[ChannelName.TELEGRAM]
    assert texts[ChannelName.TELEGRAM].startswith(texts[ChannelName.ZALO])
    assert words not in texts[ChannelName.ZALO]

"""``motcua sandbox zalo``: a stand-in for Zalo, and people to write as."""

import os
from collections.abc import Callable, Mapping

import aiohttp
import click

from adapters.zalo.settings import ZaloSettings
from adapters.zalo.stand_in import Sent, ZaloStandIn
from adapters.zalo.stand_in_events import Event, Events
from bot.errors import ConfigError
from bot.settings import Settings
from bot.settings_zalo import zalo_of
from bot.terminal import STANDARD_INPUT, told_to_end, typed

PROMPT = "> "
SENTENCE = "a line is PERSON TEXT, for instance: 5510185758261900001 HS H05.12-260610-0001"


def _deeds(events: Events) -> Mapping[str, Callable[[str, str], Event]]:
    """What a person may do besides writing, by the word that stands for it."""
    return {
        "/follow": lambda person, _: events.followed(person),
        "/unfollow": lambda person, _: events.unfollowed(person),
        "/withdraw": lambda person, _: events.withdrew(person),
        "/phone": events.submitted,
        "/photo": events.photo,
        "/officer": events.answered_by_hand,
    }


async def serve(settings: Settings, port: int) -> None:
    """Serve until told to end; lines typed or piped in become signed events. Raises ``ConfigError`` without ``[zalo]``."""
    account = zalo_of(settings.zalo)
    if account is None:
        raise ConfigError("zalo.app_id: must be given, with the rest of [zalo]")
    stand_in = ZaloStandIn(account)
    stand_in.on_sent = _show
    hook = f"http://{settings.http.host}:{settings.http.port}/hooks/zalo"
    with told_to_end() as ended:
        try:
            click.echo(f"ready {await stand_in.start(port)}; events go to {hook}")
            if os.isatty(STANDARD_INPUT):
                click.echo(f"{SENTENCE}\nor PERSON and one of {' '.join(_deeds(Events(account)))}. Ctrl-D ends.")
            async for line in typed(PROMPT, ended):
                if line:
                    click.echo(await _say(stand_in, account, hook, line))
            await ended.wait()
        finally:
            await stand_in.stop()


async def _say(stand_in: ZaloStandIn, account: ZaloSettings, hook: str, line: str) -> str:
    person, _, text = line.partition(" ")
    word, _, rest = text.strip().partition(" ")
    events = Events(account)
    if not word:
        return SENTENCE
    deed = _deeds(events).get(word)
    event = deed(person, rest) if deed else events.text(person, text.strip())
    try:
        status = await stand_in.deliver(hook, event)
    except aiohttp.ClientError:
        return "the gateway does not answer"
    return f"({event['event_name']}: {status})"


def _show(sent: Sent) -> None:
    said = sent.text or f"template {sent.body.get('template_id', '')} {sent.body.get('template_data', '')}"
    buttons = "".join(f" [{button['title']}: {button['payload']}]" for button in sent.buttons)
    click.echo(f"{sent.to} < {said}{buttons}")

"""``motcua sandbox telegram``: a stand-in for the Bot API, and people to write as."""

import os
from collections.abc import Callable, Mapping

import click

from adapters.telegram.stand_in import Call, StandIn
from adapters.telegram.stand_in_updates import Update, Updates
from bot.errors import ConfigError
from bot.settings import Settings
from bot.terminal import STANDARD_INPUT, told_to_end, typed
from bot.translate import telegram_of

PROMPT = "> "
SENTENCE = "a line is PERSON TEXT, for instance: 5400000001 /tracuu H05.12-260610-0001; a group has a negative number"


def _deeds(people: Updates) -> Mapping[str, Callable[[int, str], Update]]:
    """What a person may do besides writing, by the word that stands for it."""
    return {
        "!press": people.press,
        "!contact": people.contact,
        "!photo": people.photo,
        "!place": lambda person, _: people.location(person, 21.186, 106.076),
        "!block": lambda person, _: people.membership(person, "member", "kicked"),
        "!unblock": lambda person, _: people.membership(person, "kicked", "member"),
    }


async def serve(settings: Settings, port: int) -> None:
    """Serve until told to end; lines typed or piped in become updates. Raises ``ConfigError`` without a bot."""
    bot = telegram_of(settings)
    if bot is None:
        raise ConfigError("telegram.token: must be given, for a stand-in any such as 123456:stand-in")
    stand_in, people = StandIn(bot.token), Updates()
    stand_in.on_call = _show
    stand_in.public_address = f"http://{settings.http.host}:{settings.http.port}"
    with told_to_end() as ended:
        try:
            address = await stand_in.start(port=port)
            click.echo(f"ready {address}; set telegram.base_url to {address}/bot, base_file_url to {address}/file/bot")
            if os.isatty(STANDARD_INPUT):
                click.echo(f"{SENTENCE}\nor PERSON and one of {' '.join(_deeds(people))}. Ctrl-D ends.")
            async for line in typed(PROMPT, ended):
                if line:
                    _say(stand_in, people, line)
            await ended.wait()
        finally:
            await stand_in.close()


def _say(stand_in: StandIn, people: Updates, line: str) -> None:
    number, _, text = line.partition(" ")
    word, _, rest = text.strip().partition(" ")
    try:
        person = int(number)
    except ValueError:
        word = ""
    if not word:
        click.echo(SENTENCE)
    elif deed := _deeds(people).get(word):
        stand_in.tell(deed(person, rest))
    else:
        stand_in.tell(people.text(person, text.strip()))


def _show(call: Call) -> None:
    if call.method == "sendMessage":
        rows = (call.keyboard or {}).get("inline_keyboard", (call.keyboard or {}).get("keyboard", ()))
        keys = (key for row in rows for key in row)
        shown = "".join(f" [{key['text']}: {key.get('callback_data', key.get('url', ''))}]" for key in keys)
        click.echo(f"{call.chat} < {call.text}{shown}")

"""Replies become texts: one template for each message, language and channel, and for SMS never more than one segment."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, meta

from bot.intent import Reply
from bot.model import ChannelName, Language, Office
from bot.plain import plain
from bot.render_petitions import LONG_TEXTS
from bot.render_style import Style, shortened
from bot.render_values import NOTES, clock, of_office, of_reply, shown, times

ONE_SEGMENT, PART, MOST_PARTS = 160, 153, 3
LATE, MORE, WRONG_DIGITS, NOT_HERE = "lk.late_answer", "lk.more", "lk.wrong_digits", "cmd.not_here"
SMS, DEFAULT = "sms", "default"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The templates of one language and channel, with what they print besides the values of a reply."""

    style: Style
    templates: dict[str, Template]
    names: dict[str, frozenset[str]]
    """The values that each template prints or asks about: only they are prepared."""
    common: dict[str, dict[str, Any]]
    """For each template, what it and the notes around it print besides the values of a reply."""


class Renderer:
    """Renders replies. All templates are compiled at the start, so a broken one is told then."""

    def __init__(self, office: Office, built: frozenset[str], segments_allowed: int = 1) -> None:
        """*built* holds the keywords of the commands that exist: no text offers another one."""
        self.built = built
        self._office = office
        self._room = ONE_SEGMENT if segments_allowed == 1 else PART * segments_allowed
        self._shelves = dict(_shelves(office, built))

    def render(self, reply: Reply, language: Language, channel: ChannelName) -> str:
        """The text of *reply*. A template or a value name that does not exist raises: it is our mistake."""
        shelf = self._shelves[language, channel]
        values = shelf.common[reply.template] | of_reply(
            reply.values, shelf.names[reply.template], self._office, shelf.style
        )
        if shelf.style.sms:
            return self._sms(shelf, reply, values)
        return "\n".join(line for line in (part.strip() for part in _parts(shelf, reply, values)) if line)

    def _sms(self, shelf: Shelf, reply: Reply, values: dict[str, Any]) -> str:
        text = ""
        room = PART * MOST_PARTS if reply.template in LONG_TEXTS else self._room
        for text in _ever_shorter(shelf, reply, values):
            if len(text) <= room:
                return text
        return shortened(text, room)


def _ever_shorter(shelf: Shelf, reply: Reply, values: dict[str, Any]) -> Iterator[str]:
    """The text, then what may go step by step: hints, the agency, words of the late prefix, all but the first sentence."""
    lines = _parts(shelf, reply, values)
    yield _joined(lines)
    hints = _hints(lines)
    for place in hints:
        lines[place] = ""
        yield _joined(lines)
    lines = _parts(shelf, reply, values | {"unit": "", "holder": ""})
    lines = [line for line in lines if not line.startswith("?")]
    yield _joined(lines)
    if reply.late_prefix_at:
        late = {"at": reply.late_prefix_at, "short": True}
        lines[0] = shelf.templates[LATE].render(values | late).strip()
        yield _joined(lines)
    least = 2 if reply.late_prefix_at else 1
    while len(lines) > least:
        lines.pop()
        yield _joined(lines)


def _parts(shelf: Shelf, reply: Reply, values: dict[str, Any]) -> list[str]:
    """The lines of the late prefix, the message, and the notes on wrong digits, further codes and what is not served here."""
    lines = [] if reply.late_prefix_at is None else [_late(shelf, reply, values)]
    lines += [line for line in shelf.templates[reply.template].render(values).split("\n") if line]
    if values["tries_left"] is not None and WRONG_DIGITS not in reply.template:
        lines.append(shelf.templates[WRONG_DIGITS].render(values))
    if values["more"] and MORE not in reply.template:
        lines.append(shelf.templates[MORE].render(values))
    if values["not_here"] and NOT_HERE not in reply.template:
        lines.append(shelf.templates[NOT_HERE].render(values).strip())
    return lines


def _late(shelf: Shelf, reply: Reply, values: dict[str, Any]) -> str:
    return shelf.templates[LATE].render(values | {"at": reply.late_prefix_at}).strip()


def _hints(lines: list[str]) -> list[int]:
    """Places of the lines that may go, ``??`` before ``?``, and of equals the last first."""
    marked = [place for place, line in enumerate(lines) if line.startswith("?")]
    return sorted(marked, key=lambda place: (not lines[place].startswith("??"), -place))


def _joined(lines: list[str]) -> str:
    """One line of plain text. A line that begins with punctuation joins the one before it without a blank."""
    text = ""
    for line in lines:
        bare = line.lstrip("? ")
        text += bare if bare[:1] in ",.;:)" else f" {bare}"
    return plain(" ".join(text.split())).replace("...", "..")


def _shelves(office: Office, built: frozenset[str]) -> Iterator[tuple[tuple[Language, ChannelName], Shelf]]:
    known: dict[str, frozenset[str]] = {}
    for language in Language:
        styles = {sms: Style(sms=sms, language=language) for sms in (True, False)}
        environments = {sms: _environment(style) for sms, style in styles.items()}
        for channel in ChannelName:
            sms = channel is ChannelName.SMS
            files = _files(environments[sms], language, channel)
            templates = {name: environments[sms].get_template(file) for name, file in files.items()}
            known.update({file: _names(environments[sms], file) for file in files.values() if file not in known})
            names = {name: known[file] for name, file in files.items()}
            common = _common(names, of_office(office, built, styles[sms]))
            yield (language, channel), Shelf(styles[sms], templates, names, common)


def _common(names: dict[str, frozenset[str]], values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Only what a template prints: the more values there are, the longer the engine takes to hand them over."""
    around = NOTES.union(*(names[note] for note in (LATE, MORE, WRONG_DIGITS, NOT_HERE)))
    return {name: {key: values[key] for key in (own | around) & values.keys()} for name, own in names.items()}


def _environment(style: Style) -> Environment:
    environment = Environment(
        loader=PackageLoader("templates", "."),
        undefined=StrictUndefined,
        finalize=shown,
        autoescape=False,  # noqa: S701 - plain text: nothing reads it as markup
        auto_reload=False,
    )
    environment.filters |= {
        "clock": clock,
        "channel": style.channel,
        "money": style.money,
        "times": times,
        "weekday": style.weekday,
    }
    return environment


def _files(environment: Environment, language: Language, channel: ChannelName) -> dict[str, str]:
    """The file of each id. A channel's own texts win over the default ones; SMS has only its own."""
    folders = (SMS,) if channel is ChannelName.SMS else (DEFAULT, channel.value)
    found: dict[str, str] = {}
    for folder in folders:
        start = f"{language.value}/{folder}/"
        files = [file for file in environment.list_templates(extensions=["j2"]) if file.startswith(start)]
        found |= {file[len(start) : -len(".j2")]: file for file in files}
    return found


def _names(environment: Environment, file: str) -> frozenset[str]:
    source, *_ = environment.loader.get_source(environment, file) if environment.loader else ("",)
    parsed = environment.parse(source)
    parents = [parent for parent in meta.find_referenced_templates(parsed) if parent]
    own = frozenset(meta.find_undeclared_variables(parsed))
    return own.union(*(_names(environment, parent) for parent in parents))

"""Replies become texts: one template for each message, language and channel, and for SMS never more than one segment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, TemplateError, meta, nodes
from jinja2.sandbox import SandboxedEnvironment

from bot.intent import Reply
from bot.model import ChannelName, Language, Office
from bot.plain import plain
from bot.render_petitions import LONG_TEXTS
from bot.render_style import Style, shortened
from bot.render_values import NOTES, clock, of_office, of_reply, shown, times

ONE_SEGMENT, PART, MOST_PARTS = 160, 153, 3
LATE, MORE, WRONG_DIGITS, NOT_HERE = "lk.late_answer", "lk.more", "lk.wrong_digits", "cmd.not_here"
SMS, DEFAULT = "sms", "default"
FOLDERS = tuple(f"{language.value}/{folder}/" for language in Language for folder in (SMS, DEFAULT))
EDITS_REMEMBERED = 512


@dataclass(frozen=True, slots=True)
class Text:
    """One compiled template."""

    template: Template
    names: frozenset[str]
    """The values that it prints or asks about: only they are prepared."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The templates of one language and channel, with what they print besides the values of a reply."""

    style: Style
    files: dict[str, str]
    values: dict[str, Any]
    texts: dict[str, Text] = field(default_factory=dict)
    """The templates that were wanted so far."""
    edits: dict[str, str] = field(default_factory=dict)
    """By file: what takes the place of a template that ships."""
    _common: dict[str, dict[str, Any]] = field(default_factory=dict)

    def text(self, name: str) -> Text:
        """The template of this name, compiled when it is first wanted: it takes a millisecond, and all of them a second."""
        found = self.texts.get(name)
        if found is None:
            file = self.files[name]
            edit = self.edits.get(file)
            found = self.texts[name] = _compiled(self.style, file) if edit is None else _edited(self.style, edit)
        return found

    def edit(self, edits: Mapping[str, str]) -> None:
        """From now on with these in place of what ships, and only these."""
        self.edits.clear()
        self.edits.update(edits)
        self.texts.clear()
        self._common.clear()

    def drop_edit(self, name: str) -> bool:
        """What ships again for this template; False when it is that already."""
        self.texts.pop(name, None)
        self._common.pop(name, None)
        return self.edits.pop(self.files[name], None) is not None

    def common(self, name: str) -> dict[str, Any]:
        """What this template and the notes around it print besides the values of a reply; only that, because
        the more values there are, the longer the engine takes to hand them over.
        """
        found = self._common.get(name)
        if found is None:
            wanted = NOTES.union(*(self.text(part).names for part in (name, LATE, MORE, WRONG_DIGITS, NOT_HERE)))
            found = self._common[name] = {key: self.values[key] for key in wanted & self.values.keys()}
        return found


class Renderer:
    """Renders replies."""

    def __init__(self, office: Office, built: frozenset[str], segments_allowed: int = 1) -> None:
        """*built* holds the keywords of the commands that exist: no text offers another one."""
        self.built = built
        self._office = office
        self._room = ONE_SEGMENT if segments_allowed == 1 else PART * segments_allowed
        self._shelves = dict(_shelves(office, built))

    def edit(self, edits: Mapping[str, str]) -> None:
        """From now on with these texts, by file, in place of those that ship, and only these."""
        for shelf in self._shelves.values():
            shelf.edit(edits)

    def tried(self, reply: Reply, language: Language, channel: ChannelName) -> bool:
        """Whether *reply* needs neither fewer sentences nor a cut: of an SMS only hints may go. Raises what a wrong edit raises."""
        shelf = self._shelves[language, channel]
        lines = _parts(shelf, reply, self._values(shelf, reply))
        needed = _joined([line for line in lines if not line.startswith("?")])
        return channel is not ChannelName.SMS or len(needed) <= self._most(reply)

    def render(self, reply: Reply, language: Language, channel: ChannelName) -> str:
        """The text of *reply*. A template or a value name that does not exist raises: it is our mistake. An edit of the desk
        that fails gives way to what ships.
        """
        shelf = self._shelves[language, channel]
        try:
            return self._rendered(shelf, reply)
        except (TemplateError, TypeError, ValueError, ArithmeticError):
            if not shelf.drop_edit(reply.template):
                raise
            return self._rendered(shelf, reply)

    def _values(self, shelf: Shelf, reply: Reply) -> dict[str, Any]:
        names = shelf.text(reply.template).names
        return shelf.common(reply.template) | of_reply(reply.values, names, self._office, shelf.style)

    def _most(self, reply: Reply) -> int:
        return PART * MOST_PARTS if reply.template in LONG_TEXTS else self._room

    def _rendered(self, shelf: Shelf, reply: Reply) -> str:
        values = self._values(shelf, reply)
        if shelf.style.sms:
            return self._sms(shelf, reply, values)
        return "\n".join(line for line in (part.strip() for part in _parts(shelf, reply, values)) if line)

    def _sms(self, shelf: Shelf, reply: Reply, values: dict[str, Any]) -> str:
        text = ""
        room = self._most(reply)
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
        lines[0] = shelf.text(LATE).template.render(values | late).strip()
        yield _joined(lines)
    least = 2 if reply.late_prefix_at else 1
    while len(lines) > least:
        lines.pop()
        yield _joined(lines)


def _parts(shelf: Shelf, reply: Reply, values: dict[str, Any]) -> list[str]:
    """The lines of the late prefix, the message, and the notes on wrong digits, further codes and what is not served here."""
    lines = [] if reply.late_prefix_at is None else [_late(shelf, reply, values)]
    lines += [line for line in shelf.text(reply.template).template.render(values).split("\n") if line]
    if values["tries_left"] is not None and WRONG_DIGITS not in reply.template:
        lines.append(shelf.text(WRONG_DIGITS).template.render(values))
    if values["more"] and MORE not in reply.template:
        lines.append(shelf.text(MORE).template.render(values))
    if values["not_here"] and NOT_HERE not in reply.template:
        lines.append(shelf.text(NOT_HERE).template.render(values).strip())
    return lines


def _late(shelf: Shelf, reply: Reply, values: dict[str, Any]) -> str:
    return shelf.text(LATE).template.render(values | {"at": reply.late_prefix_at}).strip()


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
    for language in Language:
        for channel in ChannelName:
            style = Style(sms=channel is ChannelName.SMS, language=language)
            yield (language, channel), Shelf(style, _files(language, channel), of_office(office, built, style))


@cache
def _compiled(style: Style, file: str) -> Text:
    environment = _environment(style)
    return Text(environment.get_template(file), _names(environment, file))


@lru_cache(EDITS_REMEMBERED)
def _edited(style: Style, source: str) -> Text:
    """What somebody typed at the desk: in a sandbox."""
    environment = _environment(style, SandboxedEnvironment)
    return Text(environment.from_string(source), _names_in(environment, source))


@cache
def _environment(style: Style, kind: type[Environment] = Environment) -> Environment:
    environment = kind(
        loader=PackageLoader("templates", "."),
        undefined=StrictUndefined,
        finalize=shown,
        autoescape=False,
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


@cache
def _all_files() -> tuple[str, ...]:
    return tuple(_environment(Style(sms=True, language=Language.VIETNAMESE)).list_templates(extensions=["j2"]))


def shipped_sources() -> Mapping[str, str]:
    """The text of every file that makes messages, by its name such as ``vi/sms/st.4.j2``; parts of others are left out."""
    environment = _environment(Style(sms=True, language=Language.VIETNAMESE))
    wanted = [file for file in _all_files() if file.startswith(FOLDERS) and not file.rpartition("/")[2].startswith("_")]
    loader = environment.loader
    return {file: loader.get_source(environment, file)[0] for file in wanted} if loader else {}


def parsed_edit(source: str) -> tuple[nodes.Template, frozenset[str]]:
    """An edit as it would be compiled, and the names that it uses. Raises ``TemplateError``."""
    environment = _environment(Style(sms=True, language=Language.VIETNAMESE), SandboxedEnvironment)
    return environment.parse(source), _names_in(environment, source)


def _files(language: Language, channel: ChannelName) -> dict[str, str]:
    """The file of each id. A channel's own texts win over the default ones; SMS has only its own."""
    folders = (SMS,) if channel is ChannelName.SMS else (DEFAULT, channel.value)
    found: dict[str, str] = {}
    for folder in folders:
        start = f"{language.value}/{folder}/"
        found |= {file[len(start) : -len(".j2")]: file for file in _all_files() if file.startswith(start)}
    return found


def _names(environment: Environment, file: str) -> frozenset[str]:
    source, *_ = environment.loader.get_source(environment, file) if environment.loader else ("",)
    return _names_in(environment, source)


def _names_in(environment: Environment, source: str) -> frozenset[str]:
    parsed = environment.parse(source)
    parents = [parent for parent in meta.find_referenced_templates(parsed) if parent]
    own = frozenset(meta.find_undeclared_variables(parsed))
    return own.union(*(_names(environment, parent) for parent in parents))

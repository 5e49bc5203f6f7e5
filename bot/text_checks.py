"""What an edited text of a message may be: tried with typical and with worst values, kept from running for long."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import TemplateError, nodes

from bot.intent import Reply
from bot.model import ChannelName, Language
from bot.render import Renderer, parsed_edit
from bot.template_samples import TYPICAL, WORST, sample

LONGEST = 4_000
"""Characters of a template."""
GSM_BASIC = frozenset(map(chr, range(32, 127))) - frozenset("^{}[]~\\|`") | {"\n"}
"""What an SMS of one segment of 160 may hold (3GPP TS 23.038 §6.2.1); of it what texts here use."""
FORBIDDEN = (
    nodes.AssignBlock,
    nodes.CallBlock,
    nodes.FilterBlock,
    nodes.FromImport,
    nodes.Import,
    nodes.Macro,
    nodes.Mod,
    nodes.Mul,
    nodes.Pow,
)
"""What could grow or run for long: with single loops over given values alone every text is small and quick."""
IN_ASSIGNMENTS = (nodes.Name, nodes.Dict, nodes.Pair, nodes.Const, nodes.Filter, nodes.Concat)
"""A value that is put together from itself doubles with every line: so named values are made of fields alone."""
FILTERS = frozenset(
    {"clock", "channel", "length", "times", "money", "weekday", "join", "first", "last", "default", "capitalize"}
    | {"lower", "upper", "trim", "round", "int", "list", "reverse", "title"}
)
CALLED = frozenset({"get", "split"})
MOST_LOOPS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a text cannot be kept."""

    word: str
    """``too_long``, ``syntax``, ``forbidden``, ``unknown_field``, ``not_gsm``, ``fails``, ``too_many_characters``."""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A text with values filled in."""

    is_worst: bool
    text: str


def place_of(file: str) -> tuple[Language, ChannelName, str]:
    """Language, a channel that it is for, and name of a template's file."""
    language, folder, name = file.split("/")
    channel = ChannelName.SMS if folder == "sms" else ChannelName.TELEGRAM
    return Language(language), channel, name.removesuffix(".j2")


def problem_of(file: str, source: str, known: frozenset[str], renderer: Renderer) -> Problem | None:
    """Why *source* cannot take the place of *file*; *renderer* is one of its own, to try it with. *known* are the fields."""
    if not source.strip() or len(source) > LONGEST:
        return Problem(word="too_long", detail=str(len(source)))
    try:
        tree, names = parsed_edit(source)
    except TemplateError as error:
        return Problem(word="syntax", detail=f"{error}"[:200])
    is_sms = place_of(file)[1] is ChannelName.SMS
    if problem := _harmful(tree) or (_not_gsm(tree) if is_sms else None):
        return problem
    if unknown := sorted(names - known):
        return Problem(word="unknown_field", detail=", ".join(unknown))
    return _tried_out(file, source, renderer)


def tries(file: str, source: str, renderer: Renderer) -> tuple[Tried, ...]:
    """With typical and with worst values. Raises what a wrong template raises."""
    language, channel, name = place_of(file)
    renderer.edit({file: source})
    return tuple(
        Tried(
            is_worst=is_worst,
            text=renderer.render(Reply(name, sample(name, _values(is_worst=is_worst))), language, channel),
        )
        for is_worst in (False, True)
    )


def _values(*, is_worst: bool) -> Mapping[str, Any]:
    return WORST | {"holder": ""} if is_worst else TYPICAL


def _harmful(tree: nodes.Template) -> Problem | None:
    assigned = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
    found = next((node for node in tree.find_all(nodes.Node) if _is_harmful(node, assigned)), None)
    if found is not None:
        return Problem(word="forbidden", detail=found.name if isinstance(found, nodes.Filter) else type(found).__name__)
    return Problem(word="forbidden", detail="for") if sum(1 for _ in tree.find_all(nodes.For)) > MOST_LOOPS else None


def _is_harmful(node: nodes.Node, assigned: set[str]) -> bool:
    match node:
        case nodes.Getattr():
            return node.attr.startswith("_")
        case nodes.Call():
            return not (isinstance(node.node, nodes.Getattr) and node.node.attr in CALLED)
        case nodes.Filter():
            return node.name not in FILTERS
        case nodes.For():
            return next(node.find_all(nodes.For), None) is not None
        case nodes.Include() | nodes.Extends():
            return not isinstance(node.template, nodes.Const)
        case nodes.Assign():
            return _grows(node, assigned)
        case _:
            return isinstance(node, FORBIDDEN)


def _grows(node: nodes.Assign, assigned: set[str]) -> bool:
    return any(
        not isinstance(part, IN_ASSIGNMENTS) or (isinstance(part, nodes.Name) and part.name in assigned)
        for part in (node.node, *node.node.find_all(nodes.Node))
    )


def _not_gsm(tree: nodes.Template) -> Problem | None:
    said = "".join(found.data for found in tree.find_all(nodes.TemplateData))
    strange = sorted(set(said) - GSM_BASIC)
    return Problem(word="not_gsm", detail="".join(strange)[:40]) if strange else None


def _tried_out(file: str, source: str, renderer: Renderer) -> Problem | None:
    language, channel, name = place_of(file)
    renderer.edit({file: source})
    try:
        for is_worst in (False, True):
            values = sample(name, _values(is_worst=is_worst))
            if not renderer.tried(Reply(name, values), language, channel):
                return Problem(word="too_many_characters")
    except (TemplateError, TypeError, ValueError, ArithmeticError, KeyError) as error:
        return Problem(word="fails", detail=f"{error}"[:200])
    return None

"""How well codes are mended in a universe where every neighbour exists, and whether anybody learns of another's dossier.

``python -m benchmarks.understanding.codes`` prints the table and writes it as JSON to the file that is named. No network.
"""

import argparse
import asyncio
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.understanding import others, typings
from benchmarks.understanding.figures import Share
from benchmarks.understanding.spelling_of_codes import spells
from benchmarks.understanding.universe import NOW, SENDER, Code, Universe, exists, some_code
from bot.answering import Answer, Answerer, OneStopSystems
from bot.calendar import WorkingCalendar
from bot.clock import FixedClock
from bot.intent import Ask
from bot.limits import Limits
from bot.memory import NoMemory
from bot.model import Address, ChannelName, Contact, InboundMessage, Office
from bot.render import Renderer
from bot.understanding.keywords import BUILT

OFFICE = Office(example_code="H99.1-160101-0001")
"""The example in hints is no dossier of this universe."""
STRANGER = "84988777666"
WRITTEN_CODE = re.compile(r"(?:\d{3}\.\d{2,3}\.\d{2,3}\.)?[A-Z]\d{2}(?:\.\d{1,4})*-\d{6,8}-\d{3,7}", re.ASCII)
ALPHABET = "0123456789" * 3 + ".- ,/_OISBHGKxyz"
TYPINGS, OWN, NON_CODES, MUTATIONS = 120, 1200, 2400, 100_000
"""Of each kind; in all; in all; in all."""
TARGETS = {"mended": 0.98, "own": 0.92, "refused": 0.995}
KEPT_FAILURES = 12


@dataclass(slots=True)
class Tally:
    """How often something went right, of each kind, and the first texts where it did not."""

    right: Counter[str] = field(default_factory=Counter)
    of: Counter[str] = field(default_factory=Counter)
    failures: dict[str, list[str]] = field(default_factory=dict)

    def count(self, kind: str, text: str, *, is_right: bool) -> None:
        """One more text of that kind."""
        self.of[kind] += 1
        self.right[kind] += is_right
        if not is_right and len(kept := self.failures.setdefault(kind, [])) < KEPT_FAILURES:
            kept.append(text)

    def share(self, kind: str | None = None) -> Share:
        """Of one kind or of all."""
        return Share(self.right[kind], self.of[kind]) if kind else Share(self.right.total(), self.of.total())


@dataclass(slots=True)
class Results:
    """The figures of one run."""

    mended: Tally = field(default_factory=Tally)
    own: Tally = field(default_factory=Tally)
    refused: Tally = field(default_factory=Tally)
    mutations: int = 0
    read_as_another: int = 0
    """Mutations whose characters spell another dossier that exists: its state is what was asked for."""
    disclosures: list[tuple[str, str]] = field(default_factory=list)
    """Text and code: a dossier shown that is neither spelled by the text nor meant nor the sender's."""
    seconds: float = 0.0

    @property
    def is_good(self) -> bool:
        """All targets are met."""
        shares = {"mended": self.mended, "own": self.own, "refused": self.refused}
        return not self.disclosures and all(shares[name].share().value >= least for name, least in TARGETS.items())


class Person:
    """One sender with own dossiers, before the real understanding, intents and texts."""

    renderer: Renderer = Renderer(OFFICE, BUILT)

    def __init__(self, own: Sequence[str] = ()) -> None:
        universe = Universe(own)
        self.own = frozenset(own)
        self._number = SENDER if own else STRANGER
        self._answerer = Answerer(
            office=OFFICE,
            renderer=self.renderer,
            systems=OneStopSystems(dossiers=universe, background=universe),
            memory_of=lambda _contact: NoMemory(),
            limits=Limits(enabled=False),
            calendar=WorkingCalendar(),
            clock=FixedClock(NOW),
        )

    async def says(self, text: str) -> Answer:
        """What this person is told."""
        address = Address(ChannelName.SMS, self._number)
        message = InboundMessage(sender=address, recipient="8283", text=text, received_at=NOW, route="")
        return await self._answerer.answer(message, Contact(id=bytes(16), address=address))


def shown(answer: Answer) -> frozenset[str]:
    """The dossiers that exist and stand in the texts, except what only repeats the text as it is no code."""
    templates = [reply.template for reply in answer.outcome.replies]
    return frozenset(
        code
        for template, text in zip(templates, answer.texts, strict=True)
        if template != "lk.malformed"
        for code in WRITTEN_CODE.findall(text)
        if exists(code)
    )


def suggested(answer: Answer) -> tuple[str, ...]:
    """The codes offered to choose from."""
    questions = [write.question for write in answer.outcome.writes if isinstance(write, Ask)]
    return tuple(
        code for question in questions if question.kind in {"choose_code", "choose_log"} for code in question.options
    )


async def _mended(results: Results, count: int) -> None:
    stranger = Person()
    for kind, typing in typings.KINDS.items():
        chance = random.Random(f"mended:{kind}")
        for text, code in _typed(typing, chance, count):
            told = shown(await stranger.says(text))
            results.mended.count(kind, text, is_right=told == {str(code)})
            results.disclosures += [(text, other) for other in told if other != str(code)]
    await _several(results, count)


def _typed(typing: typings.Typing, chance: random.Random, count: int) -> Iterator[tuple[str, Code]]:
    made = 0
    while made < count:
        code = some_code(chance)
        if text := typing(code, chance):
            made += 1
            yield text, code


async def _several(results: Results, count: int) -> None:
    stranger, chance = Person(), random.Random("several")
    kinds = [typings.as_it_stands, typings.small_letters, typings.letters_for_digits, typings.unicode_dash]
    for _ in range(count):
        wanted = [some_code(chance) for _ in range(chance.randrange(2, 4))]
        written = [chance.choice(kinds)(code, chance) or str(code) for code in wanted]
        text = chance.choice((", ", " và ", "\n", "; ", " ", ",")).join(written)
        told = shown(await stranger.says(text))
        results.mended.count("several codes", text, is_right=told == {str(code) for code in wanted})
        results.disclosures += [(text, other) for other in told.difference(map(str, wanted))]


async def _own(results: Results, count: int) -> None:
    chance = random.Random("own")
    made = 0
    while made < count:
        own = list(dict.fromkeys(str(code) for code in (some_code(chance) for _ in range(chance.randrange(1, 5)))))
        person, code = Person(own), some_code(chance)
        person = Person([*own, str(code)])
        if made % 2:
            kind, text = typings.parts(code, chance)
        else:
            kind, text = "one edit", typings.mutated(str(code), chance, "0123456789")
        told = await person.says(text)
        offered = suggested(told)
        strangers = shown(told) - person.own
        results.disclosures += [(text, other) for other in strangers if not spells(text, other)]
        if strangers or (str(code) in shown(told) and not offered):
            continue
        made += 1
        results.own.count(kind, text, is_right=str(code) in offered and person.own.issuperset(offered))


async def _refused(results: Results, count: int) -> None:
    chance = random.Random("refused")
    kinds = list(others.KINDS)
    for place in range(count):
        kind = kinds[place % len(kinds)]
        text = others.sentence(kind, chance)
        person = Person([str(some_code(chance)) for _ in range(3)]) if place % 2 else Person()
        answer = await person.says(text)
        told = shown(answer)
        results.refused.count(kind, text, is_right=not told and not suggested(answer))
        results.disclosures += [(text, other) for other in told - person.own]


async def _mutations(results: Results, count: int, progress: Callable[[int], None]) -> None:
    """Codes of one person with one to three edits, typed by another."""
    chance, person = (
        random.Random("mutations"),
        Person([str(some_code(random.Random("of the sender"))) for _ in range(3)]),
    )
    for made in range(count):
        code = str(some_code(chance))
        text = code
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            text = typings.mutated(text, chance, ALPHABET)
        for other in shown(await person.says(text)) - person.own - {code}:
            if spells(text, other):
                results.read_as_another += 1
            else:
                results.disclosures.append((text, other))
        results.mutations += 1
        if made % 1000 == 0:
            progress(made)


def results(*, share: float = 1.0, progress: Callable[[int], None] = lambda _: None) -> Results:
    """All figures; *share* below 1 makes a smaller run. The same for the same share."""
    found, began = Results(), time.monotonic()

    async def run() -> None:
        await _mended(found, max(4, round(TYPINGS * share)))
        await _own(found, round(OWN * share))
        await _refused(found, round(NON_CODES * share))
        await _mutations(found, round(MUTATIONS * share), progress)

    asyncio.run(run())
    found.seconds = time.monotonic() - began
    return found


def table(found: Results) -> list[str]:
    """The figures as a table in Markdown."""
    rows = ["| what | kind | right (95 %) | of |", "|---|---|---|---|"]
    for name, tally in (("mended", found.mended), ("own suggested", found.own), ("no code refused", found.refused)):
        rows += [f"| {name} | {kind} | {tally.share(kind)} | {tally.of[kind]} |" for kind in tally.of]
        rows.append(f"| **{name}** | **all** | **{tally.share()}** | **{tally.of.total()}** |")
    rows += [
        "",
        f"Random mutations: {found.mutations}, of them {found.read_as_another} spell another dossier that exists.",
        f"Dossiers shown that were neither spelled by the text nor the sender's: {len(found.disclosures)}.",
    ]
    return rows


def main() -> None:
    """Print the table; exit code 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=float, default=1.0, help="a part of the run, for instance 0.05")
    parser.add_argument("--failures", action="store_true", help="show texts that went wrong")
    parser.add_argument("--json", type=Path, help="write the figures there")
    options = parser.parse_args()
    found = results(share=options.share, progress=_to_terminal)
    print("\n".join(table(found)), f"{found.seconds:.0f} s", sep="\n")
    if options.failures:
        _print_failures(found)
    if options.json:
        options.json.write_text(json.dumps(_figures(found), indent=1) + "\n", encoding="utf-8")
    sys.exit(not found.is_good)


def _to_terminal(made: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{made} mutations", end="", file=sys.stderr)


def _print_failures(found: Results) -> None:
    for tally in (found.mended, found.own, found.refused):
        for kind, texts in tally.failures.items():
            print(f"\n{kind}", *map(repr, texts), sep="\n  ")
    print("\ndisclosed", *found.disclosures[:50], sep="\n  ")


def _figures(found: Results) -> dict[str, object]:
    tallies = {"mended": found.mended, "own": found.own, "refused": found.refused}
    return {
        name: {kind: [tally.right[kind], tally.of[kind]] for kind in tally.of} for name, tally in tallies.items()
    } | {
        "mutations": found.mutations,
        "read_as_another": found.read_as_another,
        "disclosures": len(found.disclosures),
    }


if __name__ == "__main__":
    main()

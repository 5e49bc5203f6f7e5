"""Writes ``docs/understanding.md`` from the frozen test set: ``python -m benchmarks.understanding.evaluate``. Takes some minutes."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from benchmarks.understanding import baselines, codes, later, measures
from benchmarks.understanding.development import load_development
from benchmarks.understanding.figures import Share
from benchmarks.understanding.frozen import SECOND, leaks, load_intents, load_petitions, load_procedures
from benchmarks.understanding.styles import STYLES
from bot.understanding.phrases import later_phrases, phrases

PAGE = Path(__file__).parent.parent.parent / "docs" / "understanding.md"
HEAD = """# How well texts are understood

Made by `python -m benchmarks.understanding.evaluate`; do not edit. In brackets: the 95 % interval (Wilson).

The test set ({intents} messages of twenty intents, {procedures} questions, {petitions} petitions) was written by somebody who wrote and saw no training phrase, before all training phrases but the first
{first:,}, which were written meanwhile by somebody who saw nothing of it, and is pinned by hash. A check fails when a test sentence shares more than 60 % of its folded 4-grams with a training phrase. Nearly one message in three is out of
scope or holds two matters, of which the one to be served first counts. The texts are read as of the day the set was written: their dossier codes are of days up to then.

How thresholds were set: the features and their weights by learning from some writers' phrases and guessing another's; when two matters are two, by that and by messages put together from two phrases;
from when on a guess is acted on, by that and by a development set of {development} messages (`benchmarks/understanding/development`), written before any of this was set and never learnt from. Of the test set only
totals and counts of confusions were looked at, never a sentence or what became of one; they told where most was lost (two matters, wishes beside a code), so the figures for intents are slightly kind. Thresholds of procedures and
petitions are older and were set with a look at totals too.

The models learn from {phrases:,} phrases of eight writers and {fields:,} petitions. Typing styles are generated: the same sentence without accents, in raw Telex or VNI, with slips, abbreviations and so on.
"""


def table(titles: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table in Markdown."""
    lines = (titles, ["---"] * len(titles), *rows)
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def sections() -> Iterator[str]:
    """The page, part by part."""
    yield HEAD.format(
        intents=len(load_intents()),
        procedures=len(load_procedures()),
        petitions=len(load_petitions()),
        development=len(load_development()),
        phrases=_count(phrases("intents")),
        fields=_count(phrases("fields")),
        first=sum(_count(phrases(name)) - _count(later_phrases(name)) for name in later.MODELS),
    )
    yield "## Intents\n\nThe whole understanding: commands, codes, slips, model. The nearest phrase is by rapidfuzz among every fifth phrase.\n"
    yield table(("style", "right", "macro-F1", "nearest phrase", "always out of scope"), list(_intents()))
    yield '## Procedures\n\nFirst and first three of those that have an answer; "spoken of" counts abstention as wrong; abstained of those without one.\n'
    yield table(
        ("style", "first", "first three", "spoken of", "abstained", "likest official name", "shared words"),
        list(_procedures()),
    )
    yield "## Petitions\n\nAs written, with accents.\n"
    yield table(("what", "ours", "plain way", "plainer way"), list(_petitions()))
    yield "## Learnt only from phrases written after the test set\n\nThe same measures for models that never saw the first phrases (`python -m benchmarks.understanding.later`). Those that ship learn from all.\n"
    yield table(("what", "right"), later.figures())
    yield (
        "## A second set\n\nWritten blind by somebody else when the phrases and all thresholds stood as they are "
        "(`benchmarks/understanding/data2`); this half of it was measured, never read.\n"
    )
    yield table(("what", "right"), list(_second_set()))
    yield "## Codes\n\nIn a universe where every neighbouring number exists and belongs to somebody else.\n"
    yield "\n".join(codes.table(codes.results()))


def _count(sentences: Mapping[str, Sequence[str]]) -> int:
    return sum(map(len, sentences.values()))


def _intents() -> Iterator[Sequence[object]]:
    for style in STYLES:
        share, f1 = measures.intents(style)
        nearest, _ = measures.intents(style, baselines.nearest_phrase)
        always, _ = measures.intents(style, baselines.commonest_intent)
        yield style, share, f"{f1:.3f}", nearest, always


def _procedures() -> Iterator[Sequence[object]]:
    for style in STYLES:
        yield (
            style,
            measures.procedures(style),
            measures.procedures_of_three(style),
            measures.spoken_of(style),
            measures.abstentions(style),
            measures.procedures(style, baselines.official_name),
            measures.procedures(style, baselines.words_of_official_name),
        )


def _second_set() -> Iterator[Sequence[object]]:
    for style in ("accents", "no_accents", "telex", "vni", "slips"):
        share, f1 = measures.intents(style, folder=SECOND)
        yield f"intents, {style}", f"{share}, macro-F1 {f1:.3f}"
    yield "intents, only messages that share at most 60 % of their 4-grams with any phrase", _unlike_phrases()
    yield "procedure, first", measures.procedures("accents", folder=SECOND)
    yield "procedure, first three", measures.procedures_of_three("accents", SECOND)
    yield "procedure, abstained", measures.abstentions("accents", SECOND)
    yield "field of a petition", measures.fields(folder=SECOND)
    yield "agency of a petition", measures.agencies(SECOND)
    yield "personal data hidden", measures.hidden(folder=SECOND)
    yield "other words kept", measures.kept(folder=SECOND)


def _unlike_phrases() -> Share:
    examples = load_intents(SECOND)
    learnt = [phrase for sentences in phrases("intents").values() for phrase in sentences]
    alike = {sentence for sentence, _, _ in leaks([example.text for example in examples], learnt)}
    new = [example for example in examples if example.text not in alike]
    return Share(sum(measures.intent_of(example.text) == example.intent for example in new), len(new))


def _petitions() -> Iterator[Sequence[object]]:
    yield (
        "field",
        measures.fields(),
        measures.fields(baselines.words_of_field),
        measures.fields(baselines.commonest_field),
    )
    yield "agency", measures.agencies(), "–", "–"
    for what, measure in (("personal data hidden", measures.hidden), ("other words kept", measures.kept)):
        yield what, measure(), measure(baselines.digits_and_capitals), measure(baselines.only_digits)


if __name__ == "__main__":
    PAGE.write_text("\n".join(sections()), encoding="utf-8")
    click.echo(f"{PAGE.name} written")

"""What is counted on the frozen test set: intents, procedures, personal data, petitions; each for one typing style."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.understanding.figures import Share, macro_f1
from benchmarks.understanding.frozen import DATA, PetitionExample, load_intents, load_petitions, load_procedures
from benchmarks.understanding.styles import typed
from bot.model import Address, ChannelName, Contact, Office
from bot.understanding.names import intent_name
from bot.understanding.personal import personal_data
from bot.understanding.petition.hints import petition_hints
from bot.understanding.procedures import catalogue
from bot.understanding.router import read
from bot.understanding.subjects import subject_of

Reader = Callable[[str], str]
Hider = Callable[[str], list[tuple[int, int]]]

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
"""When the test set was written: the days in its dossier codes are before this, and a code of a day to come is none."""
STRANGER = Contact(id=bytes(16), address=Address(ChannelName.SMS, "84912345678"))
OFFICE = Office()


def intent_of(text: str) -> str:
    """What the whole understanding makes of *text*: commands, codes and the model."""
    return intent_name(read(text, STRANGER, NOW, OFFICE).intent)


def intents(style: str, reader: Reader = intent_of, folder: Path = DATA) -> tuple[Share, float]:
    """How many texts of a style are read rightly, and the macro-F1."""
    examples = load_intents(folder)
    wanted, given = (
        [example.intent for example in examples],
        [reader(typed(example.text, style)) for example in examples],
    )
    return Share(sum(map(str.__eq__, wanted, given)), len(wanted)), macro_f1(wanted, given)


def procedure_of(text: str) -> str:
    """The code of the best match, "" when none."""
    return next((match.procedure.code for match in catalogue().search(text, 1)), "")


def procedures(style: str, reader: Reader = procedure_of, folder: Path = DATA) -> Share:
    """How many questions that have an answer get it first."""
    examples = [example for example in load_procedures(folder) if example.codes]
    return Share(sum(reader(typed(example.text, style)) in example.codes for example in examples), len(examples))


def procedures_of_three(style: str, folder: Path = DATA) -> Share:
    """How many questions that have an answer find it among the first three."""
    examples = [example for example in load_procedures(folder) if example.codes]
    found = ([match.procedure.code for match in catalogue().search(typed(example.text, style))] for example in examples)
    return Share(
        sum(bool(set(codes) & set(example.codes)) for codes, example in zip(found, examples, strict=True)),
        len(examples),
    )


def spoken_of(style: str, folder: Path = DATA) -> Share:
    """How many questions that have an answer are answered with it, or offered it: abstention counts as wrong here."""
    examples = [example for example in load_procedures(folder) if example.codes]
    subjects = (subject_of(typed(example.text, style)).matches for example in examples)
    right = (
        any(match.procedure.code in example.codes for match in matches)
        for matches, example in zip(subjects, examples, strict=True)
    )
    return Share(sum(right), len(examples))


def abstentions(style: str, folder: Path = DATA) -> Share:
    """How many questions that the catalogue cannot answer name no procedure."""
    examples = [example for example in load_procedures(folder) if not example.codes]
    return Share(sum(not subject_of(typed(example.text, style)).matches for example in examples), len(examples))


def fields(reader: Reader | None = None, folder: Path = DATA) -> Share:
    """How many petitions get an acceptable field first."""
    examples = load_petitions(folder)
    way = reader or (lambda text: petition_hints(text).categories[0].code)
    return Share(sum(way(example.text) in example.categories for example in examples), len(examples))


def agencies(folder: Path = DATA) -> Share:
    """How many petitions get an acceptable kind of agency."""
    examples = load_petitions(folder)
    return Share(sum(petition_hints(example.text).owner in example.agencies for example in examples), len(examples))


def our_spans(text: str) -> list[tuple[int, int]]:
    """Where personal data is found."""
    return [(span.start, span.end) for span in personal_data(text)]


def hidden(hider: Hider = our_spans, folder: Path = DATA) -> Share:
    """How many pieces of personal data are hidden wholly."""
    right = of = 0
    for example in load_petitions(folder):
        covered = _covered(example.text, hider(example.text))
        for start, end in _wanted(example):
            of += 1
            right += all(covered[place] for place in range(start, end) if example.text[place].isalnum())
    return Share(right, of)


def kept(hider: Hider = our_spans, folder: Path = DATA) -> Share:
    """How many words that are nobody's personal data stay."""
    right = of = 0
    for example in load_petitions(folder):
        covered = _covered(example.text, hider(example.text))
        wanted = _covered(example.text, _wanted(example))
        start = 0
        for word in example.text.split(" "):
            end = start + len(word)
            if word and not any(wanted[start:end]):
                of += 1
                right += not any(covered[start:end])
            start = end + 1
    return Share(right, of)


def _wanted(example: PetitionExample) -> list[tuple[int, int]]:
    places = ((example.text.index(span.text), len(span.text)) for span in example.redact)
    return [(start, start + length) for start, length in places]


def _covered(text: str, spans: Sequence[tuple[int, int]]) -> list[bool]:
    covered = [False] * len(text)
    for start, end in spans:
        covered[start:end] = [True] * (end - start)
    return covered

"""The frozen test set is whole, labelled with words that exist, and varied."""

import csv
import re
from collections import Counter
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path

import pytest

from benchmarks.understanding.frozen import (
    PINS,
    check_frozen,
    folded_four_grams,
    leaks,
    load_intents,
    load_petitions,
    load_procedures,
)
from dossier_client.codes import SHAPES

CATALOGUES = Path(__file__).parents[2] / "dossier_client" / "data"
INTENTS = load_intents()
PROCEDURES = load_procedures()
PETITIONS = load_petitions()

LABELS = {
    "lookup_status",
    "my_dossiers",
    "subscribe",
    "unsubscribe",
    "petition_new",
    "petition_status",
    "rating",
    "procedure_question",
    "office_info",
    "queue_ticket",
    "help",
    "greeting",
    "thanks",
    "opt_out",
    "language_switch",
    "human_agent",
    "officer_link",
    "data_request",
    "abuse",
    "out_of_scope",
}
PROCEDURE_FACETS = {"documents", "fee", "time", "where", "how", "online", "form", "eligibility"}
SLOTS: dict[str, dict[str, set[object]]] = {
    "lookup_status": {"facet": {"predict", "papers"}},
    "petition_new": {"kind": {"complaint", "emergency"}},
    "petition_status": {"action": {"add", "reopen", "submit"}},
    "rating": {"score": {1, 2, 3, 4, 5}},
    "procedure_question": {"facet": set(PROCEDURE_FACETS)},
    "office_info": {"facet": {"hours", "address", "hotline"}},
    "queue_ticket": {"action": {"take", "status", "cancel", "change"}},
    "opt_out": {"action": {"stop", "resume"}},
    "language_switch": {"lang": {"vi", "en"}},
    "data_request": {"action": {"access", "delete", "correct", "withdraw"}},
}
BODIES = {*["court", "bank", "hospital", "tax", "insurance", "police", "power", "post", "other"], None}
CATEGORIES = {"MT", "GT", "DT", "DN", "AN", "DD", "HC", "DVC", "GD", "YT", "CS", "VH", "QD", "KH"}
AGENCIES = {
    "ward",
    "police",
    "construction_department",
    "environment_department",
    "education_department",
    "health_department",
    "home_affairs_department",
    "centre",
    "data_centre",
    "province_office",
    "utility",
    "reception",
}
KINDS = {"phone", "identity", "name", "account", "email", "plate", "tax", "birth_date", "home_address"}


def column(table: str, name: str) -> set[str]:
    with (CATALOGUES / table).open(encoding="utf-8", newline="") as lines:
        return {row[name] for row in csv.DictReader(lines)}


def test_nothing_changed_since_it_was_frozen() -> None:
    assert check_frozen() == []
    assert len(PINS.read_text(encoding="ascii").splitlines()) == 3


def test_there_is_enough_of_everything() -> None:
    per_intent = Counter(example.intent for example in INTENTS)
    assert per_intent.keys() == LABELS
    assert min(per_intent.values()) >= 40
    hard = [example for example in INTENTS if example.intent == "out_of_scope" or example.also]
    assert len(hard) / len(INTENTS) >= 0.25
    answerable = [example for example in PROCEDURES if example.codes]
    assert len(answerable) >= 260
    assert len({example.codes[0] for example in answerable}) >= 120
    assert len(PROCEDURES) - len(answerable) >= 90
    per_category = Counter(example.categories[0] for example in PETITIONS)
    assert per_category.keys() == CATEGORIES
    assert min(per_category.values()) >= 12
    assert sum(bool(example.redact) for example in PETITIONS) * 2 >= len(PETITIONS) >= 240
    assert {span.kind for example in PETITIONS for span in example.redact} == KINDS


def test_the_slots_of_a_message_are_those_of_its_intent() -> None:
    for example in INTENTS:
        assert set(example.also) <= LABELS - {example.intent}, example.id
        named = set(example.slots) - {"code", "petition_code", "token"}
        allowed = SLOTS.get(example.intent, {})
        assert all(example.slots[slot] in allowed.get(slot, ()) for slot in named), example.id
        assert "token" not in example.slots or (
            example.intent == "officer_link" and example.slots["token"] in example.text
        )


def test_codes_of_a_message_are_canonical_and_stand_in_it() -> None:
    for example in INTENTS:
        for code in example.slots.get("code", ()):
            assert any(shape.fullmatch(code) for shape in SHAPES.values()), example.id
            assert code in example.text.upper(), example.id
        if code := example.slots.get("petition_code"):
            assert re.fullmatch(r"PA\d{8}", code), example.id
            assert code in example.text, example.id


def test_procedures_are_in_the_catalogue() -> None:
    codes = column("procedures.csv", "code")
    for example in PROCEDURES:
        assert codes.issuperset(example.codes), example.id
        assert example.facet in PROCEDURE_FACETS, example.id
        assert example.other_body in (BODIES if not example.codes else {None}), example.id


def test_labels_of_petitions_exist() -> None:
    wards = {name.removeprefix("UBND (phường/xã) ") for name in column("agencies_bac_ninh.csv", "name_vi")}
    for example in PETITIONS:
        assert CATEGORIES.issuperset(example.categories), example.id
        assert example.agencies, example.id
        assert AGENCIES.issuperset(example.agencies), example.id
        assert example.ward is None or example.ward in wards, example.id
        assert len(example.parts) != 1, example.id


def test_what_is_hidden_or_kept_stands_in_the_petition() -> None:
    for example in PETITIONS:
        for span in example.redact:
            assert span.kind in KINDS, example.id
            assert span.text in example.text, example.id
            assert not any(span.text in kept for kept in example.keep), example.id
        assert all(kept in example.text for kept in example.keep), example.id


def test_every_id_is_there_once() -> None:
    assert all(count == 1 for count in Counter(one.id for one in (*INTENTS, *PROCEDURES, *PETITIONS)).values())


def alike(texts: Iterable[str]) -> list[tuple[str, str]]:
    known = [(text, folded_four_grams(text)) for text in texts]
    pairs = combinations(known, 2)
    return [(one, other) for (one, a), (other, b) in pairs if len(a & b) > 0.6 * min(len(a), len(b))]


@pytest.mark.parametrize("intent", sorted(LABELS))
def test_no_two_messages_of_an_intent_are_nearly_the_same(intent: str) -> None:
    assert alike(example.text for example in INTENTS if example.intent == intent) == []


def test_no_two_questions_or_petitions_are_nearly_the_same() -> None:
    assert alike(example.text for example in PROCEDURES) == []
    assert alike(example.text for example in PETITIONS) == []


@pytest.mark.parametrize(
    ("sentence", "phrase", "leaked"),
    [
        pytest.param("Hồ sơ xong chưa", "ho so xong chua vay", True, id="contained without accents"),
        pytest.param("Hồ sơ H05.12-260610-0001 xong chưa", "ho so 123 xong chua", True, id="a number hides nothing"),
        pytest.param("Đường ngập", "đường ngập", True, id="same"),
        pytest.param("ok", "OK", True, id="shorter than four"),
        pytest.param("Hồ sơ xong chưa", "bao giờ có kết quả", False, id="other words"),
        pytest.param("ho so xong chua de toi con len lay ve", "ho so xong chua", False, id="only a part"),
    ],
)
def test_leaks(sentence: str, phrase: str, *, leaked: bool) -> None:
    assert bool(leaks([sentence], [phrase])) is leaked

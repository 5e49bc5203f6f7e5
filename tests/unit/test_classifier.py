"""What a text looks like to the models, and what the models that come with the program say."""

import pytest

from benchmarks.understanding.frozen import leaks, load_intents, load_petitions
from benchmarks.understanding.styles import typed
from benchmarks.understanding.train import learn
from bot.understanding.classifier import guess_field, guess_intent, stored
from bot.understanding.clauses import cuts
from bot.understanding.features import blocks, plain
from bot.understanding.keyboard import is_syllable, without_key_strokes
from bot.understanding.linear import packed, unpacked
from bot.understanding.phrases import fingerprint, phrases
from bot.understanding.spelling import spelled


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("tra cuwus hoof sow", "tra cuu ho so", id="telex"),
        pytest.param("tra cu7u1 ho62 so7", "tra cuu ho so", id="vni"),
        pytest.param("dduwowcj khoong aj", "duoc khong a", id="telex with a barred d"),
        pytest.param("ho so den dau roi", "ho so den dau roi", id="plain words stay"),
        pytest.param("where is the form", "where is the form", id="English stays"),
        *(
            pytest.param(text, text, id=text)
            for text in (
                "how much does",
                "how much does it cost",
                "when was it issued",
                "does it cost much",
                "was it lost",
            )
        ),
        pytest.param("thos xe as", "tho xe a", id="telex that looks like English"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_key_strokes_are_undone(typed: str, meant: str) -> None:
    assert without_key_strokes(typed) == meant


@pytest.mark.parametrize(
    ("word", "is_one"), [("nghieng", True), ("quyet", True), ("the", True), ("where", False), ("hoof", False)]
)
def test_syllables(word: str, is_one: bool) -> None:  # noqa: FBT001 - a column of the table
    assert is_syllable(word) is is_one


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        pytest.param("Hồ sơ của tôi?", "ho so cua toi", id="accents and signs"),
        pytest.param("hs e den dau r", "ho so e den dau roi", id="shorthand"),
        pytest.param("uy ban phuogn", "uy ban phuong", id="a slip"),
        pytest.param("mã H05.12-260610-0001", "ma # # # #", id="digits"),
    ],
)
def test_plain(typed: str, read: str) -> None:
    assert plain(typed) == read


def test_short_and_known_words_are_never_corrected() -> None:
    assert list(spelled(["roi", "phan", "zzzzzz"])) == ["roi", "phan", "zzzzzz"]


def test_features_tell_codes_and_fields() -> None:
    found = {
        name
        for block in blocks("rác thải bốc mùi, phản ánh PA26005442, hồ sơ H05.12-260610-0001")
        for name in block.names
    }
    assert {"c:code", "c:petition code", "c:field MT", "c:problem", "c:petition"} <= found


def test_a_text_without_words_has_an_answer_too() -> None:
    assert guess_intent("")[0].probability <= 1


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("ho so cua toi den dau roi", "lookup_status"),
        ("tôi muốn gặp cán bộ", "human_agent"),
        ("lam giay khai sinh can giay to gi", "procedure_question"),
        ("Rác chất đống cả tuần không ai thu gom, đề nghị xử lý", "petition_new"),
        ("english please", "language_switch"),
    ],
)
def test_intents(text: str, intent: str) -> None:
    assert guess_intent(text)[0].label == intent


def test_fields() -> None:
    assert guess_field("cống tắc, nước ngập cả ngõ")[0].label == "DN"


@pytest.mark.parametrize("name", ["intents", "fields"])
def test_the_weights_are_those_of_the_phrases(name: str) -> None:
    assert stored(name).fingerprint == fingerprint(name), "run: make train"


def test_learning_is_the_same_each_time() -> None:
    sentences = {
        "yes": ["đúng rồi", "đúng vậy", "phải đấy"],
        "no": ["không phải", "không đúng đâu", "chưa phải"],
        "oh": ["ôi trời"],
    }
    assert learn("intents", sentences) == learn("intents", sentences)


def test_weights_are_kept_as_text() -> None:
    assert list(unpacked(packed([0, -1, 32767, -32768]))) == [0, -1, 32767, -32768]


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("xin chào. cho tôi hỏi hồ sơ", [("xin chào", "cho tôi hỏi hồ sơ")]),
        ("đèn hỏng, với lại rác nhiều", [("đèn hỏng", "với lại rác nhiều")]),
        ("đèn hỏng và rác nhiều", [("đèn hỏng", "và rác nhiều")]),
        ("một câu thôi", []),
        ("alo", []),
        ("mã 000.00.19.H05-261020-0011 được chưa", []),
        ("làm đến 16.30 hay 17.00 vậy", []),
        ("Cống tắc rồi.Cho tôi hỏi ai lo", [("Cống tắc rồi", "Cho tôi hỏi ai lo")]),
    ],
)
def test_cuts(text: str, pairs: list[tuple[str, str]]) -> None:
    assert list(cuts(text)) == pairs


def test_the_first_matter_of_several_counts_behind_a_greeting() -> None:
    text = "Chào anh chị. Cho tôi gặp cán bộ một lát, với lại mấy giờ thì đóng cửa ạ?"
    assert guess_intent(text)[0].label == "human_agent"


@pytest.mark.parametrize("style", ["accents", "decomposed", "lower_no_accents", "telex", "vni"])
def test_the_first_matter_of_several_counts(style: str) -> None:
    text = "Chào anh chị. Cho tôi gặp cán bộ một lát và cho hỏi mấy giờ thì đóng cửa ạ?"
    assert guess_intent(typed(text, style))[0].label == "human_agent"


@pytest.mark.parametrize(("name", "least"), [("intents", 2500), ("fields", 600)])
def test_phrases(name: str, least: int) -> None:
    sentences = [phrase for examples in phrases(name).values() for phrase in examples]
    assert len(sentences) == len(set(sentences)) >= least


@pytest.mark.parametrize("name", ["intents", "fields"])
def test_no_training_phrase_gives_a_test_sentence_away(name: str) -> None:
    test = [example.text for example in (load_intents() if name == "intents" else load_petitions())]
    sentences = [phrase for examples in phrases(name).values() for phrase in examples]
    assert leaks(test, sentences) == []

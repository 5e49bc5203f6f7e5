"""Alphabets: what is sent costs what we say, and what arrives is read as it was meant."""

import unicodedata
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms import encoding
from sms.encoding import Coding

GSM_CHARACTERS = [character for character in encoding.BASIC if character != encoding.ESCAPE] + list(encoding.EXTENSION)
VIETNAMESE = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
FOLDED = "aaaaaaaaaaaaaaaaaabcddeeeeeeeeeeeeghiiiiiiklmnoooooooooooooooooopqrstuuuuuuuuuuuuvxyyyyyy"


@given(st.text(alphabet=GSM_CHARACTERS))
def test_what_gsm_can_write_comes_back(text: str) -> None:
    octets = encoding.encode_gsm(text)
    assert encoding.decode_gsm(octets) == text
    assert encoding.septets(text) == len(octets)


@given(st.text())
def test_septets_and_encoding_agree_on_what_is_in_the_alphabet(text: str) -> None:
    if encoding.septets(text) is None:
        with pytest.raises(ValueError, match="outside GSM"):
            encoding.encode_gsm(text)
    else:
        assert max(encoding.encode_gsm(text), default=0) < 0x80


@given(st.binary())
def test_any_octets_can_be_read_as_gsm(octets: bytes) -> None:
    assert encoding.ESCAPE not in encoding.decode_gsm(octets)


def test_the_basic_table_has_128_places() -> None:
    assert len(encoding.BASIC) == 128
    assert len(set(encoding.BASIC)) == 128
    places = {"@": 0x00, "$": 0x02, "\n": 0x0A, "\r": 0x0D, "_": 0x11, "É": 0x1F, " ": 0x20, "¡": 0x40, "§": 0x5F}
    places |= {"A": 0x41, "Z": 0x5A, "Ä": 0x5B, "¿": 0x60, "a": 0x61, "z": 0x7A, "à": 0x7F, "¤": 0x24, "0": 0x30}
    assert {character: encoding.encode_gsm(character)[0] for character in places} == places


@pytest.mark.parametrize(
    ("character", "code"),
    [("\f", 0x0A), ("^", 0x14), ("{", 0x28), ("}", 0x29), ("\\", 0x2F), ("[", 0x3C), ("~", 0x3D), ("]", 0x3E), ("|", 0x40), ("€", 0x65)],
)  # fmt: skip
def test_extension_characters_take_two_septets(character: str, code: int) -> None:
    assert encoding.encode_gsm(character) == bytes((0x1B, code))
    assert encoding.septets(character) == 2


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        pytest.param(b"HS\x1b", "HS", id="escape at the end"),
        pytest.param(b"\x1bHS", "HS", id="escape before a code without extension"),
        pytest.param(b"a\x1b\x1bb", "a b", id="escape of an escape"),
        pytest.param(b"\x1b\x0a", "\f", id="escape before a newline"),
        pytest.param(b"a\x80", "a\ufffd", id="octet beyond the alphabet"),
        pytest.param(b"\x5f", "§", id="paragraph sign, not a backtick"),
    ],
)
def test_odd_octets_in_gsm(octets: bytes, text: str) -> None:
    assert encoding.decode_gsm(octets) == text


def test_no_backtick_in_the_alphabet() -> None:
    assert encoding.septets("`") is None
    assert encoding.septets(encoding.ESCAPE) is None


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_every_vietnamese_letter_is_written_without_marks(form: str) -> None:
    assert encoding.to_gsm_text(unicodedata.normalize(form, VIETNAMESE)) == FOLDED  # type: ignore[arg-type]  # a literal
    assert encoding.to_gsm_text(unicodedata.normalize(form, VIETNAMESE.upper())) == FOLDED.upper()  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Hồ sơ “đã nhận” – chờ…", 'Ho so "da nhan" - cho...'),
        ("‘một’ ′hai′ `ba`", "'mot' 'hai' 'ba'"),
        ("H05‑12—34", "H05-12-34"),
        ("a\u00a0b\u202fc", "a b c"),
        ("a\u200bb\u00adc\ufeff", "abc"),
        ("12.500.000 ₫ × 2 · x •", "12.500.000 d x 2 . x -"),
        ("[a] {b} ~c ^d \\e |f €", " a   b   c  d  e  f  "),
        ("hi 😀 你", "hi    "),
        ("a\nb", "a\nb"),
        ("@ $ _ £ Δ ø", "@ $ _ £ Δ ø"),
    ],
)
def test_text_for_a_telephone(text: str, plain: str) -> None:
    assert encoding.to_gsm_text(text) == plain


@given(st.text())
def test_text_for_a_telephone_takes_a_septet_for_each_character(text: str) -> None:
    plain = encoding.to_gsm_text(text)
    assert encoding.septets(plain) == len(plain)


@pytest.mark.parametrize(
    ("text", "accents", "chosen"),
    [
        pytest.param("Hồ sơ", False, (0, b"Ho so", 5), id="without marks"),
        pytest.param("Hồ", True, (8, "Hồ".encode("utf-16-be"), 2), id="with marks"),
        pytest.param(unicodedata.normalize("NFD", "Hồ"), True, (8, "Hồ".encode("utf-16-be"), 2), id="NFC before counting"),
        pytest.param("“HS” …", True, (0, b'"HS" ...', 8), id="typographic signs do not cost three parts"),
        pytest.param("[HS]", True, (0, b"\x1b\x3cHS\x1b\x3e", 6), id="extension counts twice"),
        pytest.param("😀", True, (8, b"\xd8\x3d\xde\x00", 2), id="a pair is two units"),
        pytest.param("\ud83d", True, (8, b"\0?", 1), id="half a pair"),
        pytest.param("", True, (0, b"", 0), id="empty"),
    ],
)  # fmt: skip
def test_choose(text: str, *, accents: bool, chosen: tuple[int, bytes, int]) -> None:
    assert encoding.choose(text, accents=accents) == chosen


@given(st.text(st.characters(codec="ascii", exclude_characters="$@[]^_`{|}~\\", exclude_categories=["Cc"])))
def test_plain_text_has_the_same_octets_in_every_alphabet(text: str) -> None:
    assert encoding.encode_gsm(text) == text.encode("ascii")
    for alphabet, accents in product(encoding.DEFAULT_ALPHABETS, (True, False)):
        assert encoding.choose(text, accents=accents, alphabet=alphabet) == (0, text.encode("ascii"), len(text))


@pytest.mark.parametrize(
    ("text", "alphabet", "accents", "chosen"),
    [
        pytest.param("a@b_c$ £", "latin1", False, (0, b"a@b_c$ \xa3", 8), id="Latin-1"),
        pytest.param("a@b_c$ £", "ascii", False, (0, b"a@b_c$  ", 8), id="ASCII has no pound"),
        pytest.param("Hồ sơ Ω", "latin1", False, (0, b"Ho so  ", 7), id="Latin-1 has no omega"),
        pytest.param("à", "latin1", True, (0, b"\xe0", 1), id="Latin-1 with marks"),
        pytest.param("à", "ascii", True, (8, b"\0\xe0", 1), id="not in ASCII"),
        pytest.param("[", "latin1", True, (8, b"\0[", 1), id="an extension costs two septets on the air: not to be guessed"),
        pytest.param("", "latin1", True, (0, b"", 0), id="empty"),
        pytest.param("Hồ", "latin1", True, (8, "Hồ".encode("utf-16-be"), 2), id="in neither"),
    ],
)  # fmt: skip
def test_choose_writes_what_the_operator_takes_for_data_coding_0(
    text: str, alphabet: str, *, accents: bool, chosen: tuple[int, bytes, int]
) -> None:
    assert encoding.choose(text, accents=accents, alphabet=alphabet) == chosen


@pytest.mark.parametrize(
    ("data_coding", "coding"),
    [
        (0x00, Coding.GSM), (0x01, Coding.ASCII), (0x02, Coding.BINARY), (0x03, Coding.LATIN1), (0x04, Coding.BINARY),
        (0x05, Coding.GSM), (0x08, Coding.UCS2),
        (0x10, Coding.GSM), (0x13, Coding.GSM), (0x14, Coding.BINARY), (0x17, Coding.BINARY), (0x18, Coding.UCS2),
        (0x1B, Coding.UCS2), (0x1C, Coding.GSM), (0x1F, Coding.GSM),
        (0xF0, Coding.GSM), (0xF1, Coding.GSM), (0xF2, Coding.GSM), (0xF3, Coding.GSM),
        (0xF4, Coding.BINARY), (0xF5, Coding.BINARY), (0xF7, Coding.BINARY), (0xFF, Coding.GSM),
    ],
)  # fmt: skip
def test_what_data_coding_means(data_coding: int, coding: Coding) -> None:
    assert encoding.coding_of(data_coding, "gsm0338") is coding


@pytest.mark.parametrize(
    ("name", "octets", "text"),
    [
        ("gsm0338", b"\x7f\x1b\x3c", "à["),
        ("latin1", b"\x7f\x1b\x3c\xe9", "<é"),
        ("ascii", b"\x7f\x1b\x3c\xe9", "<\ufffd"),
    ],
)
def test_data_coding_zero_means_what_the_account_says(name: str, octets: bytes, text: str) -> None:
    assert encoding.decode_text(octets, 0, name) == text


def cp1258(text: str) -> bytes:
    """As Windows wrote it: a letter with its hat or horn, then the tone."""
    octets = bytearray()
    for character in text:
        *base, last = list(unicodedata.normalize("NFD", character))
        try:
            octets += character.encode("cp1258")
        except UnicodeEncodeError:
            octets += unicodedata.normalize("NFC", "".join(base)).encode("cp1258") + last.encode("cp1258")
    return bytes(octets)


ACCENTED = "tra cứu hồ sơ đất ở Võ Cường"
READINGS = [
    pytest.param(b"TC H05.12-260610-0001", 0, "TC H05.12-260610-0001", id="GSM"),
    pytest.param(b"\x1b\x3cHS\x1b\x3e\x00", 0xF1, "[HS]@", id="GSM of a class"),
    pytest.param(b"HS @_$", 1, "HS @_$", id="ASCII"),
    pytest.param(b"HS \xff", 1, "HS \ufffd", id="no ASCII"),
    pytest.param("déjà".encode("latin-1"), 3, "déjà", id="Latin-1"),
    pytest.param("déjà".encode("latin-1"), 0, "déjà", id="Latin-1 as the default alphabet"),
    pytest.param(ACCENTED.encode(), 0, ACCENTED, id="UTF-8 as the default alphabet"),
    pytest.param(ACCENTED.encode(), 1, ACCENTED, id="UTF-8 as ASCII"),
    pytest.param(ACCENTED.encode(), 3, ACCENTED, id="UTF-8 as Latin-1"),
    pytest.param(cp1258(ACCENTED), 0, ACCENTED, id="Windows-1258 as the default alphabet"),
    pytest.param(cp1258(ACCENTED), 3, ACCENTED, id="Windows-1258 as Latin-1"),
    pytest.param("đi".encode("cp1258"), 3, "đi", id="Windows-1258 by its d alone"),
    pytest.param(ACCENTED.encode("utf-16-be"), 8, ACCENTED, id="UCS-2"),
    pytest.param(ACCENTED.encode("utf-16-be"), 0x18, ACCENTED, id="UCS-2 flash"),
    pytest.param(b"\xfe\xff" + ACCENTED.encode("utf-16-be"), 8, ACCENTED, id="UCS-2 with its mark"),
    pytest.param(b"\xff\xfe" + ACCENTED.encode("utf-16-le"), 8, ACCENTED, id="UCS-2 the other way round"),
    pytest.param(ACCENTED.encode("utf-16-be") + b"\0", 8, ACCENTED, id="odd octet"),
    pytest.param(b"\0", 8, "", id="one octet"),
    pytest.param(b"", 8, "", id="nothing"),
    pytest.param(unicodedata.normalize("NFD", ACCENTED).encode("utf-16-be"), 8, ACCENTED, id="NFD"),
    pytest.param("o\u031b\u0301 ơ\u0301".encode("utf-16-be"), 8, "ớ ớ", id="horn and tone apart, tone apart"),
    pytest.param("😀".encode("utf-16-be"), 8, "😀", id="surrogate pair"),
    pytest.param(b"\xd8\x3d\x00A", 8, "\ufffdA", id="lone high surrogate"),
    pytest.param(b"\xde\x00\x00A", 8, "\ufffdA", id="lone low surrogate"),
    pytest.param(b"\x00A\xd8\x3d", 8, "A\ufffd", id="high surrogate at the end"),
    pytest.param(b"HS\r\n1\n2\r3", 1, "HS\n1\n2\n3", id="newlines"),
    pytest.param(b"H\x00S\x1b[31m\x7f\x081", 1, "HS[31m1", id="control characters"),
    pytest.param(b"TC\tH05\x0b1\x0c2", 1, "TC H05 1 2", id="white space"),
    pytest.param(b"a\x85b\xe9\x9f", 3, "abé", id="controls above ASCII"),
    pytest.param("a\ufeffb".encode("utf-16-be"), 8, "ab", id="mark inside"),
    pytest.param(b"\1\2", 4, None, id="binary"),
    pytest.param(b"HS", 0xF4, None, id="binary of a class"),
]


@pytest.mark.parametrize(("octets", "data_coding", "text"), READINGS)
def test_decode_text(octets: bytes, data_coding: int, text: str | None) -> None:
    assert encoding.decode_text(octets, data_coding, "gsm0338") == text


@pytest.mark.parametrize(("length", "kept"), [(1999, 1999), (2000, 2000), (2001, 2000)])
def test_a_text_is_cut_at_2000_characters(length: int, kept: int) -> None:
    assert encoding.decode_text(b"x" * length, 0, "gsm0338") == "x" * kept
    assert encoding.decode_text("ớ".encode("utf-16-be") * length, 8, "gsm0338") == "ớ" * kept


@given(st.binary(), st.integers(0, 255), st.sampled_from(["gsm0338", "latin1", "ascii"]))
def test_any_octets_are_read_without_an_error(octets: bytes, data_coding: int, default: str) -> None:
    text = encoding.decode_text(octets, data_coding, default)
    if text is not None:
        assert unicodedata.is_normalized("NFC", text)
        assert not any(unicodedata.category(character) in {"Cc", "Cs"} and character != "\n" for character in text)


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff"), max_size=200))
def test_what_is_sent_with_marks_is_read_again(text: str) -> None:
    data_coding, octets, _units = encoding.choose(text, accents=True)
    read = encoding.decode_text(octets, data_coding, "gsm0338")
    expected = text.translate(encoding.TYPOGRAPHIC) if data_coding == 0 else text
    assert read == unicodedata.normalize("NFC", expected)

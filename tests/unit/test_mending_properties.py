"""What holds for every code and every text."""

from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from dossier_client.codes import parse
from dossier_client.mending import find_codes
from tests.unit.typed import TODAY, codes_of

DAYS = st.dates(date(2016, 1, 1), TODAY + timedelta(days=1))
LEVELS = st.lists(st.from_regex(r"[0-9]{1,4}", fullmatch=True), min_size=1, max_size=4)
PROVINCE = st.builds(
    lambda head, levels, day, number: f"H{head:02d}.{'.'.join(levels)}-{day:%y%m%d}-{number}",
    st.integers(1, 63),
    LEVELS,
    DAYS,
    st.from_regex(r"[0-9]{3,7}", fullmatch=True),
)
NATIONAL = st.builds(
    lambda unit, head, day, number: f"{unit}.H{head:02d}-{day:%y%m%d}-{number}",
    st.from_regex(r"[0-9]{3}\.[0-9]{2,3}\.[0-9]{2,3}", fullmatch=True),
    st.integers(1, 63),
    DAYS,
    st.from_regex(r"[0-9]{3,6}", fullmatch=True),
)
VALID = PROVINCE | NATIONAL


@given(VALID)
def test_a_code_that_fits_is_returned_unchanged(code: str) -> None:
    (typed,) = find_codes(code, TODAY).codes
    assert (typed.code, typed.typed, typed.mended) == (parse(code, TODAY), code, False)


@given(VALID, st.sampled_from(["", " ", "\n"]), st.booleans())
def test_alone_or_among_words_a_code_is_the_same(code: str, blank: str, small: bool) -> None:  # noqa: FBT001 - drawn
    typed = code.lower() if small else code
    alone, among = find_codes(f"{blank}{typed}{blank}", TODAY), find_codes(f"Xem {typed} ạ", TODAY)
    assert (alone.codes[0].code, alone.codes[0].typed, alone.codes[0].mended) == (parse(code, TODAY), typed, False)
    assert (alone.codes[0].start, alone.malformed, alone.rest) == (len(blank), (), "")
    assert (among.codes[0].code, among.codes[0].typed) == (alone.codes[0].code, typed)


@given(VALID, st.data())
def test_case_blanks_and_dashes_do_not_matter(code: str, data: st.DataObject) -> None:
    dashes = st.sampled_from(["-", "–", "—", " - ", "\u2011", "- ", "_", " "])
    head, day, number = code.split("-")
    text = f"{head}{data.draw(dashes)}{day}{data.draw(dashes)}{number}"
    assert codes_of(data.draw(st.sampled_from([text, text.lower(), f"Tra cứu {text}.", f"({text})"]))) == [code]


@given(VALID, st.data())
def test_one_digit_more_or_less_in_the_date_is_never_guessed(code: str, data: st.DataObject) -> None:
    head, day, number = code.split("-")
    place = data.draw(st.integers(0, 5))
    shorter, longer = (
        day[:place] + day[place + 1 :],
        day[:place] + data.draw(st.sampled_from("0123456789")) + day[place:],
    )
    for wrong in (shorter, longer):
        assert not codes_of(f"{head}-{wrong}-{number}")


@given(st.text(max_size=200) | st.text(alphabet="H05G.12-6 O/=?&%mhs\n\u202e\u200b－", max_size=80))
def test_no_text_breaks_it_and_every_code_is_one(text: str) -> None:
    found = find_codes(text, TODAY)
    for typed in found.codes:
        assert parse(typed.code.text, TODAY) == typed.code
        assert 0 <= typed.start < typed.end <= len(text)


@given(VALID, st.from_regex(r"[0-9A-Z]{1,3}", fullmatch=True), st.sampled_from(["-", "."]))
def test_a_code_that_does_not_use_up_its_run_is_none(code: str, more: str, separator: str) -> None:
    text = f"{code}{separator}{more}"
    assume(parse(text, TODAY) is None)
    assert not codes_of(text)

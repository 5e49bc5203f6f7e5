"""Separators that were spoken or replaced ("chấm", "gạch", a colon), and heads whose letter stands apart."""

import re

# "gach5 0001" and "cham61 12" are typed with the VNI keyboard off: whether the digit is a mark or counts, nobody can tell.
_DOT_WORDS = ("CHẤM", "CHAM(?!61? +[0-9])", "CHAASM", "CHAAMS", "CHA61M", "PHẨY", "PHAY", "DOT", "POINT")
_DASH_WORDS = (
    *("GẠCH", "GACH(?!5 +[0-9])", "GACHJ", "GAJCH", "GA5CH", "NGANG", "NỐI", "NOI", "DƯỚI", "DUOI", "CHÉO", "CHEO"),
    *("TRỪ", "TRU", "XẸT", "XET", "SUYỆT", "SUYET", "XUYỆT", "XUYET", "DASH", "HYPHEN", "MINUS", "SLASH"),
)
_FILLERS = ("DẤU", "DAU", "CÁI", "CAI")
_NAMES = ("NGÀY", "NGAY", "SỐ", "STT")
"""What people call the parts: "H05.12 ngày 10/6/2026 số 1". Without its mark SO may be a 50."""
_WORD = "|".join((*_DOT_WORDS, *_DASH_WORDS, *_FILLERS, *_NAMES))
_ENDS = r"(?:(?![^\W0-9_])|(?=[HG][0-9O]))"
_IN_PLACE_OF_SEPARATORS = re.compile(
    rf"(?:(?<=[0-9])|(?<=[0-9OQ][OQDILZSB|]))"
    rf"(?:[-._/ ]*(?:(?:{_WORD}){_ENDS}[-._/ ]*)+(?=[HGK]?[0-9OQDILZSB|])| ?[:;~+^'’`] ?(?=[HGK]?[0-9]))"
)
_DOT_WORD = re.compile("|".join(_DOT_WORDS))
_DASH_WORD = re.compile("|".join((*_DASH_WORDS, *_NAMES)))
_WHOLE_CODE_BEFORE = re.compile(r"[-./_ ](?:[0-9]{6}|[0-9]{8}) *[-./_] *[0-9]{3,7} *\Z")
_LETTER_APART = re.compile(r"(?<![^\W_])([HG])([-._/ ]+)(?=[0-9O][-._/ ]?[0-9OQDILZSB|])")
_HEAD = re.compile(r"[HGK][-._/ ]{0,3}[0-9OQDILZSB|]")
_LONGEST = 40
"""What stands before a separator, as far as it may be a whole code."""


def with_separators(plain: str) -> str:
    """The cleaned text with signs in place of the words, of the same length; behind a whole code nothing is a separator."""
    if not _HEAD.search(plain):
        return plain
    out: list[str] = []
    end = 0
    for match in _IN_PLACE_OF_SEPARATORS.finditer(plain):
        out.append(plain[end : match.start()])
        before = "".join(out)[-_LONGEST:]
        out.append(match.group() if _WHOLE_CODE_BEFORE.search(before) else _sign(match.group()))
        end = match.end()
    out.append(plain[end:])
    return _LETTER_APART.sub(lambda match: " " * len(match[2]) + match[1], "".join(out))


def _sign(typed: str) -> str:
    is_dot = _DOT_WORD.search(typed) and not _DASH_WORD.search(typed)
    return ("." if is_dot else "-").ljust(len(typed))

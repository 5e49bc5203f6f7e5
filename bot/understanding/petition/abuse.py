"""Insults: counted and masked in public text, never a ground to refuse a petition."""

import re
from collections.abc import Iterable

from bot.understanding.text import fold

ACCENTED = (
    "địt|đụ|đéo|đếch|lồn|cặc|buồi|dái|đĩ|điếm|cave|chó má|chó chết|con chó|lũ chó|bọn chó|mặt lồn|óc chó|ngu như|đồ ngu|thằng ngu|con ngu|lũ ngu|bọn ngu"
    "|mất dạy|vô học|khốn nạn|súc vật|súc sinh|đồ chó|cút|mẹ mày|bố mày|tổ sư|tiên sư|cha mày|mả mẹ|mả cha|thằng khốn|chết mẹ|ăn cứt|cứt|như cứt|đồ đần|thằng điên"
    "|đồ điên|lũ ăn hại|ăn hại|bọn ăn hại|ăn cướp ngày|lũ sâu mọt|sâu mọt|bố láo|láo toét|rác rưởi|vô dụng|phế vật|đồ khốn|khốn kiếp|chết tiệt"
)
BARE = (
    "dit me|dit bo|dm|dmm|dcm|vcl|vl|vkl|clgt|cl|cc|deo|dech|lon|cac|buoi|cho ma|cho chet|do cho|lu cho|bon cho|oc cho|mat lon|do ngu|thang ngu|con ngu|lu ngu|bon ngu|ngu nhu"
    "|mat day|vo hoc|khon nan|suc vat|suc sinh|me may|bo may|to su|tien su|cha may|ma me|ma cha|an cut|nhu cut|bo lao|lao toet|lu an hai|do an hai|bon an hai|vo dung"
    "|dkm|dmn|djt|loz|ncc|cmm|cmn|d m|fuck|fucking|shit|bullshit|idiot|idiots|stupid|bastard|bitch|moron|asshole|damn you|do khon|rac ruoi|an hai"
)
"""Without accents only what is rarely an innocent word: "lon" is a can or a pig, "cac" means several."""
INNOCENT = frozenset({"lon", "cac", "buoi", "cc", "cl", "deo", "vl"})
ABUSE_ACCENTED = re.compile(rf"(?<!\w)(?:{ACCENTED})(?!\w)")
ABUSE_BARE = re.compile(rf"\b(?:{'|'.join(word for word in BARE.split('|') if word not in INNOCENT)})\b")


def is_abusive(text: str) -> bool:
    """Whether *text* (NFC) insults somebody."""
    lower = text.lower()
    if ABUSE_ACCENTED.search(lower):
        return True
    bare = fold(lower)
    return ABUSE_BARE.search(bare) is not None if bare == lower else ABUSE_BARE.search(lower) is not None


def masked(text: str, more_words: Iterable[str] = ()) -> str:
    """*text* (NFC) with each insult, and each of *more_words*, shown by its first letter alone. It stays as long as it is."""
    lower = text.lower()
    if len(lower) != len(text):
        return text
    own = "|".join(re.escape(word.lower()) for word in more_words if word.strip())
    patterns = (ABUSE_ACCENTED, ABUSE_BARE, *([re.compile(rf"(?<!\w)(?:{own})(?!\w)")] if own else []))
    for start, end in sorted(found.span() for pattern in patterns for found in pattern.finditer(lower)):
        hidden = "".join("*" if char.isalpha() else char for char in text[start + 1 : end])
        text = f"{text[: start + 1]}{hidden}{text[end:]}"
    return text

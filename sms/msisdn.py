"""Vietnamese phone numbers, however they are written. Which operator a number belongs to cannot be told from it."""

import re

MOBILE = re.compile(r"84[35789][0-9]{8}")
CANONICAL = re.compile(r"84[1-9][0-9]{8}")
NATIONAL = re.compile(r"[1-9][0-9]{8}")
BARE = re.compile(r"[35789][0-9]{8}")
SEPARATORS = re.compile(r"[\s.\-()]+")
ALPHANUMERIC = 5
"""Type of number (TON) of a name."""
OLD_NATIONAL_DIGITS = 10
OLD_PREFIXES = {
    **{f"16{digit}": f"3{digit}" for digit in range(2, 10)},
    "120": "70",
    "121": "79",
    "122": "77",
    "126": "76",
    "128": "78",
    "123": "83",
    "124": "84",
    "125": "85",
    "127": "81",
    "129": "82",
    "186": "56",
    "188": "58",
    "199": "59",
}
"""National prefixes of eleven-digit numbers, and what became of them in 2018. Old dossiers still hold such numbers."""


def normalise(raw: str) -> str | None:
    """``84`` and nine digits; None for what is no Vietnamese number of that length (short codes, names, foreign numbers)."""
    if CANONICAL.fullmatch(raw):
        return raw
    written = SEPARATORS.sub("", raw.removeprefix("tel:"))
    if BARE.fullmatch(written):
        return f"84{written}"
    national = _national(written)
    if len(national) == OLD_NATIONAL_DIGITS and national[:3] in OLD_PREFIXES:
        national = OLD_PREFIXES[national[:3]] + national[3:]
    return f"84{national}" if NATIONAL.fullmatch(national) else None


def is_mobile(msisdn: str) -> bool:
    """A canonical number that can belong to a phone; loose, since new ranges are opened."""
    return MOBILE.fullmatch(msisdn) is not None


def is_person(source: str, ton: int) -> bool:
    """A person may have sent it: neither a name nor a short code nor a foreign number."""
    return ton != ALPHANUMERIC and is_mobile(normalise(source) or "")


def mask(msisdn: str) -> str:
    """For logs: ``8491*****678``; of what is no phone number nothing is shown."""
    canonical = normalise(msisdn)
    return f"{canonical[:4]}*****{canonical[-3:]}" if canonical else "*****"


def _national(written: str) -> str:
    """Without the country's prefix; "" when there is none of ours."""
    for prefix in ("+84", "0084", "84", "0"):
        if written.startswith(prefix):
            return written[len(prefix) :]
    return ""

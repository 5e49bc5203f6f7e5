"""Long texts in parts: reading the header of a part, cutting what leaves, joining what arrived (3GPP TS 23.040 §9.2.3.24)."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import Protocol

from sms.encoding import LONGEST_TEXT, Coding, coding_of, decode_text
from sms.pdu_types import MESSAGE_PAYLOAD, UDH_BIT, ShortMessage

PORTS_8, PORTS_16 = 0x04, 0x05
CONCATENATED_8, CONCATENATED_16 = 0x00, 0x08
CONCATENATED_8_OCTETS, CONCATENATED_16_OCTETS = 3, 4
SAR_REFERENCE, SAR_TOTAL, SAR_INDEX = 0x020C, 0x020E, 0x020F
DESTINATION_PORT = 0x020B
MOST_PARTS = 255
ESC = 0x1B
HIGH_SURROGATES = range(0xD8, 0xDC)
WHOLE: Mapping[Coding, int] = {Coding.GSM: 160, Coding.ASCII: 160, Coding.UCS2: 140}
"""Octets of one SMS; 140 for all other codings. GSM is sent unpacked, so one octet is one septet."""
PART: Mapping[str, Mapping[Coding, int]] = {
    "udh8": {Coding.GSM: 153, Coding.ASCII: 153, Coding.UCS2: 134},
    "udh16": {Coding.GSM: 152, Coding.ASCII: 152, Coding.UCS2: 132},
    "sar": {Coding.GSM: 153, Coding.ASCII: 153, Coding.UCS2: 134},
}
"""Octets of one part; for other codings 134, with 16-bit references 133. For SAR the SMSC adds a header of 6 octets itself."""


class UdhProblem(StrEnum):
    """What is wrong with how a part names itself; the text is then taken as a whole one."""

    LONGER_THAN_MESSAGE = "longer_than_message"
    BROKEN_ELEMENT = "broken_element"
    BAD_NUMBERS = "bad_numbers"
    """Part 0, part after the last, or no parts at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concatenation:
    """This message is one part of a longer text."""

    method: str
    """``udh8``, ``udh16`` or ``sar``: references of different methods are different numbers."""
    reference: int
    total: int
    """2-255."""
    index: int
    """1-based."""
    octets: bytes
    """User data without its header."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserData:
    """What a short message carries, its header taken off."""

    octets: bytes
    concatenation: Concatenation | None = None
    problem: UdhProblem | None = None
    ported: bool = False
    """Addressed to an application (WAP push, settings, ring tones): no text of a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """What one submit_sm carries."""

    short_message: bytes
    esm_class: int = 0
    tlvs: tuple[tuple[int, bytes], ...] = ()


class Part(Protocol):
    """One part of a long text as it was stored."""

    @property
    def octets(self) -> bytes:
        """User data without its header."""
        ...

    @property
    def data_coding(self) -> int:
        """As the part said."""
        ...


def read_concatenation(message: ShortMessage) -> Concatenation | None:
    """Which part of which text this is; None for a whole text, and for one whose numbers cannot be."""
    if not message.has_udh and not message.tlvs:
        return None
    return read_user_data(message).concatenation


def read_user_data(message: ShortMessage) -> UserData:
    """Take the user data header off and say what it told; SAR parameters count where there is no header."""
    ported = any(message.tlv(DESTINATION_PORT) or b"")
    octets = message.short_message
    if not message.has_udh or not octets:
        return _numbered(octets, _sar_numbers(message), ported=ported)
    end = 1 + octets[0]
    if end > len(octets):
        return UserData(octets=octets, problem=UdhProblem.LONGER_THAN_MESSAGE, ported=ported)
    elements = _elements(octets, end)
    if elements is None:
        return UserData(octets=octets[end:], problem=UdhProblem.BROKEN_ELEMENT, ported=ported)
    ported = ported or PORTS_8 in elements or PORTS_16 in elements
    return _numbered(octets[end:], _udh_numbers(elements) or _sar_numbers(message), ported=ported)


def count(data_coding: int, octets: bytes, units: int, method: str) -> int:
    """How many submit_sm ``split`` makes of it; *units* as ``encoding.choose`` told them."""
    coding = coding_of(data_coding, "gsm0338")
    if method not in PART or units * (2 if coding is Coding.UCS2 else 1) <= WHOLE.get(coding, 140):
        return 1
    return sum(1 for _ in _cut(octets, _part_size(coding, method), coding))


def split(octets: bytes, data_coding: int, method: str, reference: Callable[[], int]) -> list[Segment]:
    """Cut a text, never inside an escape pair or a surrogate pair. *reference* is asked only if there are parts.

    ``payload`` leaves the cutting to the SMSC; ``single`` keeps what fits in one SMS. Raises ``ValueError`` beyond 255 parts.
    """
    coding = coding_of(data_coding, "gsm0338")
    whole = WHOLE.get(coding, 140)
    if len(octets) <= whole:
        return [Segment(short_message=octets)]
    if method == "payload":
        return [Segment(short_message=b"", tlvs=((MESSAGE_PAYLOAD, octets),))]
    if method == "single":
        return [Segment(short_message=next(_cut(octets, whole, coding)))]
    pieces = list(_cut(octets, _part_size(coding, method), coding))
    if len(pieces) > MOST_PARTS:
        raise ValueError(f"the text takes more than {MOST_PARTS} parts")
    label, number = LABELS[method], reference()
    return [label(piece, number, len(pieces), index) for index, piece in enumerate(pieces, 1)]


def join(parts: Iterable[Part], default_alphabet: str) -> str:
    """The text of parts in their order, at most 2,000 characters; parts that are no text add nothing.

    Octets of neighbours with the same coding are joined first: phones do cut characters in two.
    """
    texts = (
        decode_text(b"".join(part.octets for part in group), data_coding, default_alphabet)
        for data_coding, group in groupby(parts, attrgetter("data_coding"))
    )
    return "".join(text or "" for text in texts)[:LONGEST_TEXT]


class References:
    """Numbers for texts in parts: a counter for each pair of addresses, since random ones collide."""

    def __init__(self, most: int = 10_000) -> None:
        """Remembers the *most* pairs used last."""
        self._most = most
        self._last: OrderedDict[tuple[str, str], int] = OrderedDict()

    def next(self, source: str, destination: str) -> int:
        """1-65535, then from 0 again; methods with fewer bits use the lower ones."""
        pair = (source, destination)
        number = (self._last.get(pair, 0) + 1) & 0xFFFF
        self._last[pair] = number
        self._last.move_to_end(pair)
        if len(self._last) > self._most:
            self._last.popitem(last=False)
        return number


Numbers = tuple[str, int, int, int]
"""Method, reference, total, index."""


def _numbered(octets: bytes, numbers: Numbers | None, *, ported: bool) -> UserData:
    """A text of one part is a whole one."""
    if numbers is None:
        return UserData(octets=octets, ported=ported)
    method, reference, total, index = numbers
    if not 1 <= index <= total <= MOST_PARTS:
        return UserData(octets=octets, problem=UdhProblem.BAD_NUMBERS, ported=ported)
    if total == 1:
        return UserData(octets=octets, ported=ported)
    part = Concatenation(method=method, reference=reference, total=total, index=index, octets=octets)
    return UserData(octets=octets, concatenation=part, ported=ported)


def _elements(octets: bytes, end: int) -> dict[int, bytes] | None:
    """The elements of a user data header by identifier, the last of equal ones (3GPP TS 23.040); None when one is cut."""
    found: dict[int, bytes] = {}
    at = 1
    while at < end:
        if at + 2 > end or at + 2 + octets[at + 1] > end:
            return None
        following = at + 2 + octets[at + 1]
        found[octets[at]] = octets[at + 2 : following]
        at = following
    return found


def _udh_numbers(elements: Mapping[int, bytes]) -> Numbers | None:
    """An element of another length than the standard's is none."""
    short, long = elements.get(CONCATENATED_8, b""), elements.get(CONCATENATED_16, b"")
    if len(short) == CONCATENATED_8_OCTETS:
        return "udh8", short[0], short[1], short[2]
    if len(long) == CONCATENATED_16_OCTETS:
        return "udh16", long[0] << 8 | long[1], long[2], long[3]
    return None


def _sar_numbers(message: ShortMessage) -> Numbers | None:
    """Some SMSCs write the numbers wider than the standard says."""
    reference, total, index = (message.tlv(tag) for tag in (SAR_REFERENCE, SAR_TOTAL, SAR_INDEX))
    if not reference or not total or not index:
        return None
    return (
        "sar",
        int.from_bytes(reference, "big") & 0xFFFF,
        int.from_bytes(total, "big"),
        int.from_bytes(index, "big"),
    )


def _part_size(coding: Coding, method: str) -> int:
    return PART[method].get(coding, 133 if method == "udh16" else 134)


def _cut(octets: bytes, size: int, coding: Coding) -> Iterator[bytes]:
    start = 0
    while len(octets) - start > size:
        end = start + size
        if coding is Coding.GSM and octets[end - 1] == ESC:
            end -= 1
        elif coding is Coding.UCS2 and octets[end - 2] in HIGH_SURROGATES:
            end -= 2
        yield octets[start:end]
        start = end
    yield octets[start:]


def _udh8(piece: bytes, reference: int, total: int, index: int) -> Segment:
    header = bytes((5, CONCATENATED_8, 3, reference & 0xFF, total, index))
    return Segment(short_message=header + piece, esm_class=UDH_BIT)


def _udh16(piece: bytes, reference: int, total: int, index: int) -> Segment:
    header = bytes((6, CONCATENATED_16, 4, reference >> 8 & 0xFF, reference & 0xFF, total, index))
    return Segment(short_message=header + piece, esm_class=UDH_BIT)


def _sar(piece: bytes, reference: int, total: int, index: int) -> Segment:
    numbers = (
        (SAR_REFERENCE, (reference & 0xFFFF).to_bytes(2, "big")),
        (SAR_TOTAL, bytes((total,))),
        (SAR_INDEX, bytes((index,))),
    )
    return Segment(short_message=piece, tlvs=numbers)


LABELS: Mapping[str, Callable[[bytes, int, int, int], Segment]] = {"udh8": _udh8, "udh16": _udh16, "sar": _sar}

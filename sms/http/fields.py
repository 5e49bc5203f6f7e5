"""From a request's octets to its fields, strictly: what could be read in two ways is refused."""

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_FIELDS = 100
MOST_BRACKETS = 500
"""In a JSON body: more could nest too deep for the parser."""
ENVELOPE = {"envelope", "header", "body"}


class Unreadable(ValueError):
    """The request cannot be understood; the text says why, without any of its values."""


class Fields:
    """The fields of a request by name, whatever the case."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Raises ``Unreadable`` when a name comes twice."""
        self._values: dict[str, str] = {}
        for name, value in pairs:
            key = name.casefold()
            if key in self._values:
                raise Unreadable(f"the field {name[:40]!r} came twice")
            self._values[key] = value
        if len(self._values) > MOST_FIELDS:
            raise Unreadable("too many fields")

    def first(self, names: Iterable[str]) -> str | None:
        """The value of the first of these names that is there."""
        return next((self._values[key] for name in names if (key := name.casefold()) in self._values), None)

    def get(self, name: str) -> str | None:
        """One value."""
        return self._values.get(name.casefold())

    def as_values(self) -> Mapping[str, str]:
        """By name in lower case."""
        return self._values


def of_query(octets: bytes) -> Fields:
    """A query or a form. What is no UTF-8 becomes U+FFFD; a broken percent sign stays as it is."""
    try:
        pairs = parse_qsl(
            octets.decode("latin-1"), keep_blank_values=True, max_num_fields=MOST_FIELDS, encoding="latin-1"
        )
    except ValueError as error:
        raise Unreadable("too many fields") from error
    return Fields((_text(name), _text(value)) for name, value in pairs)


def of_json(octets: bytes) -> Fields:
    """One flat object. Numbers are taken as they were written."""
    if octets.count(b"[") + octets.count(b"{") > MOST_BRACKETS:
        raise Unreadable("JSON with too many brackets")
    try:
        pairs = json.loads(octets, object_pairs_hook=_Pairs, parse_int=str, parse_float=str, parse_constant=str)
    except ValueError as error:
        raise Unreadable("no JSON") from error
    if not isinstance(pairs, _Pairs):
        raise Unreadable("no JSON object")
    return Fields((name, _plain(value)) for name, value in pairs if not isinstance(value, list))


def of_soap(octets: bytes) -> Fields:
    """All elements without children, of the header too, by local name: prefixes and operations vary with every provider."""
    root = _root(octets)
    if local_name(root).casefold() != "envelope":
        raise Unreadable("no SOAP envelope")
    return Fields(
        (local_name(element), (element.text or "").strip())
        for element in root.iter()
        if len(element) == 0 and isinstance(element.tag, str) and local_name(element).casefold() not in ENVELOPE
    )


def element_text(text: str, name: str) -> str | None:
    """The text of the first element of this local name in an answer; None when there is none, or no XML."""
    try:
        root = _root(text.encode())
    except Unreadable:
        return None
    wanted = name.casefold()
    return next(
        ("".join(item.itertext()).strip() for item in root.iter() if local_name(item).casefold() == wanted), None
    )


def local_name(element: "Element[Any]") -> str:
    """The name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _root(octets: bytes) -> "Element[Any]":
    from xml.etree.ElementTree import ParseError  # noqa: PLC0415 - half a MiB: only whose provider writes XML pays

    from defusedxml import DefusedXmlException  # noqa: PLC0415 - as above
    from defusedxml.ElementTree import fromstring  # noqa: PLC0415 - as above

    try:
        root: Element[Any] = fromstring(octets, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Unreadable("no XML, or XML with a document type") from error
    return root


class _Pairs(list[tuple[str, Any]]):
    """A JSON object with its names as they came."""


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str) else ""


def _text(octets: str) -> str:
    """One character stands for each octet."""
    return octets.encode("latin-1").decode("utf-8", "replace")

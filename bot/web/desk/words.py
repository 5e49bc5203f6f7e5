"""The words of pages in both languages: tables under ``templates/<pages>/words/<language>``, one file for each subject."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from bot.model import Language


class Words:
    """Words by their dotted keys. A key that there is not is an error at once."""

    def __init__(self, pages: str = "desk") -> None:
        """*pages* is the folder of templates that they are for."""
        self._pages = pages

    @property
    def tables(self) -> Mapping[Language, Mapping[str, str]]:
        """All words, read when the first one is asked for: most processes show no page."""
        return _tables(self._pages)

    def tell(self, language: Language, key: str, **values: Any) -> str:
        """The word with its values filled in. Raises ``KeyError`` for an unknown key."""
        text = self.tables[language][key]
        return text.format_map(values) if values else text

    def has(self, key: str) -> bool:
        """Whether there is such a word."""
        return key in self.tables[Language.VIETNAMESE]


@cache
def _tables(pages: str) -> Mapping[Language, Mapping[str, str]]:
    return {language: _read(pages, language) for language in Language}


def _read(pages: str, language: Language) -> Mapping[str, str]:
    folder = files("templates").joinpath(pages, "words", language.value)
    found: dict[str, str] = {}
    for file in folder.iterdir():
        if file.name.endswith(".toml"):
            found |= dict(_flat(tomllib.loads(file.read_text("utf-8")), ""))
    return found


def _flat(table: Mapping[str, Any], before: str) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", str(value)

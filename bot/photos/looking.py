"""Looking for dossier codes in a photo. Runs in the process made for it."""

from collections.abc import Callable
from datetime import date

from bot.photos.contents import Symbol, codes_in
from bot.photos.picture import grey
from bot.photos.tries import found


def look(octets: bytes, today: date, is_time_over: Callable[[], bool]) -> tuple[Symbol, ...]:
    """The bar codes, up to the first try that gives a dossier code. Raises ``NoPhoto``."""
    seen: dict[tuple[str, str], Symbol] = {}
    for barcodes in found(grey(octets)):
        for barcode in barcodes:
            symbol = Symbol(str(barcode.format), len(barcode.text), codes_in(barcode.text, today))
            seen.setdefault((symbol.symbology, barcode.text), symbol)
        if is_time_over() or any(symbol.codes for symbol in seen.values()):
            break
    return tuple(seen.values())

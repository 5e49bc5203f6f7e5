"""Machines that answer machines cost money: our own texts coming back, answering phones, the same text again and again."""

import hashlib
from collections import OrderedDict
from datetime import datetime, timedelta

from bot.understanding.keywords import PHRASES
from bot.understanding.text import normal

SAME_TEXT_WINDOW = timedelta(minutes=10)
SAME_TEXTS = 2
ROUNDS = 3
QUICK = timedelta(seconds=20)
"""Within so short a time a machine reads and writes again; a person who asks the same once more takes longer."""
OWN_TEXTS_KEPT = timedelta(hours=24)
SAID = b"said"
MOST_ENTRIES = 20_000
"""Of each kind, some 300 octets each. A loop comes round within seconds: it is seen however many others write."""
AUTO_REPLIES = (
    "TOI DANG BAN",
    "TOI DANG HOP",
    "TOI SE GOI LAI",
    "XIN LOI TOI DANG",
    "TOI DANG LAI XE",
    "I AM BUSY",
    "I'M BUSY",
    "SORRY I CAN'T TALK",
    "CAN I CALL YOU LATER",
)


class LoopGuard:
    """Remembers, for a while, what each contact sent and what we wrote. In memory: a loop shows itself again after a restart."""

    def __init__(self, *, enabled: bool = True) -> None:
        self._enabled = enabled
        self._own: OrderedDict[bytes, datetime] = OrderedDict()
        self._seen: OrderedDict[bytes, tuple[datetime, ...]] = OrderedDict()

    def may_answer(self, contact: bytes, text: str, now: datetime) -> bool:
        """False for our own text, an answering phone, and the same words for the third time in ten minutes.

        A text with digits may hold a code, and asking for a code again is a citizen's right; so are commands, which change
        something even when nothing more is said about it.
        """
        if not self._enabled:
            return True
        normalised = normal(text)
        if normalised.startswith(AUTO_REPLIES) or self._is_own(normalised, now):
            return False
        if any(character.isdigit() for character in normalised) or normalised in PHRASES:
            return True
        return self._times(contact, normalised, now) <= SAME_TEXTS

    def may_say(self, contact: bytes, text: str, now: datetime) -> bool:
        """False when the very same text went to this person three times in ten minutes, the last time just now: two machines
        that answer each other stop there, whatever the other one writes.
        """
        if not self._enabled:
            return True
        last = self._seen.get(contact + SAID + _mark(text), (now - SAME_TEXT_WINDOW,))[-1]
        return self._times(contact + SAID, text, now) <= ROUNDS or now - last > QUICK

    def sent(self, text: str, now: datetime) -> None:
        """A text of ours, remembered for a day."""
        if not self._enabled:
            return
        mark = _mark(normal(text))
        self._own[mark] = now
        self._own.move_to_end(mark)
        _bound(self._own)

    def _is_own(self, normalised: str, now: datetime) -> bool:
        at = self._own.get(_mark(normalised))
        return at is not None and now - at < OWN_TEXTS_KEPT

    def _times(self, contact: bytes, normalised: str, now: datetime) -> int:
        key = contact + _mark(normalised)
        recent = [at for at in self._seen.pop(key, ()) if now - at < SAME_TEXT_WINDOW]
        times = self._seen[key] = (*recent[-ROUNDS:], now)
        _bound(self._seen)
        return len(times)


def _mark(normalised: str) -> bytes:
    return hashlib.blake2b(normalised.encode(), digest_size=12).digest()


def _bound(entries: "OrderedDict[bytes, datetime] | OrderedDict[bytes, tuple[datetime, ...]]") -> None:
    while len(entries) > MOST_ENTRIES:
        entries.popitem(last=False)

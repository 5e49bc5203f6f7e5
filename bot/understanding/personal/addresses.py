"""Home addresses: the house, lane, street or hamlet after words that say "I live at". Places of incidents stay."""

import re
from collections.abc import Iterable, Iterator

from bot.understanding.personal.numbers import folded_in_place
from bot.understanding.personal.spans import PersonalKind, Span

LIVES_AT = re.compile(
    r"\b(?:"
    r"nha (?:toi|em|minh|chau|ong ay|ba ay|chung toi)? ?(?:o|tai)"
    r"|(?:toi|em|minh|chau|gia dinh|gia dinh toi|gia dinh em|chung toi|vo chong toi)(?: hien| dang| hien dang)?"
    r" (?:o|song o|song tai|sinh song tai|tru tai|cu tru tai|cu tru o|tam tru tai|thue nha tai)"
    r"|thue tro (?:o|tai)"
    r"|(?:thuong tru|tam tru|cu tru|tru|ho khau|ho khau thuong tru|noi o|cho o)(?: tai| o)?"
    r"|dia chi(?: nha| thuong tru| cua toi| nha toi| lien he)?(?: la| tai| o)?|d/c|nha rieng(?: tai| o)?"
    r"|(?:live|living|lives) (?:at|in)|my address is|home address"
    r")[ :,]{1,3}"
)
HOUSE = r"(?:so nha|nha so|so|can ho|can|phong|p|lo|ki ?ot) ?\d+[a-z]?(?:[/-]\d+[a-z]?)*\b"
LANE = (
    r"(?:ngo|ngach|hem|kiet|to dan pho|to(?= ?\d)|khu pho|khu|thon|xom|block|toa|chung cu|doi(?= ?\d)|cum(?= ?\d)|pho|duong|lang|kdt"
    r"|khu do thi|ktx|nha tro)\b"
)
STOPS = (
    r"(?:bi|co|va|thi|la|da|dang|nay|o|xin|rat|cach|gan|may|hom|khong|muon|phan|de|tu|nhung|nhieu|cu|toi|em|ong|ba|anh|chi|xa|phuong"
    r"|thi tran|tinh|tp|thanh pho|nuoi|nop|hoi|lam|sdt|so|dien|cccd|kinh|cho|gui|truoc|sau|canh|doi dien)\b"
)
NAME_WORDS = rf"(?: (?!{STOPS}|{LANE})[\w/-]+){{0,3}}"
PIECE = rf"(?:{HOUSE}|{LANE}{NAME_WORDS}|\d+[a-z]?(?:/\d+)*\b(?: {LANE}{NAME_WORDS})?)"
ADDRESS = re.compile(rf"{PIECE}(?:(?:, ?| - | )(?:o )?{PIECE})*")
AFTER_A_NAME = re.compile(
    r"(?: ?[,;(:-] ?| (?=(?:hien|dang|o|tru|tai|tam|thuong|song|dia|d/c|ngu)\b))(?:(?:hien|dang|o|tru|tai|tam|thuong|song|dia chi|d/c|ngu)[ :]{1,2})*"
)


def addresses_in(text: str, names: Iterable[Span] = ()) -> Iterator[Span]:
    """Spans in *text* (NFC) of where somebody lives, after words that say so or right after a name.

    The ward is left: it says who is responsible.
    """
    plain = folded_in_place(text)
    cues = [cue.end() for cue in LIVES_AT.finditer(plain)]
    cues += [cue.end() for name in names if (cue := AFTER_A_NAME.match(plain, name.end))]
    for start in sorted(cues):
        if address := ADDRESS.match(plain, start):
            yield Span(start, start + len(address[0].rstrip(" ,-")), PersonalKind.HOME_ADDRESS)

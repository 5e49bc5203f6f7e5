"""Every command a person can type, in one table. Accents and blanks are optional; the longest match wins."""

from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import OSA


class Command(StrEnum):
    """What a keyword asks for."""

    LOOKUP = "lookup"
    LOG = "log"
    MY_DOSSIERS = "my_dossiers"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    LIST = "list"
    PREDICT = "predict"
    PAPERS = "papers"
    PETITION = "petition"
    HIDDEN_NAME = "hidden_name"
    SUBMIT = "submit"
    ADD = "add"
    PETITION_STATUS = "petition_status"
    REOPEN = "reopen"
    PUBLISH = "publish"
    CATEGORY = "category"
    OTHER_MATTER = "other_matter"
    RATE = "rate"
    LINK = "link"
    UNLINK = "unlink"
    PUSH_HERE = "push_here"
    STOP = "stop"
    RESUME = "resume"
    AGREE = "agree"
    WITHDRAW_CONSENT = "withdraw_consent"
    MY_DATA = "my_data"
    ERASE = "erase"
    OFFICER = "officer"
    ENGLISH = "english"
    VIETNAMESE = "vietnamese"
    HELP = "help"
    GREETING = "greeting"
    COURTESY = "courtesy"
    COMPLAINT = "complaint"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class Keyword:
    """One row: the word people are told to type, and what else they type."""

    command: Command
    word: str
    aliases: tuple[str, ...]
    built: bool = False
    """Only commands that are built are acted on, and only these do templates offer."""


TABLE = (
    Keyword(
        Command.LOOKUP,
        "HS",
        (
            *("HO SO", "MA HS", "MA HO SO", "TRA CUU", "TRA", "TT", "TINH TRANG", "KQ", "KET QUA", "STATUS", "/TRACUU"),
            *("AI DANG GIU", "DEN DAU ROI", "DANG O DAU", "KIEM TRA HO SO", "CHECK"),
        ),
        built=True,
    ),
    Keyword(
        Command.LOG,
        "NK",
        ("NHAT KY", "NHAT KI", "LICH SU", "TIEN TRINH", "CAC BUOC", "LOG", "HISTORY", "STEPS"),
        built=True,
    ),
    Keyword(
        Command.MY_DOSSIERS,
        "HSCT",
        (
            *("HS CUA TOI", "HO SO CUA TOI", "CUA TOI", "MY DOSSIERS", "MY APPLICATIONS"),
            *("QUEN MA", "MAT MA", "KHONG NHO MA", "MAT GIAY HEN", "MAT BIEN NHAN", "QUEN SO HO SO"),
        ),
        built=True,
    ),
    Keyword(
        Command.QUEUE,
        "LAY SO",
        ("BOC SO", "HUY SO", "DOI SO", "SO THU TU", "LAY SO THU TU", "BOC SO THU TU", "HUY SO THU TU", "XEM SO THU TU"),
    ),
    Keyword(Command.FOLLOW, "TD", ("THEO DOI", "DK", "DANG KY", "NHAN TIN", "SUB", "SUBSCRIBE", "FOLLOW")),
    Keyword(Command.UNFOLLOW, "HUY", ("HUY TD", "HUY THEO DOI", "BO THEO DOI", "BTD", "UNSUB", "UNSUBSCRIBE")),
    Keyword(Command.LIST, "DS", ("DANH SACH", "LIST")),
    Keyword(
        Command.PREDICT,
        "DUKIEN",
        (
            *("DU KIEN", "BAO GIO", "BAO GIO XONG", "KHI NAO", "CHUNG NAO", "BAO LAU", "CON BAO LAU"),
            *("XONG CHUA", "CO KET QUA CHUA", "CON MAY NGAY", "MAY NGAY NUA"),
        ),
    ),
    Keyword(Command.PAPERS, "GT", ("GIAY TO", "BO SUNG", "THIEU GI", "THIEU GIAY TO", "CAN BO SUNG", "CO CAN BO SUNG")),
    Keyword(Command.PETITION, "PA", ("PHAN ANH", "PAKN", "KN", "KIEN NGHI", "GY", "GOP Y", "FEEDBACK"), built=True),
    Keyword(Command.HIDDEN_NAME, "PAGT", ("PA GIAU TEN", "GIAU TEN"), built=True),
    Keyword(Command.PUBLISH, "CONG KHAI", ("PA CONG KHAI",), built=True),
    Keyword(Command.SUBMIT, "GUI", ("GUI DI", "XONG", "SEND"), built=True),
    Keyword(Command.ADD, "THEM", ("BS", "BO SUNG PA", "THEM PA"), built=True),
    Keyword(
        Command.PETITION_STATUS,
        "XEM",
        ("XEM PA", "KQPA", "PAKQ", "PA CUA TOI", "PHAN ANH CUA TOI", "KIEN NGHI CUA TOI", "MY FEEDBACK"),
        built=True,
    ),
    Keyword(Command.REOPEN, "MO LAI", ("CHUA XONG", "CHUA DUOC", "KHONG DONG Y"), built=True),
    Keyword(Command.CATEGORY, "LV", ("LINH VUC",), built=True),
    Keyword(Command.OTHER_MATTER, "VIEC KHAC", ("DAY LA VIEC KHAC",), built=True),
    Keyword(Command.RATE, "DG", ("DANH GIA", "CHAM DIEM", "RATE"), built=True),
    Keyword(Command.COMPLAINT, "KHIEU NAI", ("TO CAO",)),
    Keyword(Command.LINK, "LK", ("LIEN KET", "LINK"), built=True),
    Keyword(Command.UNLINK, "HLK", ("HUY LK", "HUY LIEN KET"), built=True),
    Keyword(Command.PUSH_HERE, "KENH", ("DOI KENH", "KENH NHAN TIN"), built=True),
    Keyword(
        Command.STOP,
        "TC",
        ("TU CHOI", "STOP", "DUNG", "NGUNG", "HUY HET", "HUY TAT CA", "KHONG NHAN", "TC QC", "TC ALL", "TC HET"),
        built=True,
    ),
    Keyword(Command.RESUME, "MO", ("BAT LAI", "NHAN LAI", "START"), built=True),
    Keyword(Command.AGREE, "DY", ("DONG Y", "YES")),
    Keyword(Command.WITHDRAW_CONSENT, "RUT", ("RUT DONG Y", "RUTDY"), built=True),
    Keyword(Command.MY_DATA, "DL", ("DU LIEU", "MY DATA"), built=True),
    Keyword(Command.ERASE, "XOADL", ("XOA DU LIEU", "XOA DL", "DELETE"), built=True),
    Keyword(Command.OFFICER, "CB", ("CAN BO", "GAP CAN BO", "GAP NGUOI", "GAP NHAN VIEN", "GOI LAI", "TU VAN")),
    Keyword(Command.ENGLISH, "EN", ("ENGLISH", "TIENG ANH"), built=True),
    Keyword(Command.VIETNAMESE, "VN", ("VI", "TIENG VIET"), built=True),
    Keyword(
        Command.HELP,
        "TG",
        (
            *("TRO GIUP", "HD", "HUONG DAN", "HELP", "GIUP", "?", "MENU", "/TROGIUP", "/HELP"),
            *("SOAN TIN", "CACH SOAN", "CACH TRA CUU", "CU PHAP", "GIA TIN NHAN", "CUOC TIN NHAN"),
        ),
        built=True,
    ),
    Keyword(Command.GREETING, "XIN CHAO", ("CHAO", "HELLO", "HI", "ALO", "CO AI KHONG", "/START"), built=True),
    Keyword(
        Command.COURTESY,
        "CAM ON",
        (
            *("OK", "OKE", "OKI", "OKAY", "VANG", "DA", "UH", "TOT", "GOOD"),
            *("THANKS", "THANK", "THANK YOU", "TKS", "CAM ON NHIEU", "XIN CAM ON", "DA CAM ON"),
        ),
        built=True,
    ),
)

EVERYDAY = frozenset(
    {"CAN BO", "TU VAN", "TRA", "KET QUA", "BAO GIO", "KHI NAO", "GIAY TO", "BO SUNG", "NHAN TIN", "HUONG DAN", "DUNG"}
)
"""Words that also begin ordinary sentences: in a long text without a code they are no commands."""
NEVER_GUESSED = frozenset({Command.STOP, Command.GREETING, Command.COURTESY})
"""Built commands that no slip is taken for: refusing is never guessed, and ordinary words are too like the other two."""
TOO_ORDINARY = EVERYDAY | {"CUA TOI", "CUATOI", "LOG"}
"""Phrases that no slip is taken for: ordinary sentences begin too much like them."""
LONG_TEXT = 30
"""From this many characters on a text is a sentence rather than a command."""
LEAD_IN = frozenset(
    {
        *("A", "AD", "ANH", "BAC", "BAN", "CHAU", "CHI", "CHO", "CON", "CU", "DA", "DE", "E", "EM"),
        *("GIUP", "HOI", "KINH", "LA", "LAM", "LONG", "MINH", "MUON", "NHO", "OI", "ON", "TOI", "VUI", "XIN"),
    }
)
"""Words of politeness and persons before what somebody wants."""
NOT_AFTER_LEAD_IN = frozenset({"DUNG", "MO", "TRA"})
"""After such words these are hardly ever commands: ``em da dung`` is "I used it" or "that is right"."""
LONGEST_PHRASE = 4
COUNTER = "DG-"
"""The counter that is rated stands right behind the command."""
SHORTEST_GUESS = 3

PHRASES: dict[str, Keyword] = {
    form: row for row in TABLE for phrase in (row.word, *row.aliases) for form in (phrase, phrase.replace(" ", ""))
}
GUESSABLE = {
    phrase: row
    for phrase, row in PHRASES.items()
    if row.built and row.command not in NEVER_GUESSED and phrase not in TOO_ORDINARY and len(phrase) >= SHORTEST_GUESS
}
BUILT = frozenset(row.word for row in TABLE if row.built)


@dataclass(frozen=True, slots=True)
class Match:
    """A keyword at the head of a text."""

    keyword: Keyword
    typed: str
    rest: str


def keyword_at_head(normalised: str) -> Match | None:
    """The longest phrase of the table over the first four words, then fewer."""
    if normalised.startswith(COUNTER):
        return Match(PHRASES["DG"], "DG", normalised.removeprefix("DG"))
    words = normalised.split(" ")
    for count in range(min(LONGEST_PHRASE, len(words)), 0, -1):
        phrase = " ".join(words[:count]).rstrip(":,.;")
        if row := PHRASES.get(phrase):
            return Match(row, phrase, " ".join(words[count:]))
    return None


def without_lead_in(normalised: str) -> str:
    """The text without the polite words that people put before what they want: ``CHO TOI HOI``, ``EM MUON``."""
    words = normalised.split(" ")
    start = next((place for place, word in enumerate(words) if word.rstrip(",.:") not in LEAD_IN), len(words))
    return " ".join(words[start:])


def likeliest(normalised: str) -> tuple[Keyword, ...]:
    """The built commands that the first two words joined, or else the first, are nearest to as a slip; several are equally near."""
    words = normalised.split(" ")
    for typed in dict.fromkeys(("".join(words[:2]), words[0])):
        if allowed := allowed_distance(typed):
            slips = {phrase: OSA.distance(typed, phrase, score_cutoff=allowed) for phrase in GUESSABLE}
            least = min(slips.values())
            if least <= allowed:
                return tuple({row.word: row for phrase, row in GUESSABLE.items() if slips[phrase] == least}.values())
    return ()


def allowed_distance(typed: str) -> int:
    """How many slips a word of this length may hold (product rule 2.4)."""
    exact, short = 2, 5
    if len(typed) <= exact:
        return 0
    return 1 if len(typed) <= short else 2

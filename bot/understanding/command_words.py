"""Words that may stand beside a command without changing what it means, and patterns of what may follow it."""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FILLERS = _words("A AH AD NHE NHA DI VOI E EM ANH CHI BAN BAC CHU OI SHOP ROI NHIEU PLEASE")
"""Words that change nothing after a command."""
ABOUT_MESSAGES = FILLERS | _words(
    "TIN NHAN NUA QC QUANG CAO ALL HET TAT CA GUI CHO TOI SMS THONG BAO SENDING ME MESSAGES TEXTS THE"
)
ABOUT_SERVICE = ABOUT_MESSAGES | _words("DICH VU DANG KY")
ABOUT_FOLLOWING = FILLERS | _words("THEO DOI HO SO HS")
COURTESY = FILLERS | _words("CAM ON XIN OK OKE VANG DA UH U DUOC TOT QUA THANKS THANK YOU")
ABOUT_ADDING = FILLERS | _words("THONG TIN NOI DUNG Y ANH HINH VAO CHO PHAN KIEN NGHI CUA TOI MINH NAY DO")
"""What says that something is to be added to a petition, and nothing of it."""
ABOUT_RESULT = FILLERS | _words("XONG CO KET QUA KQ NHAN DUOC LAY TRA THI HO SO HS CHUA CUA TOI GI THIEU KHONG NUA DO")
"""What is said after "when": still a question about the dossier asked for last."""
ABOUT_QUEUE = re.compile(
    r"(?:THU TU |QUAY|TAI |O |UBND|PHUONG |XA |TRUNG TAM|MOT CUA|SO THU TU|CUA TOI|HOM NAY|[A-Z]{0,2}\d{1,4}\b)",
    re.ASCII,
)
"""What follows "lấy số", "hủy số" when the queue is meant."""
OFFICER_ALERT = re.compile(r"[A-Z]\d{4}", re.ASCII)
LAST4 = re.compile(r"(?:(?:4|SO|CUOI|DUOI|CCCD|CMND|CC|GIAY|TO)[ :]*)*(\d{4})", re.ASCII)
"""Four digits with nothing but words for an identity paper before them: a year in a sentence is none."""
PLAIN_WORDS = re.compile(r"[A-Z .,?!]*", re.ASCII)
LONG_NUMBER = re.compile(r"\d{9,}", re.ASCII)


def only(rest: str, words: frozenset[str]) -> bool:
    """Whether *rest* (normalised) holds nothing but *words*."""
    return words.issuperset(rest.replace(",", " ").replace("?", " ").split())

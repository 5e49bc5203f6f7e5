"""Which kind of agency should answer a petition: the category's usual owner, unless the text names a better one."""

from bot.understanding.petition.categories import Category
from bot.understanding.petition.keywords import phrases_of

BETTER = {
    "GT": (
        (
            "construction_department",
            "quoc lo|tinh lo|tl|ql1a|ql18|ql 18|ql38|cao toc|cau vuot|den tin hieu|den giao thong|den do|xe buyt|xe khach|ben xe|qua tai|duong tinh|xe tai|bien bao|nga tu|vong xuyen|phan luong|tuyen tranh",
        ),
    ),
    "DN": (
        (
            "ward",
            "den duong|chieu sang|cot den|den cao ap|den ngo|cong thoat|thoat nuoc|ngap|ngap ung|tac cong|ranh thoat nuoc|nap cong",
        ),
    ),
    "DD": (
        (
            "environment_department",
            "so do|cap so|giay chung nhan|van phong dang ky dat dai|sang ten|do dac|quy hoach|khoang san|dau gia",
        ),
    ),
    "MT": (
        ("environment_department", "nha may|khu cong nghiep|kcn|cong ty|xa thai|lang nghe|cum cong nghiep|khoi thai"),
    ),
    "HC": (("ward", "ubnd phuong|ubnd xa|uy ban phuong|uy ban xa"),),
}
"""Per category: the agency, and the phrases (folded) that call for it."""


def owner_of(text: str, category: Category) -> str:
    """The kind of agency, for instance ``ward`` or ``police``."""
    phrases = set(phrases_of(text))
    for owner, words in BETTER.get(category.code, ()):
        if phrases.intersection(words.split("|")):
            return owner
    return category.owners[0]

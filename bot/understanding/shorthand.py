"""Abbreviations of texting, written out. Only what is hardly ever another word."""

from collections.abc import Iterator, Sequence

SHORTHAND = {
    **dict.fromkeys(("ko", "k", "kg", "khg", "kh", "hok", "hem", "khum", "kp", "kong"), "khong"),
    **dict.fromkeys(("dc", "dk", "duok", "dx"), "duoc"),
    **dict.fromkeys(("hs", "hso"), "ho so"),
    **dict.fromkeys(("tthc", "ttuc"), "thu tuc"),
    **dict.fromkeys(("bn", "bnhieu", "bnh"), "bao nhieu"),
    **dict.fromkeys(("j", "ji"), "gi"),
    **dict.fromkeys(("mk", "mik", "mjnh"), "minh"),
    **dict.fromkeys(("cmon", "camon", "tks", "thanks", "thank", "thks"), "cam on"),
    **dict.fromkeys(("sdt", "dt"), "so dien thoai"),
    "ntn": "nhu the nao",
    "bh": "bao gio",
    "bjo": "bay gio",
    "vs": "voi",
    "r": "roi",
    "v": "vay",
    "z": "vay",
    "lm": "lam",
    "ng": "nguoi",
    "ngta": "nguoi ta",
    "mn": "moi nguoi",
    "mun": "muon",
    "bit": "biet",
    "cg": "cung",
    "nhg": "nhung",
    "trc": "truoc",
    "gto": "giay to",
    "gks": "giay khai sinh",
    "gcn": "giay chung nhan",
    "dvc": "dich vu cong",
    "ub": "uy ban",
    "ubnd": "uy ban",
    "tl": "tra loi",
    "dki": "dang ky",
    "dky": "dang ky",
    "ak": "a",
    "uh": "u",
    "wa": "qua",
    "iu": "yeu",
    "nv": "nhan vien",
    "pls": "please",
    "plz": "please",
    "u": "you",
}


def written_out(words: Sequence[str]) -> Iterator[str]:
    """Each of the folded *words*, abbreviations as full words."""
    for word in words:
        yield from SHORTHAND.get(word, word).split(" ")

"""Bad texts of people through the whole gateway (B01-B23, B32-B34, B37): each gets one clear answer, and nothing is lost."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import VIETNAM
from tests.gateways import gateway
from tests.journeys.phones import as_parts, decomposed

DAY = datetime.now(VIETNAM) - timedelta(days=3)
CODES = [f"H05.12-{DAY:%y%m%d}-{number:04d}" for number in (1, 5, 9, 14, 20, 27, 35, 44, 54, 65)]
CODE, SECOND, THIRD = CODES[:3]
DUE = datetime.now(VIETNAM) + timedelta(days=7)
ROWS = [{"code": code, "status": 4, "due_at": DUE.isoformat(), "contact_phones": []} for code in CODES]
FOUND = (f"HS {CODE}:", "dang xu ly, hen tra ket qua", f"{DUE:%d/%m/%Y}")
HELP = ("Soan gui 8283: <ma HS> tra cuu, vi du H05.12-260610-0001",)
UNKNOWN = ("chua ro noi dung Ong/Ba gui. Tra cuu: soan ma HS.", "Huong dan: soan TG.")
EXAMPLE = "Ma HS in tren giay hen, vi du H05.12-260610-0001"
PETITIONS = ("Da nhan phan anh cua Ong/Ba, ma PA",)
NOTHING_TO_RATE = ("chua co ho so hoac phan anh nao can danh gia",)
FULL_WIDTH = str.maketrans({chr(char): chr(char + 0xFEE0) for char in range(0x21, 0x7F)})


@dataclass(frozen=True)
class Bad:
    """A text and what its answers hold, one tuple for each answer."""

    label: str
    text: str
    answers: tuple[tuple[str, ...], ...] = (FOUND,)
    lacks: tuple[str, ...] = field(default=())


TEXTS = [
    Bad("B01 empty", "", (HELP,)),
    Bad("B01 blanks", "   \n ", (HELP,)),
    Bad("B01 only invisible characters", "\u200b\u2060 \ufeff", (HELP,)),
    Bad("B02 a command without its code (TC alone opts out)", "TRA CUU", (HELP,)),
    Bad("B02 the same with HS", "hs", (HELP,)),
    Bad("B02 the log without a code", "NK", (("Moi Ong/Ba soan ma HS in tren giay hen, vi du H05.12-260610-0001",),)),
    Bad("B03 small letters, no space", f"tc{CODE.lower()}"),
    Bad("B03 double space", f"tc  {CODE}"),
    Bad("B03 a colon", f"TC:{CODE}"),
    Bad("B04 quotes and a full stop", f"“{CODE}”."),
    Bad("B04 brackets", f"({CODE})."),
    Bad("B05 long dashes", CODE.replace("-", "—")),
    Bad("B05 non-breaking hyphens", CODE.replace("-", "\u2011")),
    Bad("B06 full-width", CODE.translate(FULL_WIDTH)),
    Bad("B07 a zero-width space inside", f"{CODE[:9]}\u200b{CODE[9:]}"),
    Bad("B08 a right-to-left override", f"HS \u202e{CODE}\u202c", (("chua hop le (co ky tu la)", EXAMPLE),)),
    Bad("B09 a Cyrillic letter", f"Н{CODE[1:]}"),
    Bad("B10 letters for digits", CODE.replace("0001", "OOO1")),
    Bad("B11 a digit too few", CODE[:-1].replace("-000", "-00"), (("(thieu chu so)", EXAMPLE),)),
    Bad("B11 a digit too many", f"{CODE}2345", (("(thua chu so)", EXAMPLE),)),
    Bad("B12 an impossible day", f"H05.12-{DAY:%y}0231-0001", (("(sai ngay thang)", EXAMPLE),)),
    Bad("B12 a day to come", "H05.12-991231-0001", (("(sai ngay thang)", EXAMPLE),)),
    Bad("B13 nobody's code", f"H05.77-{DAY:%y%m%d}-0001", ((f"Khong tim thay HS H05.77-{DAY:%y%m%d}-0001", "ma in tren giay hen"),)),
    Bad("B14 of another province", "H29.5-260601-0001", (("thuoc TP Ho Chi Minh", "So 8283 chi tra cuu HS cua tinh Bac Ninh"),)),
    Bad("B14 of a ministry", "G15.4-260601-0001", (("thuoc Bo Tu phap", "cua tinh Bac Ninh"),)),
    Bad("B15 two codes, both answered", f"{CODE} va {SECOND}", (FOUND, (f"HS {SECOND}:",))),
    Bad("B15 one of two is wrong", f"{CODE}, H05.77-{DAY:%y%m%d}-0001", (FOUND, ("Khong tim thay HS H05.77",))),
    Bad("B16 ten codes, the first three answered", " ".join(CODES), (FOUND, (SECOND,), (THIRD, "Chi tra loi 3 ma dau."))),
    Bad("B17 a code in a sentence", f"cho chau hoi ho so {CODE} cua bo chau xong chua a, chau cam on"),
    Bad("B18 without accents", f"tra cuu {CODE}"),
    Bad("B18 decomposed accents", decomposed(f"Tra cứu hồ sơ {CODE}")),
    Bad("B18 mixed accents", f"Tra cuứ hồ so {CODE}"),
    Bad("B18 a keyboard that was off", f"tra cuwus {CODE}"),
    Bad("B19 a font of before Unicode", "hå s¬ cña t«i ®Õn ®©u råi", (HELP,)),
    Bad("B19 the same with a code", f"hå s¬ {CODE}"),
    Bad("B20 a database command", "'; DROP TABLE", (UNKNOWN,)),
    Bad("B20 after a keyword", "TC '; DROP TABLE inbox; --", (("Ong/Ba muon: 1) tu choi nhan tin, 2) tra cuu ho so?",),)),
    Bad("B20 after a look-up word", "HS '; DROP TABLE", (("chua hop le", EXAMPLE),)),
    Bad("B20 after a code", f"{CODE}'; DROP TABLE inbox; --"),
    Bad("B21 a template", "{{ 6*6 }}", (UNKNOWN,), ("36",)),
    Bad("B21 a template after a look-up word", "HS {{ 6*6 }}", (("chua hop le", EXAMPLE),), ("36",)),
    Bad("B21 a format", "HS %(x)s %n", (("chua hop le", EXAMPLE),)),
    Bad("B22 markup in a petition", "PA <b>den hong</b> truoc nha so 5", (PETITIONS,)),
    Bad("B23 a formula in a petition", "PA =1+1 den duong hong tu hom qua", (PETITIONS,)),
    *(
        Bad(f"B32 rating {score}: from 1 to 5", f"DG {score}", (("Diem danh gia tu 1 (thap nhat) den 5",),))
        for score in ("0", "6", "-3", "2.5")
    ),
    *(
        Bad(f"B32 rating {score} of nothing", f"DG {score}", (NOTHING_TO_RATE,)) for score in ("năm", "5")
    ),
    Bad("B33 a rating for a dossier that was not looked up", f"DG {CODE} 5", (("Chi danh gia duoc HS cua minh hoac da tra cuu",),)),
    Bad("B34 a rating of nothing", "danh gia 4", (NOTHING_TO_RATE,)),
    Bad("B37 HUY alone unfollows, and nothing is followed yet", "HUY", (("khong theo doi HS nao", "Tu choi tin: soan TC"),)),
    Bad("B37 a stop word inside a sentence", "ho so cua toi bi dung lai vi sao vay chi", (), ("tu choi tin",)),
    Bad("an identity number is not read back", "HS 027090001234", (("Ma ..234 chua hop le",),), ("027090001234",)),
    Bad("a phone number is not read back", "tra cuu 0912345678", (("Ma ..678 chua hop le",),), ("0912345678",)),
    Bad("the code of a procedure", "HS 1.004222", (("(la ma thu tuc)", EXAMPLE),)),
    Bad("the code of an agency", "HS H05.12", (("(la ma co quan)", EXAMPLE),)),
    Bad("only the end of a code", f"HS {DAY:%y%m%d}-0001", (("(thieu phan dau H05)", EXAMPLE),)),
    Bad("without the number", f"HS H05.12-{DAY:%y%m%d}", (("(thieu so thu tu o cuoi)", EXAMPLE),)),
    Bad("a link with an identity number", f"https://dvc.bacninh.gov.vn/tra-cuu?MHS={CODE}&SGT=027090001234", (FOUND,), ("027090001234",)),
    Bad("two lines", f"HS\n{CODE[:6]}\n{CODE[6:]}"),
    Bad("rude words", "dit me chung may lam an nhu cc", (("Chung toi rat tiec", "soan ma HS gui 8283"),)),
    Bad("a very long word", "a" * 1500, (UNKNOWN,)),
    Bad("two thousand digits", "1" * 1500, (UNKNOWN,)),
]  # fmt: skip


async def test_every_bad_text_is_answered_clearly_and_kept(tmp_path: Path) -> None:
    phones = {f"8491{number:07d}": bad for number, bad in enumerate(TEXTS, 1_000_000)}
    async with gateway(tmp_path, ROWS) as line:
        for reference, (phone, bad) in enumerate(phones.items(), 1):
            for part in as_parts(bad.text, reference):
                status = await line.operator.deliver(
                    phone, part.octets, data_coding=part.data_coding, esm_class=part.esm_class
                )
                assert status == 0, bad.label
            await line.settled()
            answers = await line.operator.answers(phone, max(1, len(bad.answers)))
            for words, answer in zip(bad.answers, answers, strict=bool(bad.answers)):
                assert all(word in answer for word in words), (bad.label, answer)
            for answer in answers:
                assert len(answer) <= 160, bad.label
                assert answer.isascii(), bad.label
                assert not [word for word in bad.lacks if word in answer], (bad.label, answer)
        assert len(line.stored()) == len(TEXTS)
        assert {row["state"] for row in line.stored()} == {"done"}
        written = line.log.getvalue()
    assert "error" not in written.replace('"error":""', ""), written
    assert not [secret for secret in ("027090001234", "0912345678", *phones) if secret in written]

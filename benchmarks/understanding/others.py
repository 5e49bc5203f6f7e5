"""What is no dossier code but has digits in it: in sentences, as citizens write."""

import random
from collections.abc import Callable
from types import MappingProxyType

from benchmarks.understanding.universe import some_code

SENTENCES = (
    "{}",
    "tôi có việc này {} nhờ anh chị",
    "cho hỏi {} là sao ạ",
    "hs {}",
    "so cua toi la {}, goi lai giup",
    "em gửi lại {} nhé",
    "Kính gửi UBND, {} đã lâu chưa thấy trả lời",
    "tra cuu {}",
)


def _digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choice("0123456789") for _ in range(count))


def phone(chance: random.Random) -> str:
    """Mobile and fixed lines, with and without separators."""
    number = f"0{chance.choice('35789')}{_digits(chance, 8)}"
    return chance.choice(
        (
            number,
            f"+84{number[1:]}",
            f"{number[:4]} {number[4:7]} {number[7:]}",
            f"{number[:4]}.{number[4:7]}.{number[7:]}",
            f"0222.3{_digits(chance, 6)}",
        )
    )


def identity_card(chance: random.Random) -> str:
    """Twelve digits, or nine of the old cards."""
    return chance.choice(
        (
            f"027{_digits(chance, 9)}",
            f"0{_digits(chance, 2)} {_digits(chance, 3)} {_digits(chance, 6)}",
            f"12{_digits(chance, 7)}",
        )
    )


def tax_code(chance: random.Random) -> str:
    """Ten digits, of a branch with three more."""
    return chance.choice((f"2300{_digits(chance, 6)}", f"2300{_digits(chance, 6)}-{_digits(chance, 3)}"))


def plate(chance: random.Random) -> str:
    """Cars and motorcycles."""
    return chance.choice(
        (
            f"99{chance.choice('ABCGHK')}-{_digits(chance, 3)}.{_digits(chance, 2)}",
            f"99{chance.choice('BGHK')}1-{_digits(chance, 5)}",
            f"29H-{_digits(chance, 5)}",
        )
    )


def day(chance: random.Random) -> str:
    """Dates and times."""
    d, m, y = chance.randrange(1, 29), chance.randrange(1, 13), chance.randrange(2019, 2027)
    return chance.choice(
        (
            f"{d:02d}/{m:02d}/{y}",
            f"{d}-{m}-{y}",
            f"ngày {d}.{m}.{y}",
            f"{y}-{m:02d}-{d:02d} 08:30",
            f"8h30 {d}/{m}",
            f"{d}/{m} đến {d + 2}/{m}/{y}",
        )
    )


def money(chance: random.Random) -> str:
    """Amounts."""
    return chance.choice(
        (
            f"{chance.randrange(1, 99)}.{_digits(chance, 3)}.000 đồng",
            f"{chance.randrange(10, 900)}k",
            f"{chance.randrange(1, 9)},5 triệu",
            f"{_digits(chance, 3)}000d",
            f"{chance.randrange(1, 99)} 500 000 vnd",
        )
    )


def document(chance: random.Random) -> str:
    """Numbers of laws, decisions, letters."""
    number = chance.randrange(1, 9999)
    return chance.choice(
        (
            f"{number}/QĐ-UBND",
            f"{number}/2026/NĐ-CP",
            f"{number}/VPCP-TTĐT",
            f"nghị định {chance.randrange(10, 200)}/2025/NĐ-CP",
            f"CV {number}/STNMT-QLĐĐ",
            f"000.00.00.G01-KQ{_digits(chance, 6)}",
        )
    )


def procedure(chance: random.Random) -> str:
    """Codes of procedures."""
    return chance.choice(
        (f"1.{_digits(chance, 6)}", f"2.{_digits(chance, 6)}.000.00.00.H05", f"1.{_digits(chance, 6)}.02")
    )


def agency(chance: random.Random) -> str:
    """An agency's code alone, with a date, or a head alone."""
    code = some_code(chance)
    return chance.choice(
        (
            code.agency,
            code.agency.lower(),
            f"mã cơ quan {code.agency}",
            f"{code.agency}-{code.date_text}",
            code.units[-1] if code.is_old else code.units[0],
        )
    )


def ticket(chance: random.Random) -> str:
    """What the machine at the counter prints."""
    return f"{chance.choice('ABCDGHK')}{chance.choice(('', '-', ' '))}{chance.randrange(1, 300):03d}"


def range_of_numbers(chance: random.Random) -> str:
    """From one number to another: nobody's dossier."""
    code = some_code(chance)
    last = f"{code.number + 4:0{len(code.number_text)}d}"
    to = chance.choice((" đến ", " den ", " - ", " tới ", "->"))
    whole = f"{code.agency}-{code.date_text}-{last}"
    return chance.choice(
        (
            f"{code.number_text}{to}{last}",
            f"từ {code.number_text}{to}{last} ngày {code.date_text}",
            f"từ {code}{to}{last}",
            f"{code}{to}{whole}",
        )
    )


def wildcard(chance: random.Random) -> str:
    """All of a day or of an agency."""
    code = some_code(chance)
    number = code.number_text
    return chance.choice(
        (
            f"{code.agency}-{code.date_text}-*",
            f"{code.agency}-{code.date_text}-xxxx",
            f"{code.agency}-{code.date_text}-{number[:-1]}x",
            f"{code.agency}-{code.date_text}-{number[:-1]}?",
            f"{code.agency}-{code.date_text}-{number[:-2]}**",
            f"{code.agency}-{code.date_text[:-2]}??-{number}",
            f"{code.agency}-{code.date_text}-%",
            f"{code.agency}-{code.date_text}-1*",
            f"{code.agency.replace(code.units[1], '*')}-{code.date_text}-{number}",
            f"{code.agency}-*-{number}",
            f"{code.agency}-{code.date_text}-....",
        )
    )


def house(chance: random.Random) -> str:
    """Addresses, flats, amounts of things."""
    return chance.choice(
        (
            f"số {chance.randrange(1, 500)}/12 đường Lý Thái Tổ",
            f"căn hộ B{_digits(chance, 4)} tòa H12",
            f"thửa {chance.randrange(1, 900)} tờ bản đồ {chance.randrange(1, 90)}",
            f"QL1A km {chance.randrange(1, 90)}+{_digits(chance, 3)}",
            "5G 4G H264 COVID-19",
        )
    )


def account(chance: random.Random) -> str:
    """Bank accounts."""
    return chance.choice(
        (
            f"stk {_digits(chance, 13)}",
            f"{_digits(chance, 4)} {_digits(chance, 4)} {_digits(chance, 4)}",
            f"STK 1{_digits(chance, 9)} VCB",
        )
    )


def petition(chance: random.Random) -> str:
    """Codes of petitions, which are looked up elsewhere."""
    return f"PA26{_digits(chance, 6)}"


KINDS: MappingProxyType[str, Callable[[random.Random], str]] = MappingProxyType(
    {
        kind.__name__.replace("_", " "): kind
        for kind in (
            *(phone, identity_card, tax_code, plate, day, money, document, procedure, agency, ticket),
            *(range_of_numbers, wildcard, house, account, petition),
        )
    }
)


def sentence(kind: str, chance: random.Random) -> str:
    """Something of that kind, in a sentence or alone."""
    return chance.choice(SENTENCES).format(KINDS[kind](chance))

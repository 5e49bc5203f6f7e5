"""Finding the procedure that a question is about, what about it is asked, and whose matter it is otherwise."""

import time

import pytest

from bot.understanding.procedures import Catalogue, Procedure, catalogue, folk_names
from bot.understanding.questions import office_facet, other_body, procedure_facet
from bot.understanding.text import fold


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("làm giấy khai sinh cho con", "1.001193"),
        ("xin giay doc than", "1.004873"),
        ("dang ky ket hon can gi", "1.000894"),
        ("sao y giấy tờ", "2.000815"),
        ("mất sổ đỏ làm lại", "1.115465"),
        ("xin phep xay nha", "1.013225"),
        ("mo ho kinh doanh", "1.001612"),
        ("work permit for foreign worker", "1.014199"),
    ],
)
def test_found(question: str, code: str) -> None:
    assert catalogue().search(question)[0].procedure.code == code


def test_nothing_fits() -> None:
    assert catalogue().search("zzz qqq") == ()


def test_every_procedure_has_three_names_that_the_official_one_does_not_give() -> None:
    """Folding, reordering or leaving out words of the official name gives none of them."""
    poor = []
    for procedure in catalogue().procedures:
        official = set(fold(procedure.name).lower().split())
        own = [name for name in folk_names()[procedure.code] if not set(fold(name).lower().split()) <= official]
        if len(own) < 3:
            poor.append(procedure.code)
    assert poor == []


def test_two_thousand_procedures_are_searched_in_five_milliseconds() -> None:
    """CPU time, and ten times as much of it as without coverage on an idle machine: others use the same caches."""
    known = catalogue().procedures
    many = [
        Procedure(**{field: getattr(item, field) for field in Procedure.__slots__} | {"code": f"{copy}.{item.code}"})
        for copy in range(5)
        for item in known
    ][:2000]
    names = {f"{copy}.{code}": texts for copy in range(5) for code, texts in folk_names().items()}
    large = Catalogue(many, names)
    start = time.process_time()
    for _ in range(10):
        large.search("cho tôi hỏi bố mẹ cho con đất thì sang tên sổ đỏ hết bao nhiêu tiền và cần giấy tờ gì")
    assert (time.process_time() - start) / 10 < 0.05


@pytest.mark.parametrize(
    ("question", "facet"),
    [
        ("khai sinh cần giấy tờ gì", "documents"),
        ("het bao nhieu tien", "fee"),
        ("mất mấy ngày", "time"),
        ("nộp ở đâu", "where"),
        ("làm online được không", "online"),
        ("lay mau don the nao", "form"),
        ("có phải xin phép không", "eligibility"),
        ("thủ tục ra sao", "how"),
        ("sang tên sổ đỏ", "how"),
    ],
)
def test_procedure_facet(question: str, facet: str) -> None:
    assert procedure_facet(question) == facet


@pytest.mark.parametrize(
    ("question", "facet"),
    [
        ("mấy giờ mở cửa", "hours"),
        ("dia chi o dau", "address"),
        ("cho xin so dien thoai", "hotline"),
        ("một cửa", "hours"),
    ],
)
def test_office_facet(question: str, facet: str) -> None:
    assert office_facet(question) == facet


@pytest.mark.parametrize(
    ("question", "body"),
    [
        ("nộp đơn ly hôn ở đâu", "court"),
        ("vay von lai suat bao nhieu", "bank"),
        ("dat lich kham benh", "hospital"),
        ("hoàn thuế thu nhập", "tax"),
        ("rut bao hiem xa hoi mot lan", "insurance"),
        ("làm căn cước", "police"),
        ("làm giấy khai sinh", None),
    ],
)
def test_other_body(question: str, body: str | None) -> None:
    assert other_body(question) == body

"""The product's examples about ratings, each as a conversation through the whole flow."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.intent import RatingSubject
from bot.model import MessageId
from bot.petitions import commands
from bot.petitions.deciding import decide
from bot.petitions.record import PetitionState, Severity
from bot.ratings import Rating
from dossier_client.models import Status
from tests.integration.lines import OWNER, STRANGER, A, Line
from tests.unit.petition_samples import ANSWER, HANDLER, RECEPTIONIST, WARD, around, done

LAMP = "Den duong truoc nha so 12 Ly Thai To phuong Vo Cuong hong da 3 ngay"
CODE = "PA26000010"
THANKS, SORRY, NOTED = (
    "Cam on Ong/Ba da danh gia {}/5 diem.",
    "Rat tiec Ong/Ba chua hai long ({}/5). Moi",
    "duoc ghi lai",
)
NONE, BAD = "Ong/Ba chua co ho so hoac phan anh nao can danh gia.", "Diem danh gia tu 1 (thap nhat) den 5 (cao nhat)."
HOUR, DAY = 3600, 86400


async def answer_it(line: Line) -> None:
    """An officer of the ward takes the petition and answers it."""
    for command, actor in (
        (commands.Assign(agency=WARD), RECEPTIONIST),
        (commands.Accept(), HANDLER),
        (commands.SendAnswer(text=ANSWER, summary="da thay bong den moi"), HANDLER),
    ):
        petition = await line.book.petition(CODE)
        assert petition is not None
        if petition.state is PetitionState.ASSIGNED and isinstance(command, commands.Assign):
            continue
        await line.book.change_petition(done(decide(petition, command, actor, around(line.clock.now()))), ())


async def answered(line: Line) -> None:
    await line.answers(STRANGER, f"PA {LAMP}")
    await answer_it(line)
    line.clock.advance(HOUR)


async def of_petition(line: Line) -> list[Rating]:
    return list(await line.store.ratings_of(RatingSubject.PETITION, CODE))


@dataclass(frozen=True)
class Case:
    """Texts after the answer, each with the seconds before it and words of its reply; then what is stored."""

    label: str
    texts: tuple[tuple[float, str, str], ...]
    stored: tuple[tuple[int, str], ...]
    state: PetitionState = PetitionState.CLOSED


CASES = [
    Case("23 DG 5", ((60, "DG 5", THANKS.format(5)),), ((5, ""),)),
    Case("23 a digit alone", ((60, "5", THANKS.format(5)),), ((5, ""),)),
    Case("23 in words", ((60, "rat hai long", THANKS.format(5)),), ((5, ""),)),
    Case("23 with a comment", ((60, "DG 5 nhanh gọn", THANKS.format(5)),), ((5, "nhanh gọn"),)),
    Case("23 DANH GIA in words", ((60, "danh gia binh thuong", THANKS.format(3)),), ((3, ""),)),
    Case("by its code", ((60, f"DG {CODE} 4 tốt", THANKS.format(4)),), ((4, "tốt"),)),
    Case("24 why", ((60, "DG 1", SORRY.format(1)), (HOUR, "Chờ lâu quá", NOTED)), ((1, "Chờ lâu quá"),), PetitionState.ANSWERED),
    Case("24 why, in words that begin like a command", ((60, "2", SORRY.format(2)), (HOUR, "huong dan khong ro rang", NOTED)), ((2, "huong dan khong ro rang"),), PetitionState.ANSWERED),
    Case("24 at once", ((60, "DG 2 thai do khong tot", NOTED),), ((2, "thai do khong tot"),), PetitionState.ANSWERED),
    Case("24 no reason", ((60, "DG 1", SORRY.format(1)), (60, "bo qua", "")), ((1, ""),), PetitionState.ANSWERED),
    Case("24 a code is no reason", ((60, "DG 1", SORRY.format(1)), (60, A, f"HS {A}:")), ((1, ""),), PetitionState.ANSWERED),
    Case("not done: reopened", ((60, "DG 2", SORRY.format(2)), (60, "chua giai quyet xong, den van toi", "duoc xem xet lai theo de nghi cua Ong/Ba")), ((2, "chua giai quyet xong, den van toi"),), PetitionState.IN_PROGRESS),
    Case("not done, at once", ((60, "DG 1 den van hong", "duoc xem xet lai"),), ((1, "den van hong"),), PetitionState.IN_PROGRESS),
    Case("25 no score", ((60, "DG 7", BAD), (60, "DG 0", BAD), (60, "DG 2.5", BAD), (60, "DG -3", BAD), (60, "DG sau", BAD)), (), PetitionState.ANSWERED),
    Case("asked for", ((60, "DG", f"Phan anh {CODE}: moi Ong/Ba danh gia"), (60, "4", THANKS.format(4))), ((4, ""),)),
    Case("another one within a day replaces it", ((60, "DG 1", SORRY.format(1)), (HOUR, "DG 4", "Da doi diem danh gia thanh 4/5.")), ((4, ""),)),
    Case("a digit while we wait for the reason", ((60, "DG 1", SORRY.format(1)), (60, "3", "Da doi diem danh gia thanh 3/5.")), ((3, ""),)),
    Case("and none after a day", ((60, "DG 5", THANKS.format(5)), (DAY + 60, f"DG {CODE} 1", f"Ong/Ba da danh gia {CODE} 5/5 ngay 10/06/2026.")), ((5, ""),)),
    Case("a digit counts for three days", ((3 * DAY, "5", "Xin loi, chua ro noi dung"),), (), PetitionState.ANSWERED),
    Case("its command for thirty", ((29 * DAY, "DG 5", THANKS.format(5)),), ((5, ""),)),
    Case("then no more", ((31 * DAY, "DG 5", NONE), (60, f"DG {CODE} 5", "Da het han danh gia")), (), PetitionState.ANSWERED),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
async def test_an_answered_petition(case: Case, line: Line) -> None:
    await answered(line)
    for seconds, text, words in case.texts:
        line.clock.advance(seconds)
        replies = await line.answers(STRANGER, text)
        assert [words in reply for reply in replies] == [True] * bool(words), (text, replies)
        assert all(len(reply) <= 160 for reply in replies)
    stored = await of_petition(line)
    assert tuple((rating.score, rating.note) for rating in stored) == case.stored
    assert all((rating.agency, rating.handled_by) == (WARD, "7") for rating in stored)
    petition = await line.book.petition(CODE)
    assert petition is not None
    assert petition.state is case.state


async def test_24_the_lead_hears_of_it(line: Line) -> None:
    await answered(line)
    await line.answers(STRANGER, "DG 1")
    assert not [alert for alert in await line.store.alerts_of(CODE) if alert.alert.source == "rating"]
    await line.answers(STRANGER, "cho lau qua")
    (alert,) = [alert.alert for alert in await line.store.alerts_of(CODE) if alert.alert.source == "rating"]
    assert (alert.severity, alert.agency, alert.to_lead, alert.officer) == (Severity.S3, WARD, True, None)
    assert alert.values["text"] == "cho lau qua"
    assert STRANGER not in str(alert.values)


async def test_a_finished_dossier(line: Line) -> None:
    assert "chua co ket qua" in await line.ask(OWNER, f"DG {A} 5")
    finished = replace(line.province.dossiers[A], status=Status.RESULT_RETURNED, handled_by="cb-7")
    line.province.dossiers[A] = finished
    assert "Chi danh gia duoc HS cua minh hoac da tra cuu" in await line.ask(STRANGER, f"DG {A} 5")
    assert "moi Ong/Ba danh gia: soan DG 5" in (await line.ask(STRANGER, A)).replace("Moi", "moi")
    assert "danh gia" not in await line.ask(STRANGER, A), "one is asked once in seven days"
    assert THANKS.format(4) in await line.ask(STRANGER, "4")
    assert THANKS.format(5) in await line.ask(OWNER, f"DG {A} 5 nhanh")
    found = await line.store.ratings_of(RatingSubject.DOSSIER, A)
    assert [(one.score, one.note, one.agency, one.handled_by) for one in found] == [
        (5, "nhanh", "H05.12", "cb-7"),
        (4, "", "H05.12", "cb-7"),
    ]
    assert (found[0].asked_at is None, found[1].asked_at is None) == (True, False)
    line.clock.advance(DAY)
    assert f"Ong/Ba da danh gia {A} 5/5" in await line.ask(OWNER, f"DG {A} 1")


async def test_who_rated_is_not_invited(line: Line) -> None:
    line.province.dossiers[A] = replace(line.province.dossiers[A], status=Status.RESULT_RETURNED)
    await line.ask(OWNER, f"DG {A} 5")
    assert "DG 5" not in await line.ask(OWNER, A)


@pytest.mark.parametrize(
    ("text", "words", "stored"),
    [
        ("DG-3 5", THANKS.format(5), ("H05.22", "3", 5, "")),
        ("dg-3 2 cho lau", NOTED, ("H05.22", "3", 2, "cho lau")),
        ("DG-H05.9-B2 4", THANKS.format(4), ("H05.9", "B2", 4, "")),
        ("DG-3", "Quay 3,", None),
        ("DG-3 6", BAD, None),
        ("DG-H99.9-3 5", "", None),
    ],
)
async def test_a_counter(line: Line, text: str, words: str, stored: tuple[str, str, int, str] | None) -> None:
    assert words in await line.ask(STRANGER, text)
    found = await line.store.ratings(line.clock.now() - timedelta(days=1), MessageId(0), 10)
    assert [(one.agency, one.reference, one.score, one.note) for one in found] == ([stored] if stored else [])


async def test_a_counter_asked_first(line: Line) -> None:
    await line.ask(STRANGER, "DG-3")
    assert THANKS.format(5) in await line.ask(STRANGER, "5")
    (rating,) = await line.store.ratings_of(RatingSubject.COUNTER, "3")
    assert (rating.agency, rating.score) == ("H05.22", 5)

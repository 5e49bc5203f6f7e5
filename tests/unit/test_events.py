"""What people do besides writing: what it stands for, what is said, which buttons they see."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import events
from bot.buttons import buttons_of, choice, numbered
from bot.intent import Ask, Happened, LookUpDossier, LookUpLog, Outcome, Reply, SetQuiet, SetUnreachable
from bot.intents import decide
from bot.model import Address, Button, ButtonKind, ChannelName, Contact, Content, Language, Office, Question
from bot.understanding.events import reading
from bot.understanding.router import understand
from tests.unit.worlds import NOW, A, world

OPEN = Question(kind="choose_code", options=(A, "x"), asked_at=NOW, expires_at=NOW + timedelta(minutes=10))
OLDER = replace(OPEN, asked_at=NOW - timedelta(minutes=5))
ASKED = Contact(id=bytes(16), address=Address(ChannelName.ZALO, "551"), question=OPEN)
BUILT = frozenset({"HS", "NK", "TG", "HSCT"})

READ = [
    pytest.param(None, "chao", id="a text"),
    pytest.param(events.Edited(), "chao", id="an edited text"),
    pytest.param(events.ButtonPressed(f"nk:{A}"), f"nk {A}", id="a command"),
    pytest.param(events.ButtonPressed(choice(OPEN, "2")), "2", id="a choice"),
    pytest.param(events.Joined("lk_Zm9vYmFyYmF6cXV4MTI"), "LK Zm9vYmFyYmF6cXV4MTI", id="a link that joins accounts"),
    pytest.param(events.Joined("hs_H05_12-260610-0001"), f"HS {A}", id="a link to a dossier"),
]
STALE = [
    pytest.param(choice(OLDER, "2"), id="of a question of before"),
    pytest.param("chon:zz:'; DROP", id="made up choice"),
    pytest.param("abc:def", id="unknown verb"),
    pytest.param("", id="nothing"),
]


@pytest.mark.parametrize(("event", "text"), READ)
def test_what_stands_for_a_text(event: events.Event | None, text: str) -> None:
    assert reading("chao", event, ASKED) == text


def test_a_code_in_a_link_of_a_stranger_joins_nobody() -> None:
    assert reading("", events.Joined("lk_482913"), ASKED) == Happened(events.Joined("lk_482913"))


@pytest.mark.parametrize("action", STALE)
async def test_a_button_that_is_out_of_date_says_so(action: str) -> None:
    happened = reading("", events.ButtonPressed(action), ASKED)
    assert isinstance(happened, Happened)
    outcome = await decide(happened, world())
    assert [reply.template for reply in outcome.replies] == ["choice.gone"]


SAID = [
    pytest.param(events.Joined(), ("welcome",), (), id="joined"),
    pytest.param(events.Joined("?!"), ("help",), (), id="joined by a strange link"),
    pytest.param(events.Left(), (), (SetUnreachable(NOW),), id="left"),
    pytest.param(events.TakenOver(NOW), (), (SetQuiet(NOW),), id="an officer answers"),
    pytest.param(events.InGroup(), ("group.private",), (), id="in a group"),
    pytest.param(events.OutOfReach("sticker"), ("media.unread",), (), id="a sticker"),
    pytest.param(events.FileSent("video", ("x",)), ("media.unread",), (), id="a video"),
]


@pytest.mark.parametrize(("event", "templates", "writes"), SAID)
async def test_what_is_said(event: events.Event, templates: tuple[str, ...], writes: tuple[object, ...]) -> None:
    outcome = await decide(Happened(event), world())
    assert tuple(reply.template for reply in outcome.replies) == templates
    assert outcome.writes == writes


def _labels(outcome: Outcome, text: str) -> list[tuple[str, str]]:
    return [
        (button.label, button.action)
        for button in buttons_of(outcome, outcome.replies[-1], text, Language.VIETNAMESE, BUILT)
    ]


def test_buttons_offer_what_is_built() -> None:
    status = Outcome((Reply("st.4", {"code": A}),))
    assert _labels(status, "x") == [("Quá trình xử lý", f"nk:{A}")]
    assert [label for label, _ in _labels(Outcome((Reply("welcome", {}),)), "x")] == [
        "Tra cứu hồ sơ",
        "Hồ sơ của tôi",
        "Trợ giúp",
    ]


def test_where_a_number_opens_a_door_it_is_asked_for() -> None:
    reply = Reply("my.unverified", {})
    (button,) = buttons_of(Outcome((reply,)), reply, "x", Language.ENGLISH, BUILT)
    assert button == Button("Share my phone number", kind=ButtonKind.SHARE_PHONE)


def test_choices_become_buttons() -> None:
    asking = Outcome((Reply("lk.dymn", {}),), (Ask(OPEN),))
    assert _labels(asking, f"Ông/Bà hỏi:\n1. {A}\n2. một thủ tục có tên rất là dài ở đây\nTrả lời số.") == [
        (A, choice(OPEN, "1")),
        ("một thủ tục có tên rất là..", choice(OPEN, "2")),
    ]
    assert [label for label, _ in _labels(asking, "Có phải?")] == ["Đúng vậy", "Không phải"]


def test_without_buttons_commands_are_numbered() -> None:
    content = Content("HS.", (Button("Quá trình", f"nk:{A}"), Button("Tra cứu", f"hs:{A}"), Button("Web", "https://x")))
    (shown,), (question,) = numbered([replace(content, buttons=content.buttons[:2])], NOW)
    assert (shown.text, shown.buttons) == ("HS.\n1. Quá trình\n2. Tra cứu", ())
    person = replace(ASKED, question=question)
    assert understand("1", person, NOW, Office()) == LookUpLog(A)
    assert understand("2", person, NOW, Office()) == LookUpDossier((A,))
    assert numbered([Content("x", (Button("Có", choice(OPEN, "1")),))], NOW) == ((Content("x"),), ())

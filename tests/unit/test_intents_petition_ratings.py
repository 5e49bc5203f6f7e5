"""What the buttons under the answer to a petition lead to."""

import pytest

from bot.buttons import buttons_of
from bot.intent import Ask, KeepRating
from bot.intents import decide
from bot.model import ChannelName, Contact, Language
from bot.petitions.record import PetitionState
from bot.petitions.writes import ChangePetition
from bot.understanding.keywords import BUILT
from bot.understanding.router import understand
from bot.wishes import HandlePetition, PetitionStep, Rate
from tests.unit.petition_worlds import CODE, Own, citizens_world, petition
from tests.unit.worlds import NOW, contact

IN_CHAT = contact("7", ChannelName.TELEGRAM)


@pytest.mark.parametrize(
    ("person", "templates"),
    [(IN_CHAT, ["pa.settled", "rate.ask.pa"]), (contact(), ["pa.settled"])],
    ids=["chat", "sms"],
)
async def test_who_says_that_it_is_settled_is_asked_for_a_score_where_it_is_free(
    person: Contact, templates: list[str]
) -> None:
    wish = HandlePetition(PetitionStep.SETTLED, petition_code=CODE)
    outcome = await decide(wish, citizens_world(Own(petition(PetitionState.ANSWERED)), person))
    assert [reply.template for reply in outcome.replies] == templates


async def test_each_button_gives_its_score() -> None:
    world = citizens_world(Own(petition(PetitionState.ANSWERED)), IN_CHAT)
    asked = await decide(Rate(petition_code=CODE), world)
    buttons = buttons_of(asked, asked.replies[-1], "", Language.VIETNAMESE, BUILT)
    pressed = [understand(button.action.replace(":", " "), IN_CHAT, NOW, world.office) for button in buttons]
    assert pressed == [Rate(score, petition_code=CODE) for score in (5, 4, 3, 2, 1)]


@pytest.mark.parametrize(
    ("score", "comment", "template", "state"),
    [
        (5, "", "rate.thanks", PetitionState.CLOSED),
        (3, "", "rate.thanks", PetitionState.CLOSED),
        (2, "", "rate.sorry", PetitionState.ANSWERED),
        (2, "chờ lâu", "rate.noted", PetitionState.ANSWERED),
        (1, "chưa giải quyết gì cả", "pa.st.reopened", PetitionState.IN_PROGRESS),
    ],
)
async def test_a_score(score: int, comment: str, template: str, state: PetitionState) -> None:
    world = citizens_world(Own(petition(PetitionState.ANSWERED)), IN_CHAT)
    outcome = await decide(Rate(score, comment=comment, petition_code=CODE), world)
    assert [reply.template for reply in outcome.replies] == [template]
    (step,) = [write.change for write in outcome.writes if isinstance(write, ChangePetition)]
    assert (step.after.state, step.after.score) == (state, score)
    (kept,) = [write for write in outcome.writes if isinstance(write, KeepRating)]
    assert [alert.to_lead for alert in kept.alerts] == [True] * (score <= 2 and bool(comment))
    asks = [write.question for write in outcome.writes if isinstance(write, Ask)]
    assert bool(asks) is (template == "rate.sorry")
    labels = [button.label for button in buttons_of(outcome, outcome.replies[-1], "", Language.VIETNAMESE, BUILT)]
    if asks:
        assert labels == ["Thời gian chờ", "Thái độ phục vụ", "Hướng dẫn chưa rõ", "Kết quả chưa đúng", "Bỏ qua"]


@pytest.mark.parametrize("state", [PetitionState.RECEIVED, PetitionState.IN_PROGRESS, PetitionState.REJECTED])
async def test_before_the_answer(state: PetitionState) -> None:
    outcome = await decide(Rate(5, petition_code=CODE), citizens_world(Own(petition(state)), IN_CHAT))
    assert ([reply.template for reply in outcome.replies], outcome.writes) == (["rate.not_yet"], ())

"""What citizens do with petitions in every state: nothing that they add may vanish."""

from datetime import timedelta

import pytest

from bot.events import FileSent, LocationShared, Photo
from bot.intent import Ask, Outcome
from bot.intents import decide
from bot.intents.petition_files import located, photographed, which_photo
from bot.intents.petition_world import KeptFiles
from bot.model import ChannelName
from bot.petitions.record import Confidentiality, Draft, PetitionState, Place
from bot.petitions.writes import ChangePetition, KeepDraft
from bot.wishes import HandlePetition, NewPetition, PetitionAction, PetitionStatus, PetitionStep
from tests.unit.petition_worlds import CODE, PHOTO, TEXT, Own, citizens_world, petition
from tests.unit.worlds import NOW, contact

S = PetitionState
ADD = PetitionStatus(PetitionAction.ADD, text="cột đèn số 15", petition_code=CODE)
REOPEN = PetitionStatus(PetitionAction.REOPEN, text="đèn vẫn chưa sáng", petition_code=CODE)
WITHDRAW = HandlePetition(PetitionStep.WITHDRAW, petition_code=CODE, confirmed=True)
IN_CHAT = contact("7", ChannelName.TELEGRAM)


def templates(outcome: Outcome) -> tuple[str, ...]:
    return tuple(reply.template for reply in outcome.replies)


def state_after(outcome: Outcome) -> PetitionState | None:
    return next((write.change.after.state for write in outcome.writes if isinstance(write, ChangePetition)), None)


STEPS = [
    *((state, ADD, "pa.added", state) for state in S if state is not S.NEED_INFO),
    (S.NEED_INFO, ADD, "pa.added", S.IN_PROGRESS),
    *((state, REOPEN, "pa.st.reopened", S.IN_PROGRESS) for state in (S.ANSWERED, S.CLOSED)),
    *((state, REOPEN, "pa.added", state) for state in (S.RECEIVED, S.ASSIGNED, S.IN_PROGRESS, S.MERGED)),
    (S.REJECTED, REOPEN, "pa.disagreed", S.RECEIVED),
    (S.WITHDRAWN, REOPEN, "pa.withdrawn", None),
    *((state, WITHDRAW, "pa.withdrawn", S.WITHDRAWN) for state in (S.RECEIVED, S.ASSIGNED, S.IN_PROGRESS, S.NEED_INFO)),
    *((state, WITHDRAW, "pa.withdraw_no", None) for state in (S.ANSWERED, S.CLOSED, S.REJECTED, S.WITHDRAWN)),
    (S.ANSWERED, HandlePetition(PetitionStep.SETTLED, petition_code=CODE), "pa.settled", S.CLOSED),
    (S.RECEIVED, HandlePetition(PetitionStep.SETTLED, petition_code=CODE), "pa.cannot", None),
    (S.RECEIVED, HandlePetition(PetitionStep.CATEGORY, petition_code=CODE, text="GT"), "pa.category", S.RECEIVED),
    (S.ANSWERED, HandlePetition(PetitionStep.ANSWER, petition_code=CODE), "pa.answer", None),
    (S.IN_PROGRESS, HandlePetition(PetitionStep.ANSWER, petition_code=CODE), "pa.st.progress", None),
]


@pytest.mark.parametrize(("state", "wish", "told", "after"), STEPS)
async def test_a_step(
    state: PetitionState, wish: PetitionStatus | HandlePetition, told: str, after: PetitionState | None
) -> None:
    outcome = await decide(wish, citizens_world(Own(petition(state))))
    assert (templates(outcome), state_after(outcome)) == ((told,), after)


@pytest.mark.parametrize(
    ("state", "template"),
    [
        (S.RECEIVED, "pa.st.received"),
        (S.ASSIGNED, "pa.st.assigned"),
        (S.IN_PROGRESS, "pa.st.progress"),
        (S.PENDING_APPROVAL, "pa.st.progress"),
        (S.NEED_INFO, "pa.st.needinfo"),
        (S.ANSWERED, "pa.st.answered"),
        (S.CLOSED, "pa.st.closed"),
        (S.REJECTED, "pa.st.rejected"),
        (S.FORWARDED, "pa.st.forwarded"),
        (S.MERGED, "pa.st.merged"),
        (S.WITHDRAWN, "pa.withdrawn"),
        (S.SPAM, "pa.st.rejected"),
    ],
)
async def test_how_it_stands(state: PetitionState, template: str) -> None:
    outcome = await decide(PetitionStatus(petition_code=CODE), citizens_world(Own(petition(state))))
    assert templates(outcome) == (template,)


@pytest.mark.parametrize("over", [{"reopen_until": NOW - timedelta(days=1)}, {"reopenings": 2}])
async def test_what_cannot_be_reopened_still_reaches_an_officer_and_may_be_sent_anew(over: dict[str, object]) -> None:
    own = Own(petition(S.CLOSED, **over))
    outcome = own.take(await decide(REOPEN, citizens_world(own)))
    assert templates(outcome) == ("pa.reopen_no",)
    assert any(isinstance(write, ChangePetition) for write in outcome.writes)
    assert own.written is not None
    assert (own.written.is_offer, TEXT in own.written.text, "vẫn chưa sáng" in own.written.text) == (True, True, True)
    sent = own.take(await decide(PetitionStatus(PetitionAction.SUBMIT), citizens_world(own)))
    assert templates(sent) == ("pa.receipt",)


async def test_more_after_the_window_is_over_offers_a_new_one_too() -> None:
    own = Own(petition(S.CLOSED, reopen_until=NOW - timedelta(days=1)))
    outcome = own.take(await decide(ADD, citizens_world(own)))
    assert templates(outcome) == ("pa.reopen_no",)
    assert state_after(outcome) is S.CLOSED
    assert own.written is not None


@pytest.mark.parametrize(
    ("wish", "template", "question"),
    [
        (PetitionStatus(PetitionAction.REOPEN, petition_code=CODE), "pa.reopen_ask", "petition_reopen"),
        (PetitionStatus(PetitionAction.REOPEN, text="chưa", petition_code=CODE), "pa.reopen_ask", "petition_reopen"),
        (PetitionStatus(PetitionAction.ADD, petition_code=CODE), "pa.add_ask", "petition_add"),
    ],
)
async def test_what_is_missing_is_asked(wish: PetitionStatus, template: str, question: str) -> None:
    outcome = await decide(wish, citizens_world(Own(petition(S.ANSWERED))))
    assert templates(outcome) == (template,)
    assert [write.question.kind for write in outcome.writes if isinstance(write, Ask)] == [question]


async def test_a_disagreement_counts_once() -> None:
    outcome = await decide(REOPEN, citizens_world(Own(petition(S.REJECTED, disagreements=1))))
    assert templates(outcome) == ("pa.disagree_no",)


async def test_a_wrong_check_digit_is_not_even_looked_for() -> None:
    own = Own(petition())
    outcome = await decide(PetitionStatus(petition_code="PA26005443"), citizens_world(own))
    assert (templates(outcome), own.looked_for) == (("pa.notfound",), [])


async def test_who_is_muted_still_looks_and_adds() -> None:
    own = Own(petition(), muted=NOW + timedelta(days=1))
    assert templates(await decide(NewPetition(text=TEXT, commanded=True), citizens_world(own))) == ("pa.muted",)
    assert templates(await decide(NewPetition(commanded=True), citizens_world(own))) == ("pa.muted",)
    assert templates(await decide(ADD, citizens_world(own))) == ("pa.added",)
    assert templates(await decide(PetitionStatus(petition_code=CODE), citizens_world(own))) == ("pa.st.received",)


async def test_twenty_in_thirty_days_and_which_limit_it_is() -> None:
    sent = [petition(code=f"PA{number}", sent_at=NOW - timedelta(days=number + 1)) for number in range(20)]
    outcome = await decide(NewPetition(text=f"{TEXT} nữa rồi", commanded=True), citizens_world(Own(*sent)))
    (reply,) = outcome.replies
    assert (reply.template, reply.values["count"], reply.values["days"]) == ("pa.limit", 20, 30)


async def test_two_matters_are_asked_in_a_chat_and_sent_apart() -> None:
    text = "Thứ nhất đèn đường phố Lý Thái Tổ hỏng 3 ngày. Thứ hai rác ở chợ Đọ bốc mùi không ai dọn"
    own = Own()
    outcome = own.take(await decide(NewPetition(text=text, commanded=True), citizens_world(own, IN_CHAT)))
    assert templates(outcome) == ("pa.split",)
    apart = own.take(await decide(HandlePetition(PetitionStep.SPLIT), citizens_world(own, IN_CHAT)))
    assert templates(apart) == ("pa.receipt", "pa.receipt")
    assert {item.category for item in own.petitions} == {"DN", "MT"}
    by_sms = await decide(NewPetition(text=text, commanded=True), citizens_world(Own()))
    assert templates(by_sms) == ("pa.receipt",)


async def test_a_name_is_hidden_before_and_after_sending() -> None:
    own = Own(petition())
    outcome = own.take(await decide(HandlePetition(PetitionStep.HIDE_NAME), citizens_world(own)))
    assert templates(outcome) == ("pa.hidden",)
    assert own.petitions[0].confidentiality is Confidentiality.NAME_HIDDEN
    own.take(await decide(NewPetition(text=TEXT + " lần nữa", name_hidden=True, commanded=True), citizens_world(own)))
    assert own.petitions[0].confidentiality is Confidentiality.NAME_HIDDEN


DRAFT = Draft(texts=(TEXT,), opened_at=NOW, changed_at=NOW)


@pytest.mark.parametrize("event", [Photo(("a",)), FileSent("video", ("a",))])
async def test_files_go_into_the_draft(event: Photo | FileSent) -> None:
    own = Own(draft=DRAFT)
    outcome = await photographed(event, "ảnh chụp sáng nay", citizens_world(own, IN_CHAT))
    assert outcome is not None
    own.take(outcome)
    assert own.written is not None
    assert (own.written.files, own.written.texts) == ((PHOTO,), (TEXT, "ảnh chụp sáng nay"))


async def test_the_place_of_a_photo_is_told_and_goes_with_all_matters() -> None:
    own = Own(draft=DRAFT)
    own.files = KeptFiles(files=(PHOTO,), latitude=21.185, longitude=106.07)
    outcome = await photographed(Photo(("a",)), "", citizens_world(own, IN_CHAT))
    assert outcome is not None
    assert own.take(outcome).replies[0].values["ward"] == "21.18500, 106.07000"
    own.take(await decide(HandlePetition(PetitionStep.SPLIT), citizens_world(own, IN_CHAT)))
    assert {item.place.latitude for item in own.petitions} == {21.185}


async def test_a_photo_answers_the_question_of_an_officer() -> None:
    own = Own(petition(S.NEED_INFO))
    outcome = await photographed(Photo(("a",)), "", citizens_world(own, IN_CHAT))
    assert outcome is not None
    assert (templates(outcome), state_after(outcome)) == (("pa.added",), S.IN_PROGRESS)


async def test_a_petition_gathers_no_files_without_end() -> None:
    own = Own(petition(S.NEED_INFO, files=20))
    outcome = await photographed(Photo(("a",)), "", citizens_world(own, IN_CHAT))
    with_words = await photographed(Photo(("a",)), "số nhà 12", citizens_world(own, IN_CHAT))
    assert outcome is not None
    assert with_words is not None
    assert (templates(outcome), outcome.replies[0].values["problem"]) == (("pa.file.refused",), "too_many")
    assert (templates(with_words), state_after(with_words)) == (("pa.file.refused", "pa.added"), S.IN_PROGRESS)


async def test_a_photo_of_nobody_knows_what_is_asked_about_and_kept_nowhere() -> None:
    own = Own(petition())
    world = citizens_world(own, IN_CHAT)
    assert await photographed(Photo(("a",)), "", world) is None
    outcome = await which_photo(Photo(("a",)), world)
    assert outcome is not None
    assert templates(outcome) == ("photo.petition",)
    assert not [write for write in outcome.writes if isinstance(write, KeepDraft)]
    named = HandlePetition(PetitionStep.ATTACH, text="a", petition_code=CODE)
    assert templates(await decide(named, world)) == ("pa.added",)
    assert templates(own.take(await decide(HandlePetition(PetitionStep.ATTACH, text="a"), world))) == ("pa.append",)
    assert own.written is not None
    assert own.written.files == (PHOTO,)


@pytest.mark.parametrize(
    ("own", "told"),
    [
        (Own(draft=DRAFT), "pa.append"),
        (Own(petition(S.NEED_INFO)), "pa.added"),
        (Own(petition(place=Place(), sent_at=NOW - timedelta(hours=1))), "pa.added"),
        (Own(petition()), None),
        (Own(), None),
    ],
)
async def test_where_a_place_goes(own: Own, told: str | None) -> None:
    outcome = await located(LocationShared(21.185, 106.07), citizens_world(own, IN_CHAT))
    assert (templates(outcome) if outcome else None) == ((told,) if told else None)


async def test_at_a_kiosk_nobody_can_be_told_later() -> None:
    kiosk = contact("kiosk.1", ChannelName.WEBCHAT)
    outcome = await decide(NewPetition(text=TEXT, commanded=True), citizens_world(Own(), kiosk))
    assert templates(outcome) == ("cmd.not_offered",)


async def test_the_place_is_asked_for_once_in_a_chat() -> None:
    said = NewPetition(text="Đèn đường trước cổng trường hỏng đã ba ngày", commanded=True)
    (reply,) = (await decide(said, citizens_world(Own(), IN_CHAT))).replies
    assert reply.values["wants_place"]
    (reply,) = (
        await decide(NewPetition(text=TEXT + ", phường Võ Cường", commanded=True), citizens_world(Own(), IN_CHAT))
    ).replies
    assert not reply.values["wants_place"]

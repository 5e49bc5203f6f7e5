"""What people do with petitions that they sent: see how they stand, add, have them looked at again, take them back."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, assert_never

from bot.intent import Ask, Outcome, Reply, ResumeNotices, Write
from bot.intents import petition_drafts, petition_files, petition_submit, ratings, talk
from bot.intents.petition_submit import citizen
from bot.intents.world import World, day_of
from bot.model import Question
from bot.petitions.around import Refused
from bot.petitions.categories import category_of
from bot.petitions.codes import is_petition_code
from bot.petitions.commands import (
    AddInformation,
    Close,
    Command,
    Disagree,
    Reopen,
    SetConfidentiality,
    Withdraw,
)
from bot.petitions.deciding import decide
from bot.petitions.record import OPEN, Confidentiality, Petition, PetitionChange, PetitionState
from bot.petitions.telling import values_of
from bot.petitions.writes import ChangePetition, KeepDraft
from bot.understanding.petition_answers import ADD, MEANING, REOPEN, WHICH, WITHDRAW
from bot.wishes import (
    HandlePetition,
    NewPetition,
    PetitionAction,
    PetitionKind,
    PetitionMeaning,
    PetitionStatus,
    PetitionStep,
)

QUESTION_OPEN = timedelta(hours=1)
MOST_LISTED, MOST_OFFERED = 10, 3
SHORTEST_REASON = 10
FINISHED = frozenset({PetitionState.ANSWERED, PetitionState.CLOSED})
STATUS = {
    PetitionState.RECEIVED: "pa.st.received",
    PetitionState.ASSIGNED: "pa.st.assigned",
    PetitionState.IN_PROGRESS: "pa.st.progress",
    PetitionState.PENDING_APPROVAL: "pa.st.progress",
    PetitionState.NEED_INFO: "pa.st.needinfo",
    PetitionState.ANSWERED: "pa.st.answered",
    PetitionState.CLOSED: "pa.st.closed",
    PetitionState.REJECTED: "pa.st.rejected",
    PetitionState.FORWARDED: "pa.st.forwarded",
    PetitionState.MERGED: "pa.st.merged",
    PetitionState.WITHDRAWN: "pa.withdrawn",
    PetitionState.SPAM: "pa.st.rejected",
}
"""Nobody is told that a text was taken for spam."""


async def start(wish: NewPetition, world: World) -> Outcome:
    """A complaint is not taken, danger comes first, a command is done, anything else is asked."""
    match wish.kind:
        case PetitionKind.COMPLAINT:
            return Outcome((Reply("pa.complaint", {}),))
        case PetitionKind.EMERGENCY:
            return await petition_submit.emergency(wish, world)
        case PetitionKind.ORDINARY if not wish.commanded:
            return await offer(wish.text, world)
        case PetitionKind.ORDINARY if not wish.text:
            return await petition_submit.forbidden(world) or await petition_drafts.open_draft(
                world, name_hidden=wish.name_hidden
            )
        case PetitionKind.ORDINARY:
            return await petition_submit.new_petition(wish, world)
        case _:
            assert_never(wish.kind)


async def offer(text: str, world: World) -> Outcome:
    """What may be meant as a petition; too short a text begins one, so that it can be written on."""
    if stopped := await petition_submit.forbidden(world):
        return stopped
    if len(text.strip()) >= petition_submit.SHORTEST:
        return petition_drafts.offer(text, world)
    return Outcome((Reply("pa.short", {}),))


def ask_meaning(wish: PetitionMeaning, world: World) -> Outcome:
    """``KN``: feedback, or a complaint?"""
    return Outcome((Reply("pa.meaning", {}),), (ask(MEANING, world, wish.text),))


async def status(wish: PetitionStatus, world: World) -> Outcome:
    """How it stands; or what is to be done with it."""
    match wish.action:
        case PetitionAction.SUBMIT:
            return await _submit_draft(world)
        case PetitionAction.ADD:
            return await _on_one(wish.petition_code, PetitionAction.ADD, wish.text, world, _is_unfinished, _add)
        case PetitionAction.REOPEN:
            return await _on_one(
                wish.petition_code, PetitionAction.REOPEN, wish.text, world, _may_be_asked_again, _reopen
            )
        case None if wish.petition_code is None:
            return await _list(world)
        case None:
            found = await _own(wish.petition_code, world)
            return found if isinstance(found, Outcome) else await shown(found, world)
        case _:
            assert_never(wish.action)


async def reopen_or_resume(intent: ResumeNotices, world: World) -> Outcome:
    """``MO LAI`` of somebody who never refused messages: the petition that may be looked at again, if there is one."""
    suiting = [petition for petition in await world.petitions.own() if _may_be_asked_again(petition, world)]
    if not suiting:
        return talk.resume(intent, world)
    return await status(PetitionStatus(PetitionAction.REOPEN), world)


async def handle(wish: HandlePetition, world: World) -> Outcome:  # noqa: C901, PLR0911 - one arm for each step is the point
    """One arm for each step."""
    code, text = wish.petition_code, wish.text
    match wish.step:
        case PetitionStep.WRITE:
            return await petition_drafts.write(text, world)
        case PetitionStep.DROP:
            return await petition_drafts.drop(world) or Outcome((Reply("pa.no_draft", {}),))
        case PetitionStep.LIST:
            draft = await world.petitions.draft()
            return await _list(world) if draft is None or draft.is_offer else petition_drafts.review(draft)
        case PetitionStep.ANSWER | PetitionStep.SKIP:
            found = await _own(code or "", world)
            return found if isinstance(found, Outcome) else await shown(found, world, whole=True)
        case PetitionStep.WITHDRAW:
            return await _withdraw(wish, world)
        case PetitionStep.SETTLED:
            return await _settled(code or "", world)
        case PetitionStep.CATEGORY:
            return await _choose_category(code or "", text, world)
        case PetitionStep.HIDE_NAME | PetitionStep.PUBLISH:
            return await _choose_confidentiality(wish, world)
        case PetitionStep.OTHER_MATTER:
            return await _submit_draft(world, other_matter=True)
        case PetitionStep.SPLIT | PetitionStep.TOGETHER:
            return await _submit_draft(world, asked=True, split=wish.step is PetitionStep.SPLIT)
        case PetitionStep.ATTACH:
            return await petition_files.attach(code, text.split("\n"), world)
        case _:
            assert_never(wish.step)


async def shown(petition: Petition, world: World, *, whole: bool = False) -> Outcome:
    """How a petition stands; *whole*: its whole answer if there is one, which may be more than one SMS."""
    values = dict(values_of(petition, await world.petitions.around(world.now, petition)))
    is_answered = petition.state in FINISHED and bool(petition.answer)
    template = "pa.answer" if whole and is_answered else STATUS[petition.state]
    return Outcome((Reply(template, values),))


async def _submit_draft(
    world: World, *, asked: bool = False, split: bool = False, other_matter: bool = False
) -> Outcome:
    draft = await world.petitions.draft()
    if draft is None:
        return Outcome((Reply("pa.no_draft", {}),))
    if split:
        return await petition_submit.submit_each(draft, world)
    return await petition_submit.submit(draft, world, asked=asked, other_matter=other_matter)


async def _list(world: World) -> Outcome:
    own = (await world.petitions.own())[:MOST_LISTED]
    if not own:
        return Outcome((Reply("pa.none", {}),))
    if len(own) == 1:
        return await shown(own[0], world)
    return Outcome((Reply("pa.list", {"petitions": tuple((item.code, item.state) for item in own)}),))


Suits = Callable[[Petition, World], bool]
Act = Callable[[Petition, str, World], Awaitable[Outcome]]


async def _on_one(code: str | None, wish: str, text: str, world: World, suits: Suits, act: Act) -> Outcome:
    """Do it with the petition named; without a name with the only one that suits, else it is asked which."""
    if code is not None:
        found = await _own(code, world)
        return found if isinstance(found, Outcome) else await act(found, text, world)
    own = await world.petitions.own()
    suiting = [petition for petition in own if suits(petition, world)]
    if len(suiting) > 1 and wish == PetitionAction.REOPEN:
        codes = tuple(petition.code for petition in suiting[:MOST_OFFERED])
        return Outcome((Reply("pa.which", {"suggestions": codes}),), (ask(WHICH, world, *codes, wish, text),))
    if suiting:
        return await act(suiting[0], text, world)
    if len(text) >= petition_submit.SHORTEST:
        return await offer(text, world)
    return Outcome((Reply("pa.none", {}),)) if not own else await shown(own[0], world)


def _is_unfinished(petition: Petition, _world: World) -> bool:
    return petition.state in OPEN or petition.state in {PetitionState.ANSWERED, PetitionState.MERGED}


def _may_be_asked_again(petition: Petition, _world: World) -> bool:
    return petition.state in FINISHED or petition.state is PetitionState.REJECTED


async def _add(petition: Petition, text: str, world: World) -> Outcome:
    """In every state it reaches an officer; when nothing can come of it any more a new petition is offered too."""
    if not text:
        return Outcome((Reply("pa.add_ask", {"code": petition.code}),), (ask(ADD, world, petition.code),))
    command = AddInformation(text=text, told_at=(world.reached_here,))
    outcome = await step(petition, command, "pa.added", world)
    is_over = any(reply.template == "pa.reopen_no" for reply in outcome.replies)
    return _offer_new(petition, text, outcome.writes, world) if is_over else outcome


async def _reopen(petition: Petition, reason: str, world: World) -> Outcome:
    """With a reason, within the time told, at most twice; a rejection is disagreed with once."""
    if petition.state is PetitionState.REJECTED:
        return await step(petition, Disagree(), "pa.disagreed", world, refused="pa.disagree_no")
    if petition.state in OPEN or petition.state is PetitionState.MERGED:
        if reason:
            return await _add(petition, reason, world)
        return Outcome((Reply("pa.reopen_open", {"code": petition.code, "due_on": day_of(petition.answer_due)}),))
    if petition.state not in FINISHED:
        return await shown(petition, world)
    if len(reason) < SHORTEST_REASON and not _is_over(petition, world):
        return Outcome((Reply("pa.reopen_ask", {"code": petition.code}),), (ask(REOPEN, world, petition.code),))
    decided = await _decided(petition, Reopen(reason=reason), world)
    if isinstance(decided, PetitionChange):
        return _done(decided, "pa.st.reopened")
    added = await _decided(petition, AddInformation(text=reason, told_at=(world.reached_here,)), world)
    writes = (ChangePetition(added),) if reason and isinstance(added, PetitionChange) else ()
    return _offer_new(petition, reason, writes, world)


def _is_over(petition: Petition, world: World) -> bool:
    return petition.reopen_until is None or world.now > petition.reopen_until


def _offer_new(petition: Petition, text: str, writes: tuple[Write, ...], world: World) -> Outcome:
    """It cannot be reopened: the new words with the old text may be sent as a new petition."""
    values = {"code": petition.code, "reopen_until_on": day_of(petition.reopen_until), "kept": bool(text)}
    reply = Reply("pa.reopen_no", values)
    if not text:
        return Outcome((reply,), writes)
    again = petition_drafts.new_draft(
        world, text, f"({petition.code}) {petition.text}", is_offer=True, confidentiality=petition.confidentiality
    )
    return Outcome((reply,), (*writes, KeepDraft(again)))


async def _withdraw(wish: HandlePetition, world: World) -> Outcome:
    found = await _own(wish.petition_code or "", world)
    if isinstance(found, Outcome):
        return found
    if found.state not in OPEN:
        return Outcome((Reply("pa.withdraw_no", {"code": found.code}),))
    if not wish.confirmed:
        return Outcome((Reply("pa.withdraw_ask", {"code": found.code}),), (ask(WITHDRAW, world, found.code),))
    return await step(found, Withdraw(), "pa.withdrawn", world)


async def _settled(code: str, world: World) -> Outcome:
    outcome = await _step(code, Close(because="answered"), "pa.settled", world)
    return ratings.asked_after_answer(outcome, {"code": code}, world)


async def _choose_category(code: str, category: str, world: World) -> Outcome:
    """A wish: the officer who sorts it decides."""
    found = await _own(code, world)
    if isinstance(found, Outcome):
        return found
    chosen = category_of((await world.petitions.around(world.now)).categories, category)
    decided = await _decided(found, AddInformation(text=f"Người gửi chọn lĩnh vực: {chosen.name}"), world)
    if not isinstance(decided, PetitionChange):
        return Outcome((Reply("pa.cannot", {"code": code}),))
    values = {"code": code, "category": chosen.name, "category_en": chosen.name_en}
    return Outcome((Reply("pa.category", values),), (ChangePetition(decided),))


async def _choose_confidentiality(wish: HandlePetition, world: World) -> Outcome:
    """Of the petition named; else of the draft, else of the last one."""
    hides = wish.step is PetitionStep.HIDE_NAME
    chosen = Confidentiality.NAME_HIDDEN if hides else Confidentiality.PUBLIC
    template = "pa.hidden" if hides else "pa.public"
    draft = None if wish.petition_code else await world.petitions.draft()
    if draft is not None:
        kept = replace(draft, confidentiality=chosen, changed_at=world.now)
        return Outcome((Reply(template, {"kept": True}),), (KeepDraft(kept),))
    own = await world.petitions.own()
    code = wish.petition_code or (own[0].code if own else "")
    if code:
        return await _step(code, SetConfidentiality(confidentiality=chosen), template, world)
    return await start(NewPetition(commanded=True, name_hidden=hides), world)


async def _own(code: str, world: World) -> Petition | Outcome:
    """The petition of this person, or that there is none. What cannot be a code is not even looked for."""
    found = await world.petitions.find(code) if is_petition_code(code) else None
    return found or Outcome((Reply("pa.notfound", {"typed": code}),))


async def _step(code: str, command: Command, template: str, world: World) -> Outcome:
    found = await _own(code, world)
    return found if isinstance(found, Outcome) else await step(found, command, template, world)


async def step(
    petition: Petition, command: Command, template: str, world: World, *, refused: str = "pa.cannot"
) -> Outcome:
    """Take the step; *template* is said when the step itself says nothing."""
    decided = await _decided(petition, command, world)
    if isinstance(decided, PetitionChange):
        return _done(decided, template)
    return Outcome((Reply(refused, {"code": petition.code}),))


async def _decided(petition: Petition, command: Command, world: World) -> PetitionChange | Refused:
    around = await world.petitions.around(world.now, petition)
    return decide(petition, command, citizen(world), around)


def _done(change: PetitionChange, template: str) -> Outcome:
    told: Sequence[tuple[str, Mapping[str, Any]]] = [(item.template, item.values) for item in change.told]
    if not told:
        told = [(template, {"code": change.after.code})]
    return Outcome(tuple(Reply(name, dict(values)) for name, values in told), (ChangePetition(change),))


def ask(kind: str, world: World, *options: str) -> Ask:
    """A question whose answer belongs to a petition."""
    return Ask(Question(kind=kind, options=options, asked_at=world.now, expires_at=world.now + QUESTION_OPEN))

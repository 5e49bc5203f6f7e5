"""What a command makes of a petition. Pure: the store keeps the change, the service sends what is told."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.petitions import effects, reminders, telling
from bot.petitions.alerting import alert
from bot.petitions.around import Around, Refused, Step
from bot.petitions.commands import AddInformation, Command, SendAnswer, Submit, Unmerge
from bot.petitions.effects import Fields
from bot.petitions.history import event_data, event_name
from bot.petitions.record import (
    OPEN,
    SYSTEM,
    Actor,
    Petition,
    PetitionChange,
    PetitionEvent,
    PetitionState,
    Severity,
    StoredFile,
    TaskAlert,
    Told,
)
from bot.petitions.roles import acting_as
from bot.petitions.submitting import submitted
from bot.petitions.transitions import TABLE, Row

NOT_ALLOWED, WRONG_STATE = "not_allowed", "wrong_state"
ENDED = frozenset(
    {
        PetitionState.CLOSED,
        PetitionState.REJECTED,
        PetitionState.FORWARDED,
        PetitionState.WITHDRAWN,
        PetitionState.SPAM,
    }
)
"""Nobody has anything to do any more."""


def decide(petition: Petition | None, command: Command, actor: Actor, around: Around) -> PetitionChange | Refused:
    """The step that *command* is, by the table in ``transitions.py``. *petition* is None for ``Submit`` and only then."""
    if (petition is None) != isinstance(command, Submit):
        return Refused(reason=WRONG_STATE, values=_about(petition))
    new = submitted(command, around) if isinstance(command, Submit) else None
    step = Step(petition or new, command, actor, around)  # type: ignore[arg-type]  # one of both is there
    row = _row(petition, step)
    if isinstance(row, str):
        return Refused(reason=row, values=_about(petition))
    refusal = next((guard.__name__ for guard in row.guards if guard(step)), None)
    if refusal:
        return Refused(reason=refusal, values=_about(petition, around))
    change = _taken(step, row, is_new=petition is None)
    return replace(change, also=tuple(_with_it(change, step))) if petition else change


def possible(petition: Petition, actor: Actor, around: Around) -> frozenset[type]:
    """The commands that *actor* may try now: what to show as buttons. A guard may still refuse one."""
    acting = acting_as(actor, petition, around)
    return frozenset(row.command for row in TABLE if acting & row.who and petition.state in row.before)


def _row(petition: Petition | None, step: Step[Any]) -> Row | str:
    """The row of the step, or why there is none."""
    acting = acting_as(step.actor, petition, step.around)
    rows = [row for row in TABLE if row.command is type(step.command) and acting & row.who]
    if not rows:
        return NOT_ALLOWED
    fitting = [row for row in rows if (petition.state in row.before if petition else not row.before)]
    return next((row for row in fitting if row.when is None or row.when(step)), WRONG_STATE)


def _taken(step: Step[Any], row: Row, *, is_new: bool = False) -> PetitionChange:
    before = None if is_new else step.petition
    after = _moved(step, row.after or step.petition.state, row.effect(step), is_new=is_new)
    reason = getattr(step.command, "reason", "") if row.number == "11" else ""
    told = Told(template=row.told, values=telling.values_of(after, step.around, reason=reason))
    return PetitionChange(
        before=before,
        after=after,
        event=_event(step, before, after),
        told=(told,) if row.told else (),
        alerts=row.alerts(step, after),
        files=_files(step.command),
    )


def _files(command: Any) -> tuple[StoredFile, ...]:
    match command:
        case Submit():
            return command.draft.files
        case AddInformation():
            return command.files
        case SendAnswer():
            return tuple(replace(file, by_officer=True) for file in command.files)
        case _:
            return ()


def _moved(step: Step[Any], state: PetitionState, changes: Fields, *, is_new: bool = False) -> Petition:
    """The petition after the step, with all that follows from its state."""
    petition, now = step.petition, step.around.now
    moved = replace(petition, **changes)
    is_over = state in ENDED
    moved = replace(
        moved,
        state=state,
        state_since=petition.state_since if state is petition.state else now,
        changed_at=now,
        closed_at=(petition.closed_at or now) if is_over else None,
        closed_because=moved.closed_because if is_over else "",
        version=petition.version if is_new else petition.version + 1,
    )
    return replace(moved, clock_at=reminders.next_look(moved, step.around))


def _event(step: Step[Any], before: Petition | None, after: Petition) -> PetitionEvent:
    return PetitionEvent(
        at=step.around.now,
        actor=step.actor,
        name=event_name(type(step.command)),
        before=before.state if before else None,
        after=after.state,
        data=event_data(step.command, before, after),
    )


def _with_it(change: PetitionChange, step: Step[Any]) -> Iterator[PetitionChange]:
    """What happens to those merged into it: they are answered with it, go with it, or stand alone again."""
    children = [child for child in step.around.children if child.state is PetitionState.MERGED]
    around = replace(step.around, case=step.petition, children=())
    for child in children if step.petition.state in OPEN else ():
        if isinstance(step.command, SendAnswer):
            answer = replace(step.command, files=())
            yield _taken(Step(child, answer, step.actor, around), _ANSWERED_WITH_ITS_CASE)
        elif change.after.state is PetitionState.MERGED:
            yield _follows(Step(child, step.command, step.actor, around), change.after.case)
        elif change.after.state in ENDED:
            yield _alone(Step(child, Unmerge(), SYSTEM, around))


_ANSWERED_WITH_ITS_CASE = next(row for row in TABLE if row.number == "14a")


def _follows(step: Step[Any], case: str | None) -> PetitionChange:
    after = _moved(step, PetitionState.MERGED, {"case": case})
    return PetitionChange(before=step.petition, after=after, event=_event(step, step.petition, after))


def _alone(step: Step[Any]) -> PetitionChange:
    after = _moved(step, PetitionState.RECEIVED, effects.unmerged(step))
    alerts: tuple[TaskAlert, ...] = (alert(after, step.around, "unmerged", Severity.S3),)
    return PetitionChange(before=step.petition, after=after, event=_event(step, step.petition, after), alerts=alerts)


def _about(petition: Petition | None, around: Around | None = None) -> dict[str, Any]:
    if petition is None:
        return {}
    return {
        "code": petition.code,
        "state": petition.state,
        "reopen_until": petition.reopen_until,
        "question_due": petition.question_due,
        "answer_due": petition.answer_due,
        "case": around.case.code if around and around.case else petition.case,
    }

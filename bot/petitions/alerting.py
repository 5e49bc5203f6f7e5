"""Which officers are to know of a step."""

from collections.abc import Callable
from typing import Any

from bot.petitions.around import Around, Step
from bot.petitions.categories import category_of
from bot.petitions.record import Petition, Severity, TaskAlert
from bot.petitions.redaction import gist

Alerts = Callable[[Step[Any], Petition], tuple[TaskAlert, ...]]
"""From the step and the petition after it."""

MANY_PEOPLE = 5
"""Different people who report the same case within a week."""
WEEK = 7


def alert(
    petition: Petition, around: Around, condition: str, severity: Severity, *, source: str = "pa", to_lead: bool = False
) -> TaskAlert:
    """To the officer of a petition, to the lead of its agency, or to everybody there; "" is the reception office."""
    category = category_of(around.categories, petition.category)
    return TaskAlert(
        severity=severity,
        source=source,
        subject=petition.code,
        condition=condition,
        agency=around.handler_of(petition),
        officer=None if to_lead else petition.officer,
        to_lead=to_lead,
        values={
            "code": petition.code,
            "due_on": petition.answer_due.isoformat(),
            "category": category.name,
            "category_en": category.name_en,
            "text": gist(petition.text),
        },
    )


def nobody(step: Step[Any], after: Petition) -> tuple[TaskAlert, ...]:  # noqa: ARG001 - the shape of a row
    """The step says it all."""
    return ()


def new_one(step: Step[Any], after: Petition) -> tuple[TaskAlert, ...]:
    """Whoever sorts it, or handles it when a rule assigned it; at once when it is an emergency."""
    severity = Severity.S1 if after.is_emergency else Severity.S3
    return (alert(after, step.around, "assigned" if after.agency else "new", severity),)


def given(step: Step[Any], after: Petition) -> tuple[TaskAlert, ...]:
    """The agency that has to accept it; at once when it is an emergency."""
    return (alert(after, step.around, "assigned", Severity.S1 if after.is_emergency else Severity.S3),)


def came_back(step: Step[Any], after: Petition) -> tuple[TaskAlert, ...]:
    """The reception office; after the second time its head decides."""
    is_second = after.returns > 1
    severity = Severity.S2 if is_second else Severity.S3
    return (alert(after, step.around, "returned", severity, to_lead=is_second),)


def citizen_wrote(step: Step[Any], after: Petition) -> tuple[TaskAlert, ...]:
    """What people add always reaches somebody."""
    return (alert(after, step.around, "reply", Severity.S3, source="pa_reply"),)


def citizen_left(step: Step[Any], after: Petition) -> tuple[TaskAlert, ...]:
    """Whoever was working on it."""
    return (alert(after, step.around, "withdrawn", Severity.S3, source="pa_reply"),) if after.agency else ()


def proposal(step: Step[Any], after: Petition) -> tuple[TaskAlert, ...]:
    """The lead, who approves."""
    return (alert(after, step.around, "approval", Severity.S3, to_lead=True),)


def proposal_back(step: Step[Any], after: Petition) -> tuple[TaskAlert, ...]:
    """The officer who proposed it."""
    return (alert(after, step.around, "proposal_returned", Severity.S3),)


def again(step: Step[Any], after: Petition) -> tuple[TaskAlert, ...]:
    """The officer, and the lead as well."""
    return (
        alert(after, step.around, "reopened", Severity.S2),
        alert(after, step.around, "reopened", Severity.S2, to_lead=True),
    )


def other_reviewer(step: Step[Any], after: Petition) -> tuple[TaskAlert, ...]:
    """The reception office: another one than before looks."""
    return (alert(after, step.around, "disagreed", Severity.S3, source="pa_reply"),)


def confirmation(step: Step[Any], after: Petition) -> tuple[TaskAlert, ...]:
    """A second person of the reception office."""
    return (alert(after, step.around, "spam", Severity.S3),)


def many_people(step: Step[Any], after: Petition) -> tuple[TaskAlert, ...]:  # noqa: ARG001 - the shape of a row
    """The lead, when five people reported the same matter within a week."""
    case = step.around.case
    if case is None:
        return ()
    reports = (case, step.petition, *step.around.case_members)
    lately = {report.person for report in reports if (step.around.now - report.sent_at).days < WEEK and report.person}
    if len(lately) < MANY_PEOPLE:
        return ()
    return (alert(case, step.around, "many_people", Severity.S2, to_lead=True),)

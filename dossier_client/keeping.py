"""What is kept of a dossier for later answers: what anyone with the code may see, and keyed hashes of its phones."""

import secrets
from datetime import datetime

import orjson

from dossier_client.models import CurrentStep, Delivery, Dossier, Found, Procedure, Status, Unit
from dossier_client.phones import PhoneMarks, mark

KEY_OCTETS = 32


class Keeper:
    """Packs and unpacks; the key of its hashes lives and dies with the process."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(KEY_OCTETS)

    def pack(self, found: Found) -> bytes:
        """A dossier just read, without what only its person may be told."""
        dossier = found.dossier
        procedure, holding, delivery, step = dossier.procedure, dossier.holding_unit, dossier.delivery, dossier.step
        packed = orjson.dumps(
            (
                (found.upstream, found.fetched_at, has_details(dossier)),
                (dossier.code, dossier.status, dossier.status_text, dossier.reference),
                None if procedure.sensitive else (procedure.id, procedure.name),
                _texts_of(dossier.unit),
                holding and _texts_of(holding),
                delivery and (delivery.method, delivery.place),
                step and (step.name, step.order, step.total),
                self._marks(dossier),
                (dossier.received_at, dossier.due_at, dossier.extended_due_at),
                (dossier.finished_at, dossier.returned_at, dossier.updated_at),
            )
        )
        # orjson hands out a buffer of kilobytes however short the text is: only a copy takes no more than its length
        return bytes(memoryview(packed))

    def unpack(self, packed: bytes) -> tuple[Found, bool]:
        """The dossier, and whether its source would tell more of it."""
        about, texts, procedure, unit, holding, delivery, step, marks, begun, ended = orjson.loads(packed)
        upstream, fetched_at, detailed = about
        code, status, status_text, reference = texts
        received_at, due_at, extended_due_at = map(_time, begun)
        finished_at, returned_at, updated_at = map(_time, ended)
        dossier = Dossier(
            code=code,
            status=status and Status(status),
            status_text=status_text,
            reference=reference,
            procedure=Procedure(id=procedure[0], name=procedure[1]) if procedure else Procedure(sensitive=True),
            unit=_unit(*unit),
            holding_unit=holding and _unit(*holding),
            delivery=delivery and Delivery(method=delivery[0], place=delivery[1]),
            contact_phones=PhoneMarks(self._key, frozenset(marks)) if marks else frozenset(),
            received_at=received_at,
            due_at=due_at,
            extended_due_at=extended_due_at,
            finished_at=finished_at,
            returned_at=returned_at,
            step=step and CurrentStep(name=step[0], order=step[1], total=step[2]),
            updated_at=updated_at,
        )
        return Found(dossier, datetime.fromisoformat(fetched_at), upstream), detailed

    def _marks(self, dossier: Dossier) -> tuple[str, ...]:
        phones = dossier.contact_phones
        return () if isinstance(phones, PhoneMarks) else tuple(mark(self._key, phone) for phone in phones)


def has_details(dossier: Dossier) -> bool:
    """Whether its person may be told more than is kept."""
    owed = dossier.fee is not None and not dossier.fee.paid
    return owed or bool(dossier.reason or dossier.missing_papers or dossier.apology) or dossier.procedure.sensitive


def _texts_of(unit: Unit) -> tuple[str, str, str | None, str | None]:
    return unit.code, unit.name, unit.short_name, unit.phone


def _unit(code: str, name: str, short_name: str | None, phone: str | None) -> Unit:
    return Unit(code=code, name=name, short_name=short_name, phone=phone)


def _time(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None

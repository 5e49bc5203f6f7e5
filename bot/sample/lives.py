"""How the petitions of the sample come to the state in which they stand at the end of the year."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.model import Destination
from bot.officers import Officer, OfficerRole
from bot.petitions import commands
from bot.petitions.record import OPEN, Actor, ActorKind, Confidentiality, Draft, Petition, PetitionState
from bot.petitions.rejections import REASONS
from bot.sample import texts
from bot.sample.walk import WORKING, Walk
from bot.sample.world import OTHER_BODIES, RECEPTION, Ward, actor, agencies, owner, staff
from bot.understanding.petition.categories import categories

S = PetitionState


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Who writes what."""

    code: str
    person: bytes
    told_at: Destination
    category: str
    ward: Ward
    written: texts.Written
    confidentiality: Confidentiality
    is_late: bool = False
    """Its answer comes after the promise, or not at all."""


class Life:
    """The steps that petitions take, with the chances that make each another."""

    def __init__(self, walk: Walk, begun: Beginning) -> None:
        self.walk = walk
        self.begun = begun
        self.agency = owner(categories()[begun.category].owners, begun.written.text, begun.ward)
        first, *others = staff(self.agency, OfficerRole.OFFICER)
        self.officer = walk.random.choice((first, first, *others))
        self.lead = staff(self.agency, OfficerRole.LEAD)[0]
        self.reception = walk.random.choice(staff(RECEPTION, OfficerRole.RECEPTION))

    def chance(self, share: float) -> bool:
        """True so often."""
        return self.walk.random.random() < share

    def submit(self, text: str = "") -> Petition:
        """It is sent; some by a rule straight to the ward, some written down at the counter."""
        begun, at = self.begun, self.walk.at
        draft = Draft(
            texts=(text or begun.written.text,),
            place=begun.written.place,
            confidentiality=begun.confidentiality,
            told_at=(begun.told_at,),
            opened_at=at - timedelta(minutes=4),
            changed_at=at,
        )
        on_behalf = self.chance(0.04)
        by = self._desk(self.reception) if on_behalf else self.citizen
        return self.walk.do(
            commands.Submit(
                draft=draft, code=begun.code, person=begun.person, category=begun.category, on_behalf=on_behalf
            ),
            by,
        )

    @property
    def citizen(self) -> Actor:
        """Whoever sent it."""
        return Actor(kind=ActorKind.CITIZEN, channel=self.begun.told_at.address.channel)

    def assign(self) -> None:
        """The reception office sorts it; now and then to the wrong agency, which gives it back."""
        self.walk.after_hours(0.2, 5)
        if self.chance(0.04) and self.agency != RECEPTION:
            wrong = self.walk.random.choice([code for code in agencies() if code not in {self.agency, RECEPTION}])
            self.walk.do(commands.Assign(agency=wrong), self._desk(self.reception))
            self.walk.after_hours(0.3, 3)
            reason = self.walk.random.choice(texts.REASONS)
            back = staff(wrong, OfficerRole.OFFICER)[0]
            self.walk.do(commands.ReturnToReception(reason=reason), self._desk(back))
            self.walk.after_hours(0.3, 3)
        self.walk.do(commands.Assign(agency=self.agency), self._desk(self.reception))

    def accept(self) -> None:
        """An officer takes it."""
        self.assign()
        self.walk.after_hours(0.2, 3.8)
        self.walk.do(commands.Accept(), self._desk(self.officer))
        if self.chance(0.15):
            self.walk.after_hours(0.1, 1)
            self.walk.do(commands.AddNote(text=self.walk.random.choice(texts.NOTES)), self._desk(self.officer))

    def ask(self) -> None:
        """The citizen is asked, and the clock stands still."""
        self.accept()
        self.walk.after_hours(0.2, 3)
        question = self.begun.written.matter.question or "Ông/Bà cho biết rõ hơn vị trí?"
        self.walk.do(commands.AskCitizen(question=question), self._desk(self.officer))

    def work(self) -> None:
        """Up to the moment before the answer."""
        if self.begun.written.matter.question and self.chance(0.3):
            self.ask()
            self.walk.after_days(0.1, 1.5)
            self.walk.do(commands.AddInformation(text=self.walk.random.choice(texts.ADDITIONS)), self.citizen)
        else:
            self.accept()
        due = self.walk.petition.answer_due
        if self.begun.is_late:
            self.walk.until(WORKING.add_working_hours(due, self.walk.random.uniform(1, 30)))
            return
        if self.chance(0.05):
            until = WORKING.add_working_days(due, 2)
            reason = self.walk.random.choice(texts.EXTENSIONS)
            self.walk.do(commands.Extend(until=until, reason=reason), self._desk(self.lead))
        left = WORKING.working_time_between(self.walk.at, due)
        self.walk.until(WORKING.add_working_time(self.walk.at, left * self.walk.random.uniform(0.15, 0.92)))

    def propose(self) -> None:
        """Where two have to sign, the officer proposes."""
        self.work()
        matter = self.begun.written
        proposal = commands.ProposeAnswer(text=matter.answer, summary=matter.matter.summary)
        self.walk.do(proposal, self._desk(self.officer))
        if self.chance(0.15):
            self.walk.after_hours(0.2, 1)
            comment = self.walk.random.choice(texts.COMMENTS)
            self.walk.do(commands.ReturnProposal(comment=comment), self._desk(self.lead))
            self.walk.after_hours(0.2, 1)
            self.walk.do(proposal, self._desk(self.officer))

    def answer(self) -> None:
        """It is answered, and perhaps released."""
        if agencies()[self.agency].two_step_approval:
            self.propose()
            self.walk.after_hours(0.1, 1)
        else:
            self.work()
        self.send()
        if self.begun.confidentiality is Confidentiality.PUBLIC and self.chance(0.75):
            self.walk.after_hours(0.1, 2)
            self.walk.release(self._desk(self.reception))

    def send(self) -> None:
        """The answer goes out: by the lead where two have to sign."""
        by = self.lead if agencies()[self.agency].two_step_approval else self.officer
        matter = self.begun.written
        self.walk.do(commands.SendAnswer(text=matter.answer, summary=matter.matter.summary), self._desk(by))

    def close(self) -> None:
        """Rated well, settled, reopened and answered again, or just nothing more was said."""
        self.answer()
        draw = self.walk.random.random()
        if draw < 0.08:  # noqa: PLR2004 - shares of what people do
            self.reopen()
        elif draw < 0.55:  # noqa: PLR2004
            self.walk.after_days(0.05, 3)
            score = self.walk.random.choices((3, 4, 5), (2, 5, 6))[0]
            self.walk.do(commands.Rated(score=score), self.citizen)
        elif draw < 0.62:  # noqa: PLR2004
            self.walk.after_days(0.05, 3)
            self.walk.do(commands.Rated(score=self.walk.random.choice((1, 2))), self.citizen)
        elif draw < 0.72:  # noqa: PLR2004
            self.walk.after_days(0.05, 3)
            self.walk.do(commands.Close(because="answered"), self.citizen)

    def reopen(self) -> None:
        """Not settled: answered once more."""
        self.walk.after_days(0.1, 2)
        if self.chance(0.5):
            self.walk.do(commands.Rated(score=self.walk.random.choice((1, 2)), settled=False), self.citizen)
        else:
            self.walk.do(commands.Reopen(reason=self.walk.random.choice(texts.AGAIN)), self.citizen)
        self.walk.after_hours(2, 12)
        if agencies()[self.agency].two_step_approval:
            matter = self.begun.written
            proposal = commands.ProposeAnswer(text=matter.answer, summary=matter.matter.summary)
            self.walk.do(proposal, self._desk(self.officer))
            self.walk.after_hours(0.2, 2)
        self.send()

    def reject(self) -> None:
        """The head of the reception office does not accept it."""
        self.walk.after_hours(0.5, 6)
        reason = self.walk.random.choice(tuple(REASONS))
        self.walk.do(commands.Reject(reason=reason), actor(staff(RECEPTION, OfficerRole.LEAD)[0]))

    def forward(self) -> None:
        """To a body outside the province."""
        self.walk.after_hours(0.5, 7)
        number = f"{self.walk.random.randint(100, 9999)}/PC" if self.chance(0.7) else ""
        body = self.walk.random.choice(OTHER_BODIES)
        self.walk.do(commands.Forward(body=body, number=number), self._desk(self.reception))

    def withdraw(self) -> None:
        """Its sender does not want it any more."""
        if self.chance(0.5):
            self.accept()
        self.walk.after_days(0.02, 0.6)
        self.walk.do(commands.Withdraw(), self.citizen)

    def spam(self) -> None:
        """Two of the reception office agree that it is none."""
        first, second, *_ = staff(RECEPTION, OfficerRole.RECEPTION)
        self.walk.after_hours(0.2, 3)
        self.walk.do(commands.MarkSpam(), self._desk(first))
        self.walk.after_hours(0.2, 3)
        self.walk.do(commands.MarkSpam(), self._desk(second))

    def handle(self) -> None:
        """Being worked on; some of them reopened, some released already."""
        self.accept()
        if self.begun.confidentiality is Confidentiality.PUBLIC and self.chance(0.4):
            self.walk.after_hours(0.1, 2)
            self.walk.release(self._desk(self.reception))

    def wait(self) -> None:
        """Nobody did anything yet."""

    def _desk(self, officer: Officer) -> Actor:
        return actor(officer)


LIVES: Mapping[PetitionState, Callable[[Life], None]] = {
    S.RECEIVED: Life.wait,
    S.ASSIGNED: Life.assign,
    S.IN_PROGRESS: Life.handle,
    S.NEED_INFO: Life.ask,
    S.PENDING_APPROVAL: Life.propose,
    S.ANSWERED: Life.answer,
    S.CLOSED: Life.close,
    S.REJECTED: Life.reject,
    S.FORWARDED: Life.forward,
    S.WITHDRAWN: Life.withdraw,
    S.SPAM: Life.spam,
}


def merge(parent: Life, child: Life) -> None:
    """The child tells of the same matter as the parent, which is still open, and follows it from now on."""
    case = parent.walk.petition
    assert case.state in OPEN  # noqa: S101 - the year chooses such parents
    child.walk.after_hours(0.3, 2)
    child.walk.do(commands.Merge(case=case.code), actor(child.reception), case=case)

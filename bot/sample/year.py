"""A year of 544 petitions, of which 367 are processed: the figures of Bắc Ninh's service in 2018."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta
from random import Random

from bot.clock import VIETNAM
from bot.model import Address, ChannelName, Destination
from bot.petitions import commands
from bot.petitions.record import Confidentiality, PetitionState
from bot.sample import texts
from bot.sample.lives import LIVES, Beginning, Life, merge
from bot.sample.walk import WORKING, BadLife, OutOfTime, Walk
from bot.sample.world import WARDS, actor

S = PetitionState
STANDS: Mapping[PetitionState, int] = {
    S.RECEIVED: 24,
    S.ASSIGNED: 26,
    S.IN_PROGRESS: 66,
    S.NEED_INFO: 17,
    S.PENDING_APPROVAL: 16,
    S.MERGED: 28,
    S.ANSWERED: 38,
    S.CLOSED: 268,
    S.REJECTED: 19,
    S.FORWARDED: 17,
    S.WITHDRAWN: 14,
    S.SPAM: 11,
}
"""How many stand in which state at the end."""
AGES: Mapping[PetitionState, tuple[float, float]] = {
    S.RECEIVED: (0.05, 1.3),
    S.ASSIGNED: (0.6, 2.0),
    S.IN_PROGRESS: (1.2, 5.0),
    S.NEED_INFO: (1.5, 4.0),
    S.PENDING_APPROVAL: (2.0, 9.0),
    S.ANSWERED: (2.0, 11.0),
}
"""Working days since it was sent; the others are spread over the year."""
OLDEST, ENDED_SINCE = 250, 9
"""Working days since the first petition of the year; and since the last one that has ended."""
LATE_SHARE = {S.CLOSED: 0.08, S.ANSWERED: 0.1, S.IN_PROGRESS: 0.2}
WEIGHTS = {
    "MT": 18,
    "GT": 15,
    "DN": 14,
    "DT": 11,
    "HC": 8,
    "DVC": 6,
    "AN": 6,
    "DD": 6,
    "GD": 4,
    "YT": 4,
    "CS": 3,
    "VH": 3,
    "NN": 2,
    "QD": 2,
    "KH": 2,
}
WARD_WEIGHTS = (9, 3, *[1] * (len(WARDS) - 2))
"""The first ward writes most: its officers are the ones that the demo names."""
TWO_STEPS = {"GD": 3, "YT": 3, "CS": 3, "DVC": 3, "QD": 1}
"""Fields whose agencies answer only after approval."""
CHANNELS = {ChannelName.SMS: 45, ChannelName.ZALO: 35, ChannelName.TELEGRAM: 12, ChannelName.WEBCHAT: 8}
CHOICES = {Confidentiality.PUBLIC: 55, Confidentiality.NOT_PUBLIC: 33, Confidentiality.NAME_HIDDEN: 12}
OF_ONE_CASE = (6, 4, 3, 3, 3, 3, 2, 2, 2)
"""How many were merged into each of these cases that are still open."""
ENDED_CASES = (3, 2, 2)
TRIES = 200
PEOPLE = 400

PersonOf = Callable[[Address], bytes]


class Year:
    """The petitions of the year that ends at *end*, always the same for the same end and seed."""

    def __init__(self, end: datetime, person_of: PersonOf, seed: int = 544) -> None:
        self._end = end
        self._person_of = person_of
        self._random = Random(seed)  # noqa: S311 - invented lives, no secrets
        self._number = 0

    def lives(self) -> list[Life]:
        """Every petition, in no order."""
        found: list[Life] = []
        for state, count in STANDS.items():
            if state is S.CLOSED:
                cases = [self._ended_case(members) for members in ENDED_CASES]
                found += [life for case in cases for life in case]
                count -= sum(map(len, cases))  # noqa: PLW2901 - the cases count among them
            if state is not S.MERGED:
                found += [self._life(state) for _ in range(count)]
        parents = [life for life in found if life.walk.petition.state is S.IN_PROGRESS and not life.begun.is_late]
        for parent, members in zip(parents, OF_ONE_CASE, strict=False):
            found += [self._member(parent) for _ in range(members)]
        return found

    def _life(self, state: PetitionState) -> Life:
        """One that stands in *state* at the end: beginnings that lead elsewhere are dropped."""
        for _ in range(TRIES):
            is_late = self._random.random() < LATE_SHARE.get(state, 0)
            life = self._begun(self._sent_at(state, is_late=is_late), state, is_late=is_late)
            try:
                LIVES[state](life)
            except OutOfTime:
                continue
            life.walk.finish()
            if life.walk.petition.state is state:
                return life
        raise BadLife(f"no life ends {state}")

    def _begun(
        self, sent_at: datetime, state: PetitionState, *, is_late: bool = False, like: Life | None = None
    ) -> Life:
        draw = self._random
        weights = TWO_STEPS if state is S.PENDING_APPROVAL else WEIGHTS
        category = like.begun.category if like else draw.choices(tuple(weights), tuple(weights.values()))[0]
        ward = like.begun.ward if like else draw.choices(WARDS, WARD_WEIGHTS)[0]
        told_at = self._somebody()
        self._number += 1
        begun = Beginning(
            code=f"#{self._number}",
            person=self._person_of(told_at.address),
            told_at=told_at,
            category=category,
            ward=ward,
            written=texts.write(category, ward, draw, like=like.begun.written if like else None),
            confidentiality=draw.choices(tuple(CHOICES), tuple(CHOICES.values()))[0],
            is_late=is_late,
        )
        life = Life(Walk(sent_at, self._end, draw), begun)
        if like:
            life.agency = like.agency
        life.submit(draw.choice(texts.SPAM) if state is S.SPAM else "")
        return life

    def _sent_at(self, state: PetitionState, *, is_late: bool) -> datetime:
        least, most = AGES.get(state, (ENDED_SINCE, OLDEST))
        if is_late and state in AGES:
            least, most = least + 6, most + 9
        back = WORKING.take_working_time(self._end, timedelta(hours=7.5 * self._random.uniform(least, most)))
        if self._random.random() < 0.3:  # noqa: PLR2004 - a share writes in the evening
            evening = time(self._random.randint(17, 22), self._random.randint(0, 59))
            back = min(
                datetime.combine(back.astimezone(VIETNAM).date(), evening, VIETNAM), self._end - timedelta(minutes=9)
            )
        return back

    def _somebody(self) -> Destination:
        channel = self._random.choices(tuple(CHANNELS), tuple(CHANNELS.values()))[0]
        number = self._random.randrange(PEOPLE)
        match channel:
            case ChannelName.SMS:
                return Destination(Address(channel, f"84912345{number:03}"), "8283", "")
            case ChannelName.WEBCHAT:
                return Destination(Address(channel, f"sample{number}"), "", channel.value)
            case _:
                return Destination(Address(channel, f"{700_000_000 + number}"), "", channel.value)

    def _member(self, parent: Life) -> Life:
        """Somebody else who tells of the same matter while it is handled."""
        for _ in range(TRIES):
            sent_at = (
                parent.walk.changes[1].event.at + (self._end - parent.walk.changes[1].event.at) * self._random.random()
            )
            child = self._begun(sent_at, S.MERGED, like=parent)
            try:
                merge(parent, child)
            except OutOfTime:
                continue
            return child
        raise BadLife("nobody tells of the same matter in time")

    def _ended_case(self, members: int) -> list[Life]:
        """A matter that several people told of, answered to all of them at once."""
        for _ in range(TRIES):
            parent = self._begun(self._sent_at(S.CLOSED, is_late=False), S.CLOSED)
            try:
                parent.accept()
                children = [self._begun(parent.walk.at, S.CLOSED, like=parent) for _ in range(members)]
                for child in children:
                    merge(parent, child)
                parent.walk.until(max(child.walk.at for child in children) + timedelta(hours=1))
                self._answer_all(parent, children)
            except (OutOfTime, BadLife):
                continue
            if all(life.walk.petition.state is S.CLOSED for life in (parent, *children)):
                return [parent, *children]
        raise BadLife("no case ends")

    def _answer_all(self, parent: Life, children: Sequence[Life]) -> None:
        merged = tuple(child.walk.petition for child in children)
        matter = parent.begun.written
        command = commands.SendAnswer(text=matter.answer, summary=matter.matter.summary)
        parent.walk.do(command, actor(parent.lead), children=merged)
        for child, change in zip(children, parent.walk.changes[-1].also, strict=True):
            child.walk.take_with_case(change)
        for life in (parent, *children):
            life.walk.finish()

"""What officers do to petitions from a chat: every step is seen as citizens will before it is taken, by the rules of the desk."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.model import Button, ChannelName, Content
from bot.officer_chat_steps import ASKS_AGAIN, Heard, Talk, agency_name, clock, command_of, named, summary_of
from bot.officer_chat_words import (
    OpenStep,
    Order,
    Said,
    Stage,
    derived_summary,
    looks_up_dossier,
    order_of,
)
from bot.officers import OfficerRole
from bot.petition_data import PetitionData
from bot.petition_work import Done, PetitionWork, Preview, Stale
from bot.petitions.around import Around, Refused
from bot.petitions.commands import Accept, Command
from bot.petitions.guards import LONGEST_SUMMARY
from bot.petitions.history import event_name
from bot.petitions.record import OPEN, Petition, PetitionState
from bot.petitions.redaction import gist
from bot.store.port_petitions import PetitionBook, PetitionFilter, Tab
from bot.web.desk.petitions.seeing import may_see, sees_all
from bot.web.desk.petitions.steps import LONGEST, offered
from bot.web.desk.petitions.views import category_name, visible
from bot.web.desk.words import Words

MOST_LISTED, MOST_BUTTONS, MOST_CANNED, MOST_NAMED = 10, 5, 4, 5
CHANNELS = {
    ChannelName.SMS: "SMS",
    ChannelName.ZALO: "Zalo",
    ChannelName.TELEGRAM: "Telegram",
    ChannelName.WEBCHAT: "web",
}
ANSWERS = frozenset({"answer", "propose", "approve"})
BUTTONS: Mapping[str, str] = {
    "accept": "nhan",
    "answer": "traloi",
    "propose": "traloi",
    "approve": "duyet",
    "send-back": "tralai",
    "ask": "hoi",
    "transfer": "chuyen",
}
"""Step at the desk → the order that a button says."""


class OfficerDesk:
    """The desk in a chat."""

    def __init__(self, *, book: PetitionBook, work: PetitionWork, data: PetitionData) -> None:
        self._book = book
        self._work = work
        self._data = data
        self._words = Words()
        self._orders: Mapping[Order, Callable[[Said, Talk], Awaitable[Heard | None]]] = {
            Order.LIST: self._list,
            Order.SHOW: self._show,
            Order.TAKE: self._take,
            Order.ANSWER: self._answer,
            Order.ASK: lambda said, talk: self._begin("ask", said, talk),
            Order.TRANSFER: lambda said, talk: self._begin("transfer", said, talk),
            Order.APPROVE: self._approve,
            Order.SEND_BACK: lambda said, talk: self._begin("send-back", said, talk),
            Order.SUMMARY: self._summary,
            Order.CANNED: self._canned,
            Order.SEND: self._send,
            Order.DROP: self._drop,
        }

    async def heard(self, said: str, talk: Talk) -> Heard | None:
        """What to say; None when the officer speaks as a citizen."""
        order = order_of(said)
        if order is not None:
            return await self._orders[order.order](order, talk)
        if looks_up_dossier(said):
            return None
        if talk.open is not None:
            return await self._written(talk.open, said[:LONGEST], talk)
        if talk.expired is not None:
            return Heard(name="expired", contents=(self._content(talk, "chat.expired", code=talk.expired.code),))
        return None

    # --- looking

    async def _list(self, _said: Said, talk: Talk) -> Heard:
        tabs = [Tab.MINE, Tab.APPROVAL, Tab.NEW if talk.officer.at_reception else Tab.AGENCY]
        agency = "" if sees_all(talk.officer) else talk.officer.agency
        found: dict[str, Petition] = {}
        for tab in tabs:
            page = await self._book.list_petitions(
                PetitionFilter(tab=tab, agency=agency, viewer=talk.officer.id), talk.now
            )
            found |= {petition.code: petition for petition in page.petitions}
        urgent = sorted(found.values(), key=lambda one: one.answer_due)[:MOST_LISTED]
        if not urgent:
            return Heard(name="list", contents=(self._content(talk, "chat.nothing"),), ends=False)
        lines = [self._line(petition, talk) for petition in urgent]
        text = "\n".join([*lines, self._tell(talk, "chat.list", count=len(urgent))])
        buttons = tuple(self._shows(petition.code, talk) for petition in urgent[:MOST_BUTTONS])
        return Heard(name="list", contents=(Content(text, buttons),), open=talk.open, ends=False)

    def _line(self, petition: Petition, talk: Talk) -> str:
        late = petition.answer_due < talk.now and petition.state is not PetitionState.NEED_INFO
        due = self._tell(talk, "chat.late") if late else clock(petition.answer_due)
        state = self._state(petition, talk)
        return self._tell(talk, "chat.line", code=petition.code, state=state, due=due, gist=gist(petition.text))

    async def _show(self, said: Said, talk: Talk) -> Heard | None:
        """One that the officer may not see may be his or her own as a citizen."""
        petition, around = await self._seen(said.code, talk)
        if petition is None:
            return None
        text = self._tell(
            talk,
            "chat.shown",
            code=petition.code,
            state=self._state(petition, talk),
            category=category_name(petition.category, around, talk.language),
            place=visible(", ".join(part for part in (petition.place.text, petition.place.ward) if part)) or "–",
            due=clock(petition.answer_due),
            text=visible(petition.text),
        )
        buttons = self._steps(petition, around, talk)
        return Heard(name="show", contents=(Content(text, buttons),), open=talk.open, ends=False)

    def _steps(self, petition: Petition, around: Around, talk: Talk) -> tuple[Button, ...]:
        steps = [step for step in offered(petition, talk.actor, around) if step in BUTTONS]
        return tuple(
            Button(self._tell(talk, f"chat.button_{step}"), f"{BUTTONS[step]}:{petition.code}")
            for step in steps[:MOST_BUTTONS]
        )

    async def _seen(self, code: str, talk: Talk) -> tuple[Petition | None, Around]:
        petition = await self._book.petition(code)
        around = await self._data.around(talk.now) if petition is None else await self._work.around(petition)
        is_seen = petition is not None and may_see(talk.officer, petition, around)
        return petition if is_seen else None, around

    # --- beginning

    async def _take(self, said: Said, talk: Talk) -> Heard:
        petition, _ = await self._seen(said.code, talk)
        if petition is None:
            return self._unknown(said, talk)
        step = OpenStep(step="accept", code=petition.code, version=petition.version)
        return await self._do(step, Accept(), talk)

    async def _answer(self, said: Said, talk: Talk) -> Heard:
        """Sent at once, or proposed where the lead has to approve."""
        petition, around = await self._seen(said.code, talk)
        if petition is None:
            return self._unknown(said, talk)
        steps = offered(petition, talk.actor, around)
        word = next((step for step in ("answer", "propose", "approve") if step in steps), "answer")
        return await self._begin(word, said, talk)

    async def _approve(self, said: Said, talk: Talk) -> Heard:
        """What waits, as it stands."""
        petition, _ = await self._seen(said.code, talk)
        if petition is None:
            return self._unknown(said, talk)
        if petition.state is not PetitionState.PENDING_APPROVAL:
            return Heard(name="refused", contents=(self._content(talk, "refused.wrong_state"),))
        step = OpenStep(step="approve", code=petition.code, version=petition.version)
        return await self._preview(replace(step, text=petition.answer, summary=petition.summary), talk)

    async def _begin(self, word: str, said: Said, talk: Talk) -> Heard:
        petition, around = await self._seen(said.code, talk)
        if petition is None:
            return self._unknown(said, talk)
        step = OpenStep(step=word, code=petition.code, version=petition.version)
        if word not in offered(petition, talk.actor, around):
            refused = await self._work.preview(petition.code, command_of(step), talk.actor)
            reason = refused.reason if isinstance(refused, Refused) else "wrong_state"
            known = reason if reason not in ASKS_AGAIN else "wrong_state"
            told = replace(self._content(talk, f"refused.{known}"), buttons=self._steps(petition, around, talk))
            return Heard(name="refused", contents=(told,))
        if said.text:
            return await self._written(step, said.text[:LONGEST], talk)
        return await self._asks(step, petition, talk)

    async def _asks(self, step: OpenStep, petition: Petition, talk: Talk) -> Heard:
        word = "answer" if step.step in ANSWERS else step.step
        buttons = [
            Button(canned.title[:28], f"mau:{place}")
            for place, canned in enumerate(await self._canned_for(petition), start=1)
            if word == "answer"
        ]
        text = self._tell(talk, f"chat.asks_{word}", code=step.code)
        return Heard(name=f"begin_{word}", contents=(Content(text, (*buttons, self._drops(talk))),), open=step)

    async def _canned_for(self, petition: Petition) -> list[Any]:
        canned = (await self._data.master_data()).canned_answers
        fits = [
            one for one in canned if one.category in {"", petition.category} and one.agency in {"", petition.agency}
        ]
        return sorted(fits, key=lambda one: not one.category)[:MOST_CANNED]

    # --- what is written into an open step

    async def _written(self, step: OpenStep, text: str, talk: Talk) -> Heard:
        if step.stage is Stage.SUMMARY:
            return await self._preview(replace(step, summary=summary_of(text)), talk)
        if step.stage is Stage.REASON:
            return await self._preview(replace(step, despite=text), talk)
        if step.step == "transfer":
            return await self._to_agency(step, text, talk)
        summary = derived_summary(text) if step.step in ANSWERS else ""
        return await self._preview(replace(step, text=text, summary=summary, despite=""), talk)

    async def _to_agency(self, step: OpenStep, text: str, talk: Talk) -> Heard:
        agencies = [one for one in (await self._data.master_data()).agencies if one.is_open]
        found = named(text, agencies)
        if len(found) == 1:
            return await self._preview(replace(step, text=found[0].code), talk)
        names = "; ".join(one.name for one in found[:MOST_NAMED])
        asked = self._content(talk, "chat.agency_unclear" if found else "chat.agency_none", names=names)
        return Heard(name="agency", contents=(asked,), open=replace(step, stage=Stage.TEXT))

    async def _summary(self, said: Said, talk: Talk) -> Heard | None:
        if talk.open is None or talk.open.step not in ANSWERS:
            return None
        return await self._preview(replace(talk.open, summary=summary_of(said.text)), talk)

    async def _canned(self, said: Said, talk: Talk) -> Heard | None:
        petition = None if talk.open is None else await self._book.petition(talk.open.code)
        if talk.open is None or petition is None or talk.open.step not in ANSWERS or not said.text.isdecimal():
            return None
        chosen = dict(enumerate(await self._canned_for(petition), start=1)).get(int(said.text[:3]))
        if chosen is None:
            return await self._asks(talk.open, petition, talk)
        summary = chosen.summary or derived_summary(chosen.text)
        return await self._preview(replace(talk.open, text=chosen.text, summary=summary, despite=""), talk)

    async def _drop(self, _said: Said, talk: Talk) -> Heard | None:
        if talk.open is None:
            return None
        return Heard(name="drop", contents=(self._content(talk, "chat.dropped"),))

    # --- seeing it as citizens will, and taking it

    async def _preview(self, step: OpenStep, talk: Talk, *before: Content) -> Heard:
        around = await self._data.around(talk.now)
        actor = talk.actor
        if step.step == "propose":
            actor = replace(actor, role=OfficerRole.LEAD)
        shown = await self._work.preview(step.code, command_of(step, as_sent=True), actor)
        if isinstance(shown, Refused):
            return self._refused(step, shown, talk, *before)
        contents = (*before, *self._lines(shown, talk), self._ready(step, around, talk))
        return Heard(name="preview", contents=contents, open=replace(step, stage=Stage.READY))

    def _lines(self, shown: Preview, talk: Talk) -> tuple[Content, ...]:
        """One of each channel and text: many accounts read the same."""
        texts = {(line.to.address.channel, line.content.text): None for line in shown.lines}
        lines = [
            self._content(
                talk, "chat.preview", channel=CHANNELS.get(channel, channel.value), length=len(text), text=text
            )
            for channel, text in texts
        ]
        return tuple(lines) or (self._content(talk, "chat.no_preview"),)

    def _ready(self, step: OpenStep, around: Around, talk: Talk) -> Content:
        text = self._tell(
            talk, f"chat.ready_{step.step}", code=step.code, text=step.text, agency=agency_name(step.text, around)
        )
        send = Button(self._tell(talk, "chat.button_send"), "gui")
        back = Button(self._tell(talk, "chat.button_send-back"), f"tralai:{step.code}")
        more = (back,) if step.step == "approve" else ()
        return Content(text, (send, *more, self._drops(talk)))

    def _refused(self, step: OpenStep, refused: Refused, talk: Talk, *before: Content) -> Heard:
        """What is to be written otherwise; when nothing helps, the text goes back to who wrote it."""
        stage = ASKS_AGAIN.get(refused.reason)
        if stage is None:
            lost = (self._content(talk, "chat.lost", text=step.text),) if step.text else ()
            why = self._content(talk, f"refused.{refused.reason}")
            return Heard(name="refused", contents=(*before, why, *lost))
        key = {Stage.SUMMARY: "chat.asks_summary", Stage.REASON: "chat.asks_reason"}.get(
            stage, f"refused.{refused.reason}"
        )
        asked = self._content(talk, key, code=step.code, longest=LONGEST_SUMMARY)
        asked = replace(asked, buttons=(self._drops(talk),))
        return Heard(name="again", contents=(*before, asked), open=replace(step, stage=stage))

    async def _send(self, _said: Said, talk: Talk) -> Heard | None:
        step = talk.open
        if step is None:
            return None
        if step.stage is not Stage.READY:
            return await self._preview(step, talk)
        if not talk.is_proven:
            return Heard(name="proof", contents=(), open=step, needs_proof=True)
        return await self._do(step, command_of(step), talk)

    async def _do(self, step: OpenStep, command: Command, talk: Talk) -> Heard:
        if await self._was_done(step, command, talk):
            return await self._done(step, talk)
        match await self._work.do(step.code, step.version, command, talk.actor):
            case Done():
                return await self._done(step, talk)
            case Refused() as refused:
                return self._refused(step, refused, talk)
            case Stale(newer=newer):
                return await self._stale(replace(step, version=newer.version), newer, talk)

    async def _was_done(self, step: OpenStep, command: Command, talk: Talk) -> bool:
        """Taken by this very message, before a process died over it."""
        events = await self._book.events_of(step.code)
        last = events[-1] if events else None
        return (
            last is not None
            and last.actor.officer == talk.officer.id
            and last.name == event_name(type(command))
            and last.actor.channel is talk.actor.channel
            and last.at >= talk.received_at
        )

    async def _stale(self, step: OpenStep, newer: Petition, talk: Talk) -> Heard:
        """The newer state; the text stays, and is seen again before it goes."""
        told = self._content(talk, "chat.changed", code=newer.code, state=self._state(newer, talk))
        if step.step == "accept" or newer.state not in OPEN:
            lost = (self._content(talk, "chat.lost", text=step.text),) if step.text else ()
            return Heard(name="stale", contents=(told, *lost))
        return replace(await self._preview(step, talk, told), name="stale")

    async def _done(self, step: OpenStep, talk: Talk) -> Heard:
        petition = await self._book.petition(step.code)
        around = await self._data.around(talk.now)
        due = clock(petition.answer_due) if petition else ""
        text = self._tell(
            talk, f"chat.done_{step.step}", code=step.code, due=due, agency=agency_name(step.text, around)
        )
        buttons = () if petition is None or step.step != "accept" else self._steps(petition, around, talk)
        listed = Button(self._tell(talk, "chat.button_list"), "viec")
        return Heard(name=step.step, contents=(Content(text, (*buttons[: MOST_BUTTONS - 1], listed)),))

    # --- words

    def _unknown(self, said: Said, talk: Talk) -> Heard:
        return Heard(name="unknown", contents=(self._content(talk, "chat.unknown", code=said.code),), open=talk.open)

    def _tell(self, talk: Talk, key: str, **values: Any) -> str:
        return self._words.tell(talk.language, key, **values)

    def _content(self, talk: Talk, key: str, **values: Any) -> Content:
        return Content(self._tell(talk, key, **values))

    def _state(self, petition: Petition, talk: Talk) -> str:
        return self._tell(talk, f"petition_state.{petition.state.value}")

    def _shows(self, code: str, talk: Talk) -> Button:
        return Button(self._tell(talk, "chat.button_show", code=code), f"xem:{code}")

    def _drops(self, talk: Talk) -> Button:
        return Button(self._tell(talk, "chat.button_drop"), "huy")

"""The buttons under a message: what can be asked next, and the choices of a question. Pressing one equals typing its command."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.intent import Ask, Outcome, Reply
from bot.model import Button, ButtonKind, Contact, Content, Language, Question
from bot.petition_buttons import NEEDED, petition_buttons
from bot.rating_buttons import VERB, rating_buttons, reason_labels
from bot.render_style import shortened
from bot.understanding.petition_answers import FREE_ANSWER
from bot.understanding.rating_words import is_reason_open

LABEL_LENGTH, MOST_BUTTONS = 28, 5
CHOICE_OPEN = timedelta(minutes=10)
CHOOSE_BUTTON = "choose_button"
"""The kind of question that numbered buttons ask."""
CHOSEN = "chon"
"""The verb of a choice: ``chon:<which question>:<number>``."""
_NUMBERED = re.compile(r"(?m)^([1-9])[.)] (.+)$")
_YES_NO = {Language.VIETNAMESE: ("Đúng vậy", "Không phải"), Language.ENGLISH: ("Yes", "No")}
_SKIP = {Language.VIETNAMESE: "Bỏ qua", Language.ENGLISH: "Skip"}

_LABELS = {
    "nk": ("Quá trình xử lý", "Steps so far"),
    "td": ("Theo dõi", "Follow"),
    "gt": ("Bổ sung giấy tờ", "Missing papers"),
    "dukien": ("Dự kiến xong", "When ready"),
    "hs": ("Tra cứu hồ sơ", "Look up"),
    "hsct": ("Hồ sơ của tôi", "My applications"),
    "pa": ("Gửi phản ánh", "Send feedback"),
    "xem": ("Phản ánh của tôi", "My feedback"),
    "tg": ("Trợ giúp", "Help"),
    VERB: ("Đánh giá", "Rate"),
}
"""Verb → label in Vietnamese and English. The verb is the keyword of the command."""
_OF_DOSSIER = ("nk", "td", "dukien")
_UNDER = {
    "st.5": ("nk", "td", "gt"),
    "st.5v": ("nk", "td", "gt"),
    "st.9": ("nk", VERB),
    "st.10": ("nk", VERB),
    "welcome": ("hs", "hsct", "pa", "tg"),
    "help": ("hs", "hsct", "pa", "xem"),
    "unknown": ("hs", "pa", "tg"),
    "photo.lost": ("hs",),
    "photo.nocode": ("hs",),
    "choice.gone": ("tg",),
    "rate.none": ("hs", "pa"),
}
"""Template → verbs; every other status of a dossier has those of ``_OF_DOSSIER``."""
_SHARE_PHONE = frozenset({"my.reprove", "my.unverified", "st.3", "st.5", "st.6"})
"""Doors that a proven number opens: the offer to share it stands right there."""
_SHARE_LABEL = ("Chia sẻ số điện thoại", "Share my phone number")


def buttons_of(
    outcome: Outcome, last: Reply, text: str, language: Language, built: frozenset[str]
) -> tuple[Button, ...]:
    """Those of the last text to the asker: the choices if it asks, else what may come next. Commands that are not built are left out."""
    question = next((write.question for write in outcome.writes if isinstance(write, Ask)), None)
    chosen = _choices(question, text, language) if question else _next(last, language, built)
    return tuple(chosen)[:MOST_BUTTONS]


def choice(question: Question, number: str) -> str:
    """The action of an answer to *question*: a later question is never answered by it."""
    return f"{CHOSEN}:{_mark(question.asked_at)}:{number}"


def number_chosen(action: str, contact: Contact) -> str | None:
    """What a pressed choice answers; None when its question is not the one that is open."""
    verb, _, rest = action.partition(":")
    mark, _, number = rest.partition(":")
    question = contact.question
    fits = verb == CHOSEN and question is not None and mark == _mark(question.asked_at)
    return number if fits and number.isascii() and number.isdigit() else None


def _mark(moment: datetime) -> str:
    return f"{int(moment.astimezone(UTC).timestamp() * 1000) & 0xFFFFFFFF:x}"


def _choices(question: Question, text: str, language: Language) -> Iterator[Button]:
    """The numbered lines of the text; a question without any is answered by yes or no."""
    lines = _NUMBERED.findall(text)
    if is_reason_open(question):
        for number, label in reason_labels(language).items():
            yield Button(label, choice(question, number))
    if question.kind in FREE_ANSWER or is_reason_open(question):
        yield Button(_SKIP[language], choice(question, "0"))
        return
    for number, label in lines:
        yield Button(shortened(label, LABEL_LENGTH), choice(question, number))
    if not lines:
        for number, label in zip("10", _YES_NO[language], strict=True):
            yield Button(label, choice(question, number))


def _next(reply: Reply, language: Language, built: frozenset[str]) -> Iterator[Button]:
    place = 0 if language is Language.VIETNAMESE else 1
    if reply.template in _SHARE_PHONE:
        yield Button(_SHARE_LABEL[place], kind=ButtonKind.SHARE_PHONE)
    is_status = reply.template.startswith("st.")
    code = str(reply.values.get("code", "")) if is_status else ""
    for verb in _UNDER.get(reply.template, _OF_DOSSIER if is_status else ()):
        if verb.upper() in built and (code or not is_status):
            yield Button(_LABELS[verb][place], f"{verb}:{code}" if code else verb)
    if NEEDED in built:
        yield from petition_buttons(reply.template, reply.values, language)
    yield from rating_buttons(reply.template, reply.values, language)


def numbered(contents: Sequence[Content], now: datetime) -> tuple[tuple[Content, ...], tuple[Question, ...]]:
    """The same for a channel that shows no buttons: commands as numbered lines, and the question that a number answers."""
    shown: list[Content] = []
    asked: list[Question] = []
    for content in contents:
        commands = [button for button in content.buttons if button.kind is ButtonKind.ACTION]
        if any(button.action.startswith((f"{CHOSEN}:", f"{VERB}-", f"{VERB}:")) for button in commands[:1]):
            commands = []
        lines = [f"{number}. {button.label}" for number, button in enumerate(commands, start=1)]
        shown.append(replace(content, text="\n".join((content.text, *lines)), buttons=()))
        asked += [_question(commands, now)] if commands else []
    return tuple(shown), tuple(asked)


def _question(commands: Sequence[Button], now: datetime) -> Question:
    options = tuple(button.action.replace(":", " ") for button in commands)
    return Question(kind=CHOOSE_BUTTON, options=options, asked_at=now, expires_at=now + CHOICE_OPEN)

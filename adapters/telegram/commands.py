"""The commands of the bot's menu, and the keyword that each one means."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

START = "start"
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{1,64}))?(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class MenuCommand:
    """One row of the menu."""

    name: str
    """Without its slash."""
    keyword: str
    """What typing it means."""
    vietnamese: str
    english: str


MENU = (
    MenuCommand("tracuu", "HS", "Tra cứu hồ sơ", "Look up an application"),
    MenuCommand("hosocuatoi", "HSCT", "Hồ sơ của tôi", "My applications"),
    MenuCommand("theodoi", "TD", "Theo dõi một hồ sơ", "Follow an application"),
    MenuCommand("danhsach", "DS", "Hồ sơ đang theo dõi", "Applications that I follow"),
    MenuCommand("phananh", "PA", "Gửi phản ánh, kiến nghị", "Send feedback"),
    MenuCommand("cuatoi", "XEM", "Phản ánh của tôi", "My feedback"),
    MenuCommand("danhgia", "DG", "Đánh giá phục vụ", "Rate the service"),
    MenuCommand("lienket", "LK", "Liên kết với kênh khác", "Link with another channel"),
    MenuCommand("dulieu", "DL", "Dữ liệu của tôi", "My data"),
    MenuCommand("ngonngu", "VN", "Ngôn ngữ: tiếng Việt", "Language: Vietnamese"),
    MenuCommand("english", "EN", "English", "English"),
    MenuCommand("trogiup", "TG", "Trợ giúp", "Help"),
)
_KEYWORDS = {command.name: command.keyword for command in MENU} | {
    "help": "TG",
    "caidat": "TG",
    "viec": "VIEC",
    "canbo": "CANBO",
    "congdan": "CONGDAN",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """A text that begins with a command."""

    name: str
    bot: str
    """The bot that it names, "" if none."""
    rest: str

    @property
    def meaning(self) -> str | None:
        """The text that typing it stands for; None for a command that is none of ours."""
        keyword = _KEYWORDS.get(self.name)
        return None if keyword is None else f"{keyword} {self.rest}".strip()


def read_command(text: str) -> Typed | None:
    """The command at the beginning of *text*."""
    found = _COMMAND.fullmatch(text)
    if found is None:
        return None
    name, bot, rest = found.groups(default="")
    return Typed(name.lower(), bot, rest.strip())


def offered(built: Iterable[str]) -> list[MenuCommand]:
    """The rows whose keyword the gateway answers to."""
    known = frozenset(built)
    return [command for command in MENU if command.keyword in known]

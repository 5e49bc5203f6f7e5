"""An officer's messages through intake, worker and sender: answered like a citizen's, and never mistaken for a machine's."""

import pytest

from bot.access.accounts import COMMAND_LINE, Accounts, NewAccount
from bot.access.records import CodePurpose
from bot.model import Address, ChannelName, InboundMessage
from bot.officers import OfficerRole
from bot.petitions.commands import Assign
from bot.petitions.record import PetitionState
from bot.privacy import Keyring
from bot.store.officer_book import OfficerBook
from tests.contract.sessions import until
from tests.desk import quick_passwords
from tests.integration.lines import A, Line
from tests.unit.petition_samples import RECEPTIONIST

LAMP = "PA Đèn đường trước nhà số 12 Lý Thái Tổ, phường Võ Cường hỏng đã 3 ngày"
CODE = "PA26000010"
ANSWER = "Đã thay bóng đèn mới. Phường đã kiểm tra cả tuyến đường trong sáng nay."
CITIZEN = "84912345678"


class Phone:
    """The officer's Telegram."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.number = 0

    async def says(self, text: str) -> list[str]:
        self.number += 1
        self.line.clock.advance(2)
        message = InboundMessage(
            sender=Address(ChannelName.TELEGRAM, "551"),
            recipient="bot",
            text=text,
            received_at=self.line.clock.now(),
            route=self.line.route.name,
            external_id=f"chat {self.number}",
        )
        before = await self.line.sent()
        await self.line.intake.message(message)
        await until(lambda: not self.line.worker._running)
        replies: list[str] = []
        while len(replies) < await self.line.sent() - before:
            found = await self.line.route.replies("551", 1)
            if not found:
                break
            replies += found
        return replies


@pytest.fixture
async def phone(line: Line) -> Phone:
    """Of an officer of the agency that the petition was given to."""
    petitions = line.petitions
    assert CODE in await line.ask(CITIZEN, LAMP)
    agency = next(one for one in (await petitions.data.master_data()).agencies if one.ward == "Võ Cường").code
    book = OfficerBook(line.book, Keyring(bytes(32)), line.clock)  # type: ignore[arg-type]  # the store itself
    new = NewAccount(
        user_name="can", name="Trần Can", role=OfficerRole.OFFICER, agency=agency, phone="", password="ba con trâu đen"
    )
    key = await Accounts(book, quick_passwords(), line.clock).add(new, COMMAND_LINE)
    await book.issue_code(CodePurpose.LINK_CODE, key, "482913")
    petitions.data.forget()
    petition = await line.book.petition(CODE)
    assert petition is not None
    if petition.agency != agency:
        await petitions.work.do(CODE, petition.version, Assign(agency=agency, category="DN"), RECEPTIONIST)
    return Phone(line)


async def test_from_the_code_to_the_answer(phone: Phone) -> None:
    assert "Đã liên kết tài khoản này với cán bộ Trần Can" in (await phone.says("LK 482913"))[0]
    await phone.says(f"NHAN {CODE}")
    shown = await phone.says(f"TRALOI {CODE} {ANSWER}")
    assert "Da thay bong den moi" in shown[0]
    await phone.says("GUI")
    petition = await phone.line.book.petition(CODE)
    assert petition is not None
    assert petition.state is PetitionState.ANSWERED
    assert A in (await phone.says(A))[0]


async def test_who_works_through_a_list_is_no_machine(phone: Phone) -> None:
    await phone.says("LK 482913")
    assert [len(await phone.says("VIEC")) for _ in range(40)] == [1] * 40

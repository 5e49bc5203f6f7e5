"""``motcua explain``: each layer's reading, the rule that won, the reply."""

import pytest

from bot.explain import explain
from bot.model import Office

A = "H05.12-260610-0001"


async def explained(text: str) -> str:
    return "\n".join([line async for line in explain(text, Office())])


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "hs ho5.12 260610 ooo1",
            (
                "commands  HS HO5.12",
                f"code      {A}  head H05",
                "mended",
                "rule      command",
                "(needs the one-stop system: ",
            ),
        ),
        ("hs H05.12-261399-0001", ("no code   H05.12-261399-0001: date", "intent    lookup_status  MalformedCode")),
        (
            "làm giấy khai sinh cần giấy tờ gì",
            (
                "words     lam giay khai sinh",
                "model     procedure_question ",
                "rule      model",
                "procedure 1.001193 0.",
            ),
        ),
        ("ly hôn nộp đơn ở đâu", ("body      court", "reply     Viec nay do Toa an nhan dan")),
        (
            "đèn đường hỏng cả tuần nay rồi",
            ("petition  {'category': 'DN'", "reply     Neu Ong/Ba muon gui noi dung nay"),
        ),
        ("PA26005442", ("petition  PA26005442", "rule      petition code")),
        ("cam on", ("reply     (none)",)),
        ("", ("rule      nothing written", "intent    help  AskForHelp", "reply     Soan gui 8283")),
    ],
)
async def test_every_layer_is_told(text: str, lines: tuple[str, ...]) -> None:
    told = await explained(text)
    assert [line for line in lines if line not in told] == []


@pytest.mark.parametrize("text", [f"NK {A}", "hs cua toi", f"{A} 1234"])
async def test_no_upstream_is_asked(text: str) -> None:
    assert "(needs the one-stop system: " in await explained(text)

"""Reports of mail servers on letters that came back."""

from pathlib import Path

import pytest

from adapters.email.bounces import Bounce, read
from bot.model import ReceiptState

FIXTURES = Path(__file__).parents[1] / "fixtures" / "email"
OURS = "motcua.383965122365755392.0011223344556677@example.gov.vn"
FAILED, DELIVERED = ReceiptState.FAILED, ReceiptState.DELIVERED


@pytest.mark.parametrize(
    ("name", "bounce", "broken"),
    [
        ("postfix_no_such_user", Bounce(OURS, FAILED, "5.1.1"), True),
        ("headers_only_no_such_user", Bounce(OURS, FAILED, "5.1.1"), True),
        ("mailbox_full", Bounce(OURS, FAILED, "5.2.2"), False),
        ("delivered", Bounce(OURS, DELIVERED, "2.1.5"), False),
        ("delayed", None, False),
        ("out_of_office", None, False),
        ("letter_of_another", None, False),
    ],
)
def test_a_recorded_report(name: str, bounce: Bounce | None, *, broken: bool) -> None:
    found = read((FIXTURES / f"{name}.eml").read_bytes())
    assert found == bounce
    assert (found is not None and found.is_broken) is broken


@pytest.mark.parametrize(
    "octets", [b"", b"\x00\xff", b"Content-Type: multipart/report; boundary=x\n\n--x\n", b"a" * 10_000]
)
def test_what_is_no_report_is_left_alone(octets: bytes) -> None:
    assert read(octets) is None


def test_every_recorded_report_is_read() -> None:
    names = {path.stem for path in FIXTURES.glob("*.eml")}
    marks = test_a_recorded_report.pytestmark  # type: ignore[attr-defined]  # pytest keeps the marks there
    assert names == {case[0] for mark in marks for case in mark.args[1]}

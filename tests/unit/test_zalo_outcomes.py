"""Every code of Zalo's pages has a stated meaning, and the error for it says what to do next."""

from datetime import UTC, datetime

import pytest

from adapters.zalo.outcomes import CODES, Handling, Service, failure, failure_of_status, handling_of
from bot.errors import ChannelBusy, OutcomeUnknown, RecipientRefused, SendError, TemporarySendError

AT = datetime(2026, 6, 10, 15, 30, 12, tzinfo=UTC)
"""22:30:12 in Vietnam."""
ACCOUNT = (
    *(-32, -100, -200, -201, -204, -205, -209, -212, -219, -210, -211, -213, -214, -216, -220, -217, -218, -221, -224),
    *(-223, -227, -230, -231, -232, -233, -234, -235, -240, -242, -244, -248, -249, -320, -321, -403),
)
PHONE = (
    *(-100, -101, -102, -103, -104, -105, -107, -108, -109, -1091, -110, -111, -112, -1121, -1122, -1124, -113, -1131),
    *(-1132, -114, -115, -116, -117, -118, -119, -120, -135, -138, -1351, -121, -122, -124, -1241, -125, -126, -127),
    *(-131, -132, -133, -136, -137, -139, -140, -141, -144, -147, -1441, -1471, -1472, -146, -148, -149, -150),
    *(-161, -162),
)


@pytest.mark.parametrize(("service", "codes"), [(Service.ACCOUNT, ACCOUNT), (Service.PHONE, PHONE)])
def test_every_published_code_is_in_the_table(service: Service, codes: tuple[int, ...]) -> None:
    assert [code for code in codes if handling_of(service, code) is None] == []


@pytest.mark.parametrize("service", Service)
def test_every_handling_ends_in_an_error_that_can_be_acted_on(service: Service) -> None:
    for code in CODES[service]:
        error = failure(service, code, AT)
        assert isinstance(error, SendError)
        assert str(code) in str(error)
        assert error.retry == isinstance(error, ChannelBusy | TemporarySendError)


def test_an_unknown_code_is_permanent() -> None:
    assert type(failure(Service.ACCOUNT, -4711, AT)) is RecipientRefused


@pytest.mark.parametrize(
    ("handling", "seconds"),
    [
        pytest.param(Handling.SLOW_DOWN, 48, id="the next minute"),
        pytest.param(Handling.TOMORROW, 5388, id="midnight in Vietnam"),
        pytest.param(Handling.MORNING, 7 * 3600 + 1788, id="six o'clock in Vietnam"),
        pytest.param(Handling.LATER, 3600, id="an hour"),
    ],
)
def test_when_to_try_again(handling: Handling, seconds: float) -> None:
    code = next(code for code, found in CODES[Service.ACCOUNT].items() if found is handling)
    assert failure(Service.ACCOUNT, code, AT).retry_after == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (429, ChannelBusy),
        (500, TemporarySendError),
        (503, TemporarySendError),
        (502, OutcomeUnknown),
        (504, OutcomeUnknown),
        (200, OutcomeUnknown),
        (404, OutcomeUnknown),
    ],
)
def test_answers_of_others_between_us(status: int, error: type[SendError]) -> None:
    assert type(failure_of_status(status)) is error

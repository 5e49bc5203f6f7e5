"""Every event that Zalo documents ends as the right noun, or is left for a stated reason."""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from adapters.zalo.events import IGNORED, READERS, Delivered, Feedback, Ignored, Reader
from adapters.zalo.payloads import SomebodyElse, identity, msisdn
from adapters.zalo.settings import ZaloSettings
from bot.events import OutOfReach, PhoneClaimed
from bot.model import InboundMessage

FIXTURES = sorted((Path(__file__).parents[1] / "fixtures" / "zalo").glob("*.json"))
SETTINGS = ZaloSettings(app_id="360846524940903967", oa_id="388613280878808645", trust_shared_phone=True)
SENT_AT = datetime.fromtimestamp(1760000000.123, UTC)
NOW = SENT_AT + timedelta(seconds=2)


def read(event: Any, settings: ZaloSettings = SETTINGS, now: datetime = NOW) -> Any:
    body = orjson.dumps(event)
    return Reader(settings).read(orjson.loads(body), body, now)


def fixture(name: str) -> dict[str, Any]:
    path = next(path for path in FIXTURES if path.stem == name)
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["event"]
    return found


def shape(reading: Any) -> dict[str, Any]:
    """A reading as the fixtures write it."""
    match reading:
        case InboundMessage(sender=sender, text=text, event=event, ignored=ignored):
            told = None if event is None else [type(event).__name__, json.loads(orjson.dumps(asdict(event)))]
            said = {"message": {"sender": sender.id, "text": text, "event": told}}
            return said | ({"late": True} if ignored == "late" else {})
        case Ignored(reason):
            return {"ignored": reason}
        case Delivered(receipts):
            return {"delivered": [receipt.provider_ids[0] for receipt in receipts]}
        case Feedback(score=score, note=note, tracking_id=tracking_id, message_id=message_id):
            told = {"score": score, "note": note, "tracking_id": tracking_id, "message_id": message_id}
            return {"feedback": told}
    raise AssertionError(reading)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_what_an_event_becomes(path: Path) -> None:
    recorded = json.loads(path.read_text(encoding="utf-8"))
    if "somebody_else" in recorded["becomes"]:
        with pytest.raises(SomebodyElse):
            read(recorded["event"])
        return
    becomes = json.loads(json.dumps(recorded["becomes"]).replace("00Z", "00+00:00"))
    assert shape(read(recorded["event"])) == becomes


def test_every_name_that_we_know_is_recorded() -> None:
    recorded = {json.loads(path.read_text(encoding="utf-8"))["event"].get("event_name") for path in FIXTURES}
    unused = {"oa_send_link", "oa_send_audio", "oa_send_video", "oa_send_location", "oa_send_business_card"}
    assert {*READERS, *IGNORED} - recorded - unused - {"anonymous_send_business_card"} == set()


def test_a_text_is_composed_and_no_longer_than_others_may_be() -> None:
    event = fixture("user_send_text") | {"message": {"text": "e\u0302\u0301" * 1500 + "x" * 3000, "msg_id": "1"}}
    text = read(event).text
    assert text.startswith("ế")
    assert len(text) == 2000


@pytest.mark.parametrize(
    ("event", "other"),
    [
        pytest.param("user_send_text", {"message": {"text": "HS", "msg_id": "another"}}, id="by the message's id"),
        pytest.param("follow", {"timestamp": "1760000000999"}, id="by who and when"),
        pytest.param("follow", {"follower": {"id": "1"}}, id="by whom"),
        pytest.param("unfollow", {"event_name": "follow"}, id="by the event"),
    ],
)
def test_what_makes_a_repeat(event: str, other: dict[str, Any]) -> None:
    first, again = read(fixture(event)), read(fixture(event), now=NOW + timedelta(hours=2))
    assert first.external_id == again.external_id
    assert read(fixture(event) | other).external_id != first.external_id


def test_without_an_id_and_a_time_every_octet_counts() -> None:
    event = {key: value for key, value in fixture("follow").items() if key != "timestamp"}
    assert read(event).external_id == read(event).external_id != read(event | {"source": "message_invite"}).external_id


def test_a_key_tells_nobody_who_it_was() -> None:
    assert "246845883529197922" not in read(fixture("follow")).external_id


def test_a_shared_number_proves_nothing_unless_the_settings_say_so() -> None:
    careful = replace(SETTINGS, trust_shared_phone=False)
    assert read(fixture("user_submit_info"), careful).event == PhoneClaimed("84912345678")


@pytest.mark.parametrize("hours", [pytest.param(0.9, id="in time"), pytest.param(24, id="a day late")])
def test_only_what_was_said_can_be_late(hours: float) -> None:
    now = SENT_AT + timedelta(hours=hours)
    assert (read(fixture("user_send_text"), now=now).ignored == "late") == (hours > 1)
    for name in ("user_withdraw", "unfollow", "follow"):
        assert read(fixture(name), now=now).ignored is None


@pytest.mark.parametrize(
    "message",
    [
        pytest.param({"attachments": "none"}, id="a text where a list should be"),
        pytest.param({"attachments": [1, None, {"type": 3}]}, id="numbers"),
        pytest.param({"attachments": [{"type": "image", "payload": []}]}, id="a list where an object should be"),
        pytest.param({"attachments": [{"type": "image", "payload": {"url": "x" * 5000}}]}, id="a very long address"),
    ],
)
def test_a_picture_of_another_shape(message: dict[str, Any]) -> None:
    reading = read(fixture("user_send_image") | {"message": message | {"msg_id": "1"}})
    assert reading.event == OutOfReach("photo")


@pytest.mark.parametrize("message", [None, [], "text", 5, {"msg_id": ["a"], "text": None}])
def test_a_message_of_another_shape_is_left(message: Any) -> None:
    assert isinstance(read(fixture("user_send_text") | {"message": message}), Ignored)


@pytest.mark.parametrize("sender", [None, {}, {"id": ""}, {"id": None}, {"id": 1.5}, {"id": "a b"}, {"id": "x" * 500}])
def test_a_sender_of_another_shape_is_nobody(sender: Any) -> None:
    assert read(fixture("user_send_text") | {"sender": sender}) == Ignored("no_person")


def test_our_own_message_is_never_answered() -> None:
    assert read(fixture("user_send_text") | {"sender": {"id": SETTINGS.oa_id}}) == Ignored("no_person")


@pytest.mark.parametrize(
    ("given", "phone"),
    [
        ("84912345678", "84912345678"),
        ("+84 912 345 678", "84912345678"),
        ("0912.345.678", "84912345678"),
        (84912345678, "84912345678"),
        ("02223822222", ""),
        ("1" * 100, ""),
        ("", ""),
        (None, ""),
        (True, ""),
    ],
)
def test_numbers_as_people_write_them(given: Any, phone: str) -> None:
    assert msisdn(given) == phone


def test_ids_beyond_what_other_languages_count() -> None:
    assert identity(2**63 + 1) == "9223372036854775809"

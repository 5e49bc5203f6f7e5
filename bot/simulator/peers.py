"""The operator, Zalo and Telegram as the simulator plays them: stand-ins on loopback, one person at the other end of each."""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.telegram.stand_in import Call, StandIn
from adapters.telegram.stand_in_updates import Updates
from adapters.zalo.settings import ZaloSettings
from adapters.zalo.stand_in import Sent, ZaloStandIn
from adapters.zalo.stand_in_events import Events
from bot.model import Button, ButtonKind
from bot.simulator.devices import Device, Devices

ZALO_PERSON, TELEGRAM_PERSON = "5510185758261927916", 7001
ACCOUNT = ZaloSettings(
    app_id="1234567890123456789",
    app_secret="stand-in",  # noqa: S106 - both ends are ours, on loopback
    oa_id="1646843870823903717",
    oa_secret_keys=("stand-in",),
    access_token="access-0",  # noqa: S106 - as above
    refresh_token="refresh-0",  # noqa: S106 - as above
)
OK = 200
SHARED = "!share"
"""The action of a button that shares the number."""


class Peers:
    """Starts the stand-ins and carries what they are told to the devices and back."""

    def __init__(self, phone: str) -> None:
        """*phone* is what the person shares where asked for a number."""
        self._phone = phone
        self.zalo = ZaloStandIn(ACCOUNT)
        self.telegram = StandIn()
        self.gateway = ""
        """Its address, once it listens."""
        self._events, self._updates = Events(ACCOUNT), Updates()

    async def start(self) -> None:
        """Listen on loopback."""
        await self.zalo.start()
        await self.telegram.start()

    async def close(self) -> None:
        """Close everything."""
        await self.zalo.stop()
        await self.telegram.close()

    def show_on(self, devices: Devices) -> None:
        """Messages of the gateway to the person of each appear on the devices."""

        def by_zalo(sent: Sent) -> None:
            if sent.to == ZALO_PERSON:
                devices.receive(Device.ZALO, sent.text or _form_text(sent), tuple(_zalo_buttons(sent)))

        def by_telegram(call: Call) -> None:
            if call.method == "sendMessage" and call.chat == str(TELEGRAM_PERSON):
                devices.receive(Device.TELEGRAM, call.text, tuple(_telegram_buttons(call.keyboard or {})))

        self.zalo.on_sent, self.telegram.on_call = by_zalo, by_telegram

    async def say_on_zalo(self, text: str, pressed: bool) -> bool:  # noqa: FBT001 - the shape of ``Send``
        """A button of Zalo posts its payload as if it had been typed; the form posts the number."""
        shares = pressed and text == SHARED
        event = self._events.submitted(ZALO_PERSON, self._phone) if shares else self._events.text(ZALO_PERSON, text)
        return await self.zalo.deliver(f"{self.gateway}/hooks/zalo", event) == OK

    async def say_on_telegram(self, text: str, pressed: bool) -> bool:  # noqa: FBT001 - as above
        """Telegram hands it over until it is taken."""
        if pressed and text == SHARED:
            update = self._updates.contact(TELEGRAM_PERSON, f"+{self._phone}")
        else:
            update = (self._updates.press if pressed else self._updates.text)(TELEGRAM_PERSON, text)
        self.telegram.tell(update)
        await self.telegram.all_taken()
        return True


def _form(sent: Sent) -> Sequence[Mapping[str, Any]]:
    payload = sent.body.get("message", {}).get("attachment", {}).get("payload", {})
    found: Sequence[Mapping[str, Any]] = payload.get("elements", [])
    return found


def _form_text(sent: Sent) -> str:
    return "\n".join(str(item.get("title", "")) for item in _form(sent))


def _zalo_buttons(sent: Sent) -> list[Button]:
    offers = [Button("Chia sẻ số điện thoại", SHARED, ButtonKind.SHARE_PHONE)] if _form(sent) else []
    return [_zalo_button(item) for item in sent.buttons] + offers


def _zalo_button(item: Mapping[str, Any]) -> Button:
    payload = item.get("payload", "")
    if isinstance(payload, Mapping):
        return Button(str(item.get("title", "")), str(payload.get("url", "")), ButtonKind.LINK)
    return Button(str(item.get("title", "")), str(payload))


def _telegram_buttons(keyboard: Mapping[str, Any]) -> list[Button]:
    """Inline buttons say their action; those in place of the keyboard offer to share something."""
    inline = [
        Button(item["text"], item["callback_data"]) if "callback_data" in item else _link(item)
        for row in keyboard.get("inline_keyboard", [])
        for item in row
    ]
    offers = [
        Button(item["text"], SHARED, ButtonKind.SHARE_PHONE)
        for row in keyboard.get("keyboard", [])
        for item in row
        if isinstance(item, dict) and item.get("request_contact")
    ]
    return inline + offers


def _link(item: Mapping[str, Any]) -> Button:
    return Button(item["text"], str(item.get("url", "")), ButtonKind.LINK)

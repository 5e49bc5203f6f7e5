"""SMS by an HTTP provider in the contract: SOAP both ways."""

import html
import re

from bot.model import ChannelName
from sms.http.credentials import basic
from sms.http.stand_in import ACCEPTED, Brought, Provider, request_of
from sms.http.stand_in import Answer as Said
from tests.contract.channels.channel import Answer, Arrived, Channel, Request
from tests.contract.sms_http import account

ACCOUNT = account("cp-soap", name="vmg")
IN_RESPONSE = account("fibo", name="fibo", path_secret="of-the-path")
SAID = re.compile(
    "<PhoneNumber>(?P<to>.*?)</PhoneNumber><Message>(?P<text>.*?)</Message><SMSID>(?P<id>.*?)</SMSID>", re.DOTALL
)
RESULT = "<r><mtReceiverReturn>{}</mtReceiverReturn></r>"
ANSWERS = {
    Answer.BUSY: Said(status=429, headers={"Retry-After": "1"}),
    Answer.TEMPORARY: Said(RESULT.format(-1)),
    Answer.REFUSED: Said(RESULT.format(3)),
    Answer.UNKNOWN: Said(drops=True, takes=True),
}


class SmsByHttp(Channel):
    name = ChannelName.SMS.value
    answers = frozenset(ANSWERS)

    def __init__(self) -> None:
        self.provider = Provider(ACCOUNT, ACCEPTED["cp-soap"])

    async def start(self) -> str:
        return (
            f'[[sms.http]]\nname = "vmg"\ndialect = "cp-soap"\nuser = "{ACCOUNT.user}"\n'
            f'password = "{ACCOUNT.password}"\nsend_url = "{await self.provider.start()}"\n'
        )

    async def stop(self) -> None:
        await self.provider.stop()

    def person(self, number: int) -> str:
        return f"849{12345678 + number}"

    def text(self, person: str, text: str, key: str) -> Request:
        _, path, arguments = request_of(ACCOUNT, Brought(sender=person, text=text, message_id=key))
        return Request(path=path, body=arguments["data"], headers=arguments["headers"])

    def forge(self, request: Request) -> Request:
        forged = {"Authorization": basic(account("cp-soap", password="guessed"))}
        return Request(path=request.path, body=request.body, headers=forged)

    def unreadable(self) -> Request:
        return self.called(b"<Envelope><Body><moReceiver><User_ID>84912345678</User_ID>")

    def unknown(self) -> None:
        return None

    def left(self, person: str) -> None:
        del person

    def oversized(self) -> Request:
        return self.called(b"<Envelope>" + b" " * self.limit)

    def called(self, body: bytes) -> Request:
        return Request(path="/hooks/sms/vmg", body=body, headers={"Authorization": basic(ACCOUNT)})

    def arrived(self) -> list[Arrived]:
        return [Arrived(taken.fields["user_id"], taken.fields["message"]) for taken in self.provider.taken]

    def answer_next(self, answer: Answer) -> None:
        self.provider.next_answers.append(ANSWERS[answer])


class SmsInResponse(SmsByHttp):
    """The reply stands in the response; a provider that gets the same one again knows it by its id."""

    answers = frozenset()

    def __init__(self) -> None:
        self.provider = Provider(IN_RESPONSE, ACCEPTED["fibo"])
        self.replies: dict[str, Arrived] = {}

    async def start(self) -> str:
        return (
            f'[[sms.http]]\nname = "fibo"\ndialect = "fibo"\npath_secret = "{IN_RESPONSE.path_secret}"\n'
            f'send_url = "{await self.provider.start()}"\nreply_wait_s = 2\n'
        )

    def text(self, person: str, text: str, key: str) -> Request:
        _, path, _ = request_of(IN_RESPONSE, Brought(sender=person, text=text, message_id=key))
        address, _, fields = path.partition("?")
        return self.called(fields.encode(), address)

    def forge(self, request: Request) -> Request:
        return Request(path=request.path + "x", body=request.body)

    def unreadable(self) -> Request:
        return self.called(b"message=TC&port=8283")

    def oversized(self) -> Request:
        return self.called(b"message=" + b"x" * self.limit)

    def called(self, body: bytes, path: str = "/hooks/sms/fibo/" + IN_RESPONSE.path_secret) -> Request:
        return Request(path=path, body=body)

    def answered(self, body: bytes) -> None:
        for found in SAID.finditer(body.decode()):
            self.replies[found["id"]] = Arrived(found["to"], html.unescape(found["text"]))

    def arrived(self) -> list[Arrived]:
        called = [Arrived(taken.fields["phonenumber"], taken.fields["smsmessage"]) for taken in self.provider.taken]
        return [*self.replies.values(), *called]

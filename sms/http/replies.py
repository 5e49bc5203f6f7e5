"""What we answer a provider, as its dialect wants it written."""

from dataclasses import asdict

from sms.http.arrival import Arrival
from sms.http.dialect import Inbound, Reply
from sms.http.settings import HttpAccount
from sms.http.templates import fill

NOBODY = Arrival(sender="", short_code="", text="")


def print_reply(
    account: HttpAccount, rules: Inbound, reply: Reply, arrival: Arrival | None, *, text: str = "", reply_id: str = ""
) -> str:
    """The body. Raises ``jinja2.TemplateError`` for a value that the account lacks."""
    own = {"user": account.user, "values": account.values, "text": text, "reply_id": reply_id}
    return fill(reply.body, rules.answers.format, asdict(arrival or NOBODY) | own).strip()

"""What an account at an HTTP provider needs to know. Filled from the configuration; nothing here reads the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network

from sms.http.dialect import Dialect


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAccount:
    """One account at a provider: ``[[sms.http]]``."""

    name: str
    dialect: Dialect
    path_secret: str = field(default="", repr=False)
    """The last part of the address that the provider calls; "" = none."""
    secret: str = field(default="", repr=False)
    """For signatures."""
    user: str = ""
    password: str = field(default="", repr=False)
    ip_allow: tuple[IPv4Network | IPv6Network, ...] = ()
    proxies: int = 0
    """Trusted proxies between the provider and us."""
    send_url: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    """What else the dialect prints: a brand name, a customer number."""
    short_codes: tuple[str, ...] = ()
    reply_wait_s: float = 8.0
    """How long a response waits for the reply that goes into it."""
    timeout_s: float = 15.0
    """How long a provider may take to answer our call."""
    concurrency: int = 8
    rate: float = 0.0
    """Calls per second; 0 is unlimited."""
    mt_charged: bool = False
    """Each text costs the receiver money, whatever the reply says."""

    @property
    def answers_in_response(self) -> bool:
        """Replies go into the responses to the provider's own requests."""
        inbound = self.dialect.inbound
        return inbound is not None and inbound.reply == "in_response"

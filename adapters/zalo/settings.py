"""What the channel of an Official Account needs to know. Filled from the configuration; nothing here reads the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.zalo.signature import Scheme

OAUTH_BASE_URL = "https://oauth.zaloapp.com"
API_BASE_URL = "https://openapi.zalo.me"
ZBS_BASE_URL = "https://business.openapi.zalo.me"


@dataclass(frozen=True, slots=True, kw_only=True)
class ZaloTemplate:
    """A text that Zalo approved, for messages that nobody asked for."""

    id: str
    fields: Mapping[str, str] = field(default_factory=dict)
    """What Zalo calls the values that we have under other names."""
    uid_price_vnd: int = 0
    phone_price_vnd: int = 0
    always: bool = False
    """Sent as a template even while a free text may be sent: a rating form, whose answer comes back as an event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZaloSettings:
    """One Official Account and the app that works for it: ``[zalo]``."""

    app_id: str
    app_secret: str = field(repr=False, default="")
    oa_id: str
    oa_secret_keys: tuple[str, ...] = field(repr=False, default=())
    """What signs events, the present one first: another secret than that of the app."""
    schemes: tuple[Scheme, ...] = (Scheme.SHA256,)
    """How events may be signed, tried in order."""
    connecting: bool = False
    """The webhook address is being saved in Zalo's console, and its secret is shown only afterwards: every request is answered
    200, counted and forgotten."""
    access_token: str = field(repr=False, default="")
    refresh_token: str = field(repr=False, default="")
    """The pair to begin with; once taken over it lives in the store."""
    redirect_uri: str = ""
    code_verifier: str = field(repr=False, default="")
    """The one saved in the console; "" makes one for each authorisation."""
    api_base_url: str = API_BASE_URL
    oauth_base_url: str = OAUTH_BASE_URL
    zbs_base_url: str = ZBS_BASE_URL
    appsecret_proof: bool = False
    """The console asks for the proof with every call."""
    buttons: bool = True
    """Off: choices are numbered lines."""
    trust_shared_phone: bool = False
    """A number shared through Zalo's form counts as proved. People can edit the form, so by default it does not."""
    paid_messages: bool = False
    """Between 48 hours and 7 days after the person's last message a text costs money: send it all the same."""
    templates: Mapping[str, ZaloTemplate] = field(default_factory=dict)
    """By our key."""
    templates_by_phone: bool = False
    """Templates may be sent to phone numbers too, as a way of its own."""
    takeover_minutes: int = 30
    """How long we are quiet to a person whom an officer answered by hand."""
    concurrency: int = 32
    """Calls under way at the same time."""
    timeout_s: float = 10.0
    site_verification: str = ""
    """The code of the file by which Zalo sees that the domain is ours."""

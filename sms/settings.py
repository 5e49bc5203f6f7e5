"""What an SMPP account needs to know. Filled from the configuration; nothing here reads the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class BindMode(StrEnum):
    """What one signed-in connection may do."""

    BOTH = "trx"
    SEND = "tx"
    RECEIVE = "rx"


BIND_MODES: Mapping[str, tuple[BindMode, ...]] = {
    "trx": (BindMode.BOTH,),
    "tx+rx": (BindMode.SEND, BindMode.RECEIVE),
}
"""The setting ``bind_mode``: which connections make one bind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Every wait of a session, in seconds (SMPP 3.4 §2.9, §7.2)."""

    idle: float = 30.0
    """T1: this long without inbound traffic, then enquire_link."""
    idle_answer: float = 10.0
    """T2: no sign of life this long after enquire_link means that the peer is dead."""
    response: float = 30.0
    """How long a submit_sm may stay unanswered before its outcome is unknown."""
    connect: float = 10.0
    """TCP, TLS and bind together."""
    unbind: float = 5.0
    """How long own outstanding requests, and then unbind_resp, are waited for."""
    reconnect_base: float = 1.0
    reconnect_cap: float = 60.0
    steady: float = 60.0
    """Bound this long, the reconnect delay starts over."""
    pause: float = 1.0
    """How long nothing is sent after the SMSC said that we are too fast."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmppSettings:
    """One SMPP account at an operator: ``[[sms.smpp]]``. TON and NPI differ between operators, so none is fixed."""

    name: str
    host: str
    port: int = 2775
    system_id: str
    password: str = field(repr=False)
    system_type: str = ""
    bind_mode: str = "trx"
    """``trx`` or ``tx+rx``."""
    binds: int = 1
    window: int = 10
    """Unanswered submit_sm per bind."""
    rate: float = 0.0
    """submit_sm per second per bind; 0 is unlimited."""
    tls: bool = False
    ca_file: str = ""
    """Private certificate authority of the operator; "" takes the machine's."""
    source_ton: int = 0
    source_npi: int = 1
    dest_ton: int = 1
    dest_npi: int = 1
    addr_ton: int = 1
    addr_npi: int = 0
    address_range: str = ""
    receipts: str = "none"
    """``none``, ``all`` or ``failed``."""
    dlr_id_format: str = "same"
    """``same``, ``resp_hex`` or ``resp_dec``: how ids in receipts are written against those in responses."""
    default_alphabet: str = "gsm0338"
    concatenation: str = "udh8"
    """``udh8``, ``udh16``, ``sar``, ``payload`` or ``single``."""
    mt_charged: bool = False
    extra_tlvs: tuple[tuple[int, bytes], ...] = ()
    """Operator's own parameters of submit_sm (billing hints), sent as they are, also to an SMSC that tells no version.

    These, and ``concatenation`` set to ``sar`` or ``payload``, are the only optional parameters that ever leave.
    """
    high_water: int = 2000
    """Texts in hand and not yet stored; more are refused with 0x64 until the store keeps up."""
    timing: Timing = Timing()

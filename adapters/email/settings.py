"""What the e-mail channel needs to know. Filled from the configuration; nothing here reads the environment."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Security(StrEnum):
    """How the connection to the mail server is protected."""

    REQUIRED = "required"
    """STARTTLS, or nothing is sent."""
    IF_OFFERED = "if_offered"
    OFF = "off"
    TLS = "tls"
    """TLS from the first octet on, usually on port 465."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailSettings:
    """The mail server that takes our letters: ``[email]``."""

    host: str
    port: int = 587
    security: Security = Security.REQUIRED
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str
    """An address, with a name if wanted: ``Một cửa Bắc Ninh <motcua@bacninh.gov.vn>``."""
    reply_to: str = ""
    ca_file: str = ""
    timeout_s: float = 30.0
    """For each answer of the server."""
    concurrency: int = 4
    attachments_in: Path
    """The folder under which attachments lie; no other file ever leaves."""

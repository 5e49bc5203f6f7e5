"""What an e-mail address is to us."""

import re
from email.utils import parseaddr

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
"""Plain addresses in ASCII, as mail servers without SMTPUTF8 take them."""


def is_address(text: str) -> bool:
    """Whether it can be written to."""
    return ADDRESS.fullmatch(text) is not None


def bare(sender: str) -> str:
    """The address alone, of ``Name <address>``."""
    return parseaddr(sender)[1]

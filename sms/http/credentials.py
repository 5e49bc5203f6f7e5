"""Who calls: the caller's address, HTTP Basic, user and password among the fields, a signature over them."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from sms.http.dialect import BasicCredentials, Credentials, FieldCredentials, NoCredentials, SignedFields
from sms.http.fields import Fields
from sms.http.settings import HttpAccount

Networks = Sequence[IPv4Network | IPv6Network]


def caller(remote: str | None, forwarded: str, proxies: int) -> str | None:
    """The address that our outermost trusted proxy saw. With no proxies what a header says counts for nothing."""
    seen = [*(item.strip() for item in forwarded.split(",") if item.strip()), remote or ""]
    return seen[-1 - proxies] if proxies < len(seen) else None


def is_allowed(address: str | None, networks: Networks) -> bool:
    """The address lies in one of the networks; without networks every address is allowed."""
    if not networks:
        return True
    try:
        known = ip_address(address or "")
    except ValueError:
        return False
    known = getattr(known, "ipv4_mapped", None) or known
    return any(known in network for network in networks)


def basic(account: HttpAccount) -> str:
    """The header of HTTP Basic."""
    return "Basic " + base64.b64encode(f"{account.user}:{account.password}".encode()).decode("ascii")


def header_is_right(account: HttpAccount, credentials: Credentials, authorization: str) -> bool:
    """What can be told before the body is read."""
    if not isinstance(credentials, BasicCredentials):
        return True
    kind, _, encoded = authorization.partition(" ")
    try:
        given = base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        return False
    return kind.casefold() == "basic" and same(given, f"{account.user}:{account.password}".encode())


def fields_are_right(account: HttpAccount, credentials: Credentials, fields: Fields) -> bool:
    """What only the fields tell."""
    match credentials:
        case FieldCredentials():
            user, password = fields.first(credentials.user), fields.first(credentials.password)
            return same((user or "").encode(), account.user.encode()) & _password_is_right(
                account, credentials, password or ""
            )
        case SignedFields():
            return _is_signed(account, credentials, fields)
        case NoCredentials() | BasicCredentials():
            return True


def signature(secret: str, rule: SignedFields, fields: Fields) -> str:
    """The signature that the fields must carry."""
    values = [(name, fields.get(name) or "") for name in rule.fields]
    told = rule.joiner.join(value if rule.values_only else f"{name}={value}" for name, value in values)
    digest = hmac.new(secret.encode(), told.encode("utf-8", "replace"), rule.algorithm)
    return digest.hexdigest() if rule.digest == "hex" else base64.b64encode(digest.digest()).decode("ascii")


def same(given: bytes, known: bytes) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(given, known)


def _is_signed(account: HttpAccount, rule: SignedFields, fields: Fields) -> bool:
    if rule.key_field and not same((fields.get(rule.key_field) or "").encode(), account.user.encode()):
        return False
    given = fields.get(rule.signature) or ""
    known = signature(account.secret, rule, fields)
    return same((given.lower() if rule.digest == "hex" else given).encode(), known.encode())


def _password_is_right(account: HttpAccount, rule: FieldCredentials, given: str) -> bool:
    if not rule.hashed:
        return same(given.encode(), account.password.encode())
    known = hashlib.md5(f"{account.user}{account.secret}".encode(), usedforsecurity=False).hexdigest()
    return same(given.lower().encode(), known.encode())

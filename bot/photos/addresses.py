"""Which addresses of the network a photo may come from."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_TRANSLATED = IPv6Network("64:ff9b::/96")
"""RFC 6052: the last 32 bits are an IPv4 address."""


def is_allowed(address: str, *, loopback: bool) -> bool:
    """Whether *address*, a literal one, is on the public internet, or on this machine where *loopback* allows it.

    An IPv4 address inside an IPv6 one counts as itself.
    """
    try:
        given = ip_address(address)
    except ValueError:
        return False
    return all(_is_public(one) or (loopback and one.is_loopback) for one in _meant(given))


def _meant(address: IPv4Address | IPv6Address) -> Iterator[IPv4Address | IPv6Address]:
    if isinstance(address, IPv4Address):
        yield address
    elif address.ipv4_mapped:
        yield address.ipv4_mapped
    elif address.sixtofour:
        yield address.sixtofour
    elif address.teredo:
        yield from address.teredo
    elif address in _TRANSLATED:
        yield IPv4Address(int(address) & 0xFFFFFFFF)
    else:
        yield address


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved

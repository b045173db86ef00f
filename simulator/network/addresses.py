"""IPv4 addresses and ranges as whole numbers, so that a match is one comparison."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError
from typing import NamedTuple

from simulator.errors import InputError
from simulator.reading import shown


class Cidr(NamedTuple):
    """A range of addresses: `base` is its first, `mask` has the bits that must agree."""

    base: int
    mask: int
    prefix: int

    def holds(self, address: int) -> bool:
        """Whether the address lies in the range."""
        return address & self.mask == self.base

    def inside(self, other: Cidr) -> bool:
        """Whether the whole range lies in the other."""
        return self.prefix >= other.prefix and other.holds(self.base)

    def __str__(self) -> str:
        return f"{dotted(self.base)}/{self.prefix}"


def dotted(address: int) -> str:
    """An address as it is written.

    >>> dotted(0x0A000214)
    '10.0.2.20'
    """
    return ".".join(str(address >> shift & 255) for shift in (24, 16, 8, 0))


def address_of(written: object, path: str) -> int:
    """An IPv4 address in dotted form.

    Raises
    ------
    InputError
        For anything else; IPv6 is not modeled.

    >>> dotted(address_of("203.0.113.7", "from"))
    '203.0.113.7'
    """
    found = _address(written) if isinstance(written, str) else None
    if found is None:
        raise InputError(f"{path} must be an IPv4 address such as 203.0.113.7, not {shown(written)}.", path=path)
    return found


def cidr_of(written: object, path: str) -> Cidr:
    """An IPv4 range such as 10.0.0.0/16; an address without a slash is no range.

    Raises
    ------
    InputError
        For anything else, and for a range whose address has bits set beyond its prefix.

    >>> str(cidr_of("10.0.0.0/16", "cidrIp"))
    '10.0.0.0/16'
    """
    found = _cidr(written) if isinstance(written, str) else None
    if found is None:
        raise InputError(f"{path} must be an IPv4 range such as 10.0.0.0/16, not {shown(written)}.", path=path)
    return found


def one_address(address: int) -> Cidr:
    """The range that holds this address only."""
    return Cidr(address, 0xFFFFFFFF, 32)


def is_address(written: str) -> bool:
    """Whether the text is an IPv4 address."""
    return _address(written) is not None


EVERYWHERE = Cidr(0, 0, 0)
VPC = Cidr(0x0A000000, 0xFFFF0000, 16)  # 10.0.0.0/16: the one VPC of the model
PRIVATE = (Cidr(0x0A000000, 0xFF000000, 8), Cidr(0xAC100000, 0xFFF00000, 12), Cidr(0xC0A80000, 0xFFFF0000, 16))


@lru_cache(maxsize=1024)
def _address(written: str) -> int | None:
    try:
        return int(IPv4Address(written))
    except (AddressValueError, ValueError):
        return None


@lru_cache(maxsize=1024)
def _cidr(written: str) -> Cidr | None:
    head, slash, tail = written.partition("/")
    if not slash or not (tail.isascii() and tail.isdigit() and len(tail) <= 2):
        return None
    try:
        found = IPv4Network((head, int(tail)))
    except (AddressValueError, NetmaskValueError, ValueError):
        return None
    return Cidr(int(found.network_address), int(found.netmask), found.prefixlen)

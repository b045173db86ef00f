"""Prices with the day they were read and who published them: the one place where money stands.

AWS's own price page could not be read; these are what third parties published in March and April 2026 for us-east-1.
Whoever shows one shows its date too, and says "check the price page". There is no price of an EC2 instance here, and
no fee of Managed Instances or ECS Anywhere: none was found. Source: facts 4 of the deployments sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """`amount` in US dollars for one `unit`, exactly as it was published."""

    name: str
    amount: Fraction
    unit: str
    region: str
    as_of: str
    sources: tuple[str, ...]
    status: str


REGION = "us-east-1"
CURRENCY = "USD"
AS_OF = "2026-03"  # March and April 2026
SOURCES = ("vantage.sh", "wring.co (2026-03-10)", "cloudburn.io (as of March 2026)")
STATUS = "third-party quote"
CHECK = "These are third-party quotes of March and April 2026 for us-east-1; check AWS's price page before you decide."

# What AWS and others advertise for Fargate Spot; no price is fixed.
SPOT_MOST_DISCOUNT_PERCENT = 70
MINIMUM_SECONDS = 60
INCLUDED_STORAGE_GB = 20


def _price(name: str, amount: str, unit: str) -> Price:
    return Price(
        name=name, amount=Fraction(amount), unit=unit, region=REGION, as_of=AS_OF, sources=SOURCES, status=STATUS
    )


PRICES: Mapping[str, Price] = {
    price.name: price
    for price in (
        _price("fargate-vcpu-X86_64", "0.04048", "vCPU-hour"),
        _price("fargate-memory-X86_64", "0.004445", "GB-hour"),
        _price("fargate-vcpu-ARM64", "0.03238", "vCPU-hour"),
        _price("fargate-memory-ARM64", "0.00356", "GB-hour"),
        _price("fargate-storage", "0.000111", "GB-hour"),
    )
}


def fargate_hour(
    vcpus: Fraction,
    memory_gb: Fraction,
    *,
    architecture: str = "X86_64",
    storage_gb: int = INCLUDED_STORAGE_GB,
    included_gb: int = INCLUDED_STORAGE_GB,
) -> Fraction:
    """What one task on Linux costs an hour, on demand. `storage_gb` is its whole ephemeral storage.

    >>> round(float(730 * fargate_hour(Fraction(1, 4), Fraction(1, 2))), 2)
    9.01
    """
    return (
        vcpus * PRICES[f"fargate-vcpu-{architecture}"].amount
        + memory_gb * PRICES[f"fargate-memory-{architecture}"].amount
        + max(0, storage_gb - included_gb) * PRICES["fargate-storage"].amount
    )


def published() -> dict[str, object]:
    """What an answer says about its prices."""
    return {"currency": CURRENCY, "region": REGION, "asOf": AS_OF, "sources": list(SOURCES), "check": CHECK}

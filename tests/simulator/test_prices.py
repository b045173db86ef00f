"""The dated prices: exactly what was published, with its date, its sources and what must be said beside it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from simulator import prices
from simulator.prices import PRICES, fargate_hour, published


def test_the_prices_are_those_of_the_facts() -> None:
    assert {name: str(float(price.amount)) for name, price in PRICES.items()} == {
        "fargate-vcpu-X86_64": "0.04048",
        "fargate-memory-X86_64": "0.004445",
        "fargate-vcpu-ARM64": "0.03238",
        "fargate-memory-ARM64": "0.00356",
        "fargate-storage": "0.000111",
    }
    assert PRICES["fargate-vcpu-X86_64"].amount == Fraction(4048, 100_000)


def test_every_price_says_when_where_and_who() -> None:
    for price in PRICES.values():
        assert price.region == "us-east-1"
        assert price.as_of == "2026-03"
        assert price.sources == ("vantage.sh", "wring.co (2026-03-10)", "cloudburn.io (as of March 2026)")
        assert price.status == "third-party quote"
        assert price.unit == ("vCPU-hour" if "vcpu" in price.name else "GB-hour")


def test_no_price_of_an_instance_is_kept() -> None:
    assert not [name for name in PRICES if not name.startswith("fargate-")]
    assert (prices.SPOT_MOST_DISCOUNT_PERCENT, prices.MINIMUM_SECONDS, prices.INCLUDED_STORAGE_GB) == (70, 60, 20)


@pytest.mark.parametrize(
    ("vcpus", "memory", "month"), [("1/4", "1/2", "9.010025"), ("1", "2", "36.0401"), ("1", "4", "42.5298")]
)
def test_the_check_values_of_the_facts(vcpus: str, memory: str, month: str) -> None:
    assert 730 * fargate_hour(Fraction(vcpus), Fraction(memory)) == Fraction(month)


@pytest.mark.parametrize(("storage", "billed"), [(20, 0), (21, 1), (200, 180), (0, 0)])
def test_storage_is_billed_from_20_on(storage: int, billed: int) -> None:
    more = fargate_hour(Fraction(1), Fraction(2), storage_gb=storage) - fargate_hour(Fraction(1), Fraction(2))
    assert more == billed * Fraction("0.000111")


def test_arm_has_rates_of_its_own() -> None:
    assert fargate_hour(Fraction(2), Fraction(4), architecture="ARM64") == Fraction("0.079")
    assert fargate_hour(Fraction(0), Fraction(0), included_gb=0) == Fraction("0.00222")


def test_what_an_answer_says_of_its_prices() -> None:
    assert published() == {
        "currency": "USD",
        "region": "us-east-1",
        "asOf": "2026-03",
        "sources": ["vantage.sh", "wring.co (2026-03-10)", "cloudburn.io (as of March 2026)"],
        "check": "These are third-party quotes of March and April 2026 for us-east-1; check AWS's price page before "
        "you decide.",
    }

from __future__ import annotations

from fractions import Fraction

import pytest

from simulator.errors import InputError
from simulator.kubernetes import quantities


@pytest.mark.parametrize(
    ("written", "units"),
    [
        ("1m", Fraction(1024, 1000)),
        ("1000m", 1024),
        (1, 1024),
        ("0.1", Fraction(1024, 10)),
        (0, 0),
        (10_000, 10_240_000),
    ],
)
def test_cpu(written: object, units: int | Fraction) -> None:
    assert quantities.cpu(written, "cpu") == units


@pytest.mark.parametrize(
    ("written", "mebibytes"),
    [
        (1 << 20, 1),
        ("1024Ki", 1),
        ("1Mi", 1),
        ("1.5Gi", 1536),
        ("1Ti", 1 << 20),
        ("1024Ti", 1 << 30),
        ("1k", Fraction(1000, 1 << 20)),
        ("1M", Fraction(10**6, 1 << 20)),
        ("1G", Fraction(10**9, 1 << 20)),
        ("1T", Fraction(10**12, 1 << 20)),
        (1 << 50, 1 << 30),
    ],
)
def test_memory(written: object, mebibytes: int | Fraction) -> None:
    assert quantities.memory(written, "memory") == mebibytes


@pytest.mark.parametrize("written", ["", "m", "1 m", "-1", "1e3", "1Mi", None, True, [1], 10_001, 1e20, "1" * 10])
def test_no_cpu(written: object) -> None:
    with pytest.raises(InputError, match=r"spec\.cpu must be CPU such as"):
        quantities.cpu(written, "spec.cpu")


@pytest.mark.parametrize(
    "written", ["", "Mi", "1MB", "1mi", "-1", None, False, {}, "1025Ti", (1 << 50) + 1, 10**30, -(10**16), float("nan")]
)
def test_no_memory(written: object) -> None:
    with pytest.raises(InputError, match=r"spec\.memory must be memory such as"):
        quantities.memory(written, "spec.memory")


def test_amounts_are_shown_whole_where_they_are() -> None:
    assert quantities.plain(Fraction(4, 2)) == 2
    assert quantities.plain(Fraction(1, 3)) == 0.333

"""Kubernetes' resource quantities: `"250m"` of CPU, `"512Mi"` of memory, exactly as they are written."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from simulator.errors import InputError
from simulator.reading import shown

MOST_CPU = 1024 * 10_000  # CPU units; ours
MOST_MEMORY = 1 << 30  # MiB; ours

_CPU = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)(m?)")
_MEMORY = re.compile(r"([0-9]{1,16}(?:\.[0-9]{1,6})?)(Ki|Mi|Gi|Ti|k|M|G|T|)")
_BYTES = {
    "": 1, "Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30, "Ti": 1 << 40,
    "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12,
}  # fmt: skip


def cpu(value: Any, path: str) -> Fraction:
    """CPU in ECS's units, 1024 to a vCPU: a number of vCPUs, or thousandths as text.

    >>> cpu("250m", "cpu"), cpu(0.5, "cpu"), cpu("2", "cpu")
    (Fraction(256, 1), Fraction(512, 1), Fraction(2048, 1))
    """
    found = _CPU.fullmatch(_written(value))
    if found is None or (units := Fraction(found[1]) * 1024 / (1000 if found[2] else 1)) > MOST_CPU:
        raise InputError(f'{path} must be CPU such as "250m", 0.5 or 2 (vCPUs), not {shown(value)}.', path=path)
    return units


def memory(value: Any, path: str) -> Fraction:
    """Memory in MiB: bytes as a number, or text with a unit.

    >>> memory("512Mi", "memory"), memory("2Gi", "memory"), memory(1048576, "memory")
    (Fraction(512, 1), Fraction(2048, 1), Fraction(1, 1))
    """
    found = _MEMORY.fullmatch(_written(value))
    if found is None or (mebibytes := Fraction(found[1]) * _BYTES[found[2]] / (1 << 20)) > MOST_MEMORY:
        raise InputError(f'{path} must be memory such as "512Mi" or "2Gi", not {shown(value)}.', path=path)
    return mebibytes


def plain(amount: Fraction) -> int | float:
    """An amount for an answer: whole where it is whole.

    >>> plain(Fraction(512)), plain(Fraction(1024, 10))
    (512, 102.4)
    """
    return int(amount) if amount.denominator == 1 else round(float(amount), 3)


def _written(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    # repr of a huge whole number can be refused by Python itself; such a one is out of range anyway.
    if isinstance(value, int) and abs(value) >= 10**16:
        return ""
    return value if isinstance(value, str) else str(value)

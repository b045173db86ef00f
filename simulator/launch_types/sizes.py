"""Fargate's task sizes: the pairs of CPU and memory that exist. Source: facts 5.5 of the placement sheet."""

from __future__ import annotations

# CPU units -> memory in MiB: lowest, highest, step; the largest has three values and nothing between.
_RANGES: dict[int, tuple[int, int, int]] = {
    512: (1024, 4096, 1024),
    1024: (2048, 8192, 1024),
    2048: (4096, 16384, 1024),
    4096: (8192, 30720, 1024),
    8192: (16384, 61440, 4096),
    16384: (32768, 122880, 8192),
}
SIZES: dict[int, tuple[int, ...]] = {
    256: (512, 1024, 2048),
    **{cpu: tuple(range(low, high + 1, step)) for cpu, (low, high, step) in _RANGES.items()},
    32768: (61440, 122880, 249856),
}


def smallest(cpu: int, memory: int) -> tuple[int, int] | None:
    """The smallest size that holds so much: least CPU first, then least memory; None if none is large enough.

    >>> smallest(256, 512), smallest(300, 300), smallest(256, 5000), smallest(1, 300_000)
    ((256, 512), (512, 1024), (1024, 5120), None)
    """
    for units, amounts in SIZES.items():
        for amount in amounts:
            if units >= cpu and amount >= memory:
                return units, amount
    return None

"""Fargate's task sizes: the pairs of CPU and memory that exist. Source: facts 5.5 of the placement sheet."""

from __future__ import annotations

from collections.abc import Mapping

# CPU units -> MiB: 77 pairs on Linux; the largest has three values and nothing between.
FARGATE_SIZES: Mapping[int, tuple[int, ...]] = {
    256: (512, 1024, 2048),
    512: tuple(range(1024, 4096 + 1, 1024)),
    1024: tuple(range(2048, 8192 + 1, 1024)),
    2048: tuple(range(4096, 16384 + 1, 1024)),
    4096: tuple(range(8192, 30720 + 1, 1024)),
    8192: tuple(range(16384, 61440 + 1, 4096)),
    16384: tuple(range(32768, 122880 + 1, 8192)),
    32768: (61440, 122880, 249856),
}
WINDOWS_CPU = (1024, 2048, 4096)


def fargate_sizes(*, windows: bool) -> Mapping[int, tuple[int, ...]]:
    """The memory sizes of each CPU size that Fargate runs, in units and MiB.

    >>> sum(len(sizes) for sizes in fargate_sizes(windows=False).values())
    77
    """
    return {cpu: FARGATE_SIZES[cpu] for cpu in WINDOWS_CPU} if windows else FARGATE_SIZES


def smallest(cpu: int, memory: int, *, windows: bool = False) -> tuple[int, int] | None:
    """The smallest size that holds so much: least CPU first, then least memory; None if none is large enough.

    >>> smallest(256, 512), smallest(300, 300), smallest(256, 5000), smallest(1, 300_000)
    ((256, 512), (512, 1024), (1024, 5120), None)
    """
    for units, amounts in fargate_sizes(windows=windows).items():
        for amount in amounts:
            if units >= cpu and amount >= memory:
                return units, amount
    return None

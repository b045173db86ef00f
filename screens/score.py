"""Points and results in words, the same on every page."""

from __future__ import annotations

from learners.progress import Attempt


def number(value: float) -> str:
    """Points as a reader writes them.

    >>> number(7.0), number(2 / 3), number(0.5)
    ('7', '0.67', '0.5')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".")


def points(value: float) -> str:
    """A number of points with its noun.

    >>> points(1), points(2.5)
    ('1 point', '2.5 points')
    """
    return f"{number(value)} point{'' if value == 1 else 's'}"


def of_points(earned: float, out_of: float) -> str:
    """Points earned of all there were.

    >>> of_points(9.5, 14), of_points(1, 1)
    ('9.5 of 14 points', '1 of 1 point')
    """
    return f"{number(earned)} of {points(out_of)}"


def of_attempt(attempt: Attempt) -> str:
    """An attempt's result: its points, and the share rounded down so that only a full score reads 100%."""
    return f"{of_points(attempt.points, attempt.out_of)} ({int(attempt.share * 100 + 1e-9)}%)"

"""Films as data: where two of them part."""

from __future__ import annotations

import pytest

from diagrams.film import Film, Frame, parting_of


def film(said: str) -> Film:
    """A film with a frame for each letter, which is its caption."""
    return Film(title="Letters", svg="<svg/>", frames=tuple(Frame(patch={}, caption=one, text=one) for one in said))


@pytest.mark.parametrize(
    ("one", "other", "at"),
    [
        ("abc", "abc", None),
        ("abc", "abd", 1),
        ("abc", "xbc", 0),
        ("abc", "ab", 1),
        ("a", "abc", 0),
        ("abcd", "axyz", 0),
    ],
)
def test_two_films_part_after_the_last_frame_that_says_the_same(one: str, other: str, at: int | None) -> None:
    assert parting_of(film(one), film(other)) == at == parting_of(film(other), film(one))

"""Everything that the presets of a room say, word for word; `tests/simulator/told.py` writes the files again."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from simulator.preset import Preset
from simulator.subjects import MECHANISMS
from tests.simulator import told

kept = cache(told.kept)


def situations() -> list[Any]:
    pairs = [(mechanism, preset) for mechanism in MECHANISMS for preset in told.presets(mechanism)]
    return [pytest.param(mechanism, preset, id=f"{mechanism}-{preset.id}") for mechanism, preset in pairs]


@pytest.mark.parametrize(("mechanism", "preset"), situations())
def test_a_room_says_what_it_has_always_said(mechanism: str, preset: Preset) -> None:
    old = kept(mechanism)[preset.id].splitlines()
    new = told.told_of(mechanism, preset).splitlines()
    for before, now in zip(old, new, strict=False):
        assert now == before
    assert len(new) == len(old)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_nothing_is_kept_that_is_said_no_more(mechanism: str) -> None:
    assert list(kept(mechanism)) == [preset.id for preset in told.presets(mechanism)]

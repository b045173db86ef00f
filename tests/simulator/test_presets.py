"""Every preset of every room: it answers, it differs from its neighbors, and it fits a link."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

import pytest

from simulator import scenario
from simulator.preset import Preset
from simulator.subjects import MECHANISMS, SUBJECTS, answer

ROOMS = [name for name in MECHANISMS if name not in ("placement", "deployment")]  # theirs are in their lessons


def presets() -> list[Any]:
    return [
        pytest.param(room, preset, id=f"{room}-{preset.id}")
        for room in ROOMS
        for preset in import_module(f"simulator.{room}.presets").PRESETS
    ]


@pytest.mark.parametrize(("room", "preset"), presets())
def test_a_preset_answers_and_fits_a_link(room: str, preset: Preset) -> None:
    assert SUBJECTS[preset.subject] == room
    first = json.dumps(answer(preset.subject, preset.scenario), allow_nan=False)
    assert json.dumps(answer(preset.subject, preset.scenario), allow_nan=False) == first
    assert scenario.decode(scenario.encode(preset.scenario)) == json.loads(json.dumps(preset.scenario))
    assert preset.about.endswith(".")
    assert preset.title.strip()


@pytest.mark.parametrize("room", ROOMS)
def test_the_presets_of_a_room_differ(room: str) -> None:
    found: tuple[Preset, ...] = import_module(f"simulator.{room}.presets").PRESETS
    assert len(found) >= 4
    assert len({one.id for one in found}) == len({one.title for one in found}) == len(found)
    answers = {json.dumps(answer(one.subject, one.scenario), sort_keys=True) for one in found}
    assert len(answers) == len(found)

"""The run that a sandbox hands out as a file can be read back, event for event."""

from __future__ import annotations

from typing import Any

import pytest

from lessons import placement_figures, placement_presets, rolling_presets, rolling_runs
from simulator import deployment, placement
from simulator.trace import from_json, to_json

RUNS = [
    *((placement.MECHANISM, placement_figures.run_of, preset) for preset in placement_presets.SANDBOX),
    *((deployment.MECHANISM, rolling_runs.run_of, preset) for preset in rolling_presets.SANDBOX),
]


@pytest.mark.parametrize(("mechanism", "run_of", "preset"), RUNS, ids=lambda value: getattr(value, "id", ""))
def test_the_file_of_a_run_reads_back_as_the_run(mechanism: Any, run_of: Any, preset: Any) -> None:
    run = run_of(preset.scenario)
    assert from_json(to_json(run), mechanism) == run

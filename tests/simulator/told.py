"""All that a room says, as text: what `tests/golden/told/<mechanism>.txt` holds.

A changed word, number or order in any answer, step or reason shows as a difference of these files. Write them again by
`python -m tests.simulator.told [MECHANISM…]`, read the difference, and commit it with the change that made it.
"""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from collections.abc import Iterator, Mapping
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any

from simulator import trace as traces
from simulator.deployment import events_until
from simulator.deployment.stuck import why_stuck
from simulator.errors import InputError
from simulator.placement import Decision, StopDecision
from simulator.placement.subjects import decision_to_dict, stop_to_dict
from simulator.preset import Preset
from simulator.subjects import MECHANISMS, answer, run_of

FOLDER = Path(__file__).parents[1] / "golden" / "told"
MOST_STEPS = 25  # of a run that are told one by one; the last state is told of every run

# The first two rooms have their situations in their lessons.
_LEFT_OUT = ("rules", "plan")  # of a state: they never change
_LESSONS = {"placement": "lessons.placement_presets", "deployment": "lessons.rolling_presets"}


def told(mechanism: str) -> str:
    """Every preset of a mechanism with its answer, and the steps of its run with their reasons."""
    return "".join(f"# {preset.id}\n{told_of(mechanism, preset)}" for preset in presets(mechanism))


def told_of(mechanism: str, preset: Preset) -> str:
    return "".join(f"{line}\n" for line in _told(mechanism, preset))


def kept(mechanism: str) -> dict[str, str]:
    """What the file of a mechanism holds, by preset."""
    text = (FOLDER / f"{mechanism}.txt").read_text(encoding="utf-8")
    sections = re.split(r"^# ", text, flags=re.MULTILINE)[1:]
    return dict(section.split("\n", 1) for section in sections)


def presets(mechanism: str) -> tuple[Preset, ...]:
    if mechanism not in _LESSONS:
        return import_module(f"simulator.{mechanism}.presets").PRESETS
    found: dict[str, Preset] = {}
    for name, value in vars(import_module(_LESSONS[mechanism])).items():
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Preset):
                found.setdefault(f"{name.lower()} {one.id}", one)
    return tuple(dataclasses.replace(one, id=name) for name, one in found.items())


def _told(mechanism: str, preset: Preset) -> Iterator[str]:
    if preset.subject:
        yield json.dumps(answer(preset.subject, preset.scenario), indent=1, ensure_ascii=False)
    run = run_of(mechanism)
    if run is None:
        return
    try:
        trace = run.simulate(preset.scenario, run.rules_from_dict({}))
    except InputError:
        return  # a document of a question, not of a run
    for k in range(min(len(trace), MOST_STEPS)):
        yield f"{k} {_line(run.event_to_dict(trace.events[k]))}"
        yield f"  {_line(_reason(traces.explain(trace, k)))}"
    last = traces.state_at(trace, len(trace))
    yield f"ends {_line(last)}"
    if mechanism == "deployment":
        yield from (f"event {line.text}" for line in events_until(trace))
        yield f"stuck {_line(why_stuck(trace))}"


def _reason(explained: Any) -> Any:
    """Placement's sentences are made when they are asked for, so its decisions are told as the terminal tells them."""
    if isinstance(explained, Decision):
        return {**decision_to_dict(explained), "sentence": explained.sentence}
    return stop_to_dict(explained) if isinstance(explained, StopDecision) else explained


def _line(value: Any) -> str:
    return json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: Any) -> Any:
    """A record as what JSON has a form for, its empty fields left out."""
    if isinstance(value, Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
        empty = (None, (), "", {}, [])
        return {name: _plain(one) for name, one in pairs if name not in _LEFT_OUT and one not in empty}
    if isinstance(value, Mapping):
        return {str(_plain(name)): _plain(one) for name, one in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    if isinstance(value, (set, frozenset)):
        return sorted(str(_plain(one)) for one in value)
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


if __name__ == "__main__":
    for _name in sys.argv[1:] or MECHANISMS:
        (FOLDER / f"{_name}.txt").write_text(told(_name), encoding="utf-8")

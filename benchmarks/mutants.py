"""`python -m benchmarks.mutants [ROOM…]`: how many small faults put into the simulator do its own tests find?

Room by room, in a copy of the tree: mutmut writes the mutants, a fixed sample of them is tried on the room's tests
(`benchmarks.mutant_trials`), and the table says how many were killed. The sample is drawn evenly from a room's mutants
and tried in the order in which it was drawn, so what a slow machine leaves out is left to chance, too. Survivors stand
in `build/mutants/<room>/survivors.txt`, each with what it changes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from simulator.subjects import MECHANISMS

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build" / "mutants"
SHARED = "shared"  # the modules that stand beside the rooms
SAMPLE = 300
SECONDS = 80  # for the trials of a room; fourteen rooms with all that comes before take less than half an hour
GOAL = 85
# What the tests read beside the simulator; the first rooms' situations are their lessons'.
NEEDED = ("diagrams", "quizzes", "course", "learners", "lessons", "ui", "screens", "benchmarks", "README.md")


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What became of a room's mutants; one that made the tests hang counts as killed, one that no test ran does not."""

    room: str
    mutants: int
    tried: int
    killed: int
    seconds: float

    @property
    def percent(self) -> float:
        return 100 * self.killed / self.tried if self.tried else 0.0


def main(arguments: Sequence[str]) -> int:
    rooms = (*MECHANISMS, SHARED)
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description="Faults that the tests find.")
    parser.add_argument("room", nargs="*", help=f"of {', '.join(rooms)}; without one, all")
    parser.add_argument("--sample", type=int, default=SAMPLE, help=f"mutants to try in a room ({SAMPLE})")
    parser.add_argument("--seconds", type=float, default=SECONDS, help=f"for the trials of a room ({SECONDS})")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2, help="trials at once (one a processor)")
    asked = parser.parse_args(arguments)
    unknown = [room for room in asked.room if room not in rooms]
    if unknown:
        print(f"There is no room “{unknown[0]}”; there are {', '.join(rooms)}.", file=sys.stderr)
        return 2
    scores: list[Score] = []
    for room in asked.room or rooms:
        print(f"{room} …", file=sys.stderr, flush=True)
        scores.append(_score(room, sample=asked.sample, seconds=asked.seconds, jobs=asked.jobs))
        print(_line(scores[-1]), file=sys.stderr, flush=True)
    print("| room | mutants | tried | killed | percent | seconds |\n| --- | --: | --: | --: | --: | --: |")
    for score in scores:
        print(_line(score))
    tried, killed = sum(score.tried for score in scores), sum(score.killed for score in scores)
    print(
        f"All rooms: {killed} of {tried} killed, {100 * killed / tried:.1f} %, {sum(s.seconds for s in scores):.0f} s."
    )
    return 0 if all(score.percent >= GOAL for score in scores) else 1


def _score(room: str, *, sample: int, seconds: float, jobs: int) -> Score:
    started = time.monotonic()
    place = _copy(room)
    limits = ("--sample", str(sample), "--seconds", str(seconds), "--jobs", str(jobs))
    with (place / "trials.log").open("wb") as log:
        command = (sys.executable, "-m", "benchmarks.mutant_trials", room, *limits)
        code = subprocess.run(command, cwd=place, stdout=log, stderr=log, check=False).returncode
    if code:
        raise SystemExit(f"The trials of {room} ended with {code}; {place / 'trials.log'} says why.")
    results = json.loads((place / "results.json").read_text(encoding="utf-8"))
    survivors = [f"{name}\n{fault}\n" for name, fault in results["survivors"].items()]
    (place / "survivors.txt").write_text("\n".join(survivors), encoding="utf-8")
    return Score(
        room=room,
        mutants=results["mutants"],
        tried=results["tried"],
        killed=results["tried"] - len(survivors),
        seconds=time.monotonic() - started,
    )


def _copy(room: str) -> Path:
    place = BUILD / room
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for name in ("simulator", "tests", *NEEDED):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=shutil.ignore_patterns("__pycache__", "browser"))
        else:
            shutil.copy(source, place / name)
    shutil.copy(ROOT / "pyproject.toml", place / "pyproject.toml")
    with (place / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write('\n[tool.mutmut]\nsource_paths = ["simulator"]\ntrack_dependencies = false\n')
    return place


def _line(score: Score) -> str:
    cells = (score.room, score.mutants, score.tried, score.killed, f"{score.percent:.1f}", f"{score.seconds:.0f}")
    return f"| {' | '.join(str(cell) for cell in cells)} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

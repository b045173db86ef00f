"""`python -m benchmarks.mutants [ROOM…]`: how many small faults put into the simulator do its own tests find?

Room by room, in a copy of the tree: mutmut writes the mutants, a fixed sample of them is run against the room's tests,
and the table says how many were killed. The sample is drawn evenly from a room's mutants, so that a run of all rooms
ends within half an hour on two cores. Survivors stay in `build/mutants/<room>/survivors.txt`.
"""

from __future__ import annotations

import json
import os
import random
import re
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
MOST_SECONDS = 130  # of a room, so that thirteen take less than half an hour
SAMPLE = 400
SEED = 20261124
GOAL = 85
# What the tests read beside the simulator; screens, banks and lessons are imported by the first rooms' situations.
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


def main(wanted: Sequence[str]) -> int:
    rooms = (*MECHANISMS, SHARED)
    unknown = [room for room in wanted if room not in rooms]
    if unknown:
        print(f"There is no room “{unknown[0]}”; there are {', '.join(rooms)}.", file=sys.stderr)
        return 2
    scores: list[Score] = []
    for room in wanted or rooms:
        print(f"{room} …", file=sys.stderr, flush=True)
        scores.append(_score(room))
        print(_line(scores[-1]), file=sys.stderr, flush=True)
    print("| room | mutants | tried | killed | percent | seconds |\n| --- | --: | --: | --: | --: | --: |")
    for score in scores:
        print(_line(score))
    tried, killed = sum(score.tried for score in scores), sum(score.killed for score in scores)
    print(
        f"All rooms: {killed} of {tried} killed, {100 * killed / tried:.1f} %, {sum(s.seconds for s in scores):.0f} s."
    )
    return 0 if all(score.percent >= GOAL for score in scores) else 1


def _score(room: str) -> Score:
    started = time.monotonic()
    place = _copy(room)
    # The first mutant of every function; this writes all of them, and learns which test runs which function.
    _mutmut(place, ["*__mutmut_1"], MOST_SECONDS)
    waiting = sorted(name for name, code in _results(place).items() if code is None)
    random.Random(SEED).shuffle(waiting)
    left = MOST_SECONDS - (time.monotonic() - started)
    if left > 0 and waiting:
        _mutmut(place, waiting[:SAMPLE], left)
    results = _results(place)
    tried = {name: code for name, code in results.items() if code is not None}
    survivors = sorted(name for name, code in tried.items() if code in _SURVIVED)
    (place / "survivors.txt").write_text("\n".join(survivors) + "\n", encoding="utf-8")
    return Score(
        room=room,
        mutants=len(results),
        tried=len(tried),
        killed=len(tried) - len(survivors),
        seconds=time.monotonic() - started,
    )


_SURVIVED = (0, 5, 33)  # mutmut's codes: the tests passed, none were found, none ran the function


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
    modules = "simulator/*.py" if room == SHARED else f"simulator/{room}/*"
    with (place / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(
            f"""
[tool.mutmut]
source_paths = ["simulator"]
only_mutate = ["{modules}"]
{_apart(place) if room == SHARED else ""}
also_copy = {json.dumps(list(NEEDED))}
pytest_add_cli_args_test_selection = {json.dumps(_tests(room))}
pytest_add_cli_args = ["-p", "no:cacheprovider", "-p", "no:xdist"]
track_dependencies = false
timeout_multiplier = 5.0
"""
        )
    return place


def _apart(place: Path) -> str:
    """A star of mutmut's crosses folders, so the rooms are named when only what stands beside them is meant."""
    rooms = [f"simulator/{one.name}/*" for one in sorted((place / "simulator").iterdir()) if one.is_dir()]
    return f"do_not_mutate = {json.dumps(rooms)}"


def _tests(room: str) -> list[str]:
    """A room's own tests; its golden cases and all that it says are in files of every room, chosen by name."""
    if room == SHARED:
        return ["tests/simulator"]
    told = re.findall(r"^# (.+)$", (ROOT / f"tests/golden/told/{room}.txt").read_text(encoding="utf-8"), re.MULTILINE)
    case = f"tests/simulator/test_told.py::test_a_room_says_what_it_has_always_said[{room}-"
    return [
        f"tests/simulator/{room}",
        *(f"{case}{name}]" for name in told),
        "tests/simulator/test_golden.py::test_golden",
    ]


def _mutmut(place: Path, names: Sequence[str], seconds: float) -> None:
    """Run some mutants; when the time is over, what was tried by then is kept."""
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(os.cpu_count() or 2), *names]
    log = (place / "mutmut.log").open("ab")
    process = subprocess.Popen(command, cwd=place, stdout=log, stderr=log, start_new_session=True)
    try:
        code = process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.wait()
    else:
        if code:
            raise SystemExit(f"mutmut ended with {code}; see {place / 'mutmut.log'}.")
    finally:
        log.close()


def _results(place: Path) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for file in sorted((place / "mutants" / "simulator").rglob("*.meta")):
        found |= json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def _line(score: Score) -> str:
    cells = (score.room, score.mutants, score.tried, score.killed, f"{score.percent:.1f}", f"{score.seconds:.0f}")
    return f"| {' | '.join(str(cell) for cell in cells)} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The trials of mutants, on a simulator of one room with two rules: one is tested at its bound, one is not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from benchmarks import mutants
from benchmarks.mutant_trials import Learned, Mutant, _statement
from simulator.subjects import MECHANISMS

ROOT = Path(__file__).parents[2]
TREE = {
    "pyproject.toml": """
        [tool.pytest.ini_options]
        pythonpath = ["."]
        addopts = "--import-mode=importlib"
        [tool.mutmut]
        source_paths = ["simulator"]
        track_dependencies = false
    """,
    "simulator/__init__.py": "",
    "simulator/subjects.py": 'SUBJECTS = {"room": "room"}\n',
    "simulator/room/__init__.py": "",
    "simulator/room/rule.py": """
        from functools import cache


        def full(tasks: int) -> bool:
            return tasks > 9


        def empty(tasks: int) -> bool:
            return tasks < 1


        def unasked(tasks: int) -> bool:
            return tasks == 5


        def endless(tasks: int) -> int:
            while tasks > 0:
                tasks = tasks - 1
            return tasks


        @cache
        def state(tasks: int) -> str:
            return "full" if full(tasks) else "free"
    """,
    "tests/simulator/room/test_rule.py": """
        import pytest

        from simulator.room.rule import empty, endless, state


        @pytest.mark.parametrize(("tasks", "expected"), [(9, "free"), (10, "full"), (11, "full")])
        def test_full(tasks: int, expected: str) -> None:
            assert state(tasks) == expected


        def test_again_from_the_cache() -> None:
            assert state(10) == "full"


        def test_empty() -> None:
            assert not empty(7)


        def test_endless() -> None:
            assert endless(3) == 0
    """,
    "tests/simulator/test_golden.py": "",
    "tests/simulator/test_told.py": "",
}


def trials(place: Path, more: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    for name, text in {**TREE, **(more or {})}.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(dedent(text), encoding="utf-8")
    options = ("--sample", "99", "--seconds", "120", "--jobs", "2")
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.mutant_trials", "room", *options],
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_the_tests_do_not_look_at_survives(tmp_path: Path) -> None:
    run = trials(tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    changed = {line for fault in results["survivors"].values() for line in fault.splitlines() if line[0] == "+"}
    assert changed == {
        "+    return tasks <= 1",  # 7 is neither
        "+    return tasks < 2",
        "+    return tasks != 5",  # no test asks
        "+    return tasks == 6",
    }
    # The rest was killed: the bound of full (behind a cache), and what never ended.
    assert results["tried"] == results["mutants"] > len(changed) + 5


def test_tests_that_fail_by_themselves_measure_nothing(tmp_path: Path) -> None:
    run = trials(tmp_path, {"tests/simulator/room/test_rule.py": "def test_it():\n    assert False\n"})
    assert run.returncode == 1
    assert "Without a mutant, tests/simulator/room/test_rule.py::test_it fails; mend that first." in run.stderr
    assert not (tmp_path / "results.json").exists()


FUNCTION = """\
def it(a: int, b: int = 2) -> int:
    if a > b and (
        a > 3
    ):
        return a
    for i in range(b):
        a += sum(
            [i, a]
        )
    match a:
        case 1:
            b = 2
        case _:
            b = 3
    return b""".splitlines()


@pytest.mark.parametrize(
    ("line", "statement"),
    [
        (0, (0, 14)),
        (1, (1, 3)),
        (2, (1, 3)),
        (4, (4, 4)),
        (5, (5, 5)),
        (7, (6, 8)),
        (10, (9, 13)),
        (11, (11, 11)),
        (14, (14, 14)),
    ],
)
def test_the_statement_of_a_line(line: int, statement: tuple[int, int]) -> None:
    assert _statement(FUNCTION, line) == statement


def test_a_method_is_read_as_it_stands_in_its_class() -> None:
    assert _statement(["    def it(self) -> int:", '        """Told."""', "        return 1"], 2) == (2, 2)


def test_the_quickest_test_that_runs_the_statement_comes_first() -> None:
    learned = Learned(seconds=[3.0, 1.0, 2.0, 0.5], tests={"m.py": {4: [0, 2], 5: [1], 9: [3]}})
    mutant = Mutant(name="m.x_it__mutmut_1", module="m.py", lines=(4, 5), difference="")
    assert learned.of(mutant) == [1, 2, 0]
    assert learned.of(Mutant(name="n.x_it__mutmut_1", module="n.py", lines=(4, 5), difference="")) == []


def test_a_room_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert mutants.main(["placement", "cellar"]) == 2
    assert capsys.readouterr().err == f"There is no room “cellar”; there are {', '.join(MECHANISMS)}, shared.\n"

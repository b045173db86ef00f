"""The trials of one room's mutants, inside a copy of the tree; `benchmarks.mutants` makes the copy and starts this.

Mutmut writes every mutant of a module into the module itself, behind a switch. So the tests are collected once and run
once, to learn which test runs which line and how long it takes; then each mutant is one fork in which the switch is set
and the tests that run its statement are run, the quickest first, until one fails.
"""

from __future__ import annotations

import argparse
import ast
import gc
import json
import math
import os
import random
import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from difflib import unified_diff
from functools import partial
from pathlib import Path
from typing import Any

import coverage
import hypothesis
import psutil
import pytest
from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.utils.format_utils import get_mutant_name, mangled_name_from_mutant_name

SHARED = "shared"  # the modules that stand beside the rooms
RESULTS = "results.json"
SEED = 20261124
SWITCH = "MUTANT_UNDER_TEST"  # mutmut's
EXAMPLES = 15  # of a Hypothesis test, at most
GROWTH = 1 << 30  # bytes that a mutant may take beyond what the tests have when they start


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A small fault. `lines` are those of the statement that it changes, in the module with all mutants."""

    name: str
    module: str
    lines: tuple[int, int]
    difference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What a run without a mutant tells: the seconds of each test, and the tests that run each line of a module."""

    seconds: Sequence[float]
    tests: Mapping[str, Mapping[int, Sequence[int]]]

    def of(self, mutant: Mutant) -> list[int]:
        """The tests that can find the mutant, the quickest first."""
        first, last = mutant.lines
        lines = self.tests.get(mutant.module, {})
        found = {test for line in range(first, last + 1) for test in lines.get(line, ())}
        return sorted(found, key=lambda test: self.seconds[test])


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("room")
    parser.add_argument("--sample", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--jobs", type=int, required=True)
    asked = parser.parse_args()
    mutants = _write_mutants(asked.room, asked.jobs)
    sample = sorted(mutants, key=lambda mutant: mutant.name)
    random.Random(SEED).shuffle(sample)
    _settle_hypothesis()
    trials = Trials(asked.room, sample[: asked.sample], seconds=asked.seconds, jobs=asked.jobs)
    code = int(pytest.main(_arguments(asked.room), plugins=[trials]))
    if code or trials.trouble:
        print(trials.trouble or f"Pytest ended with {code}.", file=sys.stderr)
        return 1
    survivors = {mutant.name: mutant.difference for mutant, failed in trials.found if not failed}
    results = {"mutants": len(mutants), "tried": len(trials.found), "survivors": dict(sorted(survivors.items()))}
    Path(RESULTS).write_text(json.dumps(results), encoding="utf-8")
    return 0


class Trials:
    """A plugin of pytest that runs mutants instead of tests; `found` says of each whether a test failed."""

    def __init__(self, room: str, sample: Sequence[Mutant], *, seconds: float, jobs: int) -> None:
        self.room = room
        self.sample = sample
        self.seconds = seconds
        self.jobs = jobs
        self.found: list[tuple[Mutant, bool]] = []
        self.trouble = ""
        self._failed = ""

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        items[:] = [item for item in items if _is_of(item, self.room)]
        for item in items:
            kept = getattr(item.obj, "_hypothesis_internal_use_settings", None)
            if kept is not None:
                few = min(kept.max_examples, EXAMPLES)
                item.obj._hypothesis_internal_use_settings = hypothesis.settings(kept, max_examples=few, deadline=None)

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self._failed = report.nodeid

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        gc.freeze()
        learned = self._learn(session.items)
        if not learned:
            return True
        end = time.monotonic() + self.seconds
        waiting = list(reversed(self.sample))
        running: dict[int, Mutant] = {}
        while running or (waiting and time.monotonic() < end):
            if waiting and len(running) < self.jobs and time.monotonic() < end:
                mutant = waiting.pop()
                tests = learned.of(mutant)
                seconds = sum(learned.seconds[test] for test in tests)
                work = partial(self._try, mutant, [session.items[test] for test in tests], seconds)
                running[_in_fork(work)] = mutant
            else:
                pid, status = os.wait()
                self.found.append((running.pop(pid), status != 0))
        return True

    def _learn(self, items: Sequence[Any]) -> Learned | None:
        file = Path("learned.json")
        _, status = os.waitpid(_in_fork(partial(self._note_lines, items, file)), 0)
        answer = {"failed": "some test"} if status else json.loads(file.read_text(encoding="utf-8"))
        if answer["failed"]:
            self.trouble = f"Without a mutant, {answer['failed']} fails; mend that first."
            return None
        by_module = answer["tests"].items()
        tests = {module: {int(line): found for line, found in lines.items()} for module, lines in by_module}
        return Learned(seconds=answer["seconds"], tests=tests)

    def _note_lines(self, items: Sequence[Any], file: Path) -> int:
        os.environ[SWITCH] = ""
        modules = [str(path.resolve()) for path in _modules(self.room)]
        watch = coverage.Coverage(data_file=None, config_file=False, include=modules)
        seconds: list[float] = []
        with watch.collect():
            for index, item in enumerate(items):
                _forget()
                watch.switch_context(str(index))
                started = time.process_time()
                self._run(item)
                seconds.append(time.process_time() - started)
                if self._failed:
                    break
        data = watch.get_data()
        tests = {module: data.contexts_by_lineno(module) for module in modules}
        told = {
            str(Path(module).relative_to(Path.cwd())): {
                line: [int(one) for one in found if one] for line, found in lines.items()
            }
            for module, lines in tests.items()
        }
        file.write_text(json.dumps({"failed": self._failed, "seconds": seconds, "tests": told}), encoding="utf-8")
        return 0

    def _try(self, mutant: Mutant, items: Sequence[Any], seconds: float) -> int:
        os.environ[SWITCH] = mutant.name
        most = math.ceil(2 + 5 * seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (most, most + 1))
        if sys.platform == "linux":
            most = psutil.Process().memory_info().vms + GROWTH
            resource.setrlimit(resource.RLIMIT_AS, (most, most))
        _forget()
        for item in items:
            self._run(item)
            if self._failed:
                return 1
        return 0

    def _run(self, item: Any) -> None:
        item.ihook.pytest_runtest_protocol(item=item, nextitem=None)


def _in_fork(work: Callable[[], int]) -> int:
    """The id of a child that does the work and ends with its code, and never runs its parent's code."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        code = work()
    finally:
        os._exit(code)


def _forget() -> None:
    """Empty the simulator's caches: what was computed without the mutant would hide it."""
    for name, module in list(sys.modules.items()):
        if name.startswith("simulator"):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def _is_of(item: Any, room: str) -> bool:
    """A room's own tests; its golden cases and all that it says are in files of every room."""
    from simulator.subjects import SUBJECTS  # not before the mutants are written

    if room == SHARED or item.nodeid.startswith(f"tests/simulator/{room}/"):
        return True
    given = item.callspec.params if hasattr(item, "callspec") else {}
    asked = SUBJECTS.get(given["case"]["subject"]) if "case" in given else given.get("mechanism")
    return "/" not in item.nodeid.removeprefix("tests/simulator/") and asked == room


def _arguments(room: str) -> list[str]:
    own = ["tests/simulator"]
    if room != SHARED:
        own = [f"tests/simulator/{room}", "tests/simulator/test_golden.py", "tests/simulator/test_told.py"]
    # Plain asserts, because a long difference of two answers takes longer than the test.
    return ["-q", "--tb=no", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist", *own]


def _settle_hypothesis() -> None:
    """The same examples every time, few of them, and nothing that depends on how busy the machine is."""
    hypothesis.settings.register_profile(
        "mutants",
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.settings.load_profile("mutants")


def _modules(room: str) -> list[Path]:
    here = Path("simulator")
    return sorted(here.glob("*.py") if room == SHARED else (here / room).rglob("*.py"))


def _write_mutants(room: str, jobs: int) -> list[Mutant]:
    """Put all mutants into the room's modules."""
    with ProcessPoolExecutor(jobs) as pool:
        return [mutant for mutants in pool.map(_write_module, _modules(room)) for mutant in mutants]


def _write_module(path: Path) -> list[Mutant]:
    written = mutate_file_contents(str(path), path.read_text(encoding="utf-8"))
    path.write_text(written.code, encoding="utf-8")
    lines = written.code.splitlines()

    def text(name: str) -> list[str]:
        span = written.line_span_by_function_name[name]
        return [line.replace(name, "it") for line in lines[span.start - 1 : span.end]]

    mutants: list[Mutant] = []
    for name in written.mutant_names:
        original = f"{mangled_name_from_mutant_name(name)}__mutmut_orig"
        start = written.line_span_by_function_name[original].start
        before, after = text(original), text(name)
        changed = next((i for i, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), 0)
        first, last = _statement(before, changed)
        difference = "\n".join(list(unified_diff(before, after, n=1, lineterm=""))[2:])
        mutants.append(
            Mutant(
                name=get_mutant_name(path, name),
                module=str(path),
                lines=(start + first, start + last),
                difference=difference,
            )
        )
    return mutants


def _statement(function: Sequence[str], changed: int) -> tuple[int, int]:
    """The first and last line of the statement that a line is in; of one with a body, those before the body."""
    tree = ast.parse("\n".join(["if True:", *(f" {line}" for line in function)]))
    found = (0, len(function) - 1)
    for node in ast.walk(tree.body[0]):
        if not isinstance(node, ast.stmt) or node is tree.body[0] or isinstance(node, ast.FunctionDef):
            continue
        has_body = isinstance(node, (ast.If, ast.For, ast.While, ast.With))
        last = node.body[0].lineno - 1 if has_body else node.end_lineno or node.lineno
        # The walk goes from the outside in, so the innermost comes last; one line was put before the function.
        if node.lineno <= changed + 2 <= max(last, node.lineno):
            found = (node.lineno - 2, max(last, node.lineno) - 2)
    return found


if __name__ == "__main__":
    sys.exit(main())

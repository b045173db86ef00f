"""The house keeps its own rules: who may import whom, how long a file may be, what no file may name."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
WINGS = ("screens", "lessons", "quizzes", "ui", "diagrams", "simulator", "course", "learners", "benchmarks")


def test_arrows_run_one_way() -> None:
    lint = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert lint.returncode == 0, lint.stdout[-3000:]


def test_app_is_a_short_door() -> None:
    assert len((ROOT / "app.py").read_text().splitlines()) < 80


@pytest.mark.parametrize("path", [p for wing in WINGS for p in sorted((ROOT / wing).rglob("*.py"))], ids=str)
def test_a_module_is_divided_before_it_is_long(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 430, "Divide it by idea."
    assert path.stem not in {"utils", "helpers", "common"}


def test_no_file_names_a_registry_host_or_this_machine() -> None:
    hosts = "|".join(("py" + "pi.org", "python" + "hosted", "npm" + "js", "deb." + "debian.org"))
    paths = "|".join("/" + root + "/" for root in ("work", "root", "tmp/bash_jobs"))
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    if listing.returncode != 0:
        pytest.skip("not a git checkout")
    for name in listing.stdout.splitlines():
        path = ROOT / name
        if path.suffix in {".png", ".svg"} or not path.is_file():
            continue
        found = re.search(f"({hosts}|{paths})", path.read_text(errors="replace"))
        assert found is None, f"{name}: {found and found.group()}"

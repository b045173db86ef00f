"""The README's chapter on the terminal: every example is run, and gives the answer that stands there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.subjects import SUBJECTS

README = Path(__file__).parents[2] / "README.md"
EXAMPLE = re.compile(
    r"```console\n\$ \.venv/bin/python -m simulator (\S+) - <<'EOF'\n(.*?)\nEOF\n(.*?)\n```", re.DOTALL
)
EXAMPLES = EXAMPLE.findall(README.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("subject", "document", "told"), EXAMPLES, ids=[one[0] for one in EXAMPLES])
def test_an_example_gives_what_it_says(subject: str, document: str, told: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "simulator", subject, "-"],
        input=document,
        capture_output=True,
        text=True,
        check=False,
        cwd=README.parent,
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == json.loads(told)


def test_every_subject_has_an_example() -> None:
    assert [one[0] for one in EXAMPLES] == list(SUBJECTS)

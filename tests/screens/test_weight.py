"""What a page must not bring along: pandas triples a session's memory, and no page of ours shows its tables."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = '''
import os, sys
from pathlib import Path
from streamlit.testing.v1 import AppTest
from course import syllabus
from tests.browser import walk

PAGE = """
from learners.identity import Learner
from screens import lesson
lesson.show(Learner(id="local", saved=True), "{slug}")
"""

for entry in syllabus.lessons():
    walk.settle_bets(Path(os.environ["QUAYSIDE_DATA"]), entry.slug)
    app = AppTest.from_string(PAGE.format(slug=entry.slug), default_timeout=120).run()
    assert not app.exception, entry.slug
    for name in ("pandas", "altair", "pyarrow"):
        if name in sys.modules:
            sys.exit(f"{entry.slug} imports {name}")
'''


def test_no_lesson_imports_what_shows_tables(tmp_path) -> None:
    env = {**os.environ, "QUAYSIDE_DATA": str(tmp_path), "QUAYSIDE_HOSTED": "no", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-600:]

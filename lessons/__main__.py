"""`python -m lessons lint`: every problem in the words of the course, one a line; exit 1 if there is any."""

from __future__ import annotations

import sys

from course import facts, glossary, syllabus
from lessons.lint import course_problems


def main(arguments: list[str]) -> int:
    """The exit code: 0 nothing found, 1 problems found, 2 not understood."""
    if arguments != ["lint"]:
        print("Say what to do: python -m lessons lint", file=sys.stderr)
        return 2
    found = list(course_problems())
    for problem in found:
        print(problem)
    if not found:
        told = (
            f"{len(syllabus.lessons())} lessons, {len(facts.facts())} facts, {len(glossary.terms())} terms: no problem."
        )
        print(told)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

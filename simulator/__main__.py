"""The terminal: `python -m simulator SUBJECT FILE`, `-` for standard input, JSON or YAML in, JSON out.

Standard output carries JSON only. Bad input, and all that AWS itself refuses, is exit 2 with one sentence on
standard error.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence

from simulator.documents import MOST_BYTES, load
from simulator.errors import InputError
from simulator.reading import shorten
from simulator.subjects import SUBJECTS, answer, subject_name


def main(arguments: Sequence[str]) -> int:
    """The exit status: 0 with the answer printed, 2 with a sentence on standard error."""
    try:
        if len(arguments) != 2:
            raise InputError(
                f"Usage: python -m simulator SUBJECT FILE, where SUBJECT is {', '.join(SUBJECTS)} and FILE may be -."
            )
        subject, path = arguments
        subject = subject_name(subject)  # before a file is read
        result = answer(subject, load(_read(path)))
    except InputError as error:
        # One line of printable text, whatever the document put into the sentence.
        sentence = " ".join(str(error).split())
        print(sentence.encode("utf-8", "backslashreplace").decode(), file=sys.stderr)
        return 2
    try:
        print(json.dumps(result, allow_nan=False))
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has gone; without this, closing the stream at exit would complain again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _read(path: str) -> str:
    name = "Standard input" if path == "-" else f"“{shorten(path, 200)}”"
    try:
        if path == "-":
            data = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with open(path, "rb") as file:
                data = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise InputError(f"There is no file {name}.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the name is not one a file can have"
        raise InputError(f"{name} can not be read: {reason}.") from None
    if len(data) > MOST_BYTES:
        raise InputError(f"{name} is larger than {MOST_BYTES} bytes, the most that are read.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{name} is not UTF-8 text; give JSON or YAML.") from None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

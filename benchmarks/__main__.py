"""`python -m benchmarks [TOPIC…]`: measure, print the table, and exit with 1 if a budget is not kept."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import benchmarks
from benchmarks.row import Row, table


def main(wanted: list[str]) -> int:
    modules = {info.name: importlib.import_module(f"benchmarks.{info.name}") for info in _topics()}
    topics = {name: module for name, module in sorted(modules.items()) if hasattr(module, "rows")}
    unknown = [name for name in wanted if name not in topics]
    if unknown:
        print(f"There is no topic “{unknown[0]}”; there are {', '.join(topics)}.", file=sys.stderr)
        return 2
    rows: list[Row] = []
    for name in wanted or topics:
        print(f"Measuring {name} …", file=sys.stderr, flush=True)
        rows += topics[name].rows()
    print(table(rows))
    return 0 if all(row.ok for row in rows) else 1


def _topics() -> list[pkgutil.ModuleInfo]:
    return [info for info in pkgutil.iter_modules(benchmarks.__path__) if not info.name.startswith("_")]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Measured claims: `python -m benchmarks [TOPIC…]` prints one Markdown table, each figure beside its peer or floor.

A topic is a module here with `rows() -> list[Row]`. Peers are measured in the same run on the same machine, so that
the ratios can be compared between machines; the absolute figures can not.
"""

from __future__ import annotations

from benchmarks.row import Row, table


def test_the_table_shows_the_peer_the_ratio_and_a_broken_budget() -> None:
    kept = Row(
        what="fast", measured=123_456, unit="/s", peer="slow", peer_value=12.5, ratio=9876.5, budget="≥ 1", ok=True
    )
    broken = Row(what="late", measured=1.5, unit="ms", budget="≤ 1 ms", ok=False)
    assert table([kept, broken]).splitlines()[2:] == [
        "| fast | 123,456 /s | slow: 12.5 /s | 9,876× | ≥ 1 | yes |",
        "| late | 1.5 ms |  |  | ≤ 1 ms | **no** |",
    ]

"""Keys of widgets: unique over the course."""

from __future__ import annotations

from lessons.stage import Stage


def test_a_key_names_lesson_widget_and_part() -> None:
    keys = {
        Stage(slug=slug, name=name).key(part)
        for slug in ("placement", "rolling-updates")
        for name in ("board", "sandbox")
        for part in ("step", "preset")
    }
    assert len(keys) == 8
    assert all(key.startswith("lesson:") for key in keys)

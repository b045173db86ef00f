"""`make screenshots`: every page is on its list, and a long page comes in parts that together are all of it."""

from __future__ import annotations

import struct
from pathlib import Path

from docs import screenshots
from tests.browser import walk


def _size(path: Path) -> tuple[int, int]:
    """Width and height of a PNG file, from its head."""
    return struct.unpack(">II", path.read_bytes()[16:24])


def test_every_page_of_the_app_is_taken():
    paths = (*walk.PLAIN, *walk.LESSONS, *(f"{slug}-quiz" for slug in walk.LESSONS))
    assert sorted(path or "home" for path in paths) == sorted(name.split("?")[0] for name in screenshots.pages())


def test_the_parts_of_a_long_page_are_all_of_it(serve, browser, open_page, tmp_path):
    url = serve(walk.APP)
    parts = screenshots.take(browser, url, "course", 390, "light", tmp_path)
    assert [path.name for path in parts] == [f"course-390-light-{k:02}.png" for k in range(1, len(parts) + 1)]
    sizes = [_size(path) for path in parts]
    assert {width for width, _ in sizes} == {390}
    assert max(height for _, height in sizes) <= screenshots.PART
    page = open_page(width=390)
    walk.open_at(page, url, "course")
    whole = page.locator(".stMain .block-container").bounding_box()["height"]
    assert abs(sum(height for _, height in sizes) - whole) < 40

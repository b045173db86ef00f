"""A heading's anchor on the page is the one that links, the lint and the quizzes' remedies reckon with."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from course import syllabus
from lessons import blocks, markdown
from tests.browser import walk


@pytest.mark.parametrize("slug", [entry.slug for entry in syllabus.lessons()])
def test_headings_have_the_anchors_that_links_use(
    slug: str, serve: Callable[..., str], open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.goto(f"{serve('app.py')}/{slug}")
    page.locator("#sources").wait_for(timeout=60_000)
    walk.whole(page)
    there = set(page.evaluate("[...document.querySelectorAll('h2[id], h3[id]')].map((heading) => heading.id)"))
    wanted = [block.anchor for block in markdown.load(slug).blocks if isinstance(block, blocks.Heading)]
    assert [anchor for anchor in wanted if anchor not in there] == []

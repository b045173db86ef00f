"""A printed lesson: ink on white from either theme, no controls, figures as they stand, addresses written out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lessons import markdown
from tests.browser import walk

A4 = {"width": 680, "height": 1000}  # pixels inside the margins
# What can be pressed or moved and takes room on the page, below the roots of our own components too.
_CONTROLS = """() => {
  const found = []
  const look = (root) => {
    for (const one of root.querySelectorAll("*")) {
      if (one.shadowRoot) look(one.shadowRoot)
      if (!one.matches("button, select, input[type=range], summary, nav a, [data-testid=stPageLink-NavLink]")) continue
      if (one.closest("[class*=st-key-check-]")) continue
      const { width, height } = one.getBoundingClientRect()
      if (width * height > 4) found.push(one.outerHTML.slice(0, 120))
    }
  }
  look(document)
  return found
}"""
# The colors of all words that are seen, by how light they are: none may be pale on white paper.
_PALE = """() => {
  const found = new Set()
  const light = (color) => {
    const [r, g, b] = color.match(/[\\d.]+/g).map(Number)
    return (0.3 * r + 0.6 * g + 0.1 * b) / 255
  }
  const look = (root) => {
    for (const one of root.querySelectorAll("*")) {
      if (one.shadowRoot) look(one.shadowRoot)
      const words = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())
      if (!words || one.closest("script, style, head") || !one.getBoundingClientRect().height) continue
      const style = getComputedStyle(one)
      const color = one instanceof SVGElement ? style.fill : style.color
      if (style.visibility === "hidden" || light(color) <= 0.55) continue
      found.add(`${one.tagName} ${color} ${one.textContent.slice(0, 40)}`)
    }
  }
  look(document.querySelector(".stMain"))
  return [...found]
}"""


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("printed")
    walk.settle_bets(folder, "placement")
    return folder


@pytest.fixture
def printed(serve, data, open_page) -> Page:
    """A lesson in the dark theme, as the printer gets it."""
    page = open_page(theme="dark")
    walk.open_at(page, serve(walk.APP, {"QUAYSIDE_DATA": str(data)}), "placement")
    page.locator(".word-card").wait_for(state="attached")
    page.locator(".st-key-figure-first-board svg").first.wait_for()
    page.set_viewport_size(A4)
    walk.at_rest(page)
    page.emulate_media(media="print", color_scheme="dark")
    return page


def test_no_control_and_no_pale_word_is_on_paper(printed):
    assert printed.evaluate(_CONTROLS) == []
    assert printed.evaluate(_PALE) == []
    expect(printed.locator("header")).to_be_hidden()
    assert walk.sideways(printed) == []


def test_what_belongs_together_is_not_torn_and_sources_have_their_addresses(printed):
    for part in (".box.myth", ".box.rule", "[class*=st-key-check-]", ".stBidiComponent"):
        expect(printed.locator(part).first).to_have_css("break-inside", "avoid")
    expect(printed.locator(".stMain h2").first).to_have_css("break-after", "avoid")
    source = markdown.load("placement").front.sources[0]
    link = printed.locator(f'.st-key-sources a[href="{source.url}"]').first
    assert link.evaluate("(one) => getComputedStyle(one, '::after').content") == f'" ({source.url})"'
    words = printed.locator('.stMarkdown a[href^="#word-"]').first
    assert words.evaluate("(one) => getComputedStyle(one, '::after').content") == "none"


def test_the_figure_is_there_and_the_whole_lesson_is_printed(printed):
    expect(printed.locator(".st-key-figure-first-board svg").first).to_be_visible()
    paper = printed.pdf(format="A4")
    pages = len(re.findall(rb"/Type\s*/Page\b", paper))
    assert 8 <= pages <= 30, pages

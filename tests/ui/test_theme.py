"""The theme's own promises: contrast in both modes, one stylesheet, the accent for the next act only."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from ui import theme

ROOT = Path(__file__).resolve().parents[2]
CONFIG = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())
FIGURE = (ROOT / "ui/components/figure.css").read_text()
LEAST = 4.5  # WCAG AA for text


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def mixed(one: str, share: float, other: str) -> str:
    """What `color-mix(in srgb, one share, other)` gives."""
    parts = [(int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(first * share + second * (1 - share)):02x}" for first, second in parts)


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def accents(name: str) -> tuple[str, str]:
    """The color in the light and in the dark mode."""
    found = re.search(rf"--{name}: light-dark\((#\w+), (#\w+)\)", theme._CSS)
    assert found, f"{name} has no color"
    return found.group(1), found.group(2)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("name", ["textColor", "linkColor", "primaryColor", "codeTextColor"])
@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
def test_words_stand_out(mode: str, name: str, ground: str) -> None:
    colors = CONFIG["theme"][mode]
    assert contrast(colors[name], colors[ground]) >= LEAST


@pytest.mark.parametrize("state", ["healthy", "starting", "draining", "failed", "chosen"])
def test_states_stand_out_in_figures(state: str) -> None:
    light, dark = re.findall(rf"--{state}: (#[0-9a-f]{{6}})", FIGURE)
    assert contrast(light, CONFIG["theme"]["light"]["backgroundColor"]) >= LEAST
    assert contrast(dark, CONFIG["theme"]["dark"]["backgroundColor"]) >= LEAST


def test_words_on_a_block_stand_out_whatever_its_service() -> None:
    depths = [int(depth) / 100 for depth in re.findall(r"--depth: (\d+)%", FIGURE)]
    services = re.findall(r"--svc-\d: (#[0-9a-f]{6})", FIGURE)
    assert len(services) == 7
    for mode, depth in zip(("light", "dark"), depths, strict=True):
        colors = CONFIG["theme"][mode]
        for service in services:
            block = mixed(service, depth, colors["backgroundColor"])
            assert contrast(block, colors["textColor"]) >= LEAST, (mode, service)


def test_the_next_act_is_readable_in_both_modes() -> None:
    for ground, words in zip(accents("next-act"), accents("on-next-act"), strict=True):
        assert contrast(ground, words) >= LEAST


def test_the_accent_is_in_no_figure() -> None:
    for style in (ROOT / "ui/components").glob("*.css"):
        assert not [color for color in accents("next-act") if color in style.read_text()], style.name


def test_nothing_is_fetched_from_elsewhere() -> None:
    sources = [theme._CSS, *(path.read_text() for path in (ROOT / "ui/components").glob("*.*s*"))]
    for text in sources:
        assert not re.search(r"https?://(?!www\.w3\.org/)", text)
        assert "@import" not in text


def test_the_stylesheet_stays_small() -> None:
    assert len(theme._CSS.splitlines()) <= 60

"""The lessons as a list: all that the map says, in words and for every width. Pure: stops to HTML."""

from __future__ import annotations

import html
from collections.abc import Sequence

from diagrams.course_map import LIGHT, Gauge, Stop, roads

_FRAME = f"light-dark({LIGHT['line']}, #75828f)"
_SURE = f"light-dark({LIGHT['sure']}, #5fd3ab)"
_EARNED = f"light-dark({LIGHT['earned']}, #7cc4f5)"
_CSS = f"""<style>
.lessons {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); gap: 0.8rem;
  align-items: start; margin: 0; padding: 0 !important; list-style: none;
  & > li {{ margin: 0; padding: 0.75rem 1rem; border: 1px solid {_FRAME}; border-radius: 0.5rem;
    background: light-dark(#fffefb, #142130); }}
  & > .open {{ border-style: dashed; }}
  & > .sure {{ border: 2px solid {_SURE}; background: light-dark(#e6f2ec, #16302e); }}
  & > .here {{ border: 2px solid var(--next-act); }}
  & p {{ margin: 0.15rem 0 0; font-size: 0.9rem; line-height: 1.45; }}
  & .quiet {{ color: light-dark({LIGHT["quiet"]}, #b3bcc6); }}
  & .title {{ font-weight: 600; color: light-dark(#1f4e79, #9cc3ee); text-underline-offset: 0.2em; }}
  & details {{ margin-top: 0.35rem; font-size: 0.9rem; }}
  & details ul {{ margin: 0.4rem 0 0; padding-left: 1.1rem !important; }}
  & summary {{ cursor: pointer; padding-block: 0.2rem; }}
  & .gauge {{ display: inline-block; width: 1.6rem; height: 0.5rem; margin-inline-end: 0.25rem;
    border: 1px solid {_FRAME}; --fill: {_EARNED};
    background: linear-gradient(to right, var(--fill) var(--share), transparent 0); }}
  & .gauge.certain {{ --fill: {_SURE}; }}
  & .gauge.unasked {{ border-style: dotted; }}
}}
</style>"""


def to_html(stops: Sequence[Stop]) -> str:
    """The list, with its style; each lesson is one item with a link, and its objectives fold out."""
    named = {stop.id: f"{stop.number} {html.escape(stop.title)}" for stop in stops}
    below = roads(stops)
    items = "".join(_item(stop, [named[one] for one, other in below if other == stop.id]) for stop in stops)
    return f'{_CSS}<ol class="lessons">{items}</ol>'


def _item(stop: Stop, builds_on: Sequence[str]) -> str:
    lines = [
        f'<a class="title" href="{html.escape(stop.href)}">{stop.number} {html.escape(stop.title)}</a>',
        f'<p class="quiet">{html.escape(stop.told)}</p>',
        f'<p class="quiet">builds on {", ".join(builds_on)}</p>' if builds_on else "",
        _objectives(stop),
    ]
    return f'<li class="{stop.state}{" here" if stop.here else ""}">{"".join(lines)}</li>'


def _objectives(stop: Stop) -> str:
    if not stop.gauges:
        return ""
    bars = "".join(_bar(gauge) for gauge in stop.gauges)
    lines = "".join(
        f'<li>{html.escape(gauge.statement)} <span class="quiet">({html.escape(gauge.told)})</span></li>'
        for gauge in stop.gauges
    )
    count = f"{len(stop.gauges)} objectives" if len(stop.gauges) > 1 else "1 objective"
    return (
        f'<details><summary>{bars} <span class="quiet">{count}</span></summary>'
        f"<p>{html.escape(stop.about)}</p><ul>{lines}</ul></details>"
    )


def _bar(gauge: Gauge) -> str:
    kind = "unasked" if gauge.share is None else "certain" if gauge.sure else "earned"
    return f'<span class="gauge {kind}" style="--share: {round(100 * (gauge.share or 0))}%"></span>'

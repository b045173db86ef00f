"""A registry's run as a film: every event one frame, with what it changed in the registry and why it happened."""

from __future__ import annotations

from diagrams.describe import to_text
from diagrams.film import Film, Said
from diagrams.reel import diagram_film
from diagrams.registry import registry_diagram
from simulator.registry import Event, Kind, State
from simulator.trace import Trace, explain, state_at

TITLE = "The registry"


def registry_film(trace: Trace[State, Event]) -> Film:
    """Frame `k` shows the state before event `k`, and says why event `k - 1` happened; the last frame is the end."""
    states = [state_at(trace, k) for k in range(len(trace) + 1)]
    drawn = [registry_diagram(state, title=TITLE) for state in states]
    said = [Said(caption="Before the first command.", text=to_text(drawn[0]), mark="", tone="")]
    for k, event in enumerate(trace.events):
        said.append(
            Said(
                caption=explain(trace, k).sentence,
                text=to_text(drawn[k + 1]),
                mark=event.kind.value.replace("-", " "),
                tone="refused" if event.kind is Kind.REFUSED else "",
            )
        )
    return diagram_film(TITLE, drawn, said)

"""Small marks beside a rack for what is counted and not measured: host ports, network interfaces, GPUs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from diagrams.look import rounded
from simulator.model import Cluster, Instance, PlacedTask
from simulator.task_needs import TaskNeeds

MOST = 8  # of one kind beside a rack; with more than that the count says nothing at a glance
MOST_PORTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Pip:
    """One mark: `kind` is "tcp 8080", "eni" or "gpu", `index` counts those of its kind from 0."""

    kind: str
    index: int = 0

    @property
    def legend(self) -> str:
        """How the key calls it."""
        if self.kind == "eni":
            return "interfaces"
        return "GPUs" if self.kind == "gpu" else f"port {self.kind.split()[1]}"

    def shape(self, x: float, y: float) -> str:
        """A path of 8 by 8: a circle for an interface, a square for a GPU, a diamond for a port."""
        left, top = rounded(x), rounded(y)
        if self.kind == "eni":
            return f"M{left} {rounded(y + 4)}a4 4 0 1 1 8 0a4 4 0 1 1 -8 0Z"
        if self.kind == "gpu":
            return f"M{left} {top}h8v8h-8Z"
        return f"M{rounded(x + 4)} {rounded(y - 0.5)}l4.5 4.5l-4.5 4.5l-4.5 -4.5Z"


def pips_of(first: Cluster, takers: Iterable[TaskNeeds | PlacedTask]) -> dict[str, tuple[Pip, ...]]:
    """For each instance the pips it has through the whole run: only of what some task of the run asks for."""
    takers = list(takers)
    ports = sorted({("tcp", port) for taker in takers for port in taker.tcp if port})
    ports += sorted({("udp", port) for taker in takers for port in taker.udp if port})
    eni, gpu = any(taker.eni for taker in takers), any(taker.gpu for taker in takers)
    found: dict[str, tuple[Pip, ...]] = {}
    for instance in first.instances:
        pips = [Pip(kind=f"{protocol} {port}") for protocol, port in ports[:MOST_PORTS]]
        slots = (instance.enis or 0) + sum(task.eni for task in first.tasks if task.instance == instance.id)
        if eni and slots <= MOST:
            pips += [Pip(kind="eni", index=i) for i in range(slots)]
        whole = instance.registered or instance.remaining
        if gpu and whole and whole.gpu <= MOST:
            pips += [Pip(kind="gpu", index=i) for i in range(whole.gpu)]
        found[instance.id] = tuple(pips)
    return found


def shown_pips(pips: Sequence[Pip], now: Instance | None, tasks: Sequence[PlacedTask]) -> tuple[str, ...]:
    """The class of each pip: "pip", or "pip pip-used"."""
    if now is None:
        return ("pip",) * len(pips)
    slots = sum(pip.kind == "eni" for pip in pips)
    gpus = sum(pip.kind == "gpu" for pip in pips)
    used_slots = slots - (now.enis or 0)
    used_gpus = gpus - (now.remaining.gpu if now.remaining else gpus - sum(task.gpu for task in tasks))
    return tuple("pip pip-used" if _used(pip, now, used_slots, used_gpus) else "pip" for pip in pips)


def _used(pip: Pip, now: Instance, used_slots: int, used_gpus: int) -> bool:
    if pip.kind == "eni":
        return pip.index < used_slots
    if pip.kind == "gpu":
        return pip.index < used_gpus
    protocol, port = pip.kind.split()
    return int(port) in (now.tcp if protocol == "tcp" else now.udp)

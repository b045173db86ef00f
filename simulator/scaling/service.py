"""The simple service model, stated: how tasks work off a load, second by second, in whole thousandths.

Each task works off a fixed number of requests (or messages) a second at 100 % CPU. What comes above that waits in one
queue. A web service's requests give up after a timeout; a worker's messages wait in the queue for ever. CPU is the
share of its capacity that a task uses, so it never passes 100 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What a task is. `rate` is thousandths of a request a second at 100 % CPU; times are seconds, `response` ms.

    `timeout` is None for a worker: its messages wait in a queue.
    """

    rate: int
    start: int
    stop: int
    timeout: int | None
    response: int


def work(loads: Sequence[int], running: int, queue: int, model: Model) -> tuple[int, int, int]:
    """What some seconds with the same tasks work off.

    Parameters
    ----------
    loads : what arrives in each second, in thousandths.
    queue : what waited before, in thousandths.

    Returns
    -------
    tuple
        served, failed, and what waits afterwards, in thousandths: nothing is lost between them.

    >>> web = Model(rate=1000, start=0, stop=0, timeout=2, response=100)
    >>> work([3000, 5000, 0], 2, 0, web)
    (6000, 0, 2000)
    """
    most = running * model.rate
    arrived = sum(loads)
    if most == 0:
        return (0, 0, queue + arrived) if model.timeout is None else (0, queue + arrived, 0)
    if queue == 0 and max(loads) <= most:
        return arrived, 0, 0
    limit = None if model.timeout is None else most * model.timeout
    served = failed = 0
    for load in loads:
        queue += load
        if queue <= most:
            served += queue
            queue = 0
            continue
        served += most
        queue -= most
        if limit is not None and queue > limit:
            failed += queue - limit
            queue = limit
    return served, failed, queue


def latency(queue: int, running: int, model: Model) -> int | None:
    """The latency proxy in milliseconds: the response time, and the wait in the queue; None while nothing works.

    >>> latency(4000, 2, Model(rate=1000, start=0, stop=0, timeout=30, response=100))
    2100
    """
    most = running * model.rate
    return None if most == 0 else model.response + queue * 1000 // most

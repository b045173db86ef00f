"""Rules about the task's own CPU and memory, and the sizes that Fargate has (facts 5.1, 5.5, 5.6, C3, C14)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simulator.fargate_sizes import fargate_sizes, smallest
from simulator.reading import shown
from simulator.task_definition.definition import LEAST_CPU, MOST_CPU, Definition
from simulator.task_definition.finding import Check, Found, setting
from simulator.task_definition.part import number, spot
from simulator.task_definition.rules import FargateSizes, TaskSize

NEWEST_CPU = 32768  # only the present guide has it, the API's text stops at 16384


def nearest_sizes(cpu: int, memory: int, *, windows: bool) -> tuple[tuple[int, int], ...]:
    """The valid pairs next to an invalid one: the least that holds both values, then the best of the same CPU.

    >>> nearest_sizes(256, 4096, windows=False)
    ((512, 4096), (256, 2048))
    """
    sizes = fargate_sizes(windows=windows)
    found: list[tuple[int, int]] = []
    if above := smallest(cpu, memory, windows=windows):
        found.append(above)
    if cpu in sizes:
        found.append((cpu, min(sizes[cpu], key=lambda one: (abs(one - memory), -one))))
    if not found:
        most = max(sizes)
        found.append((most, max(sizes[most])))
    return tuple(dict.fromkeys(found))


def _task_cpu(definition: Definition) -> Iterator[Found]:
    if "cpu" not in definition.top.fields:
        return
    if definition.cpu is None or not LEAST_CPU <= definition.cpu <= MOST_CPU:
        yield Found(
            at=spot(definition.top, "cpu"),
            message=f"cpu of the task is {shown(definition.top.fields['cpu'])}, and it is {LEAST_CPU} to {MOST_CPU} "
            'units, as text or number, or vCPUs such as "1 vCPU".',
            fix='Write CPU units, such as "256".',
        )


def _task_memory(definition: Definition) -> Iterator[Found]:
    if "memory" in definition.top.fields and (definition.memory is None or definition.memory < 1):
        yield Found(
            at=spot(definition.top, "memory"),
            message=f"memory of the task is {shown(definition.top.fields['memory'])}, and it is MiB above 0, as text "
            'or number, or gigabytes such as "1 GB".',
            fix='Write MiB, such as "512".',
        )


def _as_number(definition: Definition) -> Iterator[Found]:
    for name in ("cpu", "memory"):
        value = number(definition.top, name)
        if value is not None:
            at = spot(definition.top, name)
            yield Found(
                at=at,
                message=f"{name} of the task is a number; the guide writes it so, but the API's model says text.",
                fix=f'Write "{value}": an SDK that checks types takes nothing else.',
                change=(setting(at, str(value)),),
            )


def _cpu_required(definition: Definition) -> Iterator[Found]:
    yield from _required(definition, "cpu")


def _memory_required(definition: Definition) -> Iterator[Found]:
    yield from _required(definition, "memory")


def _required(definition: Definition, name: str) -> Iterator[Found]:
    everywhere = definition.rules.task_size is TaskSize.EVERYWHERE
    if name in definition.top.given or not (definition.fargate or everywhere):
        return
    other = definition.memory if name == "cpu" else definition.cpu
    fits = [
        pair
        for pair in (
            (cpu, one) for cpu, sizes in fargate_sizes(windows=bool(definition.windows)).items() for one in sizes
        )
        if pair[1 if name == "cpu" else 0] == other and _holds(definition, *pair)
    ]
    value = None if not fits else fits[0][0 if name == "cpu" else 1]
    at = spot(definition.top, name)
    who = "Fargate runs a task of a size" if definition.fargate else "A task has a size"
    yield Found(
        at=at,
        message=f"{who}, and {name} of the task is missing.",
        fix=f'Write "{value}", the least that fits the rest.' if value else f"Give {name} at the task level.",
        change=(setting(at, str(value)),) if value and definition.fargate else (),
        aws=f"Fargate requires that '{name}' be defined at the task level." if definition.fargate else "",
    )


def _fargate_size(definition: Definition) -> Iterator[Found]:
    cpu, memory, windows = definition.cpu, definition.memory, bool(definition.windows)
    if not definition.fargate or definition.rules.fargate_sizes is FargateSizes.ANY_PAIR:
        return
    sizes = fargate_sizes(windows=windows)
    if cpu is None or not LEAST_CPU <= cpu <= MOST_CPU:
        return
    system = " with Windows" if windows else ""
    if memory is None or memory < 1:
        if cpu not in sizes:
            yield Found(
                at=spot(definition.top, "cpu"),
                message=f"Fargate{system} has no size of {cpu} CPU units.",
                fix=f"Choose {_either(sorted(sizes))} units.",
            )
        return
    if memory in sizes.get(cpu, ()):
        return
    near = nearest_sizes(cpu, memory, windows=windows)
    best = next((pair for pair in near if _holds(definition, *pair)), None)
    offers = " or ".join(f"{pair[0]} units with {pair[1]} MiB" for pair in near)
    if cpu in sizes:
        at = spot(definition.top, "memory")
        message = f"Fargate{system} has no size of {cpu} CPU units with {memory} MiB: with {cpu} units go "
        message += f"{_steps(sizes[cpu])}."
    else:
        at, message = spot(definition.top, "cpu"), f"Fargate{system} has no size of {cpu} CPU units."
        message += f" There are {_listed(sorted(sizes))}."
    yield Found(at=at, message=message, fix=f"Nearest: {offers}.", change=_resized(definition, best))


def _resized(definition: Definition, pair: tuple[int, int] | None) -> tuple[Mapping[str, object], ...]:
    if pair is None:
        return ()
    changed = (("cpu", definition.cpu, pair[0]), ("memory", definition.memory, pair[1]))
    return tuple(setting(spot(definition.top, name), str(new)) for name, old, new in changed if old != new)


def _holds(definition: Definition, cpu: int, memory: int) -> bool:
    """Whether the containers still fit a task of this size, so that a change of it breaks nothing."""
    hard = sum(number(one, "memory") or number(one, "memoryReservation") or 0 for one in definition.containers)
    most = max(
        (number(one, name) or 0 for one in definition.containers for name in ("memory", "memoryReservation")), default=0
    )
    return hard <= memory and most <= memory and sum(number(one, "cpu") or 0 for one in definition.containers) <= cpu


def _newest_size(definition: Definition) -> Iterator[Found]:
    if definition.fargate and definition.cpu == NEWEST_CPU and not definition.windows:
        yield Found(
            at=spot(definition.top, "cpu"),
            message="32 vCPU are in the present guide only: the API's own text still stops at 16 vCPU and 120 GB.",
            fix="Try it in your Region before you count on it.",
        )


def _ignored_on_windows(definition: Definition) -> Iterator[Found]:
    if definition.windows and not definition.fargate:
        for name in ("cpu", "memory"):
            if name in definition.top.given:
                message = f"{name} of the task is ignored for Windows containers on EC2."
                yield Found(at=spot(definition.top, name), message=message, fix=f"Give {name} to the containers.")


def _steps(sizes: tuple[int, ...]) -> str:
    if len(sizes) > 4:
        return f"{sizes[0]} to {sizes[-1]} in steps of {sizes[1] - sizes[0]}"
    return _listed(sizes)


def _listed(numbers: tuple[int, ...] | list[int]) -> str:
    *most, last = [str(one) for one in numbers]
    return f"{', '.join(most)} and {last}"


def _either(numbers: list[int]) -> str:
    *most, last = [str(one) for one in numbers]
    return f"{', '.join(most)} or {last}"


CHECKS = (
    Check(
        rule="task-cpu-value",
        source="NOW:task-cpu-memory-error",
        find=_task_cpu,
        aws="Invalid 'cpu' setting for task.",
        documented=True,
    ),
    Check(
        rule="task-memory-value",
        source="NOW:task-cpu-memory-error",
        find=_task_memory,
        aws="Invalid 'memory' setting for task.",
    ),
    Check(rule="task-size-as-number", source="API:RegisterTaskDefinitionRequest", find=_as_number, warns=True),
    Check(rule="task-cpu-missing", source="API:RegisterTaskDefinitionRequest", find=_cpu_required),
    Check(rule="task-memory-missing", source="API:RegisterTaskDefinitionRequest", find=_memory_required),
    Check(
        rule="fargate-size",
        source="NOW:task-cpu-memory-error, NOW:fargate-tasks-services",
        find=_fargate_size,
        aws="No Fargate configuration exists for given values.",
        documented=True,
    ),
    Check(rule="fargate-newest-size", source="NOW:fargate-tasks-services", find=_newest_size, warns=True, is_open=True),
    Check(rule="windows-task-size", source="API:RegisterTaskDefinitionRequest", find=_ignored_on_windows, warns=True),
)

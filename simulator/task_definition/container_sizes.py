"""Rules about what containers take: memory, reservation and CPU, each and together (facts 5.2, 5.6, C4, C5)."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.task_definition.definition import Definition, called, opening
from simulator.task_definition.finding import Check, Found
from simulator.task_definition.part import Part, number, spot
from simulator.task_definition.rules import ContainerMemory, ContainerSums

LEAST_MEMORY, OLD_LEAST_MEMORY = 6, 4  # MiB: Docker 20.10 and later, and before
LEAST_SHARES, MOST_SHARES = 2, 262_144


def _container_memory(definition: Definition) -> Iterator[Found]:
    if "memory" in definition.top.given or definition.fargate:
        return
    if definition.rules.container_memory is ContainerMemory.OPTIONAL:
        return
    for container in definition.containers:
        given = [name for name in ("memory", "memoryReservation") if name in container.given]
        if any(name not in container.fields or number(container, name) for name in given):
            continue
        zero = ", and 0 is nothing" if given else ""
        yield Found(
            at=spot(container, given[0] if given else "memory"),
            message=f"The task has no memory of its own, so {called(container)} must say how much it takes{zero}.",
            fix="Give the container memory (the hard limit, in MiB), memoryReservation (what is set aside), or both.",
            aws=f"Invalid setting for container '{container.fields.get('name', '')}'. "
            "At least one of 'memory' or 'memoryReservation' must be specified.",
        )


def _reservation(definition: Definition) -> Iterator[Found]:
    for container, memory, reserved in _limits(definition):
        if reserved > memory:
            at = spot(container, "memoryReservation")
            yield Found(
                at=at,
                message=f"{opening(container)} reserves {reserved} MiB and is killed above {memory}: the reservation "
                "is at most the limit.",
                fix=f"Reserve {memory} MiB or less, or raise memory to {reserved} or more.",
                aws=f"Invalid setting for container '{container.fields.get('name', '')}'. "
                "'memory' must be greater than or equal to 'memoryReservation'.",
            )


def _equal_reservation(definition: Definition) -> Iterator[Found]:
    for container, memory, reserved in _limits(definition):
        if reserved == memory:
            yield Found(
                at=spot(container, "memoryReservation"),
                message=f"{opening(container)} reserves exactly its limit, {memory} MiB: the API's text wants memory "
                "to be greater, the service takes equal ones.",
                fix="Leave memoryReservation out, or reserve less.",
            )


def _limits(definition: Definition) -> Iterator[tuple[Part, int, int]]:
    for container in definition.containers:
        memory, reserved = number(container, "memory"), number(container, "memoryReservation")
        if memory is not None and reserved is not None and memory > 0 and reserved > 0:
            yield container, memory, reserved


def _container_above_task(definition: Definition) -> Iterator[Found]:
    task = definition.memory
    if task is None or task < 1 or definition.rules.container_sums is ContainerSums.UNCHECKED:
        return
    for container in definition.containers:
        for name in ("memory", "memoryReservation"):
            value = number(container, name) or 0
            if value > task:
                yield Found(
                    at=spot(container, name),
                    message=f"{name} of {called(container)} is {value} MiB, and the whole task has {task}.",
                    fix=f"Lower it to {task} or less, or give the task at least {value} MiB.",
                    aws=f"The '{name}' setting for container '{container.fields.get('name', '')}' is greater than for "
                    "the task"
                    if name == "memory"
                    else "",
                )


def _memory_sum(definition: Definition) -> Iterator[Found]:
    task = definition.memory
    if task is None or task < 1 or definition.rules.container_sums is ContainerSums.UNCHECKED:
        return
    reserved = [number(one, "memoryReservation") or number(one, "memory") or 0 for one in definition.containers]
    if sum(reserved) > task >= max(reserved):
        yield Found(
            at=spot(definition.top, "memory"),
            message=f"The containers reserve {' + '.join(str(one) for one in reserved if one)} = {sum(reserved)} MiB, "
            f"and the task has {task}.",
            fix=f"Give the task at least {sum(reserved)} MiB, or the containers {sum(reserved) - task} MiB less.",
        )


def _limit_sum(definition: Definition) -> Iterator[Found]:
    task = definition.memory
    if task is None or definition.rules.container_sums is ContainerSums.UNCHECKED:
        return
    limits = [number(one, "memory") or 0 for one in definition.containers]
    reserved = [number(one, "memoryReservation") or number(one, "memory") or 0 for one in definition.containers]
    if sum(limits) > task >= sum(reserved):
        yield Found(
            at=spot(definition.top, "memory"),
            message=f"The containers' hard limits come to {sum(limits)} MiB, more than the task's {task}: what they "
            "reserve fits, but all of them cannot reach their limits together.",
            fix=f"Give the task {sum(limits)} MiB if they may all be busy at once.",
        )


def _cpu_sum(definition: Definition) -> Iterator[Found]:
    task = definition.cpu
    if task is None or definition.rules.container_sums is ContainerSums.UNCHECKED:
        return
    asked = [number(container, "cpu") or 0 for container in definition.containers]
    if sum(asked) > task > 0:
        yield Found(
            at=spot(definition.top, "cpu"),
            message=f"The containers ask for {' + '.join(str(one) for one in asked if one)} = {sum(asked)} CPU units, "
            f"and the task has {task}.",
            fix=f"Give the task at least {sum(asked)} units, or the containers {sum(asked) - task} less.",
        )


def _least_memory(definition: Definition) -> Iterator[Found]:
    for container, name, value in _small(definition):
        if value < OLD_LEAST_MEMORY:
            message = f"{name} of {called(container)} is {value} MiB, and Docker gives a container at least 6."
            yield Found(at=spot(container, name), message=message, fix="Give it 6 MiB or more.")


def _small_memory(definition: Definition) -> Iterator[Found]:
    for container, name, value in _small(definition):
        if value >= OLD_LEAST_MEMORY:
            message = (
                f"{name} of {called(container)} is {value} MiB: only Docker before 20.10 starts it, later it is 6."
            )
            yield Found(at=spot(container, name), message=message, fix="Give it 6 MiB or more.")


def _small(definition: Definition) -> Iterator[tuple[Part, str, int]]:
    for container in definition.containers:
        for name in ("memory", "memoryReservation"):
            value = number(container, name)
            if value and 0 < value < LEAST_MEMORY:
                yield container, name, value


def _shares(definition: Definition) -> Iterator[Found]:
    if definition.windows:
        return
    for container in definition.containers:
        cpu = number(container, "cpu")
        if cpu is not None and (0 < cpu < LEAST_SHARES or cpu > MOST_SHARES):
            becomes = LEAST_SHARES if cpu < LEAST_SHARES else MOST_SHARES
            message = (
                f"cpu of {called(container)} is {cpu}; Linux knows shares from 2 to 262144 and gives it {becomes}."
            )
            at = spot(container, "cpu")
            yield Found(at=at, message=message, fix=f"Write {becomes} to say so.")


def _negative(definition: Definition) -> Iterator[Found]:
    for container in definition.containers:
        for name in ("cpu", "memory", "memoryReservation", "startTimeout", "stopTimeout"):
            value = number(container, name)
            if value is not None and value < 0:
                message = f"{name} of {called(container)} is {value}, and nothing takes less than 0."
                yield Found(at=spot(container, name), message=message, fix="Write a number above 0, or leave it out.")


CHECKS = (
    Check(rule="container-memory-missing", source="API:ContainerDefinition", find=_container_memory),
    Check(rule="negative-number", source="API:ContainerDefinition", find=_negative, is_open=True),
    Check(rule="reservation-above-memory", source="API:ContainerDefinition", find=_reservation),
    Check(rule="reservation-equals-memory", source="API:ContainerDefinition", find=_equal_reservation, warns=True),
    Check(rule="container-memory-above-task", source="API:ContainerDefinition", find=_container_above_task),
    Check(rule="container-memory-sum", source="API:ContainerDefinition", find=_memory_sum),
    Check(rule="container-limit-sum", source="API:ContainerDefinition", find=_limit_sum, warns=True, is_open=True),
    Check(
        rule="container-cpu-sum",
        source="API:ContainerDefinition",
        find=_cpu_sum,
        aws="The sum of all container 'cpu' values cannot be greater than the task-level 'cpu' value",
    ),
    Check(rule="container-memory-minimum", source="API:ContainerDefinition", find=_least_memory, is_open=True),
    Check(rule="container-memory-old-minimum", source="API:ContainerDefinition", find=_small_memory, warns=True),
    Check(rule="cpu-shares", source="API:ContainerDefinition", find=_shares, warns=True),
)

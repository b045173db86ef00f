"""Services that run images: ECS resolves a tag to a digest once per deployment (facts 6.2), and its agents pull by it.

The agent fetches a token of its own for every pull, so that no docker login is needed; the calls are those of a pull.
"""

from __future__ import annotations

from simulator.registry.access import TOKEN
from simulator.registry.commands import Command
from simulator.registry.images import Image
from simulator.registry.pushes import fetch
from simulator.registry.reference import Reference, read_reference, registry_of
from simulator.registry.refusals import Code, RefusedError
from simulator.registry.rules import TasksPull
from simulator.registry.scenario import Scenario
from simulator.registry.session import Session
from simulator.registry.state import Kind, Service


def deploy(session: Session, _scenario: Scenario, command: Command) -> None:
    """A deployment: its image is pulled for each new task, then the old tasks stop. One that cannot pull stops none."""
    reference = read_reference(command.image, "image")
    fargate = command.launch_type == "FARGATE"
    before = session.state.service(command.service)
    old = before.tasks if before else ()
    image = _agent_pull(session, reference, fargate=fargate)
    session.tell(
        Kind.DEPLOYED,
        service=command.service,
        image=command.image,
        digest=image.digest,
        repository=reference.uri,
        data={"launchType": command.launch_type, "versionConsistency": command.consistency},
    )
    for count in range(command.tasks):
        if count:
            _agent_pull(session, reference._replace(digest=image.digest, tag=""), fargate=fargate)
        session.tell(Kind.TASK_STARTED, service=command.service, task=session.state.next_task, digest=image.digest)
    for task in old:
        session.tell(Kind.TASK_STOPPED, service=command.service, task=task.number, digest=task.digest)


def replace_task(session: Session, _scenario: Scenario, command: Command) -> None:
    """A task is lost, and its service starts another: of the digest of its deployment, whatever the tag says now."""
    service = session.state.service(command.service)
    if service is None:
        raise RefusedError(Code.NO_SERVICE, subject=command.service)
    session.who = service.who
    if service.tasks:
        lost = service.tasks[0]
        session.tell(Kind.TASK_STOPPED, service=service.name, task=lost.number, digest=lost.digest, detail="lost")
    image = _agent_pull(session, _pulled_by(session, service), fargate=service.fargate)
    session.tell(Kind.TASK_STARTED, service=service.name, task=session.state.next_task, digest=image.digest)


def _pulled_by(session: Session, service: Service) -> Reference:
    reference = read_reference(service.image, "image")
    by_tag = session.rules.tasks_pull is TasksPull.TAG or not service.consistent
    return reference if by_tag else reference._replace(digest=service.digest, tag="")


def _agent_pull(session: Session, reference: Reference, *, fargate: bool) -> Image:
    """A task's pull. A Fargate task begins with nothing, an instance keeps the layers that it has."""
    if registry_of(reference.host) is None:
        raise RefusedError(Code.HOST_NOT_FOUND, subject=reference.host, call="ecr:BatchGetImage")
    session.call(TOKEN, endpoint="ecr.api")
    session.tell(Kind.TOKEN, call=TOKEN, repository=reference.uri)
    return fetch(session, reference, keep=not fargate)

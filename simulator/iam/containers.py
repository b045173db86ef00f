"""What of a container definition needs a role: its image, its secrets, its env files, and its log driver."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.secrets.references import Reference, Store, read_reference

MOST_CONTAINERS = 10  # AWS's quota
MOST_FILES = 10
MOST_CALLS = 200
DRIVERS = ("json-file", "syslog", "journald", "gelf", "fluentd", "awslogs", "splunk", "awsfirelens")
_OF_TASKS = (
    "containerDefinitions cpu enableFaultInjection ephemeralStorage executionRoleArn family inferenceAccelerators "
    "ipcMode memory networkMode pidMode placementConstraints proxyConfiguration requiresCompatibilities "
    "runtimePlatform tags taskRoleArn trustedExecutionConfiguration volumes"
)
_OF_CONTAINERS = (
    "command cpu credentialSpecs dependsOn disableNetworking dnsSearchDomains dnsServers dockerLabels "
    "dockerSecurityOptions entryPoint environment environmentFiles essential extraHosts firelensConfiguration "
    "healthCheck hostname image interactive links linuxParameters logConfiguration memory memoryReservation "
    "mountPoints name portMappings privileged pseudoTerminal readonlyRootFilesystem repositoryCredentials "
    "resourceRequirements restartPolicy secrets startTimeout stopTimeout systemControls ulimits user "
    "versionConsistency volumesFrom workingDirectory"
)
TASK_FIELDS, CONTAINER_FIELDS = tuple(_OF_TASKS.split()), tuple(_OF_CONTAINERS.split())
_ECR = re.compile(r"([0-9]{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/([^:@]+)(?:[:@].*)?", re.ASCII)
_OBJECT = re.compile(r"arn:(aws[a-z-]*):s3:::([^/*?]+)/[^*?]+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """`repository` is the ARN of the private ECR repository that the image is in, empty for any other registry."""

    name: str
    image: str
    repository: str = ""
    environment: tuple[str, ...] = ()
    secrets: tuple[tuple[str, Reference], ...] = ()
    log_secrets: tuple[Reference, ...] = ()
    credentials: Reference | None = None
    files: tuple[str, ...] = ()
    driver: str = ""
    log_group: str = ""
    creates_group: bool = False

    @property
    def fetched(self) -> tuple[Reference, ...]:
        """Everything that is fetched from a store for the container, in the order of the definition."""
        own = tuple(reference for _, reference in self.secrets)
        return (*own, *self.log_secrets, *((self.credentials,) if self.credentials else ()))


def read_containers(value: Any, *, region: str, account: str) -> tuple[Container, ...]:
    """The containers of a task definition; fields that concern no role are known and passed over.

    Raises
    ------
    InputError
        With one sentence, for anything that is no list of container definitions.
    """
    path = "taskDefinition.containerDefinitions"
    entries = reading.items([] if value is None else value, path, most=MOST_CONTAINERS)
    if not entries:
        raise InputError("The task definition has no containerDefinitions; give at least one container.", path=path)
    found = [_container(entry, f"{path}[{i}]", region, account) for i, entry in enumerate(entries)]
    for i, one in enumerate(found):
        if one.name in [other.name for other in found[:i]]:
            raise InputError(f"{path}[{i}].name is “{one.name}” again; each container needs its own.", path=path)
    return tuple(found)


def needed_calls(containers: Sequence[Container]) -> int:
    """How many calls the containers' secrets and files make."""
    return sum(len(one.fetched) + 2 * len(one.files) for one in containers)


def bucket_of(file: str) -> str:
    """The bucket of an object's ARN.

    >>> bucket_of("arn:aws:s3:::config/web/app.env")
    'arn:aws:s3:::config'
    """
    return file.partition("/")[0]


def repository_of(image: str) -> str:
    """The ARN of the private ECR repository of an image, or empty.

    >>> repository_of("111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/web:1")
    'arn:aws:ecr:eu-west-1:111122223333:repository/shop/web'
    >>> repository_of("public.ecr.aws/nginx/nginx:1"), repository_of("nginx")
    ('', '')
    """
    found = _ECR.fullmatch(image)
    if found is None:
        return ""
    account, region, name = found.groups()
    return f"arn:aws:ecr:{region}:{account}:repository/{name}"


def _container(value: Any, path: str, region: str, account: str) -> Container:
    entry = reading.mapping(value, path)
    reading.known_fields(entry, path, CONTAINER_FIELDS)

    def references(raw: Any, where: str) -> tuple[tuple[str, Reference], ...]:
        return tuple(
            (name, read_reference(given, f"{there}.valueFrom", region=region, account=account))
            for name, given, there in named_values(raw, where, "valueFrom")
        )

    image = reading.name(entry.get("image"), f"{path}.image")
    driver, options, log_secrets = _logging(entry.get("logConfiguration"), f"{path}.logConfiguration")
    return Container(
        name=reading.name(entry.get("name"), f"{path}.name"),
        image=image,
        repository="" if entry.get("repositoryCredentials") is not None else repository_of(image),
        environment=tuple(
            name for name, _, _ in named_values(entry.get("environment"), f"{path}.environment", "value")
        ),
        secrets=references(entry.get("secrets"), f"{path}.secrets"),
        log_secrets=tuple(one for _, one in references(log_secrets, f"{path}.logConfiguration.secretOptions")),
        credentials=_credentials(entry.get("repositoryCredentials"), f"{path}.repositoryCredentials", region, account),
        files=read_files(entry.get("environmentFiles"), f"{path}.environmentFiles"),
        driver=driver,
        log_group=_group(driver, options, f"{path}.logConfiguration.options"),
        creates_group=options.get("awslogs-create-group") == "true",
    )


def named_values(raw: Any, path: str, field: str) -> list[tuple[str, Any, str]]:
    """Name, value and path of each entry of a list such as `environment`; the value is not yet read."""
    found: list[tuple[str, Any, str]] = []
    for i, one in enumerate(reading.items([] if raw is None else raw, path, most=MOST_CALLS)):
        there = f"{path}[{i}]"
        entry = reading.mapping(one, there)
        reading.known_fields(entry, there, ("name", field))
        found.append((reading.text(entry.get("name"), f"{there}.name"), entry.get(field), there))
    return found


def read_files(raw: Any, path: str, *, most: int = MOST_FILES) -> tuple[str, ...]:
    """The S3 objects of `environmentFiles`."""
    found: list[str] = []
    for i, one in enumerate(reading.items([] if raw is None else raw, path, most=most)):
        there = f"{path}[{i}]"
        entry = reading.mapping(one, there)
        reading.known_fields(entry, there, ("type", "value"))
        reading.choice(entry.get("type"), f"{there}.type", ("s3",))
        written = reading.text(entry.get("value"), f"{there}.value", longest=2048)
        if not _OBJECT.fullmatch(written):
            raise InputError(
                f"{there}.value is {reading.shown(written)}; give an object's ARN, such as arn:aws:s3:::b/app.env.",
                path=there,
            )
        found.append(written)
    return tuple(found)


def _credentials(raw: Any, path: str, region: str, account: str) -> Reference | None:
    if raw is None:
        return None
    entry = reading.mapping(raw, path)
    reading.known_fields(entry, path, ("credentialsParameter",))
    where = f"{path}.credentialsParameter"
    found = read_reference(entry.get("credentialsParameter"), where, region=region, account=account)
    if found.store is not Store.SECRETS_MANAGER:
        raise InputError(f"{where} names a parameter; registry credentials lie in Secrets Manager.", path=where)
    return found


def _logging(raw: Any, path: str) -> tuple[str, Mapping[str, str], Any]:
    if raw is None:
        return "", {}, None
    entry = reading.mapping(raw, path)
    reading.known_fields(entry, path, ("logDriver", "options", "secretOptions"))
    driver = reading.choice(entry.get("logDriver"), f"{path}.logDriver", DRIVERS)
    given = {} if entry.get("options") is None else reading.mapping(entry["options"], f"{path}.options")
    if len(given) > MOST_CALLS:
        raise InputError(f"{path}.options has {len(given)} entries, and at most {MOST_CALLS} are taken.", path=path)
    options = {
        name: reading.text(one, f"{path}.options.{reading.shorten(name)}", longest=1024) for name, one in given.items()
    }
    return driver, options, entry.get("secretOptions")


def _group(driver: str, options: Mapping[str, str], path: str) -> str:
    if driver != "awslogs":
        return ""
    if "awslogs-group" not in options:
        raise InputError(f"{path} has no awslogs-group; the awslogs driver needs one.", path=path)
    return options["awslogs-group"]

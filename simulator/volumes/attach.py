"""What can be attached where: every reason against, each with its cure. Source: facts 3.1, 3.3, 3.5 to 3.7."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from simulator.volumes.ebs import FILE_SYSTEMS_OF, SIZES, EbsLaunch
from simulator.volumes.rules import VolumesRules
from simulator.volumes.volume import Definition, Kind, Volume

FARGATE, EC2, EXTERNAL, MANAGED = "FARGATE", "EC2", "EXTERNAL", "MANAGED_INSTANCES"
LAUNCH_TYPES = (FARGATE, EC2, EXTERNAL, MANAGED)
CURRENT = (1, 4, 0)  # the platform version from which EFS, EBS and ephemeralStorage are there
LEAST_EPHEMERAL, MOST_EPHEMERAL, EPHEMERAL = 21, 200, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """How and where a task is started. `platform` is Fargate's platform version, LATEST being the current one."""

    type: str
    windows: bool = False
    platform: tuple[int, int, int] = CURRENT
    nitro: bool = True
    scheduling: str = "REPLICA"
    controller: str = "ECS"
    service: str = ""
    ebs: EbsLaunch | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that AWS refuses. `open` where the sources do not agree or say nothing."""

    path: str
    code: str
    message: str
    fix: str
    open: bool = field(default=False)


def problems(definition: Definition, launch: Launch, rules: VolumesRules) -> tuple[Problem, ...]:
    """Everything against starting this definition this way, in the order of the document.

    >>> bad = Volume(name="data", kind=Kind.HOST_PATH, path="volumes[0]", source_path="/data")
    >>> [one.code for one in problems(Definition(volumes=(bad,)), Launch(type=FARGATE), VolumesRules())]
    ['FARGATE_SOURCE_PATH']
    """
    found: list[Problem] = []
    for volume in definition.volumes:
        if len(volume.sources) > 1:
            found.append(
                Problem(
                    path=volume.path,
                    code="ONE_SOURCE",
                    message=f"Volume “{volume.name}” has {' and '.join(volume.sources)}; a volume has exactly one.",
                    fix=f"Keep {volume.sources[0]} and take the others out, or make a volume of each.",
                )
            )
        found += _CHECKS[volume.kind](volume, definition, launch, rules)
    found += _several_ebs(definition)
    found += _mounts(definition)
    found += _ephemeral(definition, launch)
    return tuple(found)


def _bind(volume: Volume, definition: Definition, launch: Launch, rules: VolumesRules) -> Iterator[Problem]:  # noqa: ARG001
    if volume.kind is Kind.HOST_PATH and launch.type == FARGATE:
        yield Problem(
            path=f"{volume.path}.host.sourcePath",
            code="FARGATE_SOURCE_PATH",
            message="A bind mount with a sourcePath names a directory of an instance, and on Fargate you have none.",
            fix="Take sourcePath out (the bind mount then lives on the task's ephemeral storage), or use EFS.",
        )


def _docker(volume: Volume, definition: Definition, launch: Launch, rules: VolumesRules) -> Iterator[Problem]:  # noqa: ARG001
    where = f"{volume.path}.dockerVolumeConfiguration"
    if launch.type in (FARGATE, MANAGED):
        yield Problem(
            path=where,
            code="DOCKER_VOLUME_LAUNCH_TYPE",
            message=f"A Docker volume works on EC2 and external instances, not on {launch.type}.",
            fix="Use a bind mount for the containers of one task, EFS for data that outlives it.",
        )
    if launch.windows and volume.driver != "local":
        yield Problem(
            path=f"{where}.driver",
            code="DOCKER_WINDOWS_DRIVER",
            message=f"Windows containers take the local driver only, not “{volume.driver}”.",
            fix="Set driver to local.",
        )


def _ebs(volume: Volume, definition: Definition, launch: Launch, rules: VolumesRules) -> Iterator[Problem]:  # noqa: ARG001
    if launch.type == EXTERNAL:
        yield _not_here(volume, launch, "EBS_LAUNCH_TYPE", "EC2, Fargate and Managed Instances")
    if launch.windows and launch.type != EC2:
        yield Problem(
            path=volume.path,
            code="EBS_WINDOWS",
            message="Windows tasks take an EBS volume on EC2 only.",
            fix="Start the task on EC2, or use Linux containers.",
        )
    if launch.type == FARGATE and launch.platform < CURRENT:
        yield _platform(volume.path, launch, "An EBS volume")
    if launch.type == EC2 and not launch.nitro:
        yield Problem(
            path=volume.path,
            code="EBS_NITRO",
            message="On EC2 a task's EBS volume needs a Nitro instance.",
            fix="Use an instance type that is built on the Nitro System.",
        )
    if launch.service and launch.scheduling == "DAEMON":
        yield _service(volume, "EBS_DAEMON", "a DAEMON service", "Use schedulingStrategy REPLICA.")
    if launch.service and launch.controller != "ECS":
        fix = "Use the deployment controller ECS."
        yield _service(volume, "EBS_CONTROLLER", f"the deployment controller {launch.controller}", fix)
    if launch.ebs is not None:
        yield from _ebs_launch(volume, launch, launch.ebs)


def _ebs_launch(volume: Volume, launch: Launch, ebs: EbsLaunch) -> Iterator[Problem]:
    if ebs.name != volume.name:
        yield Problem(
            path=ebs.path,
            code="EBS_NAME",
            message=f"volumeConfigurations names “{ebs.name}”, and the task definition's volume is “{volume.name}”.",
            fix=f"Name “{volume.name}”.",
        )
    if not ebs.role:
        yield Problem(
            path=f"{ebs.path}.roleArn",
            code="EBS_ROLE",
            message="ECS makes and attaches the volume with an infrastructure role, and none is given.",
            fix="Give roleArn: a role that ecs.amazonaws.com may assume, with the policy "
            "AmazonECSInfrastructureRolePolicyForVolumes.",
        )
    low, high = SIZES[ebs.volume_type]
    if ebs.size is not None and not low <= ebs.size <= high:
        yield Problem(
            path=f"{ebs.path}.sizeInGiB",
            code="EBS_SIZE",
            message=f"A {ebs.volume_type} volume has {low} to {high} GiB, not {ebs.size}.",
            fix=f"Ask for {low if ebs.size < low else high} GiB.",
        )
    if ebs.volume_type == "standard" and launch.type == FARGATE:
        yield Problem(
            path=f"{ebs.path}.volumeType",
            code="EBS_TYPE",
            message="Fargate takes no volume of type standard.",
            fix="Use gp3.",
        )
    kinds = FILE_SYSTEMS_OF[launch.windows]
    if ebs.file_system and ebs.file_system not in kinds:
        system = "Windows" if launch.windows else "Linux"
        yield Problem(
            path=f"{ebs.path}.filesystemType",
            code="EBS_FILE_SYSTEM",
            message=f"{system} containers take an EBS volume with {' or '.join(kinds)}, not {ebs.file_system}.",
            fix=f"Leave filesystemType out: it is {kinds[-1]} then.",
        )
    if ebs.has_policy and launch.service:
        yield Problem(
            path=f"{ebs.path}.terminationPolicy",
            code="EBS_SERVICE_POLICY",
            message="A service has no terminationPolicy: its tasks' volumes are always deleted with them.",
            fix="Take terminationPolicy out, or start the task with RunTask.",
        )


def _efs(volume: Volume, definition: Definition, launch: Launch, rules: VolumesRules) -> Iterator[Problem]:  # noqa: ARG001
    where = f"{volume.path}.efsVolumeConfiguration"
    if launch.type == EXTERNAL:
        yield _not_here(volume, launch, "EFS_LAUNCH_TYPE", "EC2, Fargate and Managed Instances")
    if launch.windows:
        yield _linux_only(volume, "EFS_WINDOWS")
    if launch.type == FARGATE and not launch.windows and launch.platform < CURRENT:
        yield _platform(where, launch, "EFS")
    if (volume.iam or volume.access_point) and not volume.transit_encryption:
        with_what = "IAM authorization" if volume.iam else "an access point"
        yield Problem(
            path=f"{where}.transitEncryption",
            code="EFS_TRANSIT_ENCRYPTION",
            message=f"With {with_what}, transitEncryption must be ENABLED.",
            fix="Set transitEncryption to ENABLED.",
        )
    yield from _access_point_root(volume, where, "EFS_ROOT_DIRECTORY")


def _s3_files(volume: Volume, definition: Definition, launch: Launch, rules: VolumesRules) -> Iterator[Problem]:
    where = f"{volume.path}.s3filesVolumeConfiguration"
    if not rules.s3_files_mountable:
        yield Problem(
            path=where,
            code="S3_NOT_MOUNTABLE",
            message="S3 cannot be mounted as a file system.",
            fix="Read and write objects through the S3 API.",
        )
        return
    if launch.type == EXTERNAL:
        yield _not_here(volume, launch, "S3_FILES_LAUNCH_TYPE", "Fargate and Managed Instances")
    if launch.type == EC2:
        yield Problem(
            path=where,
            code="S3_FILES_LAUNCH_TYPE",
            message="The documentation gives S3 Files for Fargate and Managed Instances, not yet for EC2; the agent of "
            "June 2026 already has the code.",
            fix="Use Fargate or Managed Instances.",
            open=True,
        )
    if launch.windows:
        yield _linux_only(volume, "S3_FILES_WINDOWS")
    if not definition.task_role:
        yield Problem(
            path=f"{definition.path}.taskRoleArn",
            code="S3_FILES_TASK_ROLE",
            message="S3 Files always mounts with IAM, so the task definition needs a task role, and it has none.",
            fix="Give taskRoleArn, a role that allows s3files:ClientMount, s3files:ClientWrite and the S3 reads.",
        )
    yield from _access_point_root(volume, where, "S3_FILES_ROOT_DIRECTORY")


def _fsx(volume: Volume, definition: Definition, launch: Launch, rules: VolumesRules) -> Iterator[Problem]:  # noqa: ARG001
    if launch.type != EC2:
        yield _not_here(volume, launch, "FSX_LAUNCH_TYPE", "EC2")
    if not launch.windows:
        yield Problem(
            path=volume.path,
            code="FSX_LINUX",
            message="FSx for Windows File Server is for Windows containers on instances joined to Active Directory.",
            fix="Use Windows containers, or EFS for Linux ones.",
        )


_Check = Callable[[Volume, Definition, Launch, VolumesRules], Iterator[Problem]]
_CHECKS: dict[Kind, _Check] = {
    Kind.BIND_MOUNT: _bind,
    Kind.HOST_PATH: _bind,
    Kind.DOCKER_TASK: _docker,
    Kind.DOCKER_SHARED: _docker,
    Kind.EBS: _ebs,
    Kind.EFS: _efs,
    Kind.S3_FILES: _s3_files,
    Kind.FSX_WINDOWS: _fsx,
}


def _several_ebs(definition: Definition) -> Iterator[Problem]:
    for volume in [volume for volume in definition.volumes if "configuredAtLaunch" in volume.sources][1:]:
        yield Problem(
            path=f"{volume.path}.configuredAtLaunch",
            code="ONE_EBS",
            message="A task definition has at most one volume with configuredAtLaunch.",
            fix=f"Take “{volume.name}” out.",
        )


def _mounts(definition: Definition) -> Iterator[Problem]:
    known = {volume.name for volume in definition.volumes}
    for i, container in enumerate(definition.containers):
        for j, mount in enumerate(container.mounts):
            if mount.volume not in known:
                yield Problem(
                    path=f"{definition.path}.containerDefinitions[{i}].mountPoints[{j}].sourceVolume",
                    code="UNKNOWN_VOLUME",
                    message=f"Container “{container.name}” mounts “{mount.volume}”, and no volume has that name.",
                    fix=f"Add “{mount.volume}” to volumes, or name one of {', '.join(sorted(known)) or 'them'}.",
                )


def _ephemeral(definition: Definition, launch: Launch) -> Iterator[Problem]:
    size = definition.ephemeral
    if size is None:
        return
    where = f"{definition.path}.ephemeralStorage.sizeInGiB"
    if launch.type != FARGATE:
        yield Problem(
            path=where,
            code="EPHEMERAL_LAUNCH_TYPE",
            message=f"ephemeralStorage is Fargate's; on {launch.type} the instance's disk is the bound.",
            fix="Take ephemeralStorage out.",
        )
    if not LEAST_EPHEMERAL <= size <= MOST_EPHEMERAL:
        fix = "Take ephemeralStorage out for 20 GiB, or ask for 21." if size < LEAST_EPHEMERAL else "Ask for 200 GiB."
        yield Problem(
            path=where,
            code="EPHEMERAL_SIZE",
            message=f"sizeInGiB is {LEAST_EPHEMERAL} to {MOST_EPHEMERAL}, not {size}; without it a task has 20 GiB.",
            fix=fix,
        )
    if launch.type == FARGATE and not launch.windows and launch.platform < CURRENT:
        yield _platform(where, launch, "ephemeralStorage")


def _access_point_root(volume: Volume, where: str, code: str) -> Iterator[Problem]:
    if volume.access_point and volume.root != "/":
        yield Problem(
            path=f"{where}.rootDirectory",
            code=code,
            message=f"With an access point rootDirectory must be left out or /, not {volume.root}.",
            fix="Take rootDirectory out: the access point says which directory is the root.",
        )


def _not_here(volume: Volume, launch: Launch, code: str, where: str) -> Problem:
    return Problem(
        path=volume.path,
        code=code,
        message=f"An {volume.kind.value} can be attached on {where}, not on {launch.type}."
        if volume.kind is not Kind.S3_FILES
        else f"S3 Files can be attached on {where}, not on {launch.type}.",
        fix=f"Start the task on {where.replace(' and ', ' or ')}.",
    )


def _linux_only(volume: Volume, code: str) -> Problem:
    name = "EFS" if volume.kind is Kind.EFS else "S3 Files"
    return Problem(
        path=volume.path,
        code=code,
        message=f"{name} is for Linux containers.",
        fix="Use Linux containers, or FSx for Windows File Server on EC2.",
    )


def _platform(path: str, launch: Launch, what: str) -> Problem:
    version = ".".join(map(str, launch.platform))
    return Problem(
        path=path,
        code="PLATFORM_VERSION",
        message=f"{what} needs Fargate platform version 1.4.0 or later, not {version}.",
        fix="Use platformVersion 1.4.0 or LATEST.",
    )


def _service(volume: Volume, code: str, what: str, fix: str) -> Problem:
    return Problem(path=volume.path, code=code, message=f"An EBS volume does not go with {what}.", fix=fix)

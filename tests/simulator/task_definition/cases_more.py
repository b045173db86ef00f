"""More definitions with their findings: roles, environment, order and health, logs, volumes, launch types."""

from __future__ import annotations

from tests.simulator.task_definition.cases import (
    ASM,
    C0,
    C1,
    IMAGE,
    ROLE,
    S3FILES,
    Case,
    awslogs,
    volume,
    waits,
)

SECRET = {"web.secrets": [{"name": "KEY", "valueFrom": "/shop/key"}]}
LOG_SECRET = {
    "web.logConfiguration": {
        "logDriver": "splunk",
        "options": {"splunk-url": "u"},
        "secretOptions": [{"name": "splunk-token", "valueFrom": "/shop/token"}],
    }
}
FILES = [{"type": "s3", "value": f"arn:aws:s3:::shop/{i}.env"} for i in range(11)]
LOGS = {"group": "/ecs/a", "region": "eu-west-1", "stream_prefix": "a"}
CHECK = {"command": ["CMD-SHELL", "true"]}


def secret(value: str) -> dict[str, object]:
    return {"executionRoleArn": ROLE, "web.secrets": [{"name": "KEY", "valueFrom": value}]}


def constraint(**fields: object) -> dict[str, object]:
    return {"placementConstraints": [fields]}


ROLES: list[Case] = [
    ("secrets", "ec2", SECRET, ("E executionRoleArn execution-role-for-secrets",)),
    (
        "secrets and task role",
        "ec2",
        {**SECRET, "taskRoleArn": "web"},
        ("E executionRoleArn execution-role-for-secrets",),
    ),
    (
        "secrets and empty role",
        "ec2",
        {**SECRET, "executionRoleArn": ""},
        ("E executionRoleArn execution-role-for-secrets",),
    ),
    ("secrets and role", "ec2", {**SECRET, "executionRoleArn": ROLE}, ()),
    ("secrets and unreadable role", "ec2", {**SECRET, "executionRoleArn": []}, ("E executionRoleArn wrong-type",)),
    ("secret log options", "ec2", LOG_SECRET, ("E executionRoleArn execution-role-for-secrets",)),
    (
        "secrets of two",
        "ec2",
        {**SECRET, "log.secrets": SECRET["web.secrets"]},
        ("E executionRoleArn execution-role-for-secrets",),
    ),
    (
        "registry",
        "ec2",
        {"web.repositoryCredentials": {"credentialsParameter": "a"}},
        ("E executionRoleArn execution-role-for-registry",),
    ),
    ("image of ECR", "fargate", {"web.image": IMAGE}, ("E executionRoleArn execution-role-for-ecr",)),
    ("image of ECR and role", "fargate", {"web.image": IMAGE, "executionRoleArn": ROLE}, ()),
    ("image of ECR on EC2", "ec2", {"web.image": IMAGE}, ()),
    ("image of public ECR", "fargate", {"web.image": "public.ecr.aws/nginx/nginx"}, ()),
    (
        "awslogs",
        "fargate",
        {**awslogs(**LOGS), "executionRoleArn": ...},
        ("E executionRoleArn execution-role-for-awslogs",),
    ),
    ("image of ECR outside", "external", {"web.image": IMAGE}, ("W executionRoleArn execution-role-elsewhere",)),
    (
        "awslogs on Managed Instances",
        "managed",
        {**awslogs(**LOGS), "executionRoleArn": ...},
        ("W executionRoleArn execution-role-elsewhere",),
    ),
    (
        "environment file",
        "ec2",
        {"web.environmentFiles": FILES[:1]},
        ("W executionRoleArn execution-role-for-environment-files",),
    ),
]
ENVIRONMENT: list[Case] = [
    (
        "repeated",
        "ec2",
        {
            **SECRET,
            "executionRoleArn": ROLE,
            "web.environment": [
                {"name": "KEY", "value": "a"},
                {"name": "B", "value": "b"},
                {"name": "KEY", "value": "c"},
            ],
        },
        (f"E {C0}.secrets[0].name secret-name-repeated", f"W {C0}.environment[2].name variable-twice"),
    ),
    (
        "secret twice",
        "ec2",
        {"executionRoleArn": ROLE, "web.secrets": [{"name": "A", "valueFrom": "a"}, {"name": "A", "valueFrom": "b"}]},
        (f"E {C0}.secrets[1].name secret-name-repeated",),
    ),
    (
        "of another container",
        "ec2",
        {**SECRET, "executionRoleArn": ROLE, "log.environment": [{"name": "KEY", "value": "a"}]},
        (),
    ),
    ("ten files", "ec2", {"executionRoleArn": ROLE, "web.environmentFiles": FILES[:10]}, ()),
    (
        "eleven files",
        "ec2",
        {"executionRoleArn": ROLE, "web.environmentFiles": FILES},
        (f"E {C0}.environmentFiles environment-file-count",),
    ),
    (
        "no .env",
        "ec2",
        {"executionRoleArn": ROLE, "web.environmentFiles": [{"type": "s3", "value": "arn:aws:s3:::a/b.txt"}]},
        (f"E {C0}.environmentFiles[0].value environment-file-name",),
    ),
    (
        "no ARN",
        "ec2",
        {"executionRoleArn": ROLE, "web.environmentFiles": [{"type": "s3", "value": "s3://a/b.env"}]},
        (f"E {C0}.environmentFiles[0].value environment-file-arn",),
    ),
    (
        "no object",
        "ec2",
        {"executionRoleArn": ROLE, "web.environmentFiles": [{"type": "s3", "value": "arn:aws:s3:::b.env"}]},
        (f"E {C0}.environmentFiles[0].value environment-file-arn",),
    ),
    (
        "files on Windows",
        "windows-ec2",
        {"executionRoleArn": ROLE, "web.environmentFiles": FILES[:1]},
        (f"E {C0}.environmentFiles windows",),
    ),
    ("secret whole", "ec2", secret(ASM), ()),
    ("secret key", "ec2", secret(f"{ASM}:password::"), ()),
    ("secret stage", "ec2", secret(f"{ASM}::AWSPREVIOUS:"), ()),
    ("secret one part", "ec2", secret(f"{ASM}:password"), (f"E {C0}.secrets[0].valueFrom secret-suffix",)),
    ("secret four parts", "ec2", secret(f"{ASM}::::"), (f"E {C0}.secrets[0].valueFrom secret-suffix",)),
    ("secret stage and id", "ec2", secret(f"{ASM}::AWSCURRENT:abc"), (f"E {C0}.secrets[0].valueFrom secret-suffix",)),
    ("parameter", "ec2", secret("arn:aws:ssm:eu-west-1:111122223333:parameter/shop/key"), ()),
    ("other service", "ec2", secret("arn:aws:s3:::bucket/key"), (f"E {C0}.secrets[0].valueFrom secret-store",)),
    ("empty", "ec2", secret(""), (f"E {C0}.secrets[0].valueFrom secret-store",)),
    (
        "log option of another service",
        "ec2",
        {
            "executionRoleArn": ROLE,
            "web.logConfiguration": {
                "logDriver": "syslog",
                "secretOptions": [{"name": "a", "valueFrom": "arn:aws:iam::1:role/a"}],
            },
        },
        (f"E {C0}.logConfiguration.secretOptions[0].valueFrom secret-store",),
    ),
]
LIFECYCLE: list[Case] = [
    ("start", "ec2", waits("START"), ()),
    ("complete", "ec2", waits("COMPLETE"), ()),
    ("success", "ec2", waits("SUCCESS"), ()),
    ("healthy", "ec2", {**waits("HEALTHY"), "log.healthCheck": CHECK}, ()),
    ("healthy without check", "ec2", waits("HEALTHY"), (f"E {C0}.dependsOn[0].condition depends-on-healthy",)),
    (
        "essential",
        "ec2",
        waits("COMPLETE", **{"log.essential": True}),
        (f"E {C0}.dependsOn[0].condition depends-on-essential",),
    ),
    (
        "the only essential",
        "ec2",
        {"log.dependsOn": [{"containerName": "web", "condition": "SUCCESS"}]},
        (f"E {C1}.dependsOn[0].condition depends-on-essential",),
    ),
    ("essential may start", "ec2", {"log.dependsOn": [{"containerName": "web", "condition": "START"}]}, ()),
    ("unknown", "ec2", waits("START", "db"), (f"E {C0}.dependsOn[0].containerName depends-on-unknown",)),
    (
        "unknown beside another",
        "ec2",
        {
            "web.dependsOn": [
                {"containerName": "log", "condition": "START"},
                {"containerName": "db", "condition": "START"},
            ]
        },
        (f"E {C0}.dependsOn[1].containerName depends-on-unknown",),
    ),
    ("itself", "ec2", waits("START", "web"), (f"E {C0}.dependsOn[0].containerName depends-on-cycle",)),
    (
        "circle",
        "ec2",
        {**waits("START"), "log.dependsOn": [{"containerName": "web", "condition": "START"}]},
        (f"E {C1}.dependsOn[0].containerName depends-on-cycle",),
    ),
    (
        "bounds low",
        "ec2",
        {"web.healthCheck": {**CHECK, "interval": 5, "timeout": 2, "retries": 1, "startPeriod": 0}},
        (),
    ),
    (
        "bounds high",
        "ec2",
        {"web.healthCheck": {**CHECK, "interval": 300, "timeout": 60, "retries": 10, "startPeriod": 300}},
        (),
    ),
    (
        "below",
        "ec2",
        {"web.healthCheck": {**CHECK, "interval": 4, "timeout": 1, "retries": 0, "startPeriod": -1}},
        tuple(
            f"E {C0}.healthCheck.{name} health-check-bounds"
            for name in ("interval", "timeout", "retries", "startPeriod")
        ),
    ),
    (
        "above",
        "ec2",
        {"web.healthCheck": {**CHECK, "interval": 301, "timeout": 61, "retries": 11, "startPeriod": 301}},
        tuple(
            f"E {C0}.healthCheck.{name} health-check-bounds"
            for name in ("interval", "timeout", "retries", "startPeriod")
        ),
    ),
    (
        "one word",
        "ec2",
        {"web.healthCheck": {"command": ["curl localhost"]}},
        (f"E {C0}.healthCheck.command health-check-command",),
    ),
    (
        "words",
        "ec2",
        {"web.healthCheck": {"command": ["curl", "localhost"]}},
        (f"E {C0}.healthCheck.command health-check-command",),
    ),
    ("no words", "ec2", {"web.healthCheck": {"command": []}}, (f"E {C0}.healthCheck.command health-check-command",)),
    (
        "unread word",
        "ec2",
        {"web.healthCheck": {"command": [[], "CMD"]}},
        (f"E {C0}.healthCheck.command health-check-command", f"E {C0}.healthCheck.command[0] wrong-type"),
    ),
    ("CMD", "ec2", {"web.healthCheck": {"command": ["CMD", "true"]}}, ()),
    ("timeouts", "fargate", {"web.startTimeout": 2, "web.stopTimeout": 120}, ()),
    (
        "timeouts outside",
        "fargate",
        {"web.startTimeout": 1, "web.stopTimeout": 121},
        (f"E {C0}.startTimeout fargate-timeout", f"E {C0}.stopTimeout fargate-timeout"),
    ),
    ("timeouts on EC2", "ec2", {"web.startTimeout": 1, "web.stopTimeout": 121}, ()),
    (
        "period",
        "ec2",
        {
            "web.restartPolicy": {"enabled": True, "restartAttemptPeriod": 60},
            "log.restartPolicy": {"enabled": True, "restartAttemptPeriod": 1800},
        },
        (),
    ),
    (
        "period short",
        "ec2",
        {"web.restartPolicy": {"enabled": True, "restartAttemptPeriod": 59}},
        (f"E {C0}.restartPolicy.restartAttemptPeriod restart-period",),
    ),
    (
        "period long",
        "ec2",
        {"web.restartPolicy": {"enabled": True, "restartAttemptPeriod": 1801}},
        (f"E {C0}.restartPolicy.restartAttemptPeriod restart-period",),
    ),
    ("50 codes", "ec2", {"web.restartPolicy": {"enabled": True, "ignoredExitCodes": list(range(50))}}, ()),
    (
        "51 codes",
        "ec2",
        {"web.restartPolicy": {"enabled": True, "ignoredExitCodes": list(range(51))}},
        (f"E {C0}.restartPolicy.ignoredExitCodes restart-exit-codes",),
    ),
    ("policy not enabled", "ec2", {"web.restartPolicy": {}}, (f"E {C0}.restartPolicy.enabled required-field",)),
]
AT = f"{C0}.logConfiguration"
LOGGING: list[Case] = [
    ("awslogs", "fargate", awslogs(**LOGS), ()),
    ("no group", "fargate", awslogs(region="a", stream_prefix="b"), (f"E {AT}.options.awslogs-group awslogs-group",)),
    ("no region", "fargate", awslogs(group="a", stream_prefix="b"), (f"E {AT}.options.awslogs-region awslogs-region",)),
    (
        "no prefix",
        "fargate",
        awslogs(group="a", region="b"),
        (f"E {AT}.options.awslogs-stream-prefix awslogs-stream-prefix",),
    ),
    ("no prefix on EC2", "ec2", awslogs(group="a", region="b"), ()),
    ("empty group", "ec2", awslogs(group="", region="b"), (f"E {AT}.options.awslogs-group awslogs-group",)),
    (
        "number for a group",
        "ec2",
        {"web.logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": [], "awslogs-region": "a"}}},
        (f"E {AT}.options.awslogs-group wrong-type",),
    ),
    (
        "no options",
        "ec2",
        {"web.logConfiguration": {"logDriver": "awslogs"}},
        (f"E {AT}.options.awslogs-group awslogs-group", f"E {AT}.options.awslogs-region awslogs-region"),
    ),
    (
        "options unreadable",
        "ec2",
        {"web.logConfiguration": {"logDriver": "awslogs", "options": []}},
        (f"E {AT}.options wrong-type",),
    ),
    (
        "family misnamed",
        "ec2",
        {"family": "a b", **awslogs(region="b")},
        ("E family family-name", f"E {AT}.options.awslogs-group awslogs-group"),
    ),
    (
        "both patterns",
        "ec2",
        awslogs(group="a", region="b", datetime_format="c", multiline_pattern="d"),
        (f"E {AT}.options.awslogs-multiline-pattern awslogs-multiline",),
    ),
    (
        "syslog on Fargate",
        "fargate",
        {"web.logConfiguration": {"logDriver": "syslog"}},
        (f"E {AT}.logDriver log-driver",),
    ),
    ("syslog on EC2", "ec2", {"web.logConfiguration": {"logDriver": "syslog"}}, ()),
    (
        "syslog on Managed Instances",
        "managed",
        {"web.logConfiguration": {"logDriver": "syslog"}},
        (f"E {AT}.logDriver log-driver",),
    ),
    ("json-file on Managed Instances", "managed", {"web.logConfiguration": {"logDriver": "json-file"}}, ()),
    ("mode", "ec2", {"web.logConfiguration": {"logDriver": "gelf", "options": {"mode": "blocking"}}}, ()),
    (
        "mode unknown",
        "ec2",
        {"web.logConfiguration": {"logDriver": "gelf", "options": {"mode": "fast"}}},
        (f"E {AT}.options.mode log-mode",),
    ),
    (
        "splunk",
        "ec2",
        {"web.logConfiguration": {"logDriver": "splunk", "options": {"splunk-token": "a"}}},
        (f"E {AT}.options.splunk-url splunk-options",),
    ),
    ("splunk by a secret", "ec2", {**LOG_SECRET, "executionRoleArn": ROLE}, ()),
    (
        "no router",
        "ec2",
        {"web.logConfiguration": {"logDriver": "awsfirelens"}},
        (f"W {AT}.logDriver firelens-router-missing",),
    ),
    (
        "router",
        "ec2",
        {"web.logConfiguration": {"logDriver": "awsfirelens"}, "log.firelensConfiguration": {"type": "fluentbit"}},
        (),
    ),
    (
        "configuration in S3",
        "fargate",
        {"log.firelensConfiguration": {"type": "fluentbit", "options": {"config-file-type": "s3"}}},
        (f"E {C1}.firelensConfiguration.options.config-file-type firelens-config-file",),
    ),
    (
        "configuration in S3 on EC2",
        "ec2",
        {"log.firelensConfiguration": {"type": "fluentbit", "options": {"config-file-type": "s3"}}},
        (),
    ),
]
EFS, S3, FSX, DOCKER = (
    "efsVolumeConfiguration",
    "s3filesVolumeConfiguration",
    "fsxWindowsFileServerVolumeConfiguration",
    "dockerVolumeConfiguration",
)
FSX_VALUE = {
    "fileSystemId": "fs-1",
    "rootDirectory": "a",
    "authorizationConfig": {"credentialsParameter": "a", "domain": "b"},
}
ACCESS = {"accessPointId": "fsap-1"}
VOLUMES: list[Case] = [
    ("unnamed", "ec2", {"volumes": [{}]}, ("E volumes[0].name volume-name",)),
    (
        "misnamed",
        "ec2",
        {"volumes": [{"name": "a b"}], "web.mountPoints": [{"sourceVolume": "a b", "containerPath": "/a"}]},
        ("E volumes[0].name volume-name",),
    ),
    (
        "twice",
        "ec2",
        {"volumes": [{"name": "a"}, {"name": "a"}], "web.mountPoints": [{"sourceVolume": "a", "containerPath": "/a"}]},
        ("E volumes[1].name volume-name",),
    ),
    (
        "two kinds",
        "ec2",
        {**volume("host", {}), "volumes": [{"name": "data", "host": {}, EFS: {"fileSystemId": "fs-1"}}]},
        ("E volumes[0] volume-kind",),
    ),
    (
        "not at launch",
        "ec2",
        {**volume("host", {}), "volumes": [{"name": "data", "host": {}, "configuredAtLaunch": False}]},
        (),
    ),
    (
        "path on Fargate",
        "fargate",
        volume("host", {"sourcePath": "/a"}),
        ("E volumes[0].host.sourcePath fargate-source-path",),
    ),
    ("empty path on Fargate", "fargate", volume("host", {"sourcePath": ""}), ()),
    (
        "Docker on Fargate",
        "fargate",
        volume(DOCKER, {}),
        ("E volumes[0].dockerVolumeConfiguration fargate-docker-volume",),
    ),
    (
        "Docker on Managed Instances",
        "managed",
        volume(DOCKER, {}),
        ("E volumes[0].dockerVolumeConfiguration volume-launch-type",),
    ),
    ("Docker outside", "external", volume(DOCKER, {}), ()),
    (
        "EFS outside",
        "external",
        volume(EFS, {"fileSystemId": "fs-1"}),
        ("E volumes[0].efsVolumeConfiguration volume-launch-type",),
    ),
    (
        "S3 Files outside",
        "external",
        volume(S3, {"fileSystemArn": S3FILES}, taskRoleArn="a"),
        ("E volumes[0].s3filesVolumeConfiguration volume-launch-type",),
    ),
    (
        "EBS outside",
        "external",
        volume("configuredAtLaunch", True),
        ("E volumes[0].configuredAtLaunch volume-launch-type",),
    ),
    ("EBS", "ec2", volume("configuredAtLaunch", True), ()),
    (
        "two of EBS",
        "ec2",
        {
            "volumes": [{"name": "a", "configuredAtLaunch": True}, {"name": "b", "configuredAtLaunch": True}],
            "web.mountPoints": [{"sourceVolume": one, "containerPath": f"/{one}"} for one in "ab"],
        },
        ("E volumes[1].configuredAtLaunch ebs-volume-count",),
    ),
    ("FSx", "windows-ec2", volume(FSX, FSX_VALUE), ()),
    (
        "FSx on Fargate",
        "windows-fargate",
        volume(FSX, FSX_VALUE),
        ("E volumes[0].fsxWindowsFileServerVolumeConfiguration volume-launch-type",),
    ),
    (
        "FSx on Linux",
        "ec2",
        {**volume(FSX, FSX_VALUE), "runtimePlatform": {"operatingSystemFamily": "LINUX"}},
        ("E volumes[0].fsxWindowsFileServerVolumeConfiguration volume-system",),
    ),
    (
        "EFS on Windows",
        "windows-ec2",
        volume(EFS, {"fileSystemId": "fs-1"}),
        ("E volumes[0].efsVolumeConfiguration volume-system",),
    ),
    (
        "S3 Files on Windows",
        "windows-fargate",
        volume(S3, {"fileSystemArn": S3FILES}, taskRoleArn="a"),
        ("E volumes[0].s3filesVolumeConfiguration volume-system",),
    ),
    (
        "EBS on Fargate with Windows",
        "windows-fargate",
        volume("configuredAtLaunch", True),
        ("E volumes[0].configuredAtLaunch volume-system",),
    ),
    (
        "driver on Windows",
        "windows-ec2",
        volume(DOCKER, {"driver": "rexray"}),
        ("E volumes[0].dockerVolumeConfiguration.driver volume-system",),
    ),
    ("local on Windows", "windows-ec2", volume(DOCKER, {"driver": "local"}), ()),
    ("driver on Linux", "ec2", volume(DOCKER, {"driver": "rexray"}), ()),
    (
        "root of an access point",
        "ec2",
        volume(
            EFS,
            {"fileSystemId": "a", "transitEncryption": "ENABLED", "rootDirectory": "/a", "authorizationConfig": ACCESS},
        ),
        ("E volumes[0].efsVolumeConfiguration.rootDirectory access-point-root",),
    ),
    (
        "root / of an access point",
        "ec2",
        volume(
            EFS,
            {"fileSystemId": "a", "transitEncryption": "ENABLED", "rootDirectory": "/", "authorizationConfig": ACCESS},
        ),
        (),
    ),
    ("root without access point", "ec2", volume(EFS, {"fileSystemId": "a", "rootDirectory": "/a"}), ()),
    (
        "root of S3 Files' access point",
        "fargate",
        volume(S3, {"fileSystemArn": S3FILES, "accessPointArn": S3FILES, "rootDirectory": "/a"}, taskRoleArn="a"),
        ("E volumes[0].s3filesVolumeConfiguration.rootDirectory access-point-root",),
    ),
    (
        "access point in the clear",
        "ec2",
        volume(EFS, {"fileSystemId": "a", "authorizationConfig": ACCESS}),
        ("E volumes[0].efsVolumeConfiguration.transitEncryption efs-transit-encryption",),
    ),
    (
        "iam in the clear",
        "ec2",
        volume(
            EFS,
            {"fileSystemId": "a", "transitEncryption": "DISABLED", "authorizationConfig": {**ACCESS, "iam": "ENABLED"}},
            taskRoleArn="a",
        ),
        ("E volumes[0].efsVolumeConfiguration.transitEncryption efs-transit-encryption",),
    ),
    (
        "transit unreadable",
        "ec2",
        volume(EFS, {"fileSystemId": "a", "transitEncryption": "zz", "authorizationConfig": ACCESS}),
        ("E volumes[0].efsVolumeConfiguration.transitEncryption not-a-choice",),
    ),
    ("iam off", "ec2", volume(EFS, {"fileSystemId": "a", "authorizationConfig": {"iam": "DISABLED"}}), ()),
    (
        "iam without role",
        "ec2",
        volume(EFS, {"fileSystemId": "a", "transitEncryption": "ENABLED", "authorizationConfig": {"iam": "ENABLED"}}),
        ("W taskRoleArn task-role-for-efs",),
    ),
    (
        "S3 Files without role",
        "fargate",
        volume(S3, {"fileSystemArn": S3FILES}),
        ("E taskRoleArn task-role-for-s3files",),
    ),
    (
        "a bucket",
        "fargate",
        volume(S3, {"fileSystemArn": "arn:aws:s3:::a"}, taskRoleArn="a"),
        ("E volumes[0].s3filesVolumeConfiguration.fileSystemArn s3files-arn",),
    ),
    (
        "S3 Files on EC2",
        "ec2",
        volume(S3, {"fileSystemArn": S3FILES}, taskRoleArn="a"),
        ("W volumes[0].s3filesVolumeConfiguration s3files-on-ec2",),
    ),
    (
        "autoprovision",
        "ec2",
        volume(DOCKER, {"autoprovision": True}),
        ("W volumes[0].dockerVolumeConfiguration.autoprovision autoprovision-scope",),
    ),
    ("autoprovision shared", "ec2", volume(DOCKER, {"autoprovision": True, "scope": "shared"}), ()),
    (
        "mount of nothing",
        "ec2",
        {"web.mountPoints": [{"sourceVolume": "a", "containerPath": "/a"}]},
        (f"E {C0}.mountPoints[0].sourceVolume mount-point",),
    ),
    (
        "mount of another",
        "ec2",
        {**volume("host", {}), "log.mountPoints": [{"sourceVolume": "dat", "containerPath": "/a"}]},
        (f"E {C1}.mountPoints[0].sourceVolume mount-point",),
    ),
    (
        "mount without path",
        "ec2",
        {**volume("host", {}), "log.mountPoints": [{"sourceVolume": "data"}]},
        (f"E {C1}.mountPoints[0].containerPath mount-point",),
    ),
    (
        "mount without source",
        "ec2",
        {"log.mountPoints": [{"containerPath": "/a"}]},
        (f"E {C1}.mountPoints[0].sourceVolume mount-point",),
    ),
    ("volumes from", "ec2", {"web.volumesFrom": [{"sourceContainer": "log"}]}, ()),
    (
        "volumes from nobody",
        "ec2",
        {"web.volumesFrom": [{"sourceContainer": "db"}]},
        (f"E {C0}.volumesFrom[0].sourceContainer volumes-from",),
    ),
    (
        "volumes from itself",
        "ec2",
        {"web.volumesFrom": [{"sourceContainer": "web"}]},
        (f"E {C0}.volumesFrom[0].sourceContainer volumes-from",),
    ),
    ("unused", "ec2", {"volumes": [{"name": "a"}]}, ("W volumes[0] volume-unused",)),
    ("21 GiB", "fargate", {"ephemeralStorage": {"sizeInGiB": 21}}, ()),
    ("200 GiB", "fargate", {"ephemeralStorage": {"sizeInGiB": 200}}, ()),
    (
        "20 GiB",
        "fargate",
        {"ephemeralStorage": {"sizeInGiB": 20}},
        ("E ephemeralStorage.sizeInGiB ephemeral-storage-size",),
    ),
    (
        "19 GiB",
        "fargate",
        {"ephemeralStorage": {"sizeInGiB": 19}},
        ("E ephemeralStorage.sizeInGiB ephemeral-storage-size",),
    ),
    (
        "201 GiB",
        "fargate",
        {"ephemeralStorage": {"sizeInGiB": 201}},
        ("E ephemeralStorage.sizeInGiB ephemeral-storage-size",),
    ),
    ("on EC2", "ec2", {"ephemeralStorage": {"sizeInGiB": 30}}, ("E ephemeralStorage ephemeral-storage-off-fargate",)),
    ("unasked", "open", {"ephemeralStorage": {"sizeInGiB": 30}}, ("W ephemeralStorage ephemeral-storage-unused",)),
]
GPU = f"{C0}.resourceRequirements[0]"
ADD = {"capabilities": {"add": ["SYS_PTRACE", "NET_ADMIN"], "drop": ["MKNOD"]}}
LAUNCH: list[Case] = [
    *(
        (name, "fargate", {f"web.{name}": value}, (f"E {C0}.{name} fargate-field",))
        for name, value in (
            ("disableNetworking", True),
            ("dnsSearchDomains", ["a"]),
            ("dnsServers", ["a"]),
            ("dockerSecurityOptions", ["a"]),
            ("privileged", True),
        )
    ),
    *(
        (f"{name} unused", "fargate", {f"web.{name}": value}, ())
        for name, value in (("disableNetworking", False), ("dnsServers", []), ("privileged", False))
    ),
    *(
        (name, "fargate", {"web.linuxParameters": {name: value}}, (f"E {C0}.linuxParameters.{name} fargate-field",))
        for name, value in (
            ("devices", [{"hostPath": "/a"}]),
            ("sharedMemorySize", 1),
            ("tmpfs", [{"containerPath": "/a", "size": 1}]),
            ("maxSwap", 0),
            ("swappiness", 0),
        )
    ),
    ("devices of none", "fargate", {"web.linuxParameters": {"devices": [], "initProcessEnabled": True}}, ()),
    (
        "all on EC2",
        "ec2",
        {
            "web.privileged": True,
            "web.dnsServers": ["a"],
            "web.linuxParameters": {"maxSwap": 0, **ADD},
            "ipcMode": "host",
            "pidMode": "host",
        },
        (),
    ),
    (
        "capability",
        "fargate",
        {"web.linuxParameters": ADD},
        (f"E {C0}.linuxParameters.capabilities.add[1] fargate-capabilities",),
    ),
    ("pid host", "fargate", {"pidMode": "host"}, ("E pidMode fargate-pid-mode",)),
    ("pid task", "fargate", {"pidMode": "task"}, ()),
    ("ipc", "fargate", {"ipcMode": "none"}, ("E ipcMode fargate-ipc-mode",)),
    (
        "constraints",
        "fargate",
        constraint(type="memberOf", expression="attribute:a == b"),
        ("E placementConstraints fargate-placement-constraints",),
    ),
    ("no constraints", "fargate", {"placementConstraints": []}, ()),
    (
        "Windows 2016",
        "windows-fargate",
        {"runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2016_FULL"}},
        ("E runtimePlatform.operatingSystemFamily fargate-system",),
    ),
    (
        "no system",
        "fargate",
        {"runtimePlatform": ...},
        ("W runtimePlatform.operatingSystemFamily fargate-system-left-out",),
    ),
    (
        "no system but architecture",
        "fargate",
        {"runtimePlatform": {"cpuArchitecture": "ARM64"}},
        ("W runtimePlatform.operatingSystemFamily fargate-system-left-out",),
    ),
    (
        "platform unreadable",
        "fargate",
        {"runtimePlatform": "LINUX"},
        ("E runtimePlatform wrong-type",),
    ),
    (
        "Windows pid, ipc",
        "windows-ec2",
        {"pidMode": "task", "ipcMode": "task"},
        ("E pidMode windows", "E ipcMode windows"),
    ),
    ("Windows ipc on Fargate", "windows-fargate", {"ipcMode": "task"}, ("E ipcMode fargate-ipc-mode",)),
    ("Windows storage", "windows-fargate", {"ephemeralStorage": {"sizeInGiB": 30}}, ("E ephemeralStorage windows",)),
    (
        "Windows ARM",
        "windows-ec2",
        {"runtimePlatform.cpuArchitecture": "ARM64"},
        ("E runtimePlatform.cpuArchitecture windows",),
    ),
    ("Windows x86", "windows-ec2", {"runtimePlatform.cpuArchitecture": "X86_64"}, ()),
    *(
        (f"Windows {name}", "windows-ec2", {f"web.{name}": value}, (f"W {C0}.{name} windows-field",))
        for name, value in (
            ("linuxParameters", {}),
            ("user", "a"),
            ("disableNetworking", True),
            ("privileged", True),
            ("readonlyRootFilesystem", True),
            ("dnsServers", ["a"]),
            ("dnsSearchDomains", ["a"]),
            ("extraHosts", [{"hostname": "a", "ipAddress": "b"}]),
            ("ulimits", [{"name": "core", "softLimit": 1, "hardLimit": 1}]),
        )
    ),
    (
        "Windows links",
        "windows-ec2",
        {"web.links": ["log"]},
        (f"E {C0}.links links-without-bridge", f"W {C0}.links windows-field"),
    ),
    (
        "Windows on Managed Instances",
        "managed",
        {"runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2022_FULL"}, "networkMode": "awsvpc"},
        ("E runtimePlatform.operatingSystemFamily managed-instances-system",),
    ),
    ("trusted", "managed", {"trustedExecutionConfiguration": {"isolationMode": "SHARED"}}, ()),
    (
        "trusted on EC2",
        "ec2",
        {"trustedExecutionConfiguration": {"isolationMode": "SHARED"}},
        ("E trustedExecutionConfiguration trusted-execution",),
    ),
    ("GPU", "ec2", {"web.resourceRequirements": [{"type": "GPU", "value": "1"}]}, ()),
    ("all GPUs", "ec2", {"web.resourceRequirements": [{"type": "GPU", "value": "ALL"}]}, ()),
    ("no GPU", "ec2", {"web.resourceRequirements": [{"type": "GPU", "value": "0"}]}, (f"E {GPU}.value gpu-value",)),
    (
        "some GPUs",
        "ec2",
        {"web.resourceRequirements": [{"type": "GPU", "value": "some"}]},
        (f"E {GPU}.value gpu-value",),
    ),
    ("GPU of no value", "ec2", {"web.resourceRequirements": [{"type": "GPU"}]}, (f"E {GPU}.value gpu-value",)),
    (
        "GPU of both",
        "ec2",
        {"web.resourceRequirements": [{"type": "GPU", "value": "1", "sharingStrategy": {}}]},
        (f"E {GPU}.value gpu-value",),
    ),
    (
        "GPU on Fargate",
        "fargate",
        {"web.resourceRequirements": [{"type": "GPU", "value": "1"}]},
        (f"E {GPU} fargate-gpu",),
    ),
    ("Neuron", "managed", {"web.resourceRequirements": [{"type": "NeuronDevice", "value": "ALL"}]}, ()),
    (
        "one Neuron",
        "managed",
        {"web.resourceRequirements": [{"type": "NeuronDevice", "value": "1"}]},
        (f"E {GPU}.value neuron-device",),
    ),
    (
        "Neuron on EC2",
        "ec2",
        {"web.resourceRequirements": [{"type": "NeuronDevice", "value": "ALL"}]},
        (f"E {GPU} neuron-device",),
    ),
    ("memberOf", "ec2", constraint(type="memberOf", expression="attribute:a == b"), ()),
    ("ten", "ec2", {"placementConstraints": [{"type": "memberOf", "expression": "attribute:a == b"}] * 10}, ()),
    (
        "eleven",
        "ec2",
        {"placementConstraints": [{"type": "memberOf", "expression": "attribute:a == b"}] * 11},
        ("E placementConstraints placement-constraint-count",),
    ),
    (
        "distinct",
        "ec2",
        constraint(type="distinctInstance"),
        ("E placementConstraints[0].type placement-constraint-type",),
    ),
    (
        "other type",
        "ec2",
        constraint(type="spread", expression="attribute:a == b"),
        ("E placementConstraints[0].type placement-constraint-type",),
    ),
    (
        "no type",
        "ec2",
        constraint(expression="attribute:a == b"),
        ("E placementConstraints[0].type placement-constraint-type",),
    ),
    (
        "no expression",
        "ec2",
        constraint(type="memberOf"),
        ("E placementConstraints[0].expression placement-constraint-expression",),
    ),
    (
        "empty expression",
        "ec2",
        constraint(type="memberOf", expression=""),
        ("E placementConstraints[0].expression placement-constraint-expression",),
    ),
    (
        "no query",
        "ec2",
        constraint(type="memberOf", expression="attribute:a = b"),
        ("E placementConstraints[0].expression placement-constraint-expression",),
    ),
    ("2000 characters", "ec2", constraint(type="memberOf", expression="attribute:a == " + "b" * 1985), ()),
    (
        "2001 characters",
        "ec2",
        constraint(type="memberOf", expression="attribute:a == " + "b" * 1986),
        ("E placementConstraints[0].expression placement-constraint-expression",),
    ),
]
MORE: dict[str, list[Case]] = {
    "roles": ROLES,
    "environment": ENVIRONMENT,
    "lifecycle": LIFECYCLE,
    "logs": LOGGING,
    "volumes": VOLUMES,
    "launch": LAUNCH,
}

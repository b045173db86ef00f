"""Documents about secrets, put together from few parts."""

from __future__ import annotations

from typing import Any

SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:db-AbCdEf"
OTHER = "arn:aws:secretsmanager:us-east-1:111122223333:secret:api-AbCdEf"
ONE, TWO = "arn:aws:s3:::config/one.env", "arn:aws:s3:::config/two.env"
ROLE = "arn:aws:iam::111122223333:role/ecsTaskExecutionRole"


def plain(**values: str) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in values.items()]


def files(*names: str) -> list[dict[str, str]]:
    return [{"type": "s3", "value": name} for name in names]


def secrets(**references: str) -> list[dict[str, str]]:
    return [{"name": name, "valueFrom": reference} for name, reference in references.items()]


def task(*, role: bool = True, **container: Any) -> dict[str, Any]:
    arn = {"executionRoleArn": ROLE} if role else {}
    return {**arn, "containerDefinitions": [{"name": "app", "image": "nginx", **container}]}


def asked(*, role: bool = True, container: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"taskDefinition": task(role=role, **(container or {})), **more}


def override(**values: Any) -> dict[str, Any]:
    return {"containerOverrides": [{"name": "app", **values}]}


ROTATED = asked(
    container={"secrets": secrets(A=SECRET)},
    values={SECRET: "old"},
    timeline=[{"at": 60, "rotate": SECRET, "value": "new"}],
)
TIMED: dict[str, dict[str, Any]] = {
    "rotated": ROTATED,
    "restarted": {**ROTATED, "timeline": [*ROTATED["timeline"], {"at": 60, "restartContainers": True}]},
    "deployed": {
        **ROTATED,
        "desiredCount": 2,
        "timeline": [*ROTATED["timeline"], {"at": 90, "forceNewDeployment": True}],
    },
    "run-beside": {**ROTATED, "timeline": [*ROTATED["timeline"], {"at": 90, "runTask": True}]},
    "deployed-beside": {
        **ROTATED,
        "timeline": [
            {"at": 1, "runTask": True},
            *ROTATED["timeline"],
            {"at": 90, "forceNewDeployment": True},
            {"at": 91, "rotate": SECRET, "value": "newer"},
        ],
    },
    "rewritten": asked(
        container={"environmentFiles": files(ONE)},
        files={ONE: "A=1\nB=1"},
        timeline=[{"at": 5, "rewrite": ONE, "value": "A=2"}],
    ),
    "rewritten-deployed": asked(
        container={"environmentFiles": files(ONE)},
        timeline=[{"at": 5, "rewrite": ONE, "value": "A=2"}, {"at": 6, "forceNewDeployment": True}],
    ),
    "key-gone": asked(
        container={"secrets": secrets(A=f"{SECRET}:k::")},
        values={SECRET: '{"k": 7}'},
        timeline=[{"at": 1, "rotate": SECRET, "value": "{}"}, {"at": 2, "forceNewDeployment": True}],
    ),
    "previous": asked(
        container={"secrets": secrets(A=f"{SECRET}::AWSPREVIOUS:", B=SECRET)},
        values={
            SECRET: [
                {"versionId": "b", "stages": ["AWSCURRENT", "blue"], "value": "2"},
                {"versionId": "a", "stages": ["AWSPREVIOUS"], "value": "1"},
            ]
        },
        timeline=[{"at": 1, "rotate": SECRET, "value": "3"}, {"at": 2, "forceNewDeployment": True}],
    ),
    "unlisted": asked(
        launchType="EC2",
        container={"secrets": secrets(A="level", B=SECRET), "environmentFiles": files(ONE)},
        timeline=[{"at": 9, "rotate": "level", "value": "debug"}, {"at": 9, "runTask": True}],
    ),
    "override": asked(
        container={
            "environment": plain(A="1", B="1"),
            "environmentFiles": files(ONE),
            "secrets": secrets(S=SECRET),
        },
        files={ONE: "A=2\nC=2\nS=2\nS=3", TWO: "C=3"},
        overrides=override(environment=plain(A="9"), environmentFiles=files(TWO, ONE)),
        timeline=[{"at": 3, "runTask": True}],
    ),
    "blank-fargate": asked(container={"environmentFiles": files(ONE)}, files={ONE: "A=\nB=1"}),
    "blank-ec2": asked(launchType="EC2", container={"environmentFiles": files(ONE)}, files={ONE: "A=\nB=1"}),
    "old-agent": asked(launchType="EC2", agentVersion="1.38.9"),
    "agent-1.39": asked(launchType="EC2", agentVersion="1.39.0"),
    "agent-1.104": asked(launchType="EC2", agentVersion="1.104.0"),
    "short-key": asked(
        container={"secrets": secrets(A=f"{SECRET}:k::", B=f"{SECRET}:::id", C=f"{SECRET}::blue:", D="level")},
        timeline=[{"at": 0, "rotate": "level", "value": "2"}, {"at": 0, "forceNewDeployment": True}],
    ),
    "short-files": asked(
        container={"environmentFiles": files(ONE, TWO)},
        timeline=[{"at": 0, "rewrite": TWO, "value": "A=2"}, {"at": 0, "forceNewDeployment": True}],
    ),
    "external": asked(launchType="EXTERNAL"),
}
REFUSED: dict[str, dict[str, Any]] = {
    "same-name": asked(container={"environment": plain(A="1"), "secrets": secrets(A=SECRET)}),
    "twice": asked(container={"secrets": [*secrets(A=SECRET), *secrets(A=OTHER)]}),
    "no-role": asked(role=False, container={"secrets": secrets(A=SECRET)}),
    "not-env": asked(container={"environmentFiles": files("arn:aws:s3:::config/config.txt")}),
    "eleven": asked(container={"environmentFiles": files(*(f"arn:aws:s3:::config/{k}.env" for k in range(11)))}),
    "override-not-env": asked(overrides=override(environmentFiles=files("arn:aws:s3:::config/x"))),
    "windows": {
        "launchType": "EC2",
        "taskDefinition": {
            **task(environmentFiles=files(ONE)),
            "runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"},
        },
    },
    "definition-too-large": asked(container={"environment": plain(A="x" * 65_500)}),
    "overrides-too-long": asked(overrides=override(environment=plain(A="x" * 8_192))),
    "old-platform": asked(platformVersion="1.3.0", container={"environmentFiles": files(ONE)}),
    "old-platform-key": asked(platformVersion="1.3.0", container={"secrets": secrets(A=f"{SECRET}:k::")}),
    "old-agent-files": asked(launchType="EC2", agentVersion="1.38.0", container={"environmentFiles": files(ONE)}),
    "old-agent-key": asked(launchType="EC2", agentVersion="1.36.9", container={"secrets": secrets(A=f"{SECRET}:k::")}),
    "not-allowed": asked(container={"secrets": secrets(A=SECRET)}, executionRole={}),
    "not-trusted": asked(container={"secrets": secrets(A=SECRET)}, executionRole={"trust": "ec2.amazonaws.com"}),
    "elsewhere": asked(
        container={"secrets": secrets(A="db")}, values={"arn:aws:ssm:eu-west-1:111122223333:parameter/db": "x"}
    ),
    "nowhere": asked(container={"secrets": secrets(A="db")}, values={}),
    "nowhere-by-arn": asked(
        launchType="EC2",
        container={"secrets": secrets(A="arn:aws:ssm:us-east-1:111122223333:parameter/db")},
        values={"arn:aws:ssm:eu-west-1:111122223333:parameter/db": "x"},
    ),
    "no-secret": asked(container={"secrets": secrets(A=SECRET)}, values={OTHER: "x"}),
    "no-version": asked(container={"secrets": secrets(A=f"{SECRET}:::zz")}, values={SECRET: "x"}),
    "no-stage": asked(container={"secrets": secrets(A=f"{SECRET}::AWSPREVIOUS:")}, values={SECRET: "x"}),
    "no-key": asked(container={"secrets": secrets(A=f"{SECRET}:k::")}, values={SECRET: '{"j": 1}'}),
    "no-json": asked(container={"secrets": secrets(A=f"{SECRET}:k::")}, values={SECRET: "plain"}),
    "no-object": asked(container={"secrets": secrets(A=f"{SECRET}:k::")}, values={SECRET: "[1]"}),
    "no-file": asked(container={"environmentFiles": files(ONE)}, files={TWO: ""}),
}

"""Every cause and every step word for word: what fails, where that shows, and the least change that mends it."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.subjects import answer

CAUSES: list[tuple[dict[str, Any], tuple[str, str, str, str]]] = [
    (
        {"architecture": "object-to-task", "eventBridgeEnabled": False},
        (
            "EVENTBRIDGE_NOT_ENABLED",
            "The bucket's EventBridge flag is off, so S3 sends nothing; no bucket policy is asked.",
            "Switch on the bucket's EventBridge flag.",
            "nowhere: the rule's metrics stay at 0",
        ),
    ),
    (
        {"architecture": "object-to-task", "secondsSinceEnabled": 1},
        (
            "NOT_YET_ACTIVE",
            "The bucket's EventBridge flag takes about 5 min to become active.",
            "Wait 5 min after switching it on, then put the object again.",
            "nowhere: the rule's metrics stay at 0",
        ),
    ),
    (
        {"architecture": "object-to-task", "eventPattern": {"source": ["x"]}},
        (
            "NO_MATCH",
            "The rule's pattern does not match the event, so no target is called.",
            "Make the pattern match: source, detail-type and every field of detail that it names.",
            "nowhere: the rule's metrics stay at 0",
        ),
    ),
    (
        {
            "architecture": "object-to-task",
            "failures": [{"kind": "THROTTLED"}],
            "retryPolicy": {"maximumRetryAttempts": 1},
        },
        (
            "THROTTLED",
            "The call is throttled; EventBridge tries again with back-off, once in 24 h.",
            "Give the rule a dead-letter queue, and put a queue between a burst and RunTask.",
            "FailedInvocations of the rule",
        ),
    ),
    (
        {"architecture": "object-to-task", "taskQuota": 1, "taskCount": 2, "retryPolicy": {"maximumRetryAttempts": 1}},
        (
            "TASK_QUOTA",
            "The account's quota of concurrent tasks is used up; EventBridge tries again with back-off.",
            "Raise the quota, or put a queue between a burst and RunTask.",
            "FailedInvocations of the rule",
        ),
    ),
    (
        {"architecture": "object-to-task", "failures": [{"kind": "TARGET_MISSING"}]},
        (
            "TARGET_MISSING",
            "The target does not exist; that is not retried.",
            "Make the target again, or name one that exists.",
            "FailedInvocations of the rule",
        ),
    ),
    (
        {"architecture": "object-to-task", "roles": {"rule": []}},
        (
            "CALLER_ACCESS_DENIED",
            "The caller's role does not allow ecs:RunTask: AccessDenied, no task is made, and it is not retried.",
            "Allow ecs:RunTask on the task definition in that role.",
            "FailedInvocations of the rule",
        ),
    ),
    (
        {"architecture": "object-to-task", "roles": {"rule": ["ecs:RunTask"]}},
        (
            "PASS_ROLE_DENIED",
            (
                "The caller is not authorized to perform iam:PassRole on both the execution role and the task role: "
                "no task is made, and it is not retried."
            ),
            "Allow iam:PassRole on both roles in the caller's role.",
            "FailedInvocations of the rule",
        ),
    ),
    (
        {"architecture": "object-to-task", "networkConfiguration": None},
        (
            "NETWORK_CONFIGURATION_MISSING",
            "A Fargate target needs a NetworkConfiguration (subnets, security groups).",
            "Give EcsParameters a NetworkConfiguration.",
            "FailedInvocations of the rule",
        ),
    ),
    (
        {"architecture": "stopped-task-to-topic", "topicPolicy": False},
        (
            "TOPIC_POLICY",
            "The topic's resource policy does not let events.amazonaws.com publish; that is not retried.",
            "Allow sns:Publish for events.amazonaws.com in the topic's policy.",
            "FailedInvocations of the rule",
        ),
    ),
    (
        {
            "architecture": "object-to-task",
            "failures": [{"kind": "TARGET_MISSING"}],
            "deadLetterQueue": {"allowsEventBridge": False},
        },
        (
            "QUEUE_POLICY",
            "The dead-letter queue's resource policy does not let events.amazonaws.com send.",
            "Allow sqs:SendMessage for events.amazonaws.com in the queue's policy.",
            "",
        ),
    ),
    (
        {"architecture": "schedule-to-task", "runs": 1, "roles": {"scheduler": ["ecs:RunTask"]}, "deadLetterQueue": {}},
        (
            "SEND_DENIED",
            "The schedule's role does not allow sqs:SendMessage on its dead-letter queue.",
            "Allow sqs:SendMessage in the schedule's role.",
            "",
        ),
    ),
    (
        {
            "architecture": "schedule-to-task",
            "runs": 1,
            "failures": [{"kind": "TARGET_MISSING"}],
            "deadLetterQueue": {"fifo": True},
        },
        (
            "FIFO_DEAD_LETTER_QUEUE",
            "The dead-letter queue of a rule or a schedule is a standard queue, and this one is FIFO.",
            "Use a standard queue.",
            "",
        ),
    ),
    (
        {"architecture": "object-to-task", "roles": {"execution": []}},
        (
            "INIT_ERROR",
            (
                "ResourceInitializationError: unable to pull secrets or registry auth. The execution role does not "
                "allow ecr:GetAuthorizationToken."
            ),
            "Attach AmazonECSTaskExecutionRolePolicy to the execution role.",
            "stoppedReason of the task",
        ),
    ),
    (
        {"architecture": "object-to-task", "launchType": "EC2", "roles": {"instance": []}},
        (
            "CANNOT_PULL_ECR",
            "CannotPullECRContainerError: the container instance role does not allow ecr:GetAuthorizationToken.",
            "Attach AmazonEC2ContainerServiceforEC2Role to the instance role.",
            "stoppedReason of the task",
        ),
    ),
    (
        {"architecture": "object-to-task", "roles": {"execution": ["ecr:GetAuthorizationToken"]}},
        (
            "CANNOT_PULL",
            (
                "CannotPullContainerError: the role that pulls does not allow ecr:BatchGetImage and "
                "GetDownloadUrlForLayer."
            ),
            "Allow both actions to the role that pulls.",
            "stoppedReason of the task",
        ),
    ),
    (
        {
            "architecture": "object-to-task",
            "roles": {"execution": ["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]},
        },
        (
            "LOG_DRIVER_ERROR",
            "The role that writes the logs does not allow logs:CreateLogStream and logs:PutLogEvents.",
            "Allow both actions to that role.",
            "stoppedReason of the task",
        ),
    ),
    (
        {"architecture": "object-to-task", "failures": [{"kind": "NO_ROUTE", "to": "ECR"}]},
        (
            "NO_ROUTE",
            "There is no route to the service: the call ends in a timeout, not in AccessDenied.",
            "Give the subnet a NAT gateway or an endpoint, or the task a public IP in a public subnet.",
            "timeouts in the stoppedReason or in the logs",
        ),
    ),
    (
        {"architecture": "object-to-task", "inputTransformer": False},
        (
            "NO_INPUT",
            "The container got nothing of the event, so it does not know which object is meant.",
            "Give the target an input transformer that builds containerOverrides with the key.",
            "the container's logs",
        ),
    ),
    (
        {"architecture": "object-to-task", "roles": {"task": None}},
        (
            "APP_NO_CREDENTIALS",
            "The task has no task role, so the SDK finds no credentials.",
            "Give the task definition a taskRoleArn.",
            "the container's logs",
        ),
    ),
    (
        {"architecture": "object-to-task", "roles": {"task": []}},
        (
            "APP_ACCESS_DENIED",
            "The task role does not allow the call: AccessDenied, and the application exits non-zero.",
            "Allow the action to the task role.",
            "the container's logs",
        ),
    ),
    (
        {"architecture": "object-to-task", "failures": [{"kind": "TASK_FAILS"}]},
        (
            "TASK_FAILED",
            ("The container exits non-zero. The event was delivered when RunTask was accepted, so nobody tries again."),
            "Watch for stopped tasks (an EventBridge rule), or let a queue hold the work until it is done.",
            "exitCode of the container",
        ),
    ),
    (
        {
            "architecture": "queue-workers",
            "messages": 1,
            "failures": [{"kind": "POISON"}],
            "redrivePolicy": {"maxReceiveCount": 1},
        },
        (
            "POISON",
            "The message cannot be processed: it is not deleted, and comes back after the visibility timeout.",
            "Let a redrive policy (maxReceiveCount) move it to a dead-letter queue, and look at it there.",
            "",
        ),
    ),
    (
        {
            "architecture": "queue-workers",
            "messages": 1,
            "failures": [{"kind": "TASK_CRASHES"}],
            "redrivePolicy": {"maxReceiveCount": 1},
        },
        (
            "RECEIVED_TOO_OFTEN",
            "It was received maxReceiveCount times and not deleted; the next time it is moved instead.",
            ("Find out why it was not deleted in time: a crash, a visibility timeout too short, a missing permission."),
            "",
        ),
    ),
]


@pytest.mark.parametrize(("document", "told"), CAUSES, ids=[told[0] for _, told in CAUSES])
def test_a_cause_says_what_where_and_how_to_mend_it(document: dict[str, Any], told: tuple[str, ...]) -> None:
    found = answer("architectures", document)["events"][0]
    assert (found["code"], found["reason"], found["fix"], found.get("shows", "")) == told


STORIES: list[tuple[dict[str, Any], list[str], list[str]]] = [
    (
        {"architecture": "object-to-task", "objects": 1, "failures": [{"kind": "DUPLICATE"}]},
        [
            "0 s: event 1: User → S3 bucket, s3:PutObject, as the user.",
            "0 s: event 1: S3 bucket → EventBridge rule, Object Created, with no identity of its own.",
            "0 s: event 1: EventBridge rule → ECS RunTask, ecs:RunTask, as EventBridge rule role.",
            (
                "0 s: event 1 is delivered a second time: EventBridge delivers at least once. Make the work "
                "idempotent, such as a key of object key and sequencer."
            ),
            "1 s: copy of event 1: EventBridge rule → ECS RunTask, ecs:RunTask, as EventBridge rule role.",
            "30 s: event 1: ECS RunTask → Task, ENI in the VPC, as service-linked role AWSServiceRoleForECS.",
            "30 s: event 1: Task → ECR and logs, pull, logs, as task execution role.",
            "30 s: event 1: Task → S3 bucket, s3:GetObject, as task role.",
            ("31 s: copy of event 1: ECS RunTask → Task, ENI in the VPC, as service-linked role AWSServiceRoleForECS."),
            "31 s: copy of event 1: Task → ECR and logs, pull, logs, as task execution role.",
            "31 s: copy of event 1: Task → S3 bucket, s3:GetObject, as task role.",
            "90 s: event 1: Task → DynamoDB table, dynamodb:PutItem, as task role. It has arrived.",
            "91 s: copy of event 1: Task → DynamoDB table, dynamodb:PutItem, as task role. It has arrived.",
        ],
        [],
    ),
    (
        {
            "architecture": "schedule-to-task",
            "runs": 1,
            "flexibleTimeWindow": {"mode": "FLEXIBLE", "maximumWindowInMinutes": 5},
            "deadLetterQueue": {},
            "failures": [{"kind": "TARGET_MISSING"}],
        },
        [
            (
                "0 s: run 1: Schedule → ECS RunTask, ecs:RunTask, fails. The target does not exist; that is not "
                "retried. Make the target again, or name one that exists."
            ),
            (
                "0 s: run 1: Schedule → Dead-letter queue, sqs:SendMessage, as EventBridge Scheduler role. It waits "
                "there to be looked at."
            ),
        ],
        ["In a flexible time window AWS chooses the moment; here it is the window's start."],
    ),
    (
        {"architecture": "object-to-task", "launchType": "EC2", "failures": [{"kind": "THROTTLED", "until": 20}]},
        [
            "0 s: event 1: User → S3 bucket, s3:PutObject, as the user.",
            "0 s: event 1: S3 bucket → EventBridge rule, Object Created, with no identity of its own.",
            (
                "0 s: event 1: EventBridge rule → ECS RunTask, ecs:RunTask, fails. The call is throttled; EventBridge "
                "tries again with back-off, up to 185 times in 24 h. Give the rule a dead-letter queue, and put a "
                "queue between a burst and RunTask."
            ),
            (
                "1 s: event 1: EventBridge rule → ECS RunTask, ecs:RunTask, fails. The call is throttled; EventBridge "
                "tries again with back-off, up to 185 times in 24 h. Give the rule a dead-letter queue, and put a "
                "queue between a burst and RunTask."
            ),
            (
                "3 s: event 1: EventBridge rule → ECS RunTask, ecs:RunTask, fails. The call is throttled; EventBridge "
                "tries again with back-off, up to 185 times in 24 h. Give the rule a dead-letter queue, and put a "
                "queue between a burst and RunTask."
            ),
            "31 s: event 1: 2 more attempts failed, 5 in all.",
            "31 s: event 1: EventBridge rule → ECS RunTask, ecs:RunTask, as EventBridge rule role.",
            "61 s: event 1: ECS RunTask → Task, ENI in the VPC, as service-linked role AWSServiceRoleForECS.",
            "61 s: event 1: Task → ECR and logs, pull, logs, as container instance role.",
            "61 s: event 1: Task → S3 bucket, s3:GetObject, as task role.",
            "121 s: event 1: Task → DynamoDB table, dynamodb:PutItem, as task role. It has arrived.",
        ],
        [
            (
                "How long EventBridge and Scheduler wait between attempts is not published; here 1 s, doubled, at "
                "most 600 s."
            )
        ],
    ),
    (
        {"architecture": "stopped-task-to-topic", "deadLetterQueue": {}, "topicPolicy": False},
        [
            "0 s: event 1: ECS → EventBridge rule, Task State Change, with no identity of its own.",
            (
                "0 s: event 1: EventBridge rule → SNS topic, sns:Publish, fails. The topic's resource policy does not "
                "let events.amazonaws.com publish; that is not retried. Allow sns:Publish for events.amazonaws.com in "
                "the topic's policy."
            ),
            (
                "0 s: event 1: EventBridge rule → Dead-letter queue, sqs:SendMessage, as the queue's resource policy. "
                "It waits there to be looked at."
            ),
        ],
        [],
    ),
    (
        {
            "architecture": "queue-workers",
            "messages": 1,
            "failures": [{"kind": "POISON"}],
            "redrivePolicy": {"maxReceiveCount": 1},
        },
        [
            "0 s: message 1 is sent to the queue and waits: SQS pushes nothing.",
            "0 s: Task 1 receives message 1: it is hidden for 30 s, and still in the queue.",
            (
                "10 s: Task 1 fails on message 1. The message cannot be processed: it is not deleted, and comes back "
                "after the visibility timeout. Let a redrive policy (maxReceiveCount) move it to a "
                "dead-letter queue, and look at it there."
            ),
            "30 s: The visibility timeout of message 1 ends: it is visible again.",
            (
                "30 s: message 1 is moved to the dead-letter queue. It was received maxReceiveCount times and not "
                "deleted; the next time it is moved instead."
            ),
        ],
        [],
    ),
    (
        {"architecture": "queue-workers", "messages": 1, "failures": [{"kind": "TASK_CRASHES", "times": 1}]},
        [
            "0 s: message 1 is sent to the queue and waits: SQS pushes nothing.",
            "0 s: Task 1 receives message 1: it is hidden for 30 s, and still in the queue.",
            (
                "5 s: Task 1 stops with message 1 in hand. The task died with the message in hand; the message comes "
                "back after the visibility timeout. Nothing is lost: the service starts another task, and the message "
                "is received again."
            ),
            "5 s: Task 2 is started; it is ready in 30 s.",
            "30 s: The visibility timeout of message 1 ends: it is visible again.",
            "35 s: Task 2 runs, and polls the queue.",
            "35 s: Task 2 receives message 1 (receive number 2): it is hidden for 30 s, and still in the queue.",
            "45 s: Task 2 has processed message 1.",
            "45 s: message 1 is deleted from the queue: it is done.",
        ],
        [],
    ),
    (
        {
            "architecture": "queue-workers",
            "messages": 2,
            "desiredCount": 0,
            "scaling": {"target": 1, "minCapacity": 0, "maxCapacity": 1},
            "durationSeconds": 200,
        },
        [
            "0 s: message 1 is sent to the queue and waits: SQS pushes nothing.",
            "0 s: message 2 is sent to the queue and waits: SQS pushes nothing.",
            "60 s: 2 messages wait, 0 tasks run, the target is 1: desiredCount goes from 0 to 1.",
            "60 s: Task 1 is started; it is ready in 30 s.",
            "90 s: Task 1 runs, and polls the queue.",
            "90 s: Task 1 receives message 1: it is hidden for 30 s, and still in the queue.",
            "100 s: Task 1 has processed message 1.",
            "100 s: message 1 is deleted from the queue: it is done.",
            "100 s: Task 1 receives message 2: it is hidden for 30 s, and still in the queue.",
            "110 s: Task 1 has processed message 2.",
            "110 s: message 2 is deleted from the queue: it is done.",
            "120 s: 0 messages wait, 1 task runs, the target is 1: desiredCount goes from 1 to 0.",
            "120 s: Task 1 stops. The service has more tasks than it wants.",
        ],
        [
            (
                "The service scales here as soon as its backlog is looked at, once a minute; alarms and cooldowns are "
                "left out."
            ),
            (
                "With 0 running tasks the quotient is undefined; here one task is started, the least step out. The "
                "sources differ on what follows without data."
            ),
        ],
    ),
    (
        {
            "architecture": "queue-workers",
            "messages": 1,
            "desiredCount": 2,
            "secondsPerMessage": 90,
            "visibilityTimeout": 30,
            "extendVisibility": True,
            "scaling": {"target": 1, "metric": "CPU", "minCapacity": 0},
            "durationSeconds": 100,
        },
        [
            "0 s: message 1 is sent to the queue and waits: SQS pushes nothing.",
            "0 s: Task 1 receives message 1: it is hidden for 30 s, and still in the queue.",
            "0 s: Task 1 keeps message 1 hidden with ChangeMessageVisibility while it works.",
            "60 s: CPU is what is looked at, 2 tasks run, the target is 1: desiredCount goes from 2 to 10.",
            "60 s: Task 3 is started; it is ready in 30 s.",
            "60 s: Task 4 is started; it is ready in 30 s.",
            "60 s: Task 5 is started; it is ready in 30 s.",
            "60 s: Task 6 is started; it is ready in 30 s.",
            "60 s: Task 7 is started; it is ready in 30 s.",
            "60 s: Task 8 is started; it is ready in 30 s.",
            "60 s: Task 9 is started; it is ready in 30 s.",
            "60 s: Task 10 is started; it is ready in 30 s.",
            "90 s: Task 1 has processed message 1.",
            "90 s: message 1 is deleted from the queue: it is done.",
            "90 s: Task 3 runs, and polls the queue.",
            "90 s: Task 4 runs, and polls the queue.",
            "90 s: Task 5 runs, and polls the queue.",
            "90 s: Task 6 runs, and polls the queue.",
            "90 s: Task 7 runs, and polls the queue.",
            "90 s: Task 8 runs, and polls the queue.",
            "90 s: Task 9 runs, and polls the queue.",
            "90 s: Task 10 runs, and polls the queue.",
        ],
        [
            (
                "The service scales here as soon as its backlog is looked at, once a minute; alarms and cooldowns are "
                "left out."
            )
        ],
    ),
    (
        {
            "architecture": "queue-workers",
            "messages": 1,
            "roles": {"task": ["sqs:ReceiveMessage"]},
            "durationSeconds": 35,
        },
        [
            "0 s: message 1 is sent to the queue and waits: SQS pushes nothing.",
            "0 s: Task 1 receives message 1: it is hidden for 30 s, and still in the queue.",
            "10 s: Task 1 has processed message 1.",
            (
                "10 s: Task 1: sqs:DeleteMessage is refused. The task role does not allow it: the application gets "
                "AccessDenied, and the task keeps running. Allow the action to the task role."
            ),
            "30 s: The visibility timeout of message 1 ends: it is visible again.",
            "30 s: Task 1 receives message 1 (receive number 2): it is hidden for 30 s, and still in the queue.",
        ],
        [],
    ),
    (
        {"architecture": "object-to-task", "roles": {"task": []}, "changes": [{"at": 2, "roles": {}}]},
        [
            "0 s: event 1: User → S3 bucket, s3:PutObject, as the user.",
            "0 s: event 1: S3 bucket → EventBridge rule, Object Created, with no identity of its own.",
            "0 s: From here on other roles or failures hold.",
            "0 s: event 1: EventBridge rule → ECS RunTask, ecs:RunTask, as EventBridge rule role.",
            "30 s: event 1: ECS RunTask → Task, ENI in the VPC, as service-linked role AWSServiceRoleForECS.",
            "30 s: event 1: Task → ECR and logs, pull, logs, as task execution role.",
            "30 s: event 1: Task → S3 bucket, s3:GetObject, as task role.",
            "90 s: event 1: Task → DynamoDB table, dynamodb:PutItem, as task role. It has arrived.",
        ],
        [],
    ),
    (
        {"architecture": "object-to-task", "eventPattern": {"source": ["x"]}},
        [
            "0 s: event 1: User → S3 bucket, s3:PutObject, as the user.",
            "0 s: event 1: S3 bucket → EventBridge rule, Object Created, with no identity of its own.",
            (
                "0 s: event 1 is dropped by the bus. The rule's pattern does not match the event, so no target is "
                "called. Make the pattern match: source, detail-type and every field of detail that it names."
            ),
        ],
        [],
    ),
    (
        {"architecture": "object-to-task", "eventBridgeEnabled": False},
        [
            "0 s: event 1: User → S3 bucket, s3:PutObject, as the user.",
            (
                "0 s: event 1: S3 bucket → EventBridge rule, Object Created, fails. The bucket's EventBridge flag is "
                "off, so S3 sends nothing; no bucket policy is asked. Switch on the bucket's EventBridge flag."
            ),
            (
                "0 s: event 1 is never sent. The bucket's EventBridge flag is off, so S3 sends nothing; no bucket "
                "policy is asked. Switch on the bucket's EventBridge flag."
            ),
        ],
        [],
    ),
]


@pytest.mark.parametrize(("document", "story", "choices"), STORIES)
def test_a_story_is_told_step_by_step(document: dict[str, Any], story: list[str], choices: list[str]) -> None:
    found = answer("architectures", {**document, "explain": True})
    assert found["story"] == story
    assert found.get("choices", []) == choices
    assert found.get("open", False) is bool(choices)

"""Which task stops: the strategies turned round, protection, and what AWS leaves open."""

from __future__ import annotations

from typing import Any

from simulator.subjects import answer

PACKED = [{"type": "binpack", "field": "memory"}]
ZONES = [{"type": "spread", "field": "attribute:ecs.availability-zone"}]


def hosts(**memories: int) -> list[dict[str, Any]]:
    return [
        {"ec2InstanceId": name, "availabilityZone": name[0], "remaining": {"cpu": 2048, "memory": memory}}
        for name, memory in memories.items()
    ]


def rows(*places: str, **more: Any) -> list[dict[str, Any]]:
    return [
        {"taskArn": f"t{n}", "ec2InstanceId": place, "group": "service:web", "cpu": 256, "memory": 512, **more}
        for n, place in enumerate(places, start=1)
    ]


def stopped(instances: list[dict[str, Any]], tasks: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return answer("scale-in", {"instances": instances, "tasks": tasks, "group": "service:web", **more})


def test_binpack_empties_the_emptiest() -> None:
    given = stopped(hosts(a1=1000, b1=3000), rows("a1", "b1"), placementStrategy=PACKED)
    assert given == {"stop": ["t2"], "open": False}


def test_binpack_counts_what_the_stop_gives_back() -> None:
    tasks = rows("a1", "b1")
    tasks[0]["memory"] = 4000
    assert stopped(hosts(a1=1000, b1=3000), tasks, placementStrategy=PACKED)["stop"] == ["t1"]


def test_the_field_of_binpack_counts() -> None:
    instances = hosts(a1=1000, b1=3000)
    instances[0]["remaining"]["cpu"] = 4096
    assert stopped(instances, rows("a1", "b1"), placementStrategy=[{"type": "binpack", "field": "cpu"}])["stop"] == [
        "t1"
    ]


def test_spread_takes_from_the_fullest_bucket_of_its_own_field() -> None:
    instances = hosts(a1=9, b1=9)
    instances[0]["attributes"] = {"rack": "r1"}
    instances[1]["attributes"] = {"rack": "r2"}
    given = stopped(
        instances, rows("a1", "b1", "b1"), placementStrategy=[{"type": "spread", "field": "attribute:rack"}]
    )
    assert given["stop"][0] in {"t2", "t3"}
    assert given["open"] is True


def test_a_chain_decides_in_its_order() -> None:
    given = stopped(hosts(a1=100, a2=900, b1=5000), rows("a1", "a2", "b1"), placementStrategy=[*ZONES, *PACKED])
    assert given == {"stop": ["t2"], "open": False}


def test_each_stop_sees_the_one_before() -> None:
    given = stopped(hosts(a1=9, b1=9, c1=9), rows("a1", "a1", "b1", "b1", "c1", "c1"), count=3, placementStrategy=ZONES)
    assert sorted({"t1": "a", "t2": "a", "t3": "b", "t4": "b", "t5": "c", "t6": "c"}[t] for t in given["stop"]) == list(
        "abc"
    )


def test_stopping_all_is_not_open() -> None:
    assert stopped(hosts(a1=9), rows("a1", "a1"), count=2) == {"stop": ["t1", "t2"], "open": False}


def test_random_is_drawn_by_the_seed() -> None:
    tasks = rows(*["a1"] * 9)
    drawn = {
        tuple(stopped(hosts(a1=9), tasks, placementStrategy=[{"type": "random"}], seed=seed)["stop"])
        for seed in range(9)
    }
    assert len(drawn) > 2
    assert stopped(hosts(a1=9), tasks, placementStrategy=[{"type": "random"}])["open"] is True


def test_protected_tasks_stay() -> None:
    tasks = rows("a1", "a1", "b1")
    for task in tasks[:2]:
        task["protectionEnabled"] = True
    given = stopped(hosts(a1=9, b1=9), tasks, count=2)
    assert given == {
        "stop": ["t3"],
        "open": False,
        "event": "(service web) unable to scale in. Reason: The number of protected tasks are more than the desired "
        "count of tasks.",
    }


def test_tasks_of_other_groups_neither_stop_nor_count() -> None:
    others = [{**row, "taskArn": f"o{n}", "group": "service:other"} for n, row in enumerate(rows("b1", "b1", "b1"))]
    assert stopped(hosts(a1=9, b1=9), [*others, *rows("a1", "a1", "b1")])["stop"][0] in {"t1", "t2"}


def test_the_only_group_need_not_be_named() -> None:
    assert answer("scale-in", {"instances": hosts(a1=9), "tasks": rows("a1")})["stop"] == ["t1"]


def test_explain_shows_every_task() -> None:
    (step,) = stopped(hosts(a1=1000, b1=3000), rows("a1", "b1"), placementStrategy=PACKED, explain=True)["steps"]
    assert step["stop"] == "t2"
    assert [(row["taskArn"], row["keys"]) for row in step["tasks"]] == [("t1", [-1512, 0]), ("t2", [-3512, 1])]

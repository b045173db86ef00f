"""What a document need not write: a small VPC in which the users reach a Fargate task through a load balancer.

Source: "SGs used below" and "Defaults" of platform facts 2.9. Written as a document, since fixes are put into one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.network.model import Ports

# These exist in every document; an entry of the same name replaces what it writes.
GROUPS: Mapping[str, Mapping[str, Any]] = {
    "default": {"ingress": ["all from default"]},  # the VPC's own: admits its members
    "sg-alb": {"ingress": ["80,443 from 0.0.0.0/0"]},
    "sg-task": {"ingress": ["80 from sg-alb"]},
    "sg-instance": {"ingress": ["32768-61000 from sg-alb"]},
    "sg-ep": {"ingress": ["443 from 10.0.0.0/16"]},
}
SUBNETS: Mapping[str, Mapping[str, Any]] = {
    "public-a": {"availabilityZone": "a", "cidrBlock": "10.0.1.0/24", "route": "igw"},
    "private-a": {"availabilityZone": "a", "cidrBlock": "10.0.2.0/24", "route": "nat"},
    "isolated-a": {"availabilityZone": "a", "cidrBlock": "10.0.3.0/24", "route": "none"},
    "public-b": {"availabilityZone": "b", "cidrBlock": "10.0.11.0/24", "route": "igw"},
    "private-b": {"availabilityZone": "b", "cidrBlock": "10.0.12.0/24", "route": "nat"},
    "isolated-b": {"availabilityZone": "b", "cidrBlock": "10.0.13.0/24", "route": "none"},
}
# These exist only where their section is left out.
SECTIONS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "natGateways": {"nat": {"subnet": "public-a"}},
    "vpcEndpoints": {},
    "loadBalancers": {"alb": {}},
    "targetGroups": {"tg": {}},
    "instances": {"i-1": {}},
    "tasks": {"web": {}},
}

EGRESS = "all to 0.0.0.0/0"  # of a new security group
ANYONE = "203.0.113.7"  # who asks "from: internet"
OUTSIDE = "192.0.2.80"  # an address of the internet, for what is asked of it
BALANCER_SUBNETS = ("public-a", "public-b")
TASK_SUBNET = "private-a"
KERNEL_RANGE = Ports(32768, 60999)  # ip_local_port_range of the ECS-optimized AMIs
GUIDE_RANGE = Ports(32768, 61000)  # what the guide has a security group admit
BALANCER_HOST, TASK_HOST, INSTANCE_HOST, ENDPOINT_HOST = 10, 20, 130, 200  # the last byte of the first of each kind

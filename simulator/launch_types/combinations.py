"""Needs that each have their places and do not go together: a code and a sentence for each such pair.

Source: facts 4 of the deployments sheet; platform facts 2.1, 2.3, 3.1 and 3.6. A pair that is not here goes together
wherever both of its needs do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from simulator.launch_types.features import Support
from simulator.launch_types.options import Option


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two needs; where they go together, where nobody says so, and the sentence on all other places."""

    first: str
    second: str
    says: str
    together: tuple[Option, ...] = ()
    undocumented: tuple[Option, ...] = ()

    @property
    def name(self) -> str:
        """Both needs as one."""
        return f"{self.first} with {self.second}"

    def support(self, option: Option) -> Support:
        """Whether a place that can do each can do both."""
        if option in self.together:
            return Support.SUPPORTED
        return Support.UNDOCUMENTED if option in self.undocumented else Support.NOT_SUPPORTED


_WINDOWS_MODES = "Windows tasks have the network modes default and awsvpc."

PAIRS: tuple[Pair, ...] = (
    Pair(
        first="WINDOWS",
        second="ARM",
        says="Windows runs on x86 on Fargate, and ARM64 is for Linux on External; for EC2 nothing is said of both.",
        undocumented=(Option.EC2,),
    ),
    Pair(first="WINDOWS", second="EFS", says="Windows containers mount no EFS file system."),
    Pair(
        first="WINDOWS",
        second="EBS_TASK_VOLUME",
        says="An EBS volume for a Windows task is for EC2 only.",
        together=(Option.EC2,),
    ),
    Pair(first="WINDOWS", second="NETWORK_BRIDGE", says=_WINDOWS_MODES),
    Pair(first="WINDOWS", second="NETWORK_HOST", says=_WINDOWS_MODES),
    Pair(first="WINDOWS", second="NETWORK_NONE", says=_WINDOWS_MODES),
    Pair(
        first="CLASSIC_LOAD_BALANCER",
        second="NETWORK_AWSVPC",
        says="A Classic Load Balancer does not serve tasks with networkMode awsvpc.",
    ),
)


def pairs_of(needs: Collection[str]) -> Iterator[Pair]:
    """The pairs that a workload's needs make.

    >>> [pair.name for pair in pairs_of(["GPU", "EFS", "WINDOWS"])]
    ['WINDOWS with EFS']
    """
    return (pair for pair in PAIRS if pair.first in needs and pair.second in needs)

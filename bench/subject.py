"""What is measured: subjects in groups, groups in cases, each with the target it must reach."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


class Role(StrEnum):
    """Whose work a subject is."""

    OURS = "ours"
    PEER = "peer"
    LIMIT = "limit"


class Runtime(StrEnum):
    """Which interpreter runs a subject: the project's, the peers' own environment, or node."""

    PROJECT = "project"
    PEERS = "peers"
    NODE = "node"


@dataclass(frozen=True)
class Sizes:
    """How much of everything one run does; all of it bounded."""

    rounds: int = 5
    seconds: float = 3.0
    log: int = 100_000
    backlog: int = 60_000
    rebuild: int = 1_000_000
    posts: int = 300


QUICK = Sizes(rounds=2, seconds=0.7, log=20_000, backlog=20_000, rebuild=100_000, posts=100)
TINY = Sizes(rounds=1, seconds=0.2, log=1_000, backlog=2_000, rebuild=2_000, posts=5)


@dataclass(frozen=True)
class Subject:
    """One contender: child processes that prepare, wait for the start and report what they did."""

    name: str
    role: Role
    module: str
    step: str
    runtime: Runtime = Runtime.PROJECT
    setup: str | None = None
    callers: int = 1
    processes: int = 1
    count: int = 0
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class AtLeast:
    """Ours must reach `share` of the reference's median rate."""

    share: float
    reference: Literal["best peer", "limit"]


@dataclass(frozen=True)
class RateAtLeast:
    """Ours must do at least this many a second."""

    per_second: float


@dataclass(frozen=True)
class WithinMilliseconds:
    """Ours must answer within these times, over all rounds."""

    p50: float
    p99: float


Target = AtLeast | RateAtLeast | WithinMilliseconds


@dataclass(frozen=True)
class Group:
    """Subjects that do the same work and are compared with one another.

    `limit` and `best peer` in a target mean the subjects with that role here; a subject named in `aside` is
    shown but is no reference (a check of the load generator, say). `unit` is that of rates.
    """

    title: str
    subjects: tuple[Subject, ...]
    targets: tuple[Target, ...] = ()
    aside: frozenset[str] = frozenset()
    source: str = ""
    unit: str = "/s"


Case = Callable[[Sizes], list[Group]]

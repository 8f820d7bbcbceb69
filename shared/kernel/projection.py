"""What a service does with facts, declared as pure values: projections, policies, effects and due actions."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from shared.contracts.fact import Fact, contract_of
from shared.contracts.words.privacy import RETENTION_CLASSES, RetentionClass
from shared.kernel.decider import Decider
from shared.kernel.envelope import Envelope
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Row

Classes: TypeAlias = frozenset[RetentionClass]
EVERY_CLASS: Classes = frozenset(RETENTION_CLASSES)
NO_CLASS: Classes = frozenset()


@dataclass(frozen=True)
class Listener:
    """Something that follows facts: its name, and the facts it listens to.

    `opens` are the classes of personal fields that it wants to read; any other reads `withheld` to it.
    """

    name: str
    listens: tuple[type[Fact], ...]
    opens: Classes = field(default=EVERY_CLASS, kw_only=True)

    @property
    def sources(self) -> frozenset[str]:
        """The services whose facts it listens to."""
        return frozenset(contract_of(fact).service for fact in self.listens)


@dataclass(frozen=True)
class Projection(Listener):
    """Facts in, rows out. The runner saves the rows together with the position."""

    tables: tuple[str, ...]
    project: Callable[[Recorded[Any]], Iterable[Row]]


@dataclass(frozen=True)
class RawProjection(Listener):
    """Stored bytes in, rows out, for every fact of the named services, also those no contract describes.

    `listens` stays empty. `project` gets the position, the envelope, exactly the published bytes and
    the producer's signature (empty without one).
    """

    tables: tuple[str, ...]
    follows: frozenset[str]
    project: Callable[[int, Envelope, bytes, str], Iterable[Row]]

    @property
    def sources(self) -> frozenset[str]:
        """The services whose every fact it gets."""
        return self.follows


@dataclass(frozen=True)
class Issue:
    """A command to be executed on the service's own store."""

    decider: Decider[Any, Any]
    stream: UUID
    command: Any


@dataclass(frozen=True)
class Policy(Listener):
    """Facts in, commands out. `look_up` may read the read model first; `react` itself is pure."""

    react: Callable[[Recorded[Any], Any], Iterable[Issue]]
    look_up: Callable[[Any, Recorded[Any]], Awaitable[Any]] | None = None


@dataclass(frozen=True)
class Queue(Listener):
    """Every fact of the named services as stored bytes, written down to be worked off later.

    `take` gets a connection in the transaction of the checkpoint, the source, and (position, bytes) in order: what
    it writes is there exactly once. It begins with what comes from now on, and nothing is taken on a rebuild.
    """

    follows: frozenset[str] = frozenset()
    take: Callable[[Any, str, Sequence[tuple[int, bytes]]], Awaitable[None]] = field(kw_only=True)

    @property
    def sources(self) -> frozenset[str]:
        """The services whose every fact it gets."""
        return self.follows


@dataclass(frozen=True)
class Effect(Listener):
    """Facts in, something done to the world (a mail sent), at least once; then its commands.

    `look_up` may read the read model first, as a policy's does. Never performed again on a rebuild. Facts of
    one stream are performed one after the other; of different streams as many `at_once` as it says.
    """

    perform: Callable[[Recorded[Any], Any], Awaitable[Iterable[Issue]]]
    look_up: Callable[[Any, Recorded[Any]], Awaitable[Any]] | None = None
    at_once: int = 1


@dataclass(frozen=True)
class InnerEffect(Effect):
    """An effect that needs what its process has: `within` makes the performing function of a `kernel.inside.Inside`."""

    within: Callable[[Any], Callable[[Recorded[Any], Any], Awaitable[Iterable[Issue]]]] = field(kw_only=True)


async def unbound(recorded: Recorded[Any], found: Any) -> Iterable[Issue]:
    """What an inner effect performs before its process has taken it in."""
    raise NotImplementedError("this effect is performed within a service's process only")


@dataclass(frozen=True, slots=True)
class DueRow:
    """Something that falls due: a row that a projection put into the `due` table."""

    kind: str
    key: str
    due_at: datetime
    payload: Mapping[str, Any] = field(default_factory=dict)


DueAction = Callable[[DueRow], Issue]

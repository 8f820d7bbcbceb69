"""One rebuild of one source: ranges of facts folded by several processes, merged in order, resumable."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from time import monotonic
from uuid import UUID

import structlog

from shared.kernel.projections.folders import FolderProcess
from shared.kernel.projections.folding import Answer as FolderAnswer
from shared.kernel.projections.folding import Failed, Fold, Folded, Job, Merge, Order

# A rebuild that is interrupted loses at most a range of each process: half a minute's work.
LEAST_RANGE, MOST_RANGE = 20_000, 2_500_000

log = structlog.get_logger(__name__)


class Refused(Exception):
    """A process could not go on; `poison` when facts are to blame, so that they must be taken one by one."""

    def __init__(self, error: str, poison: bool) -> None:
        super().__init__(error)
        self.poison = poison


@dataclass
class Range:
    """Facts in (after, until], and the parts that still have to be merged."""

    number: int
    after: int
    until: int
    parts: list[int]


def ranges(progress: list[int], target: int, processes: int) -> Iterator[Range]:
    """What is left to do from `progress` on, so that every part goes from border to border."""
    borders = sorted({at for at in progress if at < target} | {target})
    left = target - borders[0]
    # As many for each process, else the last one folds while the others wait.
    rounds = max(1, -(-left // (MOST_RANGE * processes)))
    size = max(LEAST_RANGE, -(-left // (processes * rounds)))
    number = 0
    for after, border in pairwise(borders):
        parts = [part for part, at in enumerate(progress) if at <= after]
        while after < border:
            until = min(after + size, border)
            yield Range(number, after, until, parts)
            number, after = number + 1, until


@dataclass
class Rebuilding:
    """Runs until every part has reached `target`; `moved` hears of the position that all have reached."""

    job: Job
    progress: list[int]
    target: int
    processes: int
    blocked: set[UUID]
    moved: Callable[[int], None] = lambda position: None
    parked: int = 0
    _accepted: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Fold and merge everything. Raises Refused and FolderDied; then it may be begun again."""
        left = ranges(self.progress, self.target, self.processes)
        useful = max(1, (self.target - min(self.progress)) // LEAST_RANGE)
        try:
            async with asyncio.TaskGroup() as tasks:
                for _ in range(min(self.processes, useful)):
                    tasks.create_task(self._work(left))
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None

    async def _work(self, left: Iterator[Range]) -> None:
        process = await FolderProcess.start(self.job)
        try:
            for part in left:
                await self._do(process, part)
        finally:
            await process.stop()

    async def _do(self, process: FolderProcess, part: Range) -> None:
        while True:
            known = frozenset(self.blocked)
            folded = await _answer(process, Fold(part.after, part.until, known))
            assert isinstance(folded, Folded)
            await self._until(lambda: self._accepted == part.number)
            if known == self.blocked:
                break
            # A fact before this range failed meanwhile: what follows it in its stream must not be applied.
        self.blocked |= folded.blocked
        self.parked += folded.parked
        self._accepted += 1
        self._tell()
        for number in part.parts:
            await self._until(lambda number=number: self.progress[number] == part.after)  # type: ignore[misc]
            await _answer(process, Merge(number))
            self.progress[number] = part.until
            self._tell()
        self.moved(min(self.progress))

    async def _until(self, true: Callable[[], bool]) -> None:
        while not true():
            await self._changed.wait()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


async def _answer(process: FolderProcess, order: Order) -> FolderAnswer:
    answer = await process.ask(order)
    if isinstance(answer, Failed):
        raise Refused(answer.error, answer.poison)
    return answer


class Pace:
    """Facts per second over the last while."""

    def __init__(self, position: int) -> None:
        self._marks = [(monotonic(), position)]

    def at(self, position: int) -> int:
        """The pace now that `position` is reached, over at most the last ten marks."""
        self._marks = [*self._marks[-9:], (monotonic(), position)]
        (began, first), (now, last) = self._marks[0], self._marks[-1]
        return int((last - first) / (now - began)) if now > began else 0

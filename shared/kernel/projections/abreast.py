"""Several facts of a batch under way at a time: each stream in its own order, and where all of it is done."""

from collections.abc import Sequence
from uuid import UUID

from shared.kernel.projections.listening import Heard

AHEAD = 64
"""How far behind the first unfinished fact another may be begun: so much may be done again after a crash."""


class Abreast:
    """The facts of a batch, in order. `outcomes` is the caller's: what became of those that are done.

    An outcome is the fact as it is to be parked, or None. It outlives a batch that fails halfway, so what was
    done to the world meanwhile is not done again when the batch comes again.
    """

    def __init__(self, facts: Sequence[Heard], outcomes: dict[int, Heard | None]) -> None:
        self._facts, self._outcomes = facts, outcomes
        self._busy: set[UUID] = set()
        self._first = 0

    def begin(self) -> Heard | None:
        """The next fact to take up, or None while each that is left waits for another."""
        for fact in self._facts[self._first : self._first + AHEAD]:
            if fact.position not in self._outcomes and fact.stream not in self._busy:
                self._busy.add(fact.stream)
                return fact
        return None

    def finish(self, fact: Heard, outcome: Heard | None) -> None:
        """It is done, or is to be parked."""
        self._outcomes[fact.position] = outcome
        self._busy.discard(fact.stream)

    def reached(self) -> tuple[int, list[Heard]]:
        """The position up to which every fact is done (0: not one more), and which of them are to be parked."""
        position, parked = 0, []
        for fact in self._facts[self._first :]:
            if fact.position not in self._outcomes:
                break
            position = fact.position
            if outcome := self._outcomes[position]:
                parked.append(outcome)
        return position, parked

    def passed(self, position: int) -> None:
        """The checkpoint is there: what is up to it need not be remembered."""
        while self._first < len(self._facts) and self._facts[self._first].position <= position:
            del self._outcomes[self._facts[self._first].position]
            self._first += 1

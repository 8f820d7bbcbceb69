"""Several streams side by side, with their claims held as the store holds them."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shared.contracts.fact import Fact
from shared.kernel.decider import Claim, Decider, Refused


def overlap(mine: Claim, theirs: Claim) -> bool:
    """As the store sees it: spans of one key, half-open, without an end for ever."""
    assert mine.since is not None
    assert theirs.since is not None
    return (
        mine.key == theirs.key
        and (theirs.until is None or mine.since < theirs.until)
        and (mine.until is None or theirs.since < mine.until)
    )


@dataclass
class House:
    """What was recorded on each stream; a command either goes through whole or not at all."""

    states: dict[UUID, Any] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    held: dict[UUID, frozenset[Claim]] = field(default_factory=dict)

    def tell(self, decider: Decider[Any, Any], stream: UUID, command: Any) -> tuple[Fact, ...]:
        """Raises Refused, of the rules or of a claim that another stream holds."""
        state = self.states.get(stream, decider.initial)
        facts = tuple(decider.decide(state, command))
        after = decider.fold(facts, state)
        assert tuple(decider.decide(after, command)) == (), "deciding again yields nothing"
        wanted = decider.claims(after)
        others = [claim for other, claims in self.held.items() if other != stream for claim in claims]
        for mine in sorted(wanted - self.held.get(stream, frozenset()), key=lambda claim: claim.key):
            if any(overlap(mine, theirs) for theirs in others):
                raise Refused(mine.code, mine.message)
        self.states[stream], self.held[stream] = after, wanted
        self.facts += facts
        return facts

"""A state machine for one aggregate: any commands in any order, and what must hold whatever they are."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from shared.contracts.fact import Fact
from shared.kernel.decider import Decider, Refused

S = TypeVar("S")
C = TypeVar("C")
Holds = Callable[[Sequence[Fact]], None]

LEAST_SEEN = 2
"""Different facts that the commands have to reach, lest a machine that is refused everything seem to hold."""


def run_machine(
    decider: Decider[S, C],
    commands: st.SearchStrategy[C],
    *rules: Holds,
    reaches: int = LEAST_SEEN,
    examples: int = 25,
) -> None:
    """Command it in any order: deciding again yields nothing, a refusal is told, `rules` hold of all the facts.

    `reaches` is how many kinds of facts the commands must have led to, all examples together.
    """
    seen: set[type[Fact]] = set()

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.facts: list[Fact] = []
            self.state = decider.initial

        @rule(command=commands)
        def command(self, command: C) -> None:
            try:
                decided = tuple(decider.decide(self.state, command))
            except Refused as refused:
                told, decided = (refused.code, refused.message), refused.facts
                assert all(told), "a refusal says what it is and what to do"
            else:
                after = decider.fold(decided, self.state)
                assert tuple(decider.decide(after, command)) == (), "deciding again has to yield nothing"
            self.facts += decided
            seen.update(type(fact) for fact in decided)
            self.state = decider.fold(decided, self.state)

        @invariant()
        def what_was_recorded_tells_it_all(self) -> None:
            assert decider.fold(self.facts) == self.state

        @invariant()
        def the_rules_hold(self) -> None:
            for holds in rules:
                holds(self.facts)

    chosen = settings(
        max_examples=examples, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
    )
    for _ in range(4):  # what is tried is left to chance: now and then once is not enough to get everywhere
        run_state_machine_as_test(Machine, settings=chosen)
        if len(seen) >= reaches:
            break
    assert len(seen) >= reaches, f"the commands led to no more than {sorted(kind.__name__ for kind in seen)}"


def at_most_once(kind: type[Fact]) -> Holds:
    """No more than one such fact."""

    def holds(facts: Sequence[Fact]) -> None:
        assert sum(isinstance(fact, kind) for fact in facts) <= 1

    return holds


def only_after(kind: type[Fact], *needed: type[Fact]) -> Holds:
    """Never before one of those that are needed."""

    def holds(facts: Sequence[Fact]) -> None:
        known: set[Any] = set()
        for fact in facts:
            if isinstance(fact, kind):
                assert known & {*needed}, f"{kind.__name__} before any of {needed}"
            known.add(type(fact))

    return holds


def ends_with(*last: type[Fact], but: tuple[type[Fact], ...] = ()) -> Holds:
    """Nothing follows one of these, `but` those."""

    def holds(facts: Sequence[Fact]) -> None:
        over = False
        for fact in facts:
            assert not over or isinstance(fact, but), f"{type(fact).__name__} after the end"
            over = over or isinstance(fact, last)

    return holds

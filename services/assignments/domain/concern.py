"""A worry about a child's safety: raised by many, read and closed by the designated safeguarding lead alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from shared.contracts.assignments.concern import SafeguardingConcernClosed, SafeguardingConcernRaised
from shared.contracts.words.requests import ConcernKind, ConcernOutcome
from shared.kernel.decider import Decider, Refused

ConcernFact: TypeAlias = SafeguardingConcernRaised | SafeguardingConcernClosed


@dataclass(frozen=True, slots=True)
class RaiseConcern:
    """Somebody is worried. Nothing is asked of them but what they saw."""

    concern_id: UUID
    child_id: UUID
    kind: ConcernKind
    details: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CloseConcern:
    """It was dealt with."""

    outcome: ConcernOutcome
    summary: str
    at: datetime


Command: TypeAlias = RaiseConcern | CloseConcern


@dataclass(frozen=True, slots=True)
class NotRaised:
    """Nobody raised it."""


@dataclass(frozen=True, slots=True)
class Raised:
    """Waits to be dealt with."""

    raised: SafeguardingConcernRaised


@dataclass(frozen=True, slots=True)
class Closed:
    """Was dealt with."""

    raised: SafeguardingConcernRaised
    closed: SafeguardingConcernClosed


Concern: TypeAlias = NotRaised | Raised | Closed


def decide(state: Concern, command: Command) -> Sequence[ConcernFact]:
    match command:
        case RaiseConcern():
            return _raise(state, command)
        case CloseConcern():
            return _close(state, command)


def _raise(state: Concern, command: RaiseConcern) -> Sequence[ConcernFact]:
    raised = SafeguardingConcernRaised(
        concern_id=command.concern_id,
        child_id=command.child_id,
        kind=command.kind,
        details=command.details,
        raised_at=command.at,
    )
    match state:
        case NotRaised():
            return (raised,)
        case Raised(known) | Closed(known):
            if known == raised.model_copy(update={"raised_at": known.raised_at}):
                return ()
            raise Refused(
                "concern_already_raised", "this concern was raised with other words; raise a new one"
            )


def _close(state: Concern, command: CloseConcern) -> Sequence[ConcernFact]:
    match state:
        case Raised(raised):
            return (
                SafeguardingConcernClosed(
                    concern_id=raised.concern_id,
                    child_id=raised.child_id,
                    outcome=command.outcome,
                    summary=command.summary,
                    closed_at=command.at,
                ),
            )
        case Closed(_, closed):
            if (closed.outcome, closed.summary) == (command.outcome, command.summary):
                return ()
            raise Refused(
                "concern_already_closed", f"this concern was closed ({closed.outcome}); raise a new one"
            )
        case NotRaised():
            raise Refused("concern_unknown", "there is no such concern; check the id")


def evolve(state: Concern, fact: ConcernFact) -> Concern:
    match fact, state:
        case SafeguardingConcernRaised(), NotRaised():
            return Raised(fact)
        case SafeguardingConcernClosed(), Raised(raised):
            return Closed(raised, fact)
        case _:
            return state


concern: Decider[Concern, Command] = Decider("concern", NotRaised(), decide, evolve)

"""Suspensions of one mentor: begun and lifted. While one lasts the mentor is with no child."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from services.training.domain.standing import Compliance
from shared.contracts.training.standing import MentorSuspended, SuspensionLifted
from shared.contracts.words.training import SuspensionReason
from shared.kernel.decider import Refused


@dataclass(frozen=True, slots=True)
class Suspend:
    """Keep a mentor away from children from this day on."""

    mentor_id: UUID
    reason_code: SuspensionReason
    on: date


@dataclass(frozen=True, slots=True)
class LiftSuspension:
    """Let the mentor's evidence speak again from this day on."""

    on: date


SuspensionCommand: TypeAlias = Suspend | LiftSuspension
SuspensionFact: TypeAlias = MentorSuspended | SuspensionLifted


def decide_suspension(state: Compliance, command: SuspensionCommand) -> Sequence[SuspensionFact]:
    lasting = [start for start, end in state.suspensions.items() if end is None]
    match command:
        case Suspend() if lasting:
            return ()
        case Suspend(mentor_id, reason_code, on):
            day = max(on, state.known_on)
            return (MentorSuspended(mentor_id=mentor_id, suspended_on=day, reason_code=reason_code),)
        case LiftSuspension(on) if lasting and state.mentor_id is not None:
            return (
                SuspensionLifted(
                    mentor_id=state.mentor_id, suspended_on=lasting[0], lifted_on=max(on, lasting[0])
                ),
            )
        case LiftSuspension() if state.suspensions:
            return ()
        case _:
            raise Refused("not_suspended", "This mentor is not suspended; there is nothing to lift.")

"""The compliance of one mentor: every change of evidence decides at once whether the mentor is deployable."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID, uuid5

from services.training.domain.certifications import (
    CertificationCommand,
    ExpireCertification,
    GrantByWaiver,
    GrantCertification,
    RevokeCertification,
    decide_certification,
)
from services.training.domain.clearances import (
    ClearanceCommand,
    LapseClearance,
    RecordClearance,
    WithdrawClearance,
    decide_clearance,
)
from services.training.domain.ladder import (
    LadderCommand,
    OpenWindow,
    TellExpiring,
    TellOverdue,
    TellRecheck,
    climb,
)
from services.training.domain.standing import Cause, Compliance, ComplianceFact, evolve, standing
from services.training.domain.suspensions import (
    LiftSuspension,
    Suspend,
    SuspensionCommand,
    decide_suspension,
)
from services.training.domain.temporary import GrantTemporarily, grant_temporarily
from shared.kernel.decider import Decider

_COMPLIANCE = UUID("7d0f3d1c-4a57-5c1b-8f0e-2b9f6a3f5d10")


def compliance_of(mentor_id: UUID) -> UUID:
    """The stream of a mentor's compliance: there is exactly one, known from the mentor's id."""
    return uuid5(_COMPLIANCE, str(mentor_id))


def certification_of(enrolment_id: UUID) -> UUID:
    """The certification that completing this enrolment grants: the same one, however often it is granted."""
    return uuid5(_COMPLIANCE, f"certification:{enrolment_id}")


@dataclass(frozen=True, slots=True)
class Review:
    """Something granted ahead counts from this day: see how the mentor stands."""

    on: date


Changing: TypeAlias = CertificationCommand | GrantTemporarily | ClearanceCommand | SuspensionCommand | Review
Command: TypeAlias = Changing | LadderCommand


def decide(state: Compliance, command: Command) -> Sequence[ComplianceFact]:
    """What the command causes and, in the same breath, whether it clears the mentor or stands them down."""
    if isinstance(command, OpenWindow | TellExpiring | TellOverdue | TellRecheck):
        return climb(state, command)  # what is said beforehand changes nothing yet
    caused = _caused(state, command)
    if not caused and isinstance(command, ExpireCertification | LapseClearance):
        return ()  # renewed in time; what else falls due that day has its own command, and its own cause
    after = state
    for fact in caused:
        after = evolve(after, fact)
    return (*caused, *standing(after, command.on))


def _caused(state: Compliance, command: Changing) -> Sequence[Cause]:
    match command:
        case GrantCertification() | GrantByWaiver() | RevokeCertification() | ExpireCertification():
            return decide_certification(state, command)
        case GrantTemporarily():
            return grant_temporarily(state, command)
        case RecordClearance() | WithdrawClearance() | LapseClearance():
            return decide_clearance(state, command)
        case Suspend() | LiftSuspension():
            return decide_suspension(state, command)
        case Review():
            return ()


# Its stream is known from the mentor alone, so it needs no claims.
compliance: Decider[Compliance, Command] = Decider("compliance", Compliance(), decide, evolve)

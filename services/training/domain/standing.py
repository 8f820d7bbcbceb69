"""What one mentor has shown so far, and whether that is enough to be with a child."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias
from uuid import UUID

from shared.contracts.eligibility import Evidence, shortfalls
from shared.contracts.training.certification import (
    CertificationExpired,
    CertificationGranted,
    CertificationRevoked,
)
from shared.contracts.training.clearance import ClearanceLapsed, ClearanceRecorded
from shared.contracts.training.standing import MentorCleared, MentorStoodDown
from shared.contracts.words.training import ClearanceKind

Cause: TypeAlias = (
    CertificationGranted | CertificationRevoked | CertificationExpired | ClearanceRecorded | ClearanceLapsed
)
Standing: TypeAlias = MentorCleared | MentorStoodDown
ComplianceFact: TypeAlias = Cause | Standing


@dataclass(frozen=True, slots=True)
class Compliance:
    """Everything recorded of one mentor, kept as the facts that said so.

    `known_on` is the latest day on which anything was recorded: standing is never judged for a day before it.
    """

    mentor_id: UUID | None = None
    granted: Mapping[UUID, CertificationGranted] = field(default_factory=dict)
    revoked: Mapping[UUID, date] = field(default_factory=dict)
    expired: frozenset[UUID] = frozenset()
    clearances: Mapping[tuple[ClearanceKind, date], ClearanceRecorded] = field(default_factory=dict)
    lapsed: frozenset[ClearanceKind] = frozenset()
    deployable: bool = False
    known_on: date = date.min


def evidence(state: Compliance) -> tuple[Evidence, ...]:
    """What this mentor can show, in the words of the gate."""
    certified = [
        Evidence(c.track, c.valid_from, c.valid_until, state.revoked.get(c.certification_id))
        for c in state.granted.values()
    ]
    return (*certified, *(Evidence(c.kind, c.issued_on, c.recheck_due_on) for c in state.clearances.values()))


def standing(state: Compliance, on: date) -> Sequence[Standing]:
    """The change, if there is one, in whether this mentor may be with a child on that day."""
    if state.mentor_id is None:
        return ()
    day = max(on, state.known_on)
    reasons = shortfalls(evidence(state), day)
    if not reasons and not state.deployable:
        return (MentorCleared(mentor_id=state.mentor_id, cleared_on=day),)
    if reasons and state.deployable:
        return (MentorStoodDown(mentor_id=state.mentor_id, stood_down_on=day, reasons=reasons),)
    return ()


def evolve(state: Compliance, fact: ComplianceFact) -> Compliance:
    """The state after a fact."""
    match fact:
        case CertificationGranted(certification_id=key, mentor_id=mentor):
            known = max(state.known_on, fact.granted_on)
            return replace(state, mentor_id=mentor, granted={**state.granted, key: fact}, known_on=known)
        case CertificationRevoked(certification_id=key, revoked_on=day):
            return replace(state, revoked={**state.revoked, key: day}, known_on=max(state.known_on, day))
        case CertificationExpired(certification_id=key):
            return replace(state, expired=state.expired | {key})
        case ClearanceRecorded(mentor_id=mentor, kind=kind):
            return replace(
                state,
                mentor_id=mentor,
                clearances={**state.clearances, (kind, fact.issued_on): fact},
                lapsed=state.lapsed - {kind},
                known_on=max(state.known_on, fact.recorded_on),
            )
        case ClearanceLapsed(kind=kind):
            return replace(state, lapsed=state.lapsed | {kind})
        case MentorCleared(cleared_on=day):
            return replace(state, deployable=True, known_on=max(state.known_on, day))
        case MentorStoodDown(stood_down_on=day):
            return replace(state, deployable=False, known_on=max(state.known_on, day))

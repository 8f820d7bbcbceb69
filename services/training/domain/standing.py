"""What one mentor has shown so far, and whether that is enough to be with a child."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal, TypeAlias
from uuid import UUID

from shared.contracts.eligibility import CLEARANCES, Evidence, shortfalls
from shared.contracts.training.certification import (
    CertificationExpired,
    CertificationExpiring,
    CertificationGranted,
    CertificationOverdue,
    CertificationRevoked,
    CertificationWindowOpened,
)
from shared.contracts.training.clearance import (
    ClearanceExpiring,
    ClearanceLapsed,
    ClearanceRecorded,
    ClearanceWithdrawn,
)
from shared.contracts.training.standing import (
    MentorCleared,
    MentorStoodDown,
    MentorSuspended,
    MentorVetted,
    SuspensionLifted,
)
from shared.contracts.words.training import ClearanceKind
from shared.kernel.decider import Refused

Told: TypeAlias = CertificationWindowOpened | CertificationExpiring | CertificationOverdue | ClearanceExpiring
Cause: TypeAlias = (
    CertificationGranted
    | CertificationRevoked
    | CertificationExpired
    | ClearanceRecorded
    | ClearanceLapsed
    | ClearanceWithdrawn
    | MentorSuspended
    | SuspensionLifted
)
Standing: TypeAlias = MentorVetted | MentorCleared | MentorStoodDown
ComplianceFact: TypeAlias = Cause | Told | Standing
Document: TypeAlias = tuple[ClearanceKind, date]
Status: TypeAlias = Literal["vetting", "inducting", "deployable", "restricted", "suspended"]


@dataclass(frozen=True, slots=True)
class Compliance:
    """Everything recorded of one mentor, kept as the facts that said so.

    `known_on` is the latest day on which anything was recorded: standing is never judged for a day before it.
    `told` is what the ladder has said. `suspensions`: the last day of each by its first, None while it lasts.
    """

    mentor_id: UUID | None = None
    granted: Mapping[UUID, CertificationGranted] = field(default_factory=dict)
    revoked: Mapping[UUID, CertificationRevoked] = field(default_factory=dict)
    expired: frozenset[UUID] = frozenset()
    clearances: Mapping[Document, ClearanceRecorded] = field(default_factory=dict)
    withdrawn: Mapping[Document, ClearanceWithdrawn] = field(default_factory=dict)
    lapsed: frozenset[ClearanceKind] = frozenset()
    suspensions: Mapping[date, date | None] = field(default_factory=dict)
    told: frozenset[Told] = frozenset()
    vetted: bool = False
    deployable: bool = False
    known_on: date = date.min


def certification(state: Compliance, certification_id: UUID) -> CertificationGranted:
    """One that was granted. Refused when there is none."""
    held = state.granted.get(certification_id)
    if held is None:
        message = "This mentor has no such certification; see the mentor's compliance for those there are."
        raise Refused("certification_unknown", message)
    return held


def evidence(state: Compliance) -> tuple[Evidence, ...]:
    """What this mentor can show, and what speaks against them, in the words of the gate."""
    certified = [
        Evidence(
            c.track,
            c.valid_from,
            c.valid_until,
            state.revoked[c.certification_id].revoked_on if c.certification_id in state.revoked else None,
        )
        for c in state.granted.values()
    ]
    seen = [
        Evidence(
            c.kind,
            c.issued_on,
            c.recheck_due_on,
            state.withdrawn[document].withdrawn_on if document in state.withdrawn else None,
        )
        for document, c in state.clearances.items()
    ]
    suspended = [Evidence("suspension", start, end) for start, end in state.suspensions.items()]
    return (*certified, *seen, *suspended)


def counts(state: Compliance, item: str, on: date) -> bool:
    """Whether anything of that item may be relied upon on that day."""
    return any(proof.item == item and proof.counts(on) for proof in evidence(state))


def standing(state: Compliance, on: date) -> Sequence[Standing]:
    """The change, if there is one, in how this mentor stands on that day."""
    if state.mentor_id is None:
        return ()
    day = max(on, state.known_on)
    reasons = shortfalls(evidence(state), day)
    if not reasons and not state.deployable:
        return (MentorCleared(mentor_id=state.mentor_id, cleared_on=day),)
    if reasons and state.deployable:
        return (MentorStoodDown(mentor_id=state.mentor_id, stood_down_on=day, reasons=reasons),)
    if reasons and not state.vetted and not {reason.item for reason in reasons} & {*CLEARANCES, "suspension"}:
        return (MentorVetted(mentor_id=state.mentor_id, vetted_on=day),)
    return ()


def status(shown: Iterable[Evidence], on: date, *, ever_cleared: bool) -> Status:
    """How a mentor with this evidence stands on that day. Derived; nobody sets it."""
    lacking = {reason.item for reason in shortfalls(shown, on)}
    if "suspension" in lacking:
        return "suspended"
    if not lacking:
        return "deployable"
    if ever_cleared:
        return "restricted"
    return "vetting" if lacking & set(CLEARANCES) else "inducting"


def evolve(state: Compliance, fact: ComplianceFact) -> Compliance:
    """The state after a fact."""
    match fact:
        case CertificationGranted(certification_id=key, mentor_id=mentor):
            known = max(state.known_on, fact.granted_on)
            return replace(state, mentor_id=mentor, granted={**state.granted, key: fact}, known_on=known)
        case CertificationRevoked(certification_id=key, revoked_on=day):
            return replace(state, revoked={**state.revoked, key: fact}, known_on=max(state.known_on, day))
        case CertificationExpired(certification_id=key):
            return replace(state, expired=state.expired | {key})
        case (
            CertificationWindowOpened()
            | CertificationExpiring()
            | CertificationOverdue()
            | ClearanceExpiring()
        ):
            return replace(state, told=state.told | {fact})
        case ClearanceRecorded(mentor_id=mentor, kind=kind):
            document = (kind, fact.issued_on)
            return replace(
                state,
                mentor_id=mentor,
                clearances={**state.clearances, document: fact},
                withdrawn={key: gone for key, gone in state.withdrawn.items() if key != document},
                lapsed=state.lapsed - {kind},
                known_on=max(state.known_on, fact.recorded_on),
            )
        case ClearanceLapsed(kind=kind):
            return replace(state, lapsed=state.lapsed | {kind})
        case ClearanceWithdrawn(kind=kind, issued_on=issued, withdrawn_on=day):
            withdrawn = {**state.withdrawn, (kind, issued): fact}
            return replace(state, withdrawn=withdrawn, known_on=max(state.known_on, day))
        case MentorSuspended(mentor_id=mentor, suspended_on=day):
            known = max(state.known_on, day)
            return replace(
                state, mentor_id=mentor, suspensions={**state.suspensions, day: None}, known_on=known
            )
        case SuspensionLifted(suspended_on=start, lifted_on=day):
            suspensions = {**state.suspensions, start: day - timedelta(days=1)}
            return replace(state, suspensions=suspensions, known_on=max(state.known_on, day))
        case MentorVetted(vetted_on=day):
            return replace(state, vetted=True, known_on=max(state.known_on, day))
        case MentorCleared(cleared_on=day):
            return replace(state, vetted=True, deployable=True, known_on=max(state.known_on, day))
        case MentorStoodDown(stood_down_on=day):
            return replace(state, deployable=False, known_on=max(state.known_on, day))

"""Certifications of one mentor: granted, revoked, expired."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias
from uuid import UUID

from services.training.domain.periods import period
from services.training.domain.standing import Compliance, evidence
from shared.contracts.training.certification import (
    CertificationExpired,
    CertificationGranted,
    CertificationRevoked,
)
from shared.contracts.words.training import Track
from shared.kernel.decider import Refused


@dataclass(frozen=True, slots=True)
class GrantCertification:
    """Certify a completed track; `valid_months` is the course's."""

    certification_id: UUID
    mentor_id: UUID
    track: Track
    enrolment_id: UUID
    completed_on: date
    valid_months: int | None
    on: date


@dataclass(frozen=True, slots=True)
class RevokeCertification:
    """Take it back from this day on."""

    certification_id: UUID
    reason: str
    on: date


@dataclass(frozen=True, slots=True)
class ExpireCertification:
    """Its last day is over."""

    certification_id: UUID
    on: date


CertificationCommand: TypeAlias = GrantCertification | RevokeCertification | ExpireCertification
CertificationFact: TypeAlias = CertificationGranted | CertificationRevoked | CertificationExpired


def decide_certification(state: Compliance, command: CertificationCommand) -> Sequence[CertificationFact]:
    match command:
        case GrantCertification():
            return _grant(state, command)
        case RevokeCertification():
            return _revoke(state, command)
        case ExpireCertification():
            return _expire(state, command)


def _grant(state: Compliance, command: GrantCertification) -> Sequence[CertificationGranted]:
    if command.certification_id in state.granted:
        return ()
    held = [proof for proof in evidence(state) if proof.item == command.track]
    valid_from, valid_until = period(held, command.completed_on, command.valid_months)
    return (
        CertificationGranted(
            certification_id=command.certification_id,
            mentor_id=command.mentor_id,
            track=command.track,
            kind="full",
            enrolment_id=command.enrolment_id,
            granted_on=command.on,
            valid_from=valid_from,
            valid_until=valid_until,
            renews=None,
            window_opens_on=None,
            renew_by=None,
            reason=None,
        ),
    )


def _revoke(state: Compliance, command: RevokeCertification) -> Sequence[CertificationRevoked]:
    held = _granted(state, command.certification_id)
    if held.certification_id in state.revoked:
        return ()
    if held.certification_id in state.expired:
        message = f"It expired after {held.valid_until}; there is nothing left to revoke."
        raise Refused("certification_expired", message)
    if not command.reason.strip():
        raise Refused("invalid_reason", "Say why the certification is revoked.")
    return (
        CertificationRevoked(
            certification_id=held.certification_id,
            mentor_id=held.mentor_id,
            track=held.track,
            revoked_on=command.on,
            reason=command.reason,
        ),
    )


def _expire(state: Compliance, command: ExpireCertification) -> Sequence[CertificationExpired]:
    held = _granted(state, command.certification_id)
    if held.valid_until is None or command.on <= held.valid_until:
        return ()
    if held.certification_id in state.revoked or held.certification_id in state.expired:
        return ()
    first_day_without = held.valid_until + timedelta(days=1)
    if any(proof.item == held.track and proof.counts(first_day_without) for proof in evidence(state)):
        return ()  # renewed in time
    return (
        CertificationExpired(
            certification_id=held.certification_id,
            mentor_id=held.mentor_id,
            track=held.track,
            expired_on=first_day_without,
        ),
    )


def _granted(state: Compliance, certification_id: UUID) -> CertificationGranted:
    held = state.granted.get(certification_id)
    if held is None:
        message = "This mentor has no such certification; see the mentor's compliance for those there are."
        raise Refused("certification_unknown", message)
    return held

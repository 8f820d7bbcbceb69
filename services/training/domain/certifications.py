"""Certifications of one mentor: granted in full, for a while or by waiver; revoked, expired."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias
from uuid import UUID

from services.training.domain.periods import USUAL, Period, Renewing, bounded, period
from services.training.domain.standing import Compliance, certification, counts
from shared.contracts.training.certification import (
    CertificationExpired,
    CertificationGranted,
    CertificationRevoked,
)
from shared.contracts.words.training import CertificationKind, Track
from shared.kernel.decider import Refused


@dataclass(frozen=True, slots=True)
class GrantCertification:
    """Certify a completed track; `valid_months` is the course's, or the programme's where that says less."""

    certification_id: UUID
    mentor_id: UUID
    track: Track
    enrolment_id: UUID
    completed_on: date
    valid_months: int | None
    on: date
    renewing: Renewing = USUAL


@dataclass(frozen=True, slots=True)
class GrantByWaiver:
    """Certify a track that need not be taken, up to the waiver's last day."""

    certification_id: UUID
    mentor_id: UUID
    track: Track
    enrolment_id: UUID
    waived_on: date
    valid_until: date | None
    on: date
    renewing: Renewing = USUAL


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


CertificationCommand: TypeAlias = (
    GrantCertification | GrantByWaiver | RevokeCertification | ExpireCertification
)
CertificationFact: TypeAlias = CertificationGranted | CertificationRevoked | CertificationExpired


def decide_certification(state: Compliance, command: CertificationCommand) -> Sequence[CertificationFact]:
    match command:
        case GrantCertification():
            held = lasting(state, command.track)
            found = period(held, command.completed_on, command.valid_months, command.renewing)
            return _grant(state, command, "full", found)
        case GrantByWaiver():
            found = bounded(command.waived_on, command.valid_until, None, command.renewing)
            return _grant(state, command, "waived", found)
        case RevokeCertification():
            return _revoke(state, command)
        case ExpireCertification():
            return _expire(state, command)


def lasting(state: Compliance, track: Track) -> list[CertificationGranted]:
    """The periods of a track that a renewal may follow: a temporary one earns no time."""
    return [
        one
        for one in state.granted.values()
        if one.track == track and one.kind != "temporary" and one.certification_id not in state.revoked
    ]


def _grant(
    state: Compliance, command: GrantCertification | GrantByWaiver, kind: CertificationKind, found: Period
) -> Sequence[CertificationGranted]:
    if command.certification_id in state.granted:
        return ()
    return (
        CertificationGranted(
            certification_id=command.certification_id,
            mentor_id=command.mentor_id,
            track=command.track,
            kind=kind,
            enrolment_id=command.enrolment_id,
            granted_on=command.on,
            valid_from=found.valid_from,
            valid_until=found.valid_until,
            renews=found.renews,
            window_opens_on=found.window_opens_on,
            renew_by=found.renew_by,
            reason=None,
        ),
    )


def _revoke(state: Compliance, command: RevokeCertification) -> Sequence[CertificationRevoked]:
    held = certification(state, command.certification_id)
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
    held = certification(state, command.certification_id)
    if held.valid_until is None or command.on <= held.valid_until:
        return ()
    if held.certification_id in state.revoked or held.certification_id in state.expired:
        return ()
    first_day_without = held.valid_until + timedelta(days=1)
    if counts(state, held.track, first_day_without):
        return ()  # renewed in time
    return (
        CertificationExpired(
            certification_id=held.certification_id,
            mentor_id=held.mentor_id,
            track=held.track,
            expired_on=first_day_without,
        ),
    )

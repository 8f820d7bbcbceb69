"""What each mentor can show, from when until when, and what speaks against them."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, TypeAlias

from shared.contracts.training.certification import (
    CertificationExpired,
    CertificationGranted,
    CertificationOverdue,
    CertificationRevoked,
    CertificationWindowOpened,
)
from shared.contracts.training.clearance import ClearanceRecorded, ClearanceWithdrawn
from shared.contracts.training.standing import MentorSuspended, SuspensionLifted
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row

CertificationTold: TypeAlias = (
    CertificationGranted
    | CertificationWindowOpened
    | CertificationOverdue
    | CertificationExpired
    | CertificationRevoked
)
Shown: TypeAlias = (
    CertificationTold | ClearanceRecorded | ClearanceWithdrawn | MentorSuspended | SuspensionLifted
)


def evidence(recorded: Recorded[Shown]) -> Iterator[Row]:
    """A row for each period, each document and each suspension."""
    match recorded.fact:
        case CertificationGranted() as granted:
            yield _certified(
                granted,
                kind=granted.kind,
                valid_from=granted.valid_from,
                valid_until=granted.valid_until,
                ends=granted.valid_until or date.max,
                enrolment_id=granted.enrolment_id,
                granted_on=granted.granted_on,
                renews=granted.renews,
                window_opens_on=granted.window_opens_on,
                renew_by=granted.renew_by,
            )
        case CertificationWindowOpened(opened_on=day) as opened:
            yield _certified(opened, window_opened_on=day)
        case CertificationOverdue(renew_by=day) as overdue:
            yield _certified(overdue, overdue_on=day + timedelta(days=1))
        case CertificationExpired(expired_on=day) as expired:
            yield _certified(expired, expired_on=day)
        case CertificationRevoked() as revoked:
            yield _certified(revoked, withdrawn_on=revoked.revoked_on, withdrawn_because=revoked.reason)
        case ClearanceRecorded() as seen:
            yield _seen(
                seen,
                kind=seen.seen_as,
                valid_from=seen.issued_on,
                valid_until=seen.recheck_due_on,
                ends=seen.recheck_due_on or date.max,
                granted_on=seen.recorded_on,
                last_status_check_on=seen.last_status_check_on,
                seen_by=seen.seen_by,
                withdrawn_on=None,
                withdrawn_because=None,
            )
        case ClearanceWithdrawn() as gone:
            yield _seen(gone, withdrawn_on=gone.withdrawn_on, withdrawn_because=gone.reason)
        case MentorSuspended(suspended_on=day) as suspended:
            yield _suspended(suspended, kind=suspended.reason_code, valid_from=day, valid_until=None)
        case SuspensionLifted(lifted_on=day) as lifted:
            yield _suspended(lifted, valid_until=day - timedelta(days=1))


def _certified(fact: CertificationTold, **columns: Any) -> Put:
    return _proof(fact, fact.track, str(fact.certification_id), columns)


def _seen(fact: ClearanceRecorded | ClearanceWithdrawn, **columns: Any) -> Put:
    return _proof(fact, fact.kind, fact.issued_on.isoformat(), columns)


def _suspended(fact: MentorSuspended | SuspensionLifted, **columns: Any) -> Put:
    return _proof(fact, "suspension", fact.suspended_on.isoformat(), columns)


def _proof(fact: Shown, item: str, proof: str, columns: dict[str, Any]) -> Put:
    return Put("evidence", {"mentor_id": fact.mentor_id, "item": item, "proof": proof}, columns)

"""Facts in, rows out: courses, enrolments, what mentors have shown, how they stand, and what falls due."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from shared.contracts.assignments.mentor import MentorEngaged, MentorLeft
from shared.contracts.training.certification import (
    CertificationExpired,
    CertificationGranted,
    CertificationRevoked,
)
from shared.contracts.training.clearance import ClearanceRecorded, ClearanceWithdrawn
from shared.contracts.training.course import CoursePublished, CourseRetired
from shared.contracts.training.enrolment import TrainingAssigned, TrainingCompleted, TrainingFailed
from shared.contracts.training.standing import (
    MentorCleared,
    MentorStoodDown,
    MentorSuspended,
    SuspensionLifted,
)
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Drop, Put, Row

CourseTold: TypeAlias = CoursePublished | CourseRetired
EnrolmentTold: TypeAlias = TrainingAssigned | TrainingCompleted | TrainingFailed
Shown: TypeAlias = (
    CertificationGranted
    | CertificationRevoked
    | ClearanceRecorded
    | ClearanceWithdrawn
    | MentorSuspended
    | SuspensionLifted
)
Stands: TypeAlias = (
    MentorEngaged | MentorLeft | CertificationGranted | ClearanceRecorded | MentorCleared | MentorStoodDown
)
Ends: TypeAlias = CertificationGranted | CertificationExpired | CertificationRevoked | ClearanceRecorded

CERTIFICATION_EXPIRY = "certification_expiry"
CERTIFICATION_START = "certification_start"
CLEARANCE_LAPSE = "clearance_lapse"


def courses(recorded: Recorded[CourseTold]) -> Iterator[Row]:
    """The courses there are."""
    match recorded.fact:
        case CoursePublished() as course:
            yield Put("courses", {"course_id": course.course_id}, course.model_dump(exclude={"course_id"}))
        case CourseRetired(course_id=course_id, retired_on=day):
            yield Put("courses", {"course_id": course_id}, {"retired_on": day})


def enrolments(recorded: Recorded[EnrolmentTold]) -> Iterator[Row]:
    """Who is to take what, and how it went."""
    fact = recorded.fact
    key = {"enrolment_id": fact.enrolment_id}
    match fact:
        case TrainingAssigned():
            yield Put("enrolments", key, {**fact.model_dump(exclude={"enrolment_id", "required_by", "assigned_on"}), "state": "assigned"})
        case TrainingCompleted(completed_on=day, evidence=record):
            yield Put("enrolments", key, {"state": "completed", "completed_on": day, "evidence": record})
        case TrainingFailed(failed_on=day):
            yield Put("enrolments", key, {"state": "failed", "failed_on": day})


def evidence(recorded: Recorded[Shown]) -> Iterator[Row]:
    """What each mentor can show, from when until when."""
    match recorded.fact:
        case CertificationGranted() as granted:
            yield Put(
                "evidence",
                _certified(granted),
                {
                    "valid_from": granted.valid_from,
                    "valid_until": granted.valid_until,
                    "enrolment_id": granted.enrolment_id,
                },
            )
        case CertificationRevoked() as revoked:
            withdrawn = {"withdrawn_on": revoked.revoked_on, "withdrawn_because": revoked.reason}
            yield Put("evidence", _certified(revoked), withdrawn)
        case ClearanceRecorded() as seen:
            yield Put(
                "evidence",
                {"mentor_id": seen.mentor_id, "item": seen.kind, "proof": seen.issued_on.isoformat()},
                {
                    "valid_from": seen.issued_on,
                    "valid_until": seen.recheck_due_on,
                    "last_status_check_on": seen.last_status_check_on,
                    "withdrawn_on": None,
                    "withdrawn_because": None,
                },
            )
        case ClearanceWithdrawn() as gone:
            yield Put(
                "evidence",
                {"mentor_id": gone.mentor_id, "item": gone.kind, "proof": gone.issued_on.isoformat()},
                {"withdrawn_on": gone.withdrawn_on, "withdrawn_because": gone.reason},
            )
        case MentorSuspended(suspended_on=day) as suspended:
            yield Put("evidence", _suspension(suspended), {"valid_from": day, "valid_until": None})
        case SuspensionLifted(lifted_on=day) as lifted:
            yield Put("evidence", _suspension(lifted), {"valid_until": day - timedelta(days=1)})


def mentors(recorded: Recorded[Stands]) -> Iterator[Row]:
    """How each mentor stands: `vetting` until first cleared, then `deployable` or `restricted`."""
    match recorded.fact:
        case MentorEngaged(mentor_id=mentor_id, engaged_on=day):
            yield _mentor(mentor_id, engaged_on=day)
        case MentorLeft(mentor_id=mentor_id, left_on=day):
            yield _mentor(mentor_id, left_on=day)
        case CertificationGranted(mentor_id=mentor_id) | ClearanceRecorded(mentor_id=mentor_id):
            yield _mentor(mentor_id)
        case MentorCleared(mentor_id=mentor_id, cleared_on=day):
            yield _mentor(mentor_id, state="deployable", since=day, reasons=[])
        case MentorStoodDown(mentor_id=mentor_id, stood_down_on=day, reasons=reasons):
            why = [{**asdict(reason), "detail": str(reason)} for reason in reasons]
            yield _mentor(mentor_id, state="restricted", since=day, reasons=why)


def falling_due(recorded: Recorded[Ends]) -> Iterator[Row]:
    """What is to be done on a day: expire, lapse, or look again because a renewed period begins."""
    match recorded.fact:
        case CertificationGranted(certification_id=key, valid_from=start, valid_until=end) as granted:
            payload = {"mentor_id": str(granted.mentor_id), "certification_id": str(key)}
            if end is not None:
                yield _due(CERTIFICATION_EXPIRY, str(key), end + timedelta(days=1), payload)
            if start > granted.granted_on:
                yield _due(CERTIFICATION_START, str(key), start, payload)
        case CertificationExpired(certification_id=key) | CertificationRevoked(certification_id=key):
            yield _not_due(CERTIFICATION_EXPIRY, str(key))
            yield _not_due(CERTIFICATION_START, str(key))
        case ClearanceRecorded(mentor_id=mentor_id, kind=kind, recheck_due_on=last) as seen:
            name = f"{mentor_id}:{kind}:{seen.issued_on}"
            if last is None:
                yield _not_due(CLEARANCE_LAPSE, name)
            else:
                payload = {"mentor_id": str(mentor_id), "kind": kind}
                yield _due(CLEARANCE_LAPSE, name, last + timedelta(days=1), payload)


def _certified(fact: CertificationGranted | CertificationRevoked) -> dict[str, Any]:
    return {"mentor_id": fact.mentor_id, "item": fact.track, "proof": str(fact.certification_id)}


def _suspension(fact: MentorSuspended | SuspensionLifted) -> dict[str, Any]:
    return {"mentor_id": fact.mentor_id, "item": "suspension", "proof": fact.suspended_on.isoformat()}


def _mentor(mentor_id: UUID, **columns: Any) -> Put:
    return Put("mentors", {"mentor_id": mentor_id}, columns)


def _due(kind: str, name: str, on: date, payload: dict[str, str]) -> Put:
    """Due at the start of the day, in UTC: the platform's days begin there for every region."""
    due_at = datetime.combine(on, time(), UTC)
    return Put("due", {"kind": kind, "key": name}, {"due_at": due_at, "payload": payload})


def _not_due(kind: str, name: str) -> Drop:
    return Drop("due", {"kind": kind, "key": name})

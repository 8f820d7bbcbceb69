"""What is to be done on a day: say that something ends soon, expire it, lapse it, look again, call it overdue."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeAlias

from services.training.domain.ladder import RUNGS, rungs
from shared.contracts.training.certification import (
    CertificationExpired,
    CertificationGranted,
    CertificationRevoked,
)
from shared.contracts.training.clearance import ClearanceRecorded, ClearanceWithdrawn
from shared.contracts.training.enrolment import (
    TrainingAssigned,
    TrainingCompleted,
    TrainingFailed,
    TrainingWaived,
    TrainingWithdrawn,
)
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Drop, Put, Row

Ends: TypeAlias = (
    CertificationGranted
    | CertificationExpired
    | CertificationRevoked
    | ClearanceRecorded
    | ClearanceWithdrawn
    | TrainingAssigned
    | TrainingCompleted
    | TrainingFailed
    | TrainingWaived
    | TrainingWithdrawn
)

CERTIFICATION_EXPIRY = "certification_expiry"
CERTIFICATION_START = "certification_start"
CERTIFICATION_WINDOW = "certification_window"
CERTIFICATION_OVERDUE = "certification_overdue"
CERTIFICATION_LADDER = "certification_ladder"
CLEARANCE_LADDER = "clearance_ladder"
CLEARANCE_LAPSE = "clearance_lapse"
TRAINING_OVERDUE = "training_overdue"

DAY = timedelta(days=1)


def falling_due(recorded: Recorded[Ends]) -> Iterator[Row]:
    """Its due times; none for what is over."""
    match recorded.fact:
        case CertificationGranted() as granted:
            yield from _period(granted)
        case CertificationExpired(certification_id=key) | CertificationRevoked(certification_id=key):
            for kind in (
                CERTIFICATION_EXPIRY,
                CERTIFICATION_START,
                CERTIFICATION_WINDOW,
                CERTIFICATION_OVERDUE,
            ):
                yield _not_due(kind, str(key))
            yield from (_not_due(CERTIFICATION_LADDER, f"{key}:{left}") for left in RUNGS)
        case ClearanceRecorded() as seen:
            yield from _document(seen)
        case ClearanceWithdrawn() as gone:
            yield from _no_document(gone)
        case TrainingAssigned(enrolment_id=key, due_on=last):
            yield _due(TRAINING_OVERDUE, str(key), last + DAY, {"enrolment_id": str(key)})
        case (
            TrainingCompleted(enrolment_id=key)
            | TrainingFailed(enrolment_id=key)
            | TrainingWaived(enrolment_id=key)
            | TrainingWithdrawn(enrolment_id=key)
        ):
            yield _not_due(TRAINING_OVERDUE, str(key))


def _period(granted: CertificationGranted) -> Iterator[Row]:
    key, end = str(granted.certification_id), granted.valid_until
    payload: dict[str, Any] = {"mentor_id": str(granted.mentor_id), "certification_id": key}
    if granted.valid_from > granted.granted_on:
        yield _due(CERTIFICATION_START, key, granted.valid_from, payload)
    if end is None:
        return
    yield _due(CERTIFICATION_EXPIRY, key, end + DAY, payload)
    if end < granted.granted_on:
        return  # over before anybody heard of it
    if granted.window_opens_on is not None:
        yield _due(CERTIFICATION_WINDOW, key, max(granted.window_opens_on, granted.granted_on), payload)
    if granted.renew_by is not None:
        yield _due(CERTIFICATION_OVERDUE, key, max(granted.renew_by + DAY, granted.granted_on), payload)
    for left, day in rungs(end, max(granted.granted_on, granted.valid_from)):
        yield _due(CERTIFICATION_LADDER, f"{key}:{left}", day, {**payload, "days_left": left})


def _document(seen: ClearanceRecorded) -> Iterator[Row]:
    yield from _no_document(seen)
    if seen.recheck_due_on is None:
        return
    name, last = _name(seen), seen.recheck_due_on
    payload: dict[str, Any] = {
        "mentor_id": str(seen.mentor_id),
        "kind": seen.kind,
        "issued_on": seen.issued_on.isoformat(),
    }
    yield _due(CLEARANCE_LAPSE, name, last + DAY, payload)
    for left, day in rungs(last, seen.recorded_on):
        yield _due(CLEARANCE_LADDER, f"{name}:{left}", day, {**payload, "days_left": left})


def _no_document(fact: ClearanceRecorded | ClearanceWithdrawn) -> Iterator[Row]:
    """What was due for the document as it was recorded before."""
    yield _not_due(CLEARANCE_LAPSE, _name(fact))
    yield from (_not_due(CLEARANCE_LADDER, f"{_name(fact)}:{left}") for left in RUNGS)


def _name(fact: ClearanceRecorded | ClearanceWithdrawn) -> str:
    return f"{fact.mentor_id}:{fact.kind}:{fact.issued_on}"


def _due(kind: str, name: str, on: date, payload: dict[str, Any]) -> Put:
    """Due at the start of the day, in UTC: the platform's days begin there for every region."""
    due_at = datetime.combine(on, time(), UTC)
    return Put("due", {"kind": kind, "key": name}, {"due_at": due_at, "payload": payload})


def _not_due(kind: str, name: str) -> Drop:
    return Drop("due", {"kind": kind, "key": name})

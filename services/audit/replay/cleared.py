"""On what evidence a mentor was cleared, who saw it, and who looked at it since."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from services.audit.replay.standing_then import Standings
from shared.contracts.fact import Fact
from shared.contracts.training.certification import (
    CertificationExpired,
    CertificationGranted,
    CertificationRevoked,
)
from shared.contracts.training.clearance import ClearanceLapsed, ClearanceRecorded, ClearanceWithdrawn
from shared.contracts.training.enrolment import TrainingCompleted, TrainingWaived
from shared.contracts.training.standing import (
    MentorCleared,
    MentorStoodDown,
    MentorSuspended,
    SuspensionLifted,
)
from shared.contracts.training.view import RecordViewed
from shared.kernel.recorded import Recorded

TYPES: tuple[type[Fact], ...] = (
    ClearanceRecorded,
    ClearanceWithdrawn,
    ClearanceLapsed,
    TrainingCompleted,
    TrainingWaived,
    CertificationGranted,
    CertificationRevoked,
    CertificationExpired,
    MentorSuspended,
    SuspensionLifted,
    MentorCleared,
    MentorStoodDown,
    RecordViewed,
)


def evidence(mentor_id: UUID, facts: Iterable[Recorded[Any]], on: date) -> dict[str, Any]:
    """The mentor on that day: decisions, every piece of evidence with who took it in and what became of it."""
    kept = list(facts)
    return {
        "mentor_id": str(mentor_id),
        "standing": Standings.of(kept).on(mentor_id, on),
        "decisions": [
            _decision(one) for one in kept if isinstance(one.fact, MentorCleared | MentorStoodDown)
        ],
        "clearances": [_clearance(one, kept) for one in kept if isinstance(one.fact, ClearanceRecorded)],
        "certifications": [
            _certified(one, kept) for one in kept if isinstance(one.fact, CertificationGranted)
        ],
        "looked_at": [_view(one) for one in kept if isinstance(one.fact, RecordViewed)],
    }


def _told(recorded: Recorded[Any]) -> dict[str, Any]:
    return {"recorded_at": recorded.recorded_at.isoformat(), "by": recorded.actor}


def _decision(recorded: Recorded[Any]) -> dict[str, Any]:
    match recorded.fact:
        case MentorCleared(cleared_on=day):
            return {
                **_told(recorded),
                "decided": "cleared",
                "on": day.isoformat(),
                "because_of": recorded.causation_id,
            }
        case MentorStoodDown(stood_down_on=day, reasons=reasons):
            why = [str(reason) for reason in reasons]
            return {**_told(recorded), "decided": "stood_down", "on": day.isoformat(), "reasons": why}
        case other:
            raise TypeError(f"{other} is no decision")


def _clearance(recorded: Recorded[Any], facts: list[Recorded[Any]]) -> dict[str, Any]:
    shown: ClearanceRecorded = recorded.fact
    withdrawn = [
        {**_told(one), "on": one.fact.withdrawn_on.isoformat(), "reason": one.fact.reason}
        for one in facts
        if isinstance(one.fact, ClearanceWithdrawn)
        and (one.fact.kind, one.fact.issued_on) == (shown.kind, shown.issued_on)
    ]
    return {
        **_told(recorded),
        "kind": shown.kind,
        "issued_on": shown.issued_on.isoformat(),
        "last_status_check_on": _day(shown.last_status_check_on),
        "recheck_due_on": _day(shown.recheck_due_on),
        "reference": shown.reference,
        "seen_by": shown.seen_by,
        "seen_as": shown.seen_as,
        "withdrawn": withdrawn,
    }


def _certified(recorded: Recorded[Any], facts: list[Recorded[Any]]) -> dict[str, Any]:
    granted: CertificationGranted = recorded.fact
    earned = [
        {**_told(one), "evidence": one.fact.evidence, "fact": str(one.id)}
        for one in facts
        if isinstance(one.fact, TrainingCompleted | TrainingWaived)
        and one.fact.enrolment_id == granted.enrolment_id
    ]
    ended = [
        {**_told(one), "what": type(one.fact).__name__}
        for one in facts
        if isinstance(one.fact, CertificationRevoked | CertificationExpired)
        and one.fact.certification_id == granted.certification_id
    ]
    return {
        **_told(recorded),
        "track": granted.track,
        "kind": granted.kind,
        "valid_from": granted.valid_from.isoformat(),
        "valid_until": _day(granted.valid_until),
        "earned_by": earned,
        "reason": granted.reason,
        "ended": ended,
    }


def _view(recorded: Recorded[Any]) -> dict[str, Any]:
    view: RecordViewed = recorded.fact
    return {
        "at": view.viewed_at.isoformat(),
        "viewer": view.viewer,
        "viewer_role": view.viewer_role,
        "record": view.record,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None

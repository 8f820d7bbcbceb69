"""Which alerts went out before something lapsed, who acknowledged them, and how long it was until somebody acted."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from shared.contracts.eligibility import Item
from shared.contracts.fact import Fact
from shared.contracts.notifications.notification import (
    NotificationAcknowledged,
    NotificationRead,
    NotificationRequested,
    NotificationSent,
    NotificationSuppressed,
)
from shared.contracts.training.certification import (
    CertificationExpired,
    CertificationExpiring,
    CertificationGranted,
    CertificationOverdue,
    CertificationWindowOpened,
)
from shared.contracts.training.clearance import ClearanceExpiring, ClearanceLapsed, ClearanceRecorded
from shared.contracts.training.enrolment import TrainingAssigned, TrainingCompleted, TrainingStarted
from shared.kernel.recorded import Recorded

TYPES: tuple[type[Fact], ...] = (
    CertificationExpired,
    CertificationExpiring,
    CertificationGranted,
    CertificationOverdue,
    CertificationWindowOpened,
    ClearanceExpiring,
    ClearanceLapsed,
    ClearanceRecorded,
    TrainingAssigned,
    TrainingCompleted,
    TrainingStarted,
    NotificationAcknowledged,
    NotificationRead,
    NotificationRequested,
    NotificationSent,
    NotificationSuppressed,
)
_WARNINGS = (CertificationWindowOpened, CertificationExpiring, CertificationOverdue, ClearanceExpiring)
_LAPSES = (CertificationExpired, ClearanceLapsed)
_ACTIONS = (TrainingAssigned, TrainingStarted, TrainingCompleted, CertificationGranted, ClearanceRecorded)


def alerts_before(facts: Iterable[Recorded[Any]], item: Item) -> list[dict[str, Any]]:
    """Every lapse of the item on record, the earliest first; and what is warned of and has not lapsed, last.

    `facts` are those of one mentor in the order of recording.
    """
    kept = list(facts)
    told = [one for one in kept if _about(one.fact) == item and not _by_rule(one)]
    lapses = [one for one in told if isinstance(one.fact, _LAPSES)]
    found, since = [], datetime.min.replace(tzinfo=UTC)
    for lapse in lapses:
        found.append(_one(lapse, [one for one in told if since < one.recorded_at <= lapse.recorded_at], kept))
        since = lapse.recorded_at
    left = [one for one in told if one.recorded_at > since]
    if any(isinstance(one.fact, _WARNINGS) for one in left):
        found.append(_one(None, left, kept))
    return found


def _by_rule(one: Recorded[Any]) -> bool:
    """A course that a rule assigned when it could be renewed came with the warning: nobody acted."""
    return isinstance(one.fact, TrainingAssigned) and one.actor.startswith("policy:")


def _about(fact: Fact) -> str | None:
    return getattr(fact, "track", None) or getattr(fact, "kind", None)


def _one(lapse: Recorded[Any] | None, told: list[Recorded[Any]], kept: list[Recorded[Any]]) -> dict[str, Any]:
    warnings = [one for one in told if isinstance(one.fact, _WARNINGS)]
    first = warnings[0].recorded_at if warnings else None
    acted = next(
        (one for one in told if isinstance(one.fact, _ACTIONS) and first and one.recorded_at > first), None
    )
    if acted is None and lapse is not None:
        item = _about(lapse.fact)
        acted = next(
            (
                one
                for one in kept
                if isinstance(one.fact, _ACTIONS)
                and not _by_rule(one)
                and _about(one.fact) == item
                and one.recorded_at > lapse.recorded_at
            ),
            None,
        )
    return {
        "lapsed_at": lapse.recorded_at.isoformat() if lapse else None,
        "lapse": type(lapse.fact).__name__ if lapse else None,
        "warnings": [_warning(one, kept) for one in warnings],
        "action": _action(acted, first),
    }


def _warning(warning: Recorded[Any], kept: list[Recorded[Any]]) -> dict[str, Any]:
    requests = [one for one in kept if isinstance(one.fact, NotificationRequested)]
    asked = [one for one in requests if one.fact.cause == warning.id]
    first = {one.fact.notification_id for one in asked}
    asked += [one for one in requests if one.fact.escalated_from in first]
    return {
        "what": type(warning.fact).__name__,
        "at": warning.recorded_at.isoformat(),
        "days_left": getattr(warning.fact, "days_left", None),
        "told": [_told(one, kept) for one in asked],
    }


def _told(asked: Recorded[Any], kept: list[Recorded[Any]]) -> dict[str, Any]:
    request: NotificationRequested = asked.fact
    after = [one for one in kept if getattr(one.fact, "notification_id", None) == request.notification_id]
    acknowledged = _first(after, NotificationAcknowledged)
    return {
        "notification_id": str(request.notification_id),
        "recipient_id": str(request.recipient_id),
        "type": request.type,
        "escalated_from": str(request.escalated_from) if request.escalated_from else None,
        "sent": [
            {"channel": one.fact.channel, "at": _at(one)}
            for one in after
            if isinstance(one.fact, NotificationSent)
        ],
        "suppressed": [one.fact.why for one in after if isinstance(one.fact, NotificationSuppressed)],
        "read_at": _at(_first(after, NotificationRead)),
        "acknowledged_at": _at(acknowledged),
        "minutes_to_acknowledge": _minutes(asked, acknowledged),
    }


def _action(acted: Recorded[Any] | None, first: datetime | None) -> dict[str, Any] | None:
    if acted is None:
        return None
    waited = (acted.recorded_at - first).total_seconds() // 3600 if first else None
    return {
        "what": type(acted.fact).__name__,
        "at": _at(acted),
        "by": acted.actor,
        "hours_after_first_warning": None if waited is None else int(waited),
    }


def _first(facts: Iterable[Recorded[Any]], kind: type[Fact]) -> Recorded[Any] | None:
    return next((one for one in facts if isinstance(one.fact, kind)), None)


def _at(recorded: Recorded[Any] | None) -> str | None:
    return recorded.recorded_at.isoformat() if recorded else None


def _minutes(asked: Recorded[Any], answered: Recorded[Any] | None) -> int | None:
    return int((answered.recorded_at - asked.recorded_at).total_seconds() // 60) if answered else None


def recipients_of(found: Iterable[dict[str, Any]]) -> frozenset[UUID]:
    """Everybody who was told, to look up who they are."""
    return frozenset(
        UUID(told["recipient_id"]) for one in found for warning in one["warnings"] for told in warning["told"]
    )

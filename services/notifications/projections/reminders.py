"""What is to be brought to somebody's mind, and when; what is over is not."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from services.notifications.domain.announcements.announcement import plain
from services.notifications.domain.reminder import LOG_AHEAD, SESSION_AHEAD, TRAINING_AHEAD, reminder_of
from shared.contracts.sessions.ladder import SessionMissed
from shared.contracts.sessions.session import (
    SessionCancelled,
    SessionFinished,
    SessionRescheduled,
    SessionScheduled,
    SessionStarted,
)
from shared.contracts.sessions.session_amendment import SessionVoided
from shared.contracts.sessions.session_log import SessionLogged
from shared.contracts.training.enrolment import (
    TrainingAssigned,
    TrainingCompleted,
    TrainingFailed,
    TrainingOverdue,
    TrainingWaived,
    TrainingWithdrawn,
)
from shared.contracts.words.telling import NotificationType
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Drop, Put, Row

ReminderFact: TypeAlias = (
    SessionScheduled
    | SessionRescheduled
    | SessionStarted
    | SessionMissed
    | SessionCancelled
    | SessionFinished
    | SessionLogged
    | SessionVoided
    | TrainingAssigned
    | TrainingCompleted
    | TrainingFailed
    | TrainingWaived
    | TrainingWithdrawn
    | TrainingOverdue
)
MORNING = time(8)
OFFICE = ZoneInfo("Europe/London")
"""Training falls due on a day, not at an hour; it is brought to mind in the morning of the office."""


def reminders(recorded: Recorded[ReminderFact]) -> Iterator[Row]:
    """A row of `due` for each reminder that is still to come."""
    fact = recorded.fact
    match fact:
        case SessionScheduled() | SessionRescheduled():
            at = fact.starts_at - SESSION_AHEAD
            if at <= recorded.recorded_at:  # they have only just heard of it
                yield _none("session_reminder", f"session:{fact.session_id}")
                return
            yield _session(
                "session_reminder",
                fact,
                at,
                fact.starts_at,
                plain(starts_at=fact.starts_at, time_zone=fact.time_zone),
            )
        case SessionFinished():
            yield _none("session_reminder", f"session:{fact.session_id}")
            at, until = fact.log_due_at - LOG_AHEAD, fact.log_due_at
            if until > recorded.recorded_at:
                yield _session("log_due", fact, at, until, plain(log_due_at=fact.log_due_at))
        case SessionStarted() | SessionMissed() | SessionCancelled() | SessionLogged() | SessionVoided():
            yield _none("session_reminder", f"session:{fact.session_id}")
            yield _none("log_due", f"session:{fact.session_id}")
        case TrainingAssigned():
            yield from _training(recorded.recorded_at, fact)
        case _:
            yield _none("training_due", f"enrolment:{fact.enrolment_id}")


def _training(recorded_at: datetime, fact: TrainingAssigned) -> Iterator[Row]:
    morning = datetime.combine(fact.due_on - TRAINING_AHEAD, MORNING, OFFICE).astimezone(UTC)
    over = datetime.combine(fact.due_on, time.max, OFFICE).astimezone(UTC)
    if morning > recorded_at:
        yield _reminder(
            "training_due",
            f"enrolment:{fact.enrolment_id}",
            morning,
            over,
            {"parameters": plain(track=fact.track, due_on=fact.due_on), "mentor_id": fact.mentor_id},
        )


def _session(
    type: NotificationType,
    fact: SessionScheduled | SessionRescheduled | SessionFinished,
    at: datetime,
    until: datetime,
    parameters: object,
) -> Row:
    about = {
        "parameters": parameters,
        "child_id": fact.child_id,
        "mentor_id": fact.mentor_id,
        "school_id": fact.school_id,
        "session_id": fact.session_id,
    }
    return _reminder(type, f"session:{fact.session_id}", at, until, about)


def _reminder(
    type: NotificationType, thread: str, at: datetime, until: datetime, about: dict[str, object]
) -> Row:
    payload = {
        "reminder_id": str(reminder_of(type, thread, at.isoformat())),
        "type": type,
        "thread": thread,
        "useful_until": until.isoformat(),
        **{name: str(value) if isinstance(value, UUID) else value for name, value in about.items()},
    }
    return Put("due", _key(type, thread), {"due_at": at, "payload": payload})


def _none(type: NotificationType, thread: str) -> Row:
    return Drop("due", _key(type, thread))


def _key(type: NotificationType, thread: str) -> dict[str, str]:
    return {"kind": "reminder", "key": f"{type}:{thread}"}

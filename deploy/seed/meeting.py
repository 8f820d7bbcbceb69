"""A session: planned, begun or not, finished; or called off, or missed."""

from datetime import timedelta

from deploy.seed import derived
from deploy.seed.history import Cause, Held, Life
from deploy.seed.logs import logged
from deploy.seed.part import Part
from deploy.seed.people import Meeting
from shared.contracts.sessions.ladder import SessionMissed, SessionOverdue
from shared.contracts.sessions.session import (
    SessionCancelled,
    SessionFinished,
    SessionScheduled,
    SessionStarted,
)
from shared.contracts.words.sessions import (
    CancelledBy,
    CancelReason,
    OverdueMinutes,
)

RUNGS: tuple[OverdueMinutes, ...] = (10, 15, 30)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def meeting_life(part: Part, meeting: Meeting, because: Cause) -> Life:
    """From the plan to the lock; ends early when it is cancelled or nobody comes."""
    support, chance = meeting.support, part.chance
    scheduled = SessionScheduled(
        **meeting.ids,
        assignment_id=support.assignment_id,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        time_zone="Europe/London",
        timetable_id=support.timetable_id,
        cover=meeting.cover,
    )
    session_id = meeting.session_id
    planned = part.record(session_id, scheduled, "policy:plan", because)
    support.coming[session_id] = meeting
    part.unsettled[session_id] = meeting.day
    part.history.hold("sessions", session_id, *_claims(meeting))
    luck = chance.random.random()
    late = 11 + int(luck * 2000) if luck < 0.006 else 0
    yield meeting.starts_at + timedelta(seconds=chance.between(-240, 300))
    if meeting.is_over():
        return
    if luck > (0.99 if meeting.cover else 0.998):
        yield from _missed(part, meeting)
        return
    for rung in RUNGS[:2]:
        if late > rung:
            yield meeting.starts_at + rung * MINUTE + timedelta(milliseconds=200)
            if meeting.is_over():
                return
            _overdue(part, meeting, rung)
    if late:
        yield meeting.starts_at + late * MINUTE
        if meeting.is_over():
            return
    del support.coming[session_id]
    meeting.over = True
    started = SessionStarted(**meeting.ids, started_at=part.now)
    mentor = f"mentor:{support.mentor.mentor_id}"
    part.record(session_id, started, mentor, planned)
    most = (meeting.ends_at - part.now) // MINUTE
    ended = meeting.ends_at
    yield ended - timedelta(seconds=chance.between(0, 90))
    finished = SessionFinished(**meeting.ids, finished_at=part.now, log_due_at=ended + 24 * HOUR)
    part.record(session_id, finished, mentor, planned)
    part.begin(logged(part, meeting, planned, mentor, max(int(most) - chance.between(2, 8), 5)))


def _missed(part: Part, meeting: Meeting) -> Life:
    """Nobody starts it: the ladder is climbed, cover is looked for; at the end it was missed if that was all."""
    for rung in RUNGS:
        yield meeting.starts_at + rung * MINUTE + timedelta(milliseconds=200)
        if meeting.is_over():
            return
        cause = _overdue(part, meeting, rung)
        if rung == 30:
            part.nobody_came(meeting, cause)
    yield meeting.ends_at + timedelta(milliseconds=200)
    if meeting.is_over():
        return
    _overdue(part, meeting, 60)
    meeting.over = True
    del meeting.support.coming[meeting.session_id]
    missed = SessionMissed(
        **meeting.ids,
        **meeting.plan,
        planned_minutes=_length(meeting),
        why="nobody_started",
        missed_at=meeting.ends_at,
    )
    part.record(meeting.session_id, missed, "due:session_ended")
    part.history.hold("sessions", meeting.session_id)
    part.history.settle("sessions", meeting.session_id)


def _overdue(part: Part, meeting: Meeting, minutes: OverdueMinutes) -> Cause:
    at = meeting.starts_at + minutes * MINUTE
    fact = SessionOverdue(**meeting.ids, **meeting.plan, minutes=minutes, overdue_at=at)
    return part.record(meeting.session_id, fact, "due:session_overdue")


def cancel(
    part: Part,
    meeting: Meeting,
    by: CancelledBy,
    reason: CancelReason,
    chargeable: bool,
    actor: str,
    because: Cause,
) -> None:
    """It will not take place."""
    meeting.over = True
    meeting.support.coming.pop(meeting.session_id, None)
    fact = SessionCancelled(
        **meeting.ids,
        **meeting.plan,
        planned_minutes=_length(meeting),
        cancelled_by=by,
        reason=reason,
        chargeable=chargeable,
        cancelled_at=part.now,
    )
    part.history.hold("sessions", meeting.session_id)
    part.history.settle("sessions", meeting.session_id)
    part.record(meeting.session_id, fact, actor, because, last=True)
    part.unsettled.pop(meeting.session_id, None)
    if chargeable:
        part.book(meeting.day, "chargeable_cancellation", _length(meeting))


def _length(meeting: Meeting) -> int:
    return (meeting.ends_at - meeting.starts_at) // MINUTE


def _claims(meeting: Meeting) -> tuple[Held, ...]:
    support = meeting.support
    return derived.session_claims(
        support.mentor.mentor_id,
        support.child.child_id,
        meeting.starts_at,
        meeting.ends_at,
        meeting.session_id,
    )

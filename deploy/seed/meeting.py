"""A session: planned, begun or not, finished, logged sooner or later, approved, locked, and at times put right."""

from datetime import date, timedelta

from deploy.seed import derived
from deploy.seed.history import Cause, Fields, Held, Life
from deploy.seed.part import Part
from deploy.seed.people import Meeting
from deploy.seed.school_year import DAY
from deploy.seed.words import NOTES
from shared.contracts.sessions.ladder import LogOverdue, SessionMissed, SessionOverdue
from shared.contracts.sessions.session import (
    SessionCancelled,
    SessionFinished,
    SessionScheduled,
    SessionStarted,
)
from shared.contracts.sessions.session_amendment import SessionAmended
from shared.contracts.sessions.session_approval import SessionApproved, SessionLocked, SessionReturned
from shared.contracts.sessions.session_log import (
    OutcomeRated,
    RoleBoundaryBreached,
    SessionLogDrafted,
    SessionLogged,
)
from shared.contracts.words.sessions import (
    Activity,
    CancelledBy,
    CancelReason,
    LogHours,
    OverdueMinutes,
    Rating,
)

ACTIVITIES: tuple[Activity, ...] = (
    "prepare_for_activity",
    "prepare_for_external_class",
    "comfort",
    "hygiene",
    "plan_lessons",
    "social_support",
    "playground_supervision",
    "speech_and_language",
    "occupational_therapy",
    "behaviour_and_emotions",
    "english",
    "maths",
)
HOURS: tuple[LogHours, ...] = (24, 48, 72)
RUNGS: tuple[OverdueMinutes, ...] = (10, 15, 30)
RATINGS: tuple[Rating, ...] = (1, 2, 3, 3, 4, 4, 5)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def meeting_life(part: Part, meeting: Meeting, because: Cause) -> Life:
    """From the plan to the lock; ends early when it is cancelled or nobody comes."""
    support, chance = meeting.support, part.chance
    scheduled = SessionScheduled(
        **_ids(meeting),
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
    started = SessionStarted(**_ids(meeting), started_at=part.now)
    mentor = f"mentor:{support.mentor.mentor_id}"
    part.record(session_id, started, mentor, planned)
    most = (meeting.ends_at - part.now) // MINUTE
    ended = meeting.ends_at
    yield ended - timedelta(seconds=chance.between(0, 90))
    finished = SessionFinished(**_ids(meeting), finished_at=part.now, log_due_at=ended + 24 * HOUR)
    part.record(session_id, finished, mentor, planned)
    yield from _logged(part, meeting, planned, mentor, max(int(most) - chance.between(2, 8), 5))


def _logged(part: Part, meeting: Meeting, thread: Cause, mentor: str, minutes: int) -> Life:
    chance, session_id = part.chance, meeting.session_id
    luck = chance.random.random()
    ended = meeting.ends_at
    if luck < 0.85:
        logged_at = ended + chance.minutes(1, 25)
    elif luck < 0.95:
        logged_at = ended + chance.minutes(90, 400)
    elif luck < 0.985:
        logged_at = ended + chance.minutes(12 * 60, 23 * 60)
    elif luck < 0.993:
        logged_at = ended + chance.minutes(25 * 60, 47 * 60)
    elif luck < 0.998:
        logged_at = ended + chance.minutes(49 * 60, 70 * 60)
    else:
        logged_at = ended + chance.minutes(74 * 60, 90 * 60)
    for hours in HOURS:
        if logged_at > ended + hours * HOUR:
            yield ended + hours * HOUR + timedelta(milliseconds=300)
            overdue = LogOverdue(
                **_ids(meeting), wanted_since=ended, hours=hours, overdue_at=ended + hours * HOUR
            )
            part.record(session_id, overdue, "due:log_overdue")
    done = tuple(chance.some(ACTIVITIES, chance.between(2, 4)))
    areas = meeting.support.child.areas[:2]
    note = chance.pick(NOTES)
    if chance.of(0.05):
        yield max(part.now, logged_at - 4 * MINUTE)
        draft = SessionLogDrafted(**_ids(meeting), activities=done[:1], notes=note[:20], drafted_at=part.now)
        part.record(session_id, draft, mentor, thread)
    yield logged_at
    if chance.of(0.0008):
        whole = (*done, "whole_class")
        breach = RoleBoundaryBreached(**_ids(meeting), activities=whole, attempted_at=part.now)
        part.record(session_id, breach, mentor, thread)
        yield part.now + 3 * MINUTE
    after = part.now - ended
    by_office = after > 72 * HOUR
    record: Fields = {
        "activities": done,
        "areas": areas,
        "contact_minutes": minutes,
        "ratio": "group_with_child" if chance.of(0.12) else "one_to_one",
        "incidental_help": chance.of(0.02),
        "notes": note,
    }
    who = part.coordinator() if by_office else mentor
    late: Fields = {
        "late": after > 48 * HOUR,
        "late_reason": "The mentor was ill and told it by phone." if by_office else None,
    }
    logged = SessionLogged(**_ids(meeting), **record, logged_at=part.now, logged_by=who, **late)
    cause = part.record(session_id, logged, who, thread)
    if chance.of(0.06) and meeting.support.child.outcomes:
        outcome = chance.pick(meeting.support.child.outcomes)
        rated = OutcomeRated(
            session_id=session_id,
            mentor_id=meeting.support.mentor.mentor_id,
            child_id=meeting.support.child.child_id,
            outcome_id=outcome.outcome_id,
            rating=chance.pick(RATINGS),
            rated_at=logged.logged_at,
        )
        part.record(session_id, rated, who, thread)
    yield from _approved(part, meeting, cause, mentor, record)


def _approved(part: Part, meeting: Meeting, thread: Cause, mentor: str, record: Fields) -> Life:
    chance, session_id, approver = part.chance, meeting.session_id, part.agency.actor("manager")
    yield part.working_hours(_weekday(part.today + DAY))
    if chance.of(0.012):
        returned = SessionReturned(
            **_ids(meeting),
            reason="Please say how the break went.",
            returned_by=approver,
            returned_at=part.now,
        )
        part.record(session_id, returned, approver, thread)
        yield part.now + chance.minutes(120, 1300)
        record = {**record, "notes": f"{record['notes']} Break went well."}
        logged = SessionLogged(
            **_ids(meeting), **record, submission=2, logged_at=part.now, logged_by=mentor, late=False
        )
        thread = part.record(session_id, logged, mentor, thread)
        yield part.working_hours(_weekday(part.today + DAY))
    paid: Fields = {
        **_ids(meeting),
        "assignment_id": meeting.support.assignment_id,
        "starts_at": meeting.starts_at,
    }
    kept: Fields = {"contact_minutes": record["contact_minutes"], "ratio": record["ratio"]}
    approved = SessionApproved(**paid, **kept, approved_by=approver, approved_at=part.now)
    part.record(session_id, approved, approver, thread)
    part.book(meeting.day, "contact", record["contact_minutes"])
    part.unsettled.pop(session_id, None)
    period = part.agency.period(meeting.day)
    yield max(part.now, period.closes_at) + timedelta(milliseconds=chance.between(100, 90_000))
    locked = SessionLocked(**paid, **kept, period_id=period.period_id, locked_at=period.closes_at)
    amended = chance.of(0.004)
    part.history.settle("sessions", session_id)
    cause = part.record(session_id, locked, "policy:lock", thread, last=not amended)
    if amended:
        yield part.working_hours(_weekday(part.today + DAY * chance.between(1, 6)))
        _amend(part, meeting, cause, paid, record)


def _amend(part: Part, meeting: Meeting, cause: Cause, paid: Fields, record: Fields) -> None:
    by = part.coordinator()
    fewer = max(record["contact_minutes"] - part.chance.between(5, 20), 0)
    fact = SessionAmended(
        **paid,
        number=1,
        reason_code="wrong_minutes",
        reason="School and mentor agree that it ended earlier.",
        activities_before=record["activities"],
        activities=record["activities"],
        areas=record["areas"],
        contact_minutes_before=record["contact_minutes"],
        contact_minutes=fewer,
        ratio_before=record["ratio"],
        ratio=record["ratio"],
        incidental_help=record["incidental_help"],
        amended_by=by,
        amended_at=part.now,
    )
    part.record(meeting.session_id, fact, by, cause, last=True)
    if record["contact_minutes"]:
        part.book(meeting.day, "reversal", -record["contact_minutes"])
    part.book(meeting.day, "amended_contact", fewer)


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
        **_ids(meeting),
        **_plan(meeting),
        planned_minutes=_length(meeting),
        why="nobody_started",
        missed_at=meeting.ends_at,
    )
    part.record(meeting.session_id, missed, "due:session_ended")
    part.history.hold("sessions", meeting.session_id)
    part.history.settle("sessions", meeting.session_id)


def _overdue(part: Part, meeting: Meeting, minutes: OverdueMinutes) -> Cause:
    at = meeting.starts_at + minutes * MINUTE
    fact = SessionOverdue(**_ids(meeting), **_plan(meeting), minutes=minutes, overdue_at=at)
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
        **_ids(meeting),
        **_plan(meeting),
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


def _weekday(day: date) -> date:
    """The first weekday on or after this one: the office works in the holidays too."""
    return day + DAY * (7 - day.weekday()) if day.weekday() > 4 else day


def _ids(meeting: Meeting) -> Fields:
    support = meeting.support
    return {
        "session_id": meeting.session_id,
        "mentor_id": support.mentor.mentor_id,
        "child_id": support.child.child_id,
        "school_id": support.child.school.school_id,
    }


def _plan(meeting: Meeting) -> Fields:
    return {
        "assignment_id": meeting.support.assignment_id,
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
    }


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

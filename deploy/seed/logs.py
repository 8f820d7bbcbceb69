"""The log of a session: handed in sooner or later, approved, locked, and at times put right."""

from datetime import date, timedelta

from deploy.seed.history import Cause, Fields, Life
from deploy.seed.part import Part
from deploy.seed.people import Meeting
from deploy.seed.school_year import DAY
from deploy.seed.words import NOTES
from shared.contracts.sessions.ladder import LogOverdue
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
    LogHours,
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
RATINGS: tuple[Rating, ...] = (1, 2, 3, 3, 4, 4, 5)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def logged(part: Part, meeting: Meeting, thread: Cause, mentor: str, minutes: int) -> Life:
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
                **meeting.ids, wanted_since=ended, hours=hours, overdue_at=ended + hours * HOUR
            )
            part.record(session_id, overdue, "due:log_overdue")
    done = tuple(chance.some(ACTIVITIES, chance.between(2, 4)))
    areas = meeting.support.child.areas[:2]
    note = chance.pick(NOTES)
    if chance.of(0.05):
        yield max(part.now, logged_at - 4 * MINUTE)
        draft = SessionLogDrafted(**meeting.ids, activities=done[:1], notes=note[:20], drafted_at=part.now)
        part.record(session_id, draft, mentor, thread)
    yield logged_at
    if chance.of(0.0008):
        whole = (*done, "whole_class")
        breach = RoleBoundaryBreached(**meeting.ids, activities=whole, attempted_at=part.now)
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
    logged = SessionLogged(**meeting.ids, **record, logged_at=part.now, logged_by=who, **late)
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
    # A life of its own, since it waits for weeks: what is over before it needs no memory.
    part.begin(_approved(part, meeting, cause, mentor, record))


def _approved(part: Part, meeting: Meeting, thread: Cause, mentor: str, record: Fields) -> Life:
    chance, session_id, approver = part.chance, meeting.session_id, part.agency.actor("manager")
    yield part.working_hours(_weekday(part.today + DAY))
    if chance.of(0.012):
        returned = SessionReturned(
            **meeting.ids,
            reason="Please say how the break went.",
            returned_by=approver,
            returned_at=part.now,
        )
        part.record(session_id, returned, approver, thread)
        yield part.now + chance.minutes(120, 1300)
        record = {**record, "notes": f"{record['notes']} Break went well."}
        logged = SessionLogged(
            **meeting.ids, **record, submission=2, logged_at=part.now, logged_by=mentor, late=False
        )
        thread = part.record(session_id, logged, mentor, thread)
        yield part.working_hours(_weekday(part.today + DAY))
    paid: Fields = {
        **meeting.ids,
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


def _weekday(day: date) -> date:
    """The first weekday on or after this one: the office works in the holidays too."""
    return day + DAY * (7 - day.weekday()) if day.weekday() > 4 else day

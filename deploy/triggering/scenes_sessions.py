"""What leads to the facts of sessions."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from deploy.demo import clocks
from deploy.triggering import meetings, people
from deploy.triggering.stage import DAY, Body, Stage

Scene = Callable[[Stage], Awaitable[object]]
SOON = timedelta(seconds=3)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


def _session(
    at: Callable[[Stage], Awaitable[str]], what: str, body: Body, role: str = "coordinator"
) -> Scene:
    async def play(s: Stage) -> object:
        path = f"sessions/sessions/{await at(s)}/{what}"
        return await (meetings.as_mentor(s, path, body) if role == "mentor" else s.do(path, body, role=role))

    return play


async def _moved(s: Stage) -> object:
    session, zone = await meetings.planned(s), (await people.school(s))["time_zone"]
    starts = clocks.at(s.today + 2 * DAY, "10:00", zone)
    when = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=1)).isoformat()}
    return await s.do(f"sessions/sessions/{session}/reschedule", {**when, "reason": "school_asked"})


async def _breached(s: Stage) -> None:
    """Refused, and the attempt is a fact."""
    session, mentor = await meetings.finished(s), await people.mentor(s)
    log = {**meetings.LOG, "activities": ["whole_class"]}
    await s.house.somebody("mentor", mentor).refused(
        "role_boundary_breached", f"sessions/sessions/{session}/log", log, *s.after
    )


async def _rated(s: Stage) -> object:
    session = await meetings.finished(s)
    child = await s.house.somebody("coordinator", "ruth").ask(
        f"assignments/children/{await people.child(s)}", *s.after
    )
    (outcome,) = child["provision"]["outcomes"]
    rating = {"outcome_id": outcome["outcome_id"], "rating": 2}
    path = f"sessions/sessions/{session}/log"
    return await meetings.as_mentor(s, path, {**meetings.LOG, "outcomes": [rating]})


async def _nobody_comes(s: Stage) -> object:
    """What is found after ten minutes is found in a moment: what was to be found earlier is not looked for."""
    return await meetings.began(s, 10 * meetings.MINUTE - SOON)


async def _nobody_came(s: Stage) -> object:
    return await meetings.began(s, 5 * meetings.MINUTE, left=SOON)


async def _school_calendar(s: Stage) -> object:
    year = s.today.year if s.today.month >= 9 else s.today.year - 1
    scope = {"scope": "school", "scope_key": (await people.school(s))["school_id"], "school_year": year}
    closed = {"on": f"{year + 1}-06-26", "reason": "inset_day"}
    return await s.do("sessions/calendars", {**scope, "closures": [closed], "public_holidays": "none"})


async def _timetable(s: Stage) -> str:
    async def make() -> Body:
        assignment = await people.assignment(s)
        slots = [{"weekday": day, "starts": "09:00", "minutes": 60} for day in WEEKDAYS]
        body = {"assignment_id": assignment, "slots": slots, "effective_from": s.day(1)}
        return await s.do("sessions/timetables", body)

    return str((await s.once("timetable", make))["timetable_id"])


async def _timetable_ended(s: Stage) -> object:
    body = {"ended_on": s.day(1), "reason": "made_in_error"}
    return await s.do(f"sessions/timetables/{await _timetable(s)}/end", body)


APPROVED = _session(meetings.logged, "approve", {})
SCENES: dict[str, Scene] = {
    "SessionScheduled": meetings.planned,
    "SessionRescheduled": _moved,
    "SessionCancelled": _session(
        meetings.planned, "cancellation", {"cancelled_by": "school", "reason": "school_closed"}
    ),
    "SessionStarted": meetings.started,
    "SessionFinished": meetings.finished,
    "SessionLogDrafted": _session(meetings.started, "draft", {"activities": ["maths"]}, "mentor"),
    "SessionLogged": meetings.logged,
    "OutcomeRated": _rated,
    "RoleBoundaryBreached": _breached,
    "SessionReturned": _session(meetings.logged, "return", {"reason": "Which chapters?"}),
    "SessionApproved": meetings.approved,
    "SessionVoided": _session(
        meetings.logged, "void", {"reason_code": "recorded_in_error", "reason": "Another child's session."}
    ),
    "SessionOverdue": _nobody_comes,
    "SessionMissed": _nobody_came,
    "CalendarPublished": _school_calendar,
    "TimetableSet": _timetable,
    "TimetableExpanded": _timetable,
    "TimetableEnded": _timetable_ended,
}

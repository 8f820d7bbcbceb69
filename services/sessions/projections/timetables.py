"""Facts in, rows out: calendars, timetables, and who is away."""

from collections.abc import Iterator
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from services.sessions.domain.away import News
from services.sessions.domain.timetable import TimetableFact
from services.sessions.projections.people import SchoolTold
from shared.contracts.assignments.child import (
    ChildAbsenceReported,
    ChildExited,
    ChildPaused,
    ChildReopened,
    ChildResumed,
)
from shared.contracts.assignments.mentor import MentorAbsenceReported, MentorReturned, MentorWentOnLeave
from shared.contracts.sessions.calendar import CalendarPublished
from shared.contracts.sessions.timetable import OfTimetable, TimetableEnded, TimetableExpanded, TimetableSet
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Drop, Put, Row

AwayTold: TypeAlias = (
    MentorAbsenceReported
    | MentorWentOnLeave
    | MentorReturned
    | ChildAbsenceReported
    | ChildPaused
    | ChildResumed
    | ChildExited
    | ChildReopened
)
HORIZON_DUE = "timetable_horizon"


def calendars(recorded: Recorded[CalendarPublished]) -> Iterator[Row]:
    """Every calendar that was published, with the versions before."""
    fact = recorded.fact
    key = {"calendar_id": fact.calendar_id, "position": recorded.position}
    told = fact.model_dump(mode="json", include={"terms", "closures"})
    plain = {name: getattr(fact, name) for name in ("scope", "scope_key", "school_year", "published_at")}
    yield Put("calendars", key, {**plain, **told, "recorded_at": recorded.recorded_at})


def school_authorities(recorded: Recorded[SchoolTold]) -> Iterator[Row]:
    """Which local authority's calendar holds for each school."""
    school = recorded.fact
    yield Put(
        "school_authorities", {"school_id": school.school_id}, {"local_authority": school.local_authority}
    )


def timetables(recorded: Recorded[TimetableFact]) -> Iterator[Row]:
    """Every timetable as it is now, how it came to be so, and when it is to be planned further."""
    fact = recorded.fact
    key = {"timetable_id": fact.timetable_id}
    whose = {name: getattr(fact, name) for name in OfTimetable.model_fields if name != "timetable_id"}
    match fact:
        case TimetableSet():
            slots = fact.model_dump(mode="json", include={"slots"})["slots"]
            version: dict[str, Any] = {
                "slots": slots,
                "effective_from": fact.effective_from,
                "effective_until": fact.effective_until,
                "time_zone": fact.time_zone,
                "set_at": fact.set_at,
            }
            yield Put("timetables", key, {**whose, **version})
            yield Put("timetable_versions", {**key, "position": recorded.position}, version)
        case TimetableEnded(reason=reason, ended_on=day):
            yield Put("timetables", key, {**whose, "end_reason": reason, "ended_on": day})
        case TimetableExpanded(expanded_until=until, next_at=next_at):
            yield Put("timetables", key, {**whose, "expanded_until": until, "next_at": next_at})
            due = {"kind": HORIZON_DUE, "key": str(fact.timetable_id)}
            if next_at is None:
                yield Drop("due", due)
            else:
                yield Put("due", due, {"due_at": next_at, "payload": {}})


def away(recorded: Recorded[AwayTold]) -> Iterator[Row]:
    """News of mentors and children, each as it came: who is away, who is back."""
    match recorded.fact:
        case MentorAbsenceReported(mentor_id=who, absent_from=since, absent_until=until):
            yield _away(recorded, who, "mentor_absent", since, until)
        case MentorWentOnLeave(mentor_id=who, leave_from=since):
            yield _away(recorded, who, "mentor_on_leave", since)
        case MentorReturned(mentor_id=who, returned_on=since):
            yield _away(recorded, who, "mentor_back", since)
        case ChildAbsenceReported(child_id=who, absent_from=since, absent_until=until):
            yield _away(recorded, who, "child_absent", since, until)
        case ChildPaused(child_id=who, paused_from=since) | ChildExited(child_id=who, exited_on=since):
            yield _away(recorded, who, "child_paused", since)
        case ChildResumed(child_id=who, resumed_on=since) | ChildReopened(child_id=who, reopened_on=since):
            yield _away(recorded, who, "child_back", since)


def _away(recorded: Recorded[AwayTold], who: UUID, news: News, since: date, until: date | None = None) -> Put:
    key = {"who": who, "position": recorded.position}
    return Put("away", key, {"news": news, "since": since, "until": until})

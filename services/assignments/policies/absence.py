"""Who is away, on which days, and what of it needs cover or needs none any more; as facts tell it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from services.assignments.domain.being_there import why_not_there
from services.assignments.domain.gate import MentorStanding
from shared.contracts.assignments.assignment import AssignmentEnded, AssignmentPaused, MentorAssigned
from shared.contracts.assignments.child import ChildAbsenceReported, ChildExited, ChildPaused
from shared.contracts.assignments.mentor import (
    MentorAbsenceReported,
    MentorLeft,
    MentorReturned,
    MentorWentOnLeave,
)
from shared.contracts.sessions.ladder import SessionOverdue
from shared.contracts.sessions.session import SessionStarted
from shared.contracts.sessions.timetable import TimetableExpanded
from shared.contracts.training.standing import (
    MentorCleared,
    MentorStoodDown,
    MentorSuspended,
    SuspensionLifted,
)
from shared.contracts.words.calendar import ExpandedBecause
from shared.contracts.words.mentoring import CoverCancelReason, CoverReason, GivenBackReason
from shared.contracts.words.support import EndReason

DAYS_AHEAD = 14  # how far cover is looked for when nobody knows when the mentor is back
MOST_DAYS_AHEAD = 56  # and when it is known; what lasts longer needs a new primary
COVER_AT_MINUTES = 30  # of the ladder of a session that nobody has started
SATURDAY = 5
# The timetable reaches further: weekly while it goes on, as it is set, and as support goes on after a pause.
LOOKED_AT_AGAIN: frozenset[ExpandedBecause] = frozenset(("horizon", "timetable_set", "assignment_resumed"))

Loss: TypeAlias = (
    MentorStoodDown
    | MentorSuspended
    | MentorAbsenceReported
    | SessionOverdue
    | MentorLeft
    | MentorWentOnLeave
    | TimetableExpanded
)
NoNeed: TypeAlias = (
    MentorCleared
    | SuspensionLifted
    | MentorReturned
    | SessionStarted
    | MentorAbsenceReported
    | MentorAssigned
    | AssignmentEnded
    | AssignmentPaused
    | ChildAbsenceReported
    | ChildPaused
    | ChildExited
)
# What may overlap: who is cleared while on leave is back when the leave ends, whatever cover was asked for.
UNTIL_BACK: tuple[CoverReason, ...] = ("mentor_stood_down", "mentor_suspended", "mentor_on_leave")
AFTER_WHICH_NOBODY_IS_NEEDED: frozenset[EndReason] = frozenset(
    ("outcomes_reached", "provision_ended", "child_left", "transferred", "made_in_error")
)


@dataclass(frozen=True, slots=True)
class Spell:
    """A mentor is away from a day up to, without, another (None: until further notice), and why."""

    mentor_id: UUID
    since: date
    until: date | None
    reason: CoverReason

    def school_days(self, today: date) -> tuple[date, ...]:
        """The weekdays of it that are to be covered: from today on, and not further than is sensible."""
        begin = max(self.since, today)
        furthest = begin + timedelta(days=DAYS_AHEAD if self.until is None else MOST_DAYS_AHEAD)
        end = furthest if self.until is None else min(self.until, furthest)
        days = (begin + timedelta(days=n) for n in range((end - begin).days))
        return tuple(day for day in days if day.weekday() < SATURDAY)


@dataclass(frozen=True, slots=True)
class Unneeded:
    """Cover that is not needed from a day up to, without, another: of a child, or of an absent mentor's children."""

    since: date
    until: date | None
    because: CoverCancelReason
    child_id: UUID | None = None
    absent_mentor_id: UUID | None = None
    asked_because: tuple[CoverReason, ...] = ()
    taken_too: bool = False


def school_day(at: datetime, time_zone: str) -> date:
    """The calendar day at the school."""
    return at.astimezone(ZoneInfo(time_zone)).date()


def spell_of(fact: Loss, time_zone: str) -> Spell | None:
    """Who is away, as this fact tells, in the school's time zone; None when it is of no consequence for cover."""
    match fact:
        case MentorStoodDown():
            return Spell(fact.mentor_id, fact.stood_down_on, None, "mentor_stood_down")
        case MentorSuspended():
            return Spell(fact.mentor_id, fact.suspended_on, None, "mentor_suspended")
        case MentorAbsenceReported():
            return Spell(fact.mentor_id, fact.absent_from, fact.absent_until, "mentor_absent")
        case MentorLeft():
            return Spell(fact.mentor_id, fact.left_on, None, "mentor_left")
        case MentorWentOnLeave():
            return Spell(fact.mentor_id, fact.leave_from, fact.expected_back_on, "mentor_on_leave")
        case SessionOverdue() if fact.minutes == COVER_AT_MINUTES:
            day = school_day(fact.starts_at, time_zone)
            return Spell(fact.mentor_id, day, day + timedelta(days=1), "session_missed")
        case _:
            return None


def still_away(mentor: MentorStanding, today: date) -> tuple[CoverReason, tuple[date, ...]] | None:
    """Why the child's own mentor is away in the days to come, as far as cover is looked for, and on which weekdays."""
    days = (today + timedelta(days=n) for n in range(DAYS_AHEAD))
    found = [
        (why, day)
        for day in days
        if day.weekday() < SATURDAY and (why := why_not_there(mentor, day, today)) is not None
    ]
    return (found[0][0], tuple(day for _, day in found)) if found else None


def back_on(mentor: MentorStanding, days: Iterable[date], today: date) -> tuple[date, ...]:
    """Of these days those on which the mentor is there: who is back from one thing may be away for another."""
    return tuple(day for day in days if why_not_there(mentor, day, today) is None)


def unneeded(fact: NoNeed, time_zone: str) -> Unneeded | None:
    """Which cover this fact makes needless, in the school's time zone; None when none."""
    match fact:
        case MentorCleared():
            return _back(fact.mentor_id, fact.cleared_on)
        case SuspensionLifted():
            return _back(fact.mentor_id, fact.lifted_on)
        case SessionStarted():
            day = school_day(fact.started_at, time_zone)
            return Unneeded(
                day,
                day + timedelta(days=1),
                "mentor_is_back",
                child_id=fact.child_id,
                absent_mentor_id=fact.mentor_id,
                asked_because=("session_missed",),
            )
        case MentorReturned():
            return _back(fact.mentor_id, fact.returned_on)
        case MentorAbsenceReported():
            return replace(_back(fact.mentor_id, fact.absent_until), asked_because=("mentor_absent",))
        case MentorAssigned(role="primary"):
            return Unneeded(fact.effective_from, None, "primary_begins", child_id=fact.child_id)
        case AssignmentEnded(role="primary") if fact.reason in AFTER_WHICH_NOBODY_IS_NEEDED:
            return Unneeded(fact.ended_on, None, "assignment_ended", child_id=fact.child_id, taken_too=True)
        case AssignmentPaused() if fact.reason != "mentor_on_leave":
            return Unneeded(
                fact.paused_from, None, "no_longer_needed", child_id=fact.child_id, taken_too=True
            )
        case ChildPaused():
            return Unneeded(
                fact.paused_from, None, "no_longer_needed", child_id=fact.child_id, taken_too=True
            )
        case ChildExited():
            return Unneeded(fact.exited_on, None, "no_longer_needed", child_id=fact.child_id, taken_too=True)
        case ChildAbsenceReported():
            return Unneeded(
                fact.absent_from,
                fact.absent_until,
                "child_absent",
                child_id=fact.child_id,
                taken_too=True,
            )
        case _:
            return None


def _back(mentor_id: UUID, since: date) -> Unneeded:
    return Unneeded(since, None, "mentor_is_back", absent_mentor_id=mentor_id, asked_because=UNTIL_BACK)


def given_back_because(reason: CoverReason) -> GivenBackReason:
    """Why a mentor who had agreed to cover can't, in the words of the cover."""
    match reason:
        case "mentor_stood_down" | "mentor_suspended" | "mentor_on_leave" | "mentor_left":
            return reason
        case _:
            return "mentor_absent"

"""Facts in, cancellations of coming sessions out: whoever may not be with the child, or is away, does not come."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.sessions.domain.away import Away as Absences
from services.sessions.domain.away import Why
from services.sessions.domain.commands import Cancel
from services.sessions.domain.permission import (
    Support,
    check_assigned,
    check_deployable,
    check_not_aside,
    school_day,
)
from services.sessions.domain.session import session
from shared.contracts.assignments.assignment import AssignmentEnded, AssignmentPaused, PrimaryStoodAside
from shared.contracts.assignments.child import ChildAbsenceReported
from shared.contracts.assignments.cover import CoverCancelled, CoverGivenBack
from shared.contracts.assignments.mentor import MentorAbsenceReported, MentorWentOnLeave
from shared.contracts.eligibility import Evidence
from shared.contracts.sessions.session import SessionRescheduled, SessionScheduled
from shared.contracts.training.standing import MentorStoodDown, MentorSuspended
from shared.contracts.words.mentoring import CoverReason
from shared.contracts.words.sessions import CancelledBy, CancelReason
from shared.kernel.decider import Refused
from shared.kernel.projection import Issue
from shared.kernel.recorded import Recorded

Away: TypeAlias = (
    MentorStoodDown
    | MentorSuspended
    | MentorWentOnLeave
    | AssignmentPaused
    | AssignmentEnded
    | PrimaryStoodAside
    | CoverGivenBack
    | CoverCancelled
)

REASONS: dict[type[Away], CancelReason] = {
    MentorStoodDown: "mentor_stood_down",
    MentorSuspended: "mentor_suspended",
    MentorWentOnLeave: "mentor_on_leave",
    AssignmentPaused: "assignment_paused",
    AssignmentEnded: "assignment_ended",
    CoverGivenBack: "cover_ended",
    CoverCancelled: "cover_ended",
}

ASIDE: dict[CoverReason, CancelReason] = {
    "mentor_absent": "mentor_absent",
    "mentor_stood_down": "mentor_stood_down",
    "mentor_suspended": "mentor_suspended",
    "mentor_on_leave": "mentor_on_leave",
    "mentor_left": "assignment_ended",
    "session_missed": "mentor_absent",
    "other": "covered",
}

UNASSIGNED: dict[str, CancelReason] = {
    "no_active_assignment": "assignment_ended",
    "assignment_paused": "assignment_paused",
    "mentor_stands_aside": "covered",
}


AWAY: dict[Why, tuple[CancelledBy, CancelReason]] = {
    "mentor_absent": ("mentor", "mentor_absent"),
    "mentor_on_leave": ("agency", "mentor_on_leave"),
    "child_absent": ("family", "child_absent"),
    "child_paused": ("agency", "assignment_paused"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What the read model knows of the mentor of a session, and of who is away."""

    support: Support | None
    evidence: tuple[Evidence, ...]
    away: Absences = field(default_factory=lambda: Absences(()))


def call_off(recorded: Recorded[Away], coming: Iterable[UUID]) -> Iterator[Issue]:
    """The coming sessions that this ends do not take place; past ones stay as they are."""
    for session_id in coming:
        yield _cancel(session_id, _reason(recorded.fact), recorded.recorded_at)


def _reason(fact: Away) -> CancelReason:
    """Why the mentor does not come: whoever reads of the gap later wants the cause, and not that cover was sought."""
    return ASIDE[fact.because] if isinstance(fact, PrimaryStoodAside) else REASONS[type(fact)]


def mentor_absent(recorded: Recorded[MentorAbsenceReported], coming: Iterable[UUID]) -> Iterator[Issue]:
    """The mentor is away on these days; nobody pays for that."""
    for session_id in coming:
        command = Cancel("mentor", "mentor_absent", recorded.recorded_at, chargeable=False)
        yield Issue(session, session_id, command)


def child_absent(recorded: Recorded[ChildAbsenceReported], coming: Iterable[UUID]) -> Iterator[Issue]:
    """The child is away on these days; whether it is paid all the same depends on the notice given."""
    for session_id in coming:
        yield Issue(session, session_id, Cancel("family", "child_absent", recorded.fact.reported_at))


def check_again(recorded: Recorded[SessionScheduled | SessionRescheduled], known: Known) -> Iterator[Issue]:
    """A session that was planned while news of an end, a stand-down or an absence was on its way is cancelled too.

    Of an absence only what the timetable planned: who plans by hand for that day knows better.
    """
    planned = recorded.fact
    try:
        day = school_day(planned.starts_at, planned.time_zone)
        support = check_assigned(known.support, planned.mentor_id, planned.child_id, day)
        check_not_aside(support, day, planned.starts_at)
        check_deployable(known.evidence, school_day(recorded.recorded_at, planned.time_zone))
    except Refused as refused:
        reason = UNASSIGNED.get(refused.code, "mentor_stood_down")
        yield _cancel(planned.session_id, reason, recorded.recorded_at)
        return
    if isinstance(planned, SessionScheduled) and planned.timetable_id is not None:
        for who in (planned.child_id, planned.mentor_id):
            if why := known.away.why(who, day):
                by, reason = AWAY[why]
                command = Cancel(by, reason, recorded.recorded_at, chargeable=False)
                yield Issue(session, planned.session_id, command)
                return


def _cancel(session_id: UUID, reason: CancelReason, at: datetime) -> Issue:
    return Issue(session, session_id, Cancel("agency", reason, at, chargeable=False))

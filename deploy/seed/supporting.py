"""An assignment in force: begun, interrupted, handed over and ended."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from deploy.seed import derived
from deploy.seed.absences import child_absences, covered
from deploy.seed.history import Cause, Held, Life
from deploy.seed.meeting import cancel
from deploy.seed.part import Part
from deploy.seed.people import Mentor, Support
from deploy.seed.school_year import DAY, each
from deploy.seed.timetables import end_timetable, expand, planned, whose
from deploy.seed.words import SUMMARIES
from shared.contracts.assignments.assignment import (
    AssignmentEnded,
    AssignmentPaused,
    AssignmentResumed,
    MentorAssigned,
)
from shared.contracts.assignments.child import ChildActivated, ChildExited
from shared.contracts.assignments.handover import HandoverBegun, HandoverRecorded
from shared.contracts.assignments.support_request import SupportRequestFulfilled
from shared.contracts.words.sessions import CancelReason
from shared.contracts.words.support import EndReason

COVER_AHEAD = 14


def supported(part: Part, support: Support, because: Cause, first_time: bool) -> Life:
    """The assignment begins, and a timetable is set for it."""
    child, mentor, coordinator = support.child, support.mentor, part.coordinator()
    assigned = part.record(
        support.assignment_id,
        MentorAssigned(**whose(support), role="primary", effective_from=support.begins_on),
        coordinator,
        because,
    )
    child.support = mentor.support = support
    hold(part, support)
    yield part.now + timedelta(milliseconds=40)
    if not child.active:
        child.active = True
        activated = ChildActivated(
            child_id=child.child_id, assignment_id=support.assignment_id, activated_on=support.begins_on
        )
        part.record(child.child_id, activated, "policy:follow_assignment", assigned)
        part.begin(child_absences(part, child))
    if first_time:
        fulfilled = SupportRequestFulfilled(
            request_id=child.request_id,
            child_id=child.child_id,
            assignment_id=support.assignment_id,
            fulfilled_on=support.begins_on,
        )
        part.record(child.request_id, fulfilled, "policy:follow_assignment", assigned)
    yield part.now + part.chance.minutes(10, 60)
    luck = part.chance.random.random()
    if luck < 0.05:
        part.begin(_pause(part, support))
    elif luck < 0.14:
        part.begin(_end(part, support))
    yield from planned(part, support)


def hold(part: Part, support: Support) -> None:
    """What the assignment claims from now on."""
    held: list[Held] = []
    if support.role == "primary":
        held = derived.primary_claims(
            support.mentor.mentor_id,
            support.child.child_id,
            (support.begins_on, support.ended_on),
            [*support.pauses, *derived.spans(support.aside)],
            support.ended_on is not None and not support.handed_over,
            support.assignment_id,
        )
    part.history.hold("assignments", support.assignment_id, *held)


def stood_down(part: Part, mentor: Mentor, because: Cause) -> Life:
    """Whoever may not be with a child any more has no sessions to come; cover is looked for."""
    yield part.now + timedelta(milliseconds=80)
    support = mentor.support
    if support is None or support.ended_on is not None:
        return
    _call_off(part, support, date.min, "mentor_stood_down", because)
    ahead = each(part.today, part.today + DAY * (COVER_AHEAD - 1))
    days = [
        day
        for day in ahead
        if day.weekday() < 5 and support.covers(day) and day not in support.aside | support.child.away
    ]
    if days:
        yield from covered(part, support, days, "mentor_stood_down", because)


def cleared_again(part: Part, mentor: Mentor, because: Cause) -> Life:
    """The sessions that were called off are planned again."""
    yield part.now + timedelta(milliseconds=80)
    if mentor.support and mentor.support.ended_on is None:
        of = UUID(because.id)
        expand(part, mentor.support, "mentor_available", part.now, of, "policy:look_again", because)


def _call_off(part: Part, support: Support, since: date, reason: CancelReason, because: Cause) -> None:
    for meeting in list(support.coming.values()):
        if meeting.day >= since and meeting.starts_at >= part.now:
            cancel(part, meeting, "agency", reason, False, "policy:call_off", because)
            support.made[meeting.day, meeting.number] = (
                support.made[meeting.day, meeting.number][0] + 1,
                True,
            )


def _pause(part: Part, support: Support) -> Life:
    """The family asks for some weeks without support."""
    chance, coordinator = part.chance, part.coordinator()
    yield part.working_hours(support.begins_on + DAY * chance.between(14, 120))
    start = part.today + DAY * chance.between(3, 6)
    back = start + DAY * chance.between(7, 18)
    busy = support.aside & set(each(start, back))
    if support.has_ended() or busy or not support.mentor.deployable:
        return
    who: dict[str, Any] = {**whose(support), "role": "primary"}
    paused = AssignmentPaused(**who, reason="family_request", paused_from=start, review_on=back)
    cause = part.record(support.assignment_id, paused, coordinator)
    support.pauses.append((start, None))
    hold(part, support)
    yield part.now + timedelta(milliseconds=80)
    _call_off(part, support, start, "assignment_paused", cause)
    yield part.working_hours(back - DAY * 2)
    if support.has_ended():
        return
    resumed = AssignmentResumed(**who, paused_from=start, resumed_on=back)
    cause = part.record(support.assignment_id, resumed, coordinator, cause)
    support.pauses[-1] = (start, back)
    hold(part, support)
    yield part.now + timedelta(milliseconds=80)
    of = UUID(cause.id)
    expand(part, support, "assignment_resumed", part.now, of, "policy:look_again", cause)


def _end(part: Part, support: Support) -> Life:
    """Support comes to an end: the outcomes are reached, or somebody else goes on with it."""
    chance, coordinator = part.chance, part.coordinator()
    child, mentor = support.child, support.mentor
    yield part.working_hours(support.begins_on + DAY * chance.between(25, 200))
    last = part.today + DAY * chance.between(7, 12)
    if support.has_ended() or support.pauses or not mentor.deployable:
        return
    leaves = chance.of(0.5)
    reason: EndReason = "outcomes_reached" if leaves else "replaced"
    begun = HandoverBegun(**whose(support), last_day=last, reason=reason, begun_at=part.now)
    thread = part.record(support.assignment_id, begun, coordinator)
    yield part.working_hours(last - DAY)
    recorded = HandoverRecorded(
        **whose(support), summary=chance.pick(SUMMARIES[2:]), to_mentor_id=None, recorded_at=part.now
    )
    part.record(support.assignment_id, recorded, f"mentor:{mentor.mentor_id}", thread)
    support.handed_over = True
    yield part.now + chance.minutes(5, 60)
    ended_on = last + DAY
    actor = coordinator
    if leaves:
        exited = ChildExited(child_id=child.child_id, reason="outcomes_reached", exited_on=ended_on)
        thread = part.record(child.child_id, exited, coordinator, thread)
        child.exited = True
        actor = "policy:release_child"
        yield part.now + timedelta(milliseconds=60)
    support.ended_on = ended_on
    ended = AssignmentEnded(**whose(support), role="primary", reason=reason, ended_on=ended_on)
    cause = part.record(support.assignment_id, ended, actor, thread)
    hold(part, support)
    yield part.now + timedelta(milliseconds=60)
    _call_off(part, support, ended_on, "assignment_ended", cause)
    if support.timetable_id is not None:
        end_timetable(part, support, cause)
    yield part.working_hours(ended_on)
    child.support = mentor.support = None
    mentor.bound = False
    if not leaves:
        child.first_time = False
        part.waiting.append(child)
    part.match()

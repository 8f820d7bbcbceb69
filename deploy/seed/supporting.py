"""An assignment in force: its timetable, its sessions week by week, its pauses and its end."""

from datetime import date, datetime, timedelta

from deploy.seed import derived
from deploy.seed.history import Cause, Held, Life
from deploy.seed.meeting import cancel, meeting_life
from deploy.seed.part import Part
from deploy.seed.people import Meeting, Mentor, Support
from deploy.seed.school_year import DAY, each, moment
from shared.contracts.assignments.assignment import MentorAssigned
from shared.contracts.assignments.child import ChildActivated
from shared.contracts.assignments.support_request import SupportRequestFulfilled
from shared.contracts.sessions.timetable import Slot, TimetableExpanded, TimetableSet
from shared.contracts.words.calendar import WEEKDAYS, ExpandedBecause

# So many days ahead sessions are planned, anew every week.
HORIZON = 28
STARTS = (8 * 60 + 50, 10 * 60 + 45, 13 * 60 + 10)


def supported(part: Part, support: Support, because: Cause, first_time: bool) -> Life:
    """The assignment begins, and a timetable is set for it."""
    from deploy.seed.absences import child_absences

    child, mentor, coordinator = support.child, support.mentor, part.coordinator()
    who = _who(support)
    assigned = part.record(
        support.assignment_id,
        MentorAssigned(**who, role="primary", effective_from=support.begins_on),
        coordinator,
        because,
    )
    child.support = mentor.support = support
    hold(part, support)
    yield part.now + timedelta(milliseconds=40)
    if first_time:
        fulfilled = SupportRequestFulfilled(
            request_id=child.request_id,
            child_id=child.child_id,
            assignment_id=support.assignment_id,
            fulfilled_on=support.begins_on,
        )
        part.record(child.request_id, fulfilled, "policy:follow_assignment", assigned)
    if not child.active:
        child.active = True
        activated = ChildActivated(
            child_id=child.child_id, assignment_id=support.assignment_id, activated_on=support.begins_on
        )
        part.record(child.child_id, activated, "policy:activate_child", assigned)
        part.begin(child_absences(part, child))
    yield part.now + part.chance.minutes(10, 60)
    yield from planned(part, support)


def planned(part: Part, support: Support) -> Life:
    """A timetable is set, and made into sessions four weeks ahead, every week."""
    chance, coordinator = part.chance, part.coordinator()
    late = chance.between(0, 4) * 5
    support.slots = tuple(
        (weekday, STARTS[n] + late, 60)
        for weekday in range(5)
        for n in range(min(support.child.sessions_a_day, len(STARTS)))
    )
    timetable = support.timetable_id = part.new_id()
    set_ = TimetableSet(
        timetable_id=timetable,
        **_who(support),
        slots=tuple(
            Slot(weekday=WEEKDAYS[weekday], starts=f"{at // 60:02d}:{at % 60:02d}", minutes=minutes)
            for weekday, at, minutes in support.slots
        ),
        effective_from=support.begins_on,
        effective_until=None,
        time_zone="Europe/London",
        set_at=part.now,
    )
    cause = part.record(timetable, set_, coordinator)
    hold_timetable(part, support)
    done, why, at = support.begins_on, "timetable_set", part.now
    while support.ended_on is None or part.today < support.ended_on:
        done = expand(part, support, done, why, at, cause)
        why, at = "horizon", at + DAY * 7
        yield at


def expand(
    part: Part, support: Support, since: date, why: ExpandedBecause, at: datetime, because: Cause
) -> date:
    """Sessions from `since` on up to the horizon; the first day that is not planned yet."""
    timetable = support.timetable_id
    assert timetable is not None
    until = max(since, part.today + DAY * HORIZON)
    expanded = TimetableExpanded(
        timetable_id=timetable,
        **_who(support),
        because=why,
        expanded_until=until,
        next_at=at + DAY * 7,
        expanded_at=at,
    )
    actor = "due:timetable_horizon" if why == "horizon" else part.coordinator()
    cause = part.record(timetable, expanded, actor, because if why != "horizon" else None)
    for day in each(max(since, part.today + DAY), until - DAY):
        if day in part.agency.school_days and support.covers(day):
            _plan_day(part, support, day, cause)
    return until


def hold_timetable(part: Part, support: Support) -> None:
    """What the timetable claims from now on."""
    timetable = support.timetable_id
    assert timetable is not None
    held = derived.timetable_claims(support.assignment_id, support.begins_on, support.ended_on, timetable)
    part.history.hold("sessions", timetable, *held)


def _plan_day(part: Part, support: Support, day: date, cause: Cause) -> None:
    if day in support.mentor.away or day in support.child.away or not support.mentor.deployable:
        return
    for weekday, at, minutes in support.slots:
        if weekday == day.weekday():
            starts = moment(day, at)
            session_id = part.made_of(support.timetable_id, day, at)
            meeting = Meeting(session_id, support, starts, starts + timedelta(minutes=minutes), day)
            part.begin(meeting_life(part, meeting, cause))


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
    """Whoever may not be with a child any more has no sessions to come."""
    yield part.now + timedelta(milliseconds=80)
    if mentor.support:
        for meeting in list(mentor.support.coming.values()):
            cancel(part, meeting, "agency", "mentor_stood_down", False, "policy:stand_down", because)


def who_in(support: Support) -> dict[str, object]:
    """Whose assignment it is, as its facts say it."""
    return {**_who(support), "role": support.role}


def _who(support: Support) -> dict[str, object]:
    return {
        "assignment_id": support.assignment_id,
        "child_id": support.child.child_id,
        "mentor_id": support.mentor.mentor_id,
        "school_id": support.child.school.school_id,
    }

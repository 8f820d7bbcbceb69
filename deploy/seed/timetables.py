"""Timetables made into sessions, as far ahead as the service looks, and put right when something changes."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from deploy.seed import derived
from deploy.seed.history import Cause, Fields, Life
from deploy.seed.meeting import meeting_life
from deploy.seed.part import Part
from deploy.seed.people import Meeting, Support
from deploy.seed.school_year import DAY, each, moment
from shared.contracts.sessions.timetable import Slot, TimetableEnded, TimetableExpanded, TimetableSet
from shared.contracts.words.calendar import WEEKDAYS, ExpandedBecause

# So many days ahead sessions are planned, anew every week.
HORIZON, AGAIN = 28 * DAY, 7 * DAY
STARTS = (8 * 60 + 50, 10 * 60 + 45, 13 * 60 + 10)
MINUTES = 60


def planned(part: Part, support: Support) -> Life:
    """A timetable is set, and made into sessions four weeks ahead, every week, until the assignment ends."""
    chance, coordinator = part.chance, part.coordinator()
    late = chance.between(0, 4) * 5
    support.starts = tuple(at + late for at in STARTS[: support.child.sessions_a_day])
    timetable = support.timetable_id = part.new_id()
    set_ = TimetableSet(
        timetable_id=timetable,
        **whose(support),
        slots=tuple(
            Slot(weekday=weekday, starts=f"{at // 60:02d}:{at % 60:02d}", minutes=MINUTES)
            for weekday in WEEKDAYS[:5]
            for at in support.starts
        ),
        effective_from=support.begins_on,
        effective_until=None,
        time_zone="Europe/London",
        set_at=part.now,
    )
    cause = part.record(timetable, set_, coordinator)
    hold_timetable(part, support)
    expand(part, support, "timetable_set", part.now, None, coordinator, cause)
    while support.next_at is not None:
        due_at = support.next_at
        yield due_at + timedelta(milliseconds=200)
        if support.next_at != due_at:
            continue  # it was expanded for another reason meanwhile
        of = uuid5(timetable, due_at.isoformat())
        expand(part, support, "horizon", due_at, of, "due:timetable_horizon", None)


def expand(
    part: Part,
    support: Support,
    why: ExpandedBecause,
    at: datetime,
    of: UUID | None,
    actor: str,
    because: Cause | None,
) -> None:
    """The sessions that are missing up to the horizon are planned."""
    timetable = support.timetable_id
    if timetable is None:
        return
    horizon = part.today + HORIZON
    support.made = {slot: made for slot, made in support.made.items() if slot[0] >= part.today}
    support.expanded_until = max(support.expanded_until or horizon, horizon)
    over = support.ended_on is not None and support.ended_on <= support.expanded_until
    support.next_at = None if over else at + AGAIN
    expanded = TimetableExpanded(
        timetable_id=timetable,
        **whose(support),
        because=why,
        caused_by=of,
        expanded_until=support.expanded_until,
        next_at=support.next_at,
        expanded_at=at,
    )
    cause = part.record(timetable, expanded, actor, because)
    if support.mentor.deployable:
        for day in each(max(support.begins_on, part.today), support.expanded_until - DAY):
            if support.covers(day) and day in part.agency.school_days and _is_there(support, day):
                _plan_day(part, support, day, cause)


def _is_there(support: Support, day: date) -> bool:
    return not (day in support.mentor.away or day in support.child.away or day in support.aside)


def _plan_day(part: Part, support: Support, day: date, cause: Cause) -> None:
    for number, at in enumerate(support.starts, start=1):
        nth, gone = support.made.get((day, number), (0, True))
        starts = moment(day, at)
        if not gone or starts <= part.now:
            continue
        assert support.timetable_id is not None
        key = f"{day}/{number}/{nth}" if nth else f"{day}/{number}"
        support.made[day, number] = (nth, False)
        session_id = uuid5(support.timetable_id, key)
        ends = starts + timedelta(minutes=MINUTES)
        meeting = Meeting(session_id, support, starts, ends, day, number)
        part.begin(meeting_life(part, meeting, cause))


def plan_cover(part: Part, primary: Support, standing: Support, days: list[date], cause: Cause) -> None:
    """The slots of these days are somebody else's."""
    assert primary.timetable_id is not None
    standing.timetable_id = primary.timetable_id
    for day in days:
        if day not in part.agency.school_days or day in primary.child.away:
            continue
        for number, at in enumerate(primary.starts, start=1):
            starts = moment(day, at)
            if starts > part.now:
                session_id = uuid5(primary.timetable_id, f"{day}/{number}/{standing.assignment_id}")
                ends = starts + timedelta(minutes=MINUTES)
                meeting = Meeting(session_id, standing, starts, ends, day, number, cover=True)
                part.begin(meeting_life(part, meeting, cause))


def end_timetable(part: Part, support: Support, because: Cause) -> None:
    """It ends with the assignment."""
    timetable, ended_on = support.timetable_id, support.ended_on
    assert timetable is not None
    assert ended_on is not None
    ended = TimetableEnded(
        timetable_id=timetable,
        **whose(support),
        reason="assignment_ended",
        ended_on=ended_on,
        ended_at=part.now,
    )
    cause = part.record(timetable, ended, "policy:support_ends", because)
    hold_timetable(part, support)
    expand(part, support, "timetable_ended", part.now, None, "policy:support_ends", cause)


def hold_timetable(part: Part, support: Support) -> None:
    """What the timetable claims from now on."""
    timetable = support.timetable_id
    assert timetable is not None
    held = derived.timetable_claims(support.assignment_id, support.begins_on, support.ended_on, timetable)
    part.history.hold("sessions", timetable, *held)


def whose(support: Support) -> Fields:
    """Whose assignment it is, as its facts say it, but for the role."""
    return {
        "assignment_id": support.assignment_id,
        "child_id": support.child.child_id,
        "mentor_id": support.mentor.mentor_id,
        "school_id": support.child.school.school_id,
    }

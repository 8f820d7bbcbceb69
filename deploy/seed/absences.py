"""Days on which somebody is away: the child's are cancelled, the mentor's are covered if somebody is found."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid5

from deploy.seed import derived
from deploy.seed.history import Cause, Fields, Life
from deploy.seed.meeting import cancel
from deploy.seed.part import Part
from deploy.seed.people import Child, Meeting, Mentor, Support
from deploy.seed.school_year import DAY, moment
from deploy.seed.timetables import expand, plan_cover, whose
from shared.contracts.assignments.assignment import AssignmentEnded, MentorAssigned, PrimaryStoodAside
from shared.contracts.assignments.child import ChildAbsenceReported
from shared.contracts.assignments.cover import CoverAccepted, CoverExpired, CoverRequested
from shared.contracts.assignments.mentor import MentorAbsenceReported
from shared.contracts.words.mentoring import AbsenceReason, CoverReason
from shared.contracts.words.requests import ChildAbsenceReason
from shared.contracts.words.sessions import CancelReason

AWAY: tuple[AbsenceReason, ...] = ("illness", "illness", "emergency", "appointment")
CHILD_AWAY: tuple[ChildAbsenceReason, ...] = ("illness", "illness", "appointment", "school_trip")
ASIDE: dict[CoverReason, CancelReason] = {
    "mentor_absent": "mentor_absent",
    "mentor_stood_down": "mentor_stood_down",
    "session_missed": "mentor_absent",
}
LAST_CALL = time(17, tzinfo=UTC)


def mentor_absences(part: Part, mentor: Mentor) -> Life:
    """Every some weeks a mentor is ill, or has an appointment."""
    chance = part.chance
    while True:
        yield moment(part.today + DAY * chance.between(10, 60), 6 * 60 + 40) + chance.minutes(0, 50)
        if mentor.left:
            return
        days = [part.today + DAY * n for n in range(chance.pick((1, 1, 1, 2, 3)))]
        support = mentor.support
        busy = mentor.covering or not mentor.deployable or part.today not in part.agency.school_days
        if busy or (support and set(days) & (support.aside | support.child.away)):
            continue
        mentor.away.update(days)
        fact = MentorAbsenceReported(
            mentor_id=mentor.mentor_id,
            absent_from=days[0],
            absent_until=days[-1] + DAY,
            reason=chance.pick(AWAY),
            reported_at=part.now,
        )
        cause = part.record(mentor.mentor_id, fact, f"mentor:{mentor.mentor_id}")
        if support is not None:
            part.begin(_without_mentor(part, support, days, cause))


def _without_mentor(part: Part, support: Support, days: list[date], cause: Cause) -> Life:
    yield part.now + timedelta(milliseconds=90)
    for meeting in list(support.coming.values()):
        if meeting.day in days:
            cancel(part, meeting, "mentor", "mentor_absent", False, "policy:mentor_absent", cause)
    wanted = [day for day in days if day.weekday() < 5 and support.covers(day)]
    if wanted:
        yield from covered(part, support, wanted, "mentor_absent", cause)


def session_missed(part: Part, meeting: Meeting, cause: Cause) -> Life:
    """Nobody has come for half an hour: cover is looked for that day."""
    yield part.now + timedelta(milliseconds=90)
    support = meeting.support
    if not meeting.cover and meeting.day not in support.aside and support.covers(meeting.day):
        yield from covered(part, support, [meeting.day], "session_missed", cause)


def covered(part: Part, support: Support, days: list[date], reason: CoverReason, because: Cause) -> Life:
    """Cover is looked for; whoever is free and cleared takes the days, or nobody does."""
    child, chance = support.child, part.chance
    cover_id = uuid5(UUID(because.id), str(support.assignment_id))
    aside = PrimaryStoodAside(
        **whose(support), cover_id=cover_id, because=reason, days=tuple(days), stood_aside_at=part.now
    )
    cover: Fields = {"cover_id": cover_id, "child_id": child.child_id, "school_id": child.school.school_id}
    expires = max(datetime.combine(days[-1], LAST_CALL), part.now + timedelta(hours=2))
    requested = CoverRequested(
        **cover,
        assignment_id=support.assignment_id,
        absent_mentor_id=support.mentor.mentor_id,
        form="broadcast",
        asked=(),
        days=tuple(days),
        reason=reason,
        expires_at=expires,
        requested_at=part.now,
    )
    asked = part.record(cover_id, requested, "policy:open_cover", because)
    stood = part.record(support.assignment_id, aside, "policy:stand_in", asked)
    support.aside.update(days)
    _hold_primary(part, support)
    _hold_cover(part, cover_id, child, set(days), None, set())
    yield part.now + timedelta(milliseconds=70)
    for meeting in list(support.coming.values()):
        if meeting.day in days and meeting.starts_at >= part.now:
            cancel(part, meeting, "agency", ASIDE[reason], False, "policy:call_off", stood)
    # Of a session that nobody came to, the day's later ones are covered: it is over itself before anybody is found.
    yield part.now + (chance.minutes(32, 80) if reason == "session_missed" else chance.minutes(4, 18))
    free = [
        m
        for m in part.mentors
        if m.floater and m.deployable and not (m.covering & set(days) or m.away & set(days))
    ]
    if not free or chance.of(0.08):
        yield expires + timedelta(milliseconds=100)
        expired = CoverExpired(**cover, days_left=tuple(days), expired_at=expires)
        part.record(cover_id, expired, "due:cover_expires", asked, last=True)
        _hold_cover(part, cover_id, child, set(), None, set())
        part.history.settle("assignments", cover_id)
        return
    stand_in = chance.pick(free)
    stand_in.covering.update(days)
    accepted = CoverAccepted(**cover, mentor_id=stand_in.mentor_id, days=tuple(days), accepted_at=part.now)
    agreed = part.record(cover_id, accepted, f"mentor:{stand_in.mentor_id}", asked, last=True)
    _hold_cover(part, cover_id, child, set(), stand_in, set(days))
    part.history.settle("assignments", cover_id)
    yield part.now + timedelta(milliseconds=60)
    for run in runs(days):
        part.begin(_stands_in(part, support, stand_in, run, cover_id, agreed))


def _stands_in(
    part: Part, support: Support, stand_in: Mentor, days: list[date], cover_id: UUID, because: Cause
) -> Life:
    """Days that follow each other are one assignment; its sessions are the slots of those days."""
    assignment_id = uuid5(UUID(because.id), f"cover from {days[0]} by {stand_in.mentor_id}")
    until = days[-1] + DAY
    standing = Support(assignment_id, support.child, stand_in, "cover", days[0], until)
    who = {**whose(standing), "role": "cover"}
    fact = MentorAssigned(
        **who, effective_from=days[0], effective_until=until, cover_id=cover_id, days=tuple(days)
    )
    assigned = part.record(assignment_id, fact, "policy:stand_in", because)
    yield part.now + timedelta(milliseconds=60)
    of = UUID(assigned.id)
    expand(part, support, "cover_changed", part.now, of, "policy:cover_begins", assigned)
    if support.timetable_id is not None:
        plan_cover(part, support, standing, days, assigned)
    yield datetime.combine(until, time(), UTC) + timedelta(milliseconds=300)
    ended = AssignmentEnded(**who, reason="cover_ended", ended_on=until)
    over = part.record(assignment_id, ended, "due:cover_ends", assigned, last=True)
    stand_in.covering.difference_update(days)
    yield part.now + timedelta(milliseconds=60)
    if support.ended_on is None:
        of = UUID(over.id)
        expand(part, support, "cover_changed", part.now, of, "policy:support_ends", over)


def runs(days: list[date]) -> list[list[date]]:
    """Days broken where a weekday is missing in between; a weekend is no break."""
    found: list[list[date]] = []
    for day in days:
        gap = day - found[-1][-1] if found else None
        if gap is not None and (gap == DAY or (gap <= 3 * DAY and day.weekday() == 0)):
            found[-1].append(day)
        else:
            found.append([day])
    return found


def child_absences(part: Part, child: Child) -> Life:
    """Every some weeks a child is not at school."""
    chance = part.chance
    while True:
        yield moment(part.today + DAY * chance.between(12, 70), 7 * 60 + 20) + chance.minutes(0, 60)
        if child.exited:
            return
        days = [part.today + DAY * n for n in range(chance.pick((1, 1, 2, 3)))]
        aside = child.support.aside if child.support else set()
        if part.today not in part.agency.school_days or aside & set(days):
            continue
        child.away.update(days)
        fact = ChildAbsenceReported(
            child_id=child.child_id,
            school_id=child.school.school_id,
            absent_from=days[0],
            absent_until=days[-1] + DAY,
            reason=chance.pick(CHILD_AWAY),
            reported_at=part.now,
        )
        cause = part.record(child.child_id, fact, part.coordinator())
        yield part.now + timedelta(milliseconds=90)
        if child.support is None:
            continue
        for meeting in [one for one in child.support.coming.values() if one.day in days]:
            chargeable = meeting.starts_at - fact.reported_at < timedelta(hours=24)
            cancel(part, meeting, "family", "child_absent", chargeable, "policy:child_absent", cause)


def _hold_primary(part: Part, support: Support) -> None:
    from deploy.seed.supporting import hold

    hold(part, support)


def _hold_cover(
    part: Part, cover_id: UUID, child: Child, left: set[date], mentor: Mentor | None, taken: set[date]
) -> None:
    mentor_id = mentor.mentor_id if mentor else None
    held = derived.cover_claims(child.child_id, left, mentor_id, taken, cover_id)
    part.history.hold("assignments", cover_id, *held)

"""Days on which somebody is away: the child's are cancelled, the mentor's are covered if somebody is found."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from deploy.seed import derived
from deploy.seed.history import Cause, Held, Life
from deploy.seed.meeting import cancel, meeting_life
from deploy.seed.part import Part
from deploy.seed.people import Child, Meeting, Mentor, Support
from deploy.seed.school_year import DAY, moment
from deploy.seed.supporting import hold, who_in
from shared.contracts.assignments.assignment import (
    AssignmentEnded,
    MentorAssigned,
    PrimaryStoodAside,
    PrimaryStoodBack,
)
from shared.contracts.assignments.child import ChildAbsenceReported
from shared.contracts.assignments.cover import CoverAccepted, CoverExpired, CoverRequested
from shared.contracts.assignments.mentor import MentorAbsenceReported
from shared.contracts.words.mentoring import CoverReason

LAST_CALL = time(17, tzinfo=UTC)


def mentor_absences(part: Part, mentor: Mentor) -> Life:
    """Every some weeks a mentor is ill, or has an appointment."""
    chance = part.chance
    while True:
        yield moment(part.today + DAY * chance.between(10, 60), 6 * 60 + 40) + chance.minutes(0, 50)
        if mentor.left:
            return
        school = part.agency.school_days
        if part.today not in school or mentor.covering or not mentor.deployable:
            continue
        days = [part.today + DAY * n for n in range(chance.pick((1, 1, 1, 2, 3)))]
        mentor.away.update(days)
        back = days[-1] + DAY
        fact = MentorAbsenceReported(
            mentor_id=mentor.mentor_id,
            absent_from=days[0],
            absent_until=back,
            reason=chance.pick(("illness", "illness", "emergency", "appointment")),
            reported_at=part.now,
        )
        cause = part.record(mentor.mentor_id, fact, f"mentor:{mentor.mentor_id}")
        support = mentor.support
        if support is not None and support.ended_on is None:
            part.begin(_without_mentor(part, support, days, cause))


def _without_mentor(part: Part, support: Support, days: list[date], cause: Cause) -> Life:
    yield part.now + timedelta(milliseconds=90)
    gone = [meeting for meeting in support.coming.values() if meeting.day in days]
    for meeting in gone:
        cancel(part, meeting, "mentor", "mentor_absent", False, "policy:cancel_absent", cause)
    wanted = sorted({meeting.day for meeting in gone})
    if wanted:
        yield from covered(part, support, wanted, gone, "mentor_absent", cause)


def covered(
    part: Part,
    support: Support,
    days: list[date],
    gone: list[Meeting],
    reason: CoverReason,
    because: Cause,
) -> Life:
    """Cover is looked for; whoever is free and cleared takes the days, or nobody does."""
    child, chance = support.child, part.chance
    cover_id = part.made_of("cover", because.id, support.assignment_id)
    cover = {"cover_id": cover_id, "child_id": child.child_id, "school_id": child.school.school_id}
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
    _hold_cover(part, cover_id, child, set(days), None, set())
    yield part.now + timedelta(milliseconds=40)
    primary = {name: value for name, value in who_in(support).items() if name != "role"}
    aside = PrimaryStoodAside(**primary, cover_id=cover_id, days=tuple(days), stood_aside_at=part.now)
    part.record(support.assignment_id, aside, "policy:stand_aside", asked)
    support.aside.update(days)
    hold(part, support)
    yield part.now + chance.minutes(4, 35)
    free = [
        m
        for m in part.mentors
        if m.floater and m.deployable and not (m.covering & set(days) or m.away & set(days))
    ]
    if not free or chance.of(0.08):
        yield expires + timedelta(milliseconds=100)
        expired = CoverExpired(**cover, days_left=tuple(days), expired_at=expires)
        over = part.record(cover_id, expired, "due:cover_expiry", asked)
        _hold_cover(part, cover_id, child, set(), None, set())
        part.history.settle("assignments", cover_id)
        yield part.now + timedelta(milliseconds=40)
        back = PrimaryStoodBack(**primary, cover_id=cover_id, days=tuple(days), stood_back_at=part.now)
        part.record(support.assignment_id, back, "policy:stand_back", over)
        support.aside.difference_update(days)
        hold(part, support)
        return
    stand_in = chance.pick(free)
    stand_in.covering.update(days)
    accepted = CoverAccepted(**cover, mentor_id=stand_in.mentor_id, days=tuple(days), accepted_at=part.now)
    agreed = part.record(cover_id, accepted, f"mentor:{stand_in.mentor_id}", asked, last=True)
    _hold_cover(part, cover_id, child, set(), stand_in, set(days))
    part.history.settle("assignments", cover_id)
    yield part.now + timedelta(milliseconds=60)
    yield from _stands_in(part, support, stand_in, days, gone, cover_id, agreed)


def _stands_in(
    part: Part,
    support: Support,
    stand_in: Mentor,
    days: list[date],
    gone: list[Meeting],
    cover_id: UUID,
    because: Cause,
) -> Life:
    """The sessions that were cancelled and are still to come take place with somebody else."""
    child = support.child
    assignment_id = part.made_of("cover assignment", cover_id)
    until = days[-1] + DAY
    standing = Support(
        assignment_id, child, stand_in, "cover", days[0], until, timetable_id=support.timetable_id
    )
    assigned = part.record(
        assignment_id,
        MentorAssigned(**who_in(standing), effective_from=days[0], effective_until=until, cover_id=cover_id),
        "policy:begin_cover",
        because,
    )
    yield part.now + timedelta(milliseconds=60)
    for meeting in gone:
        if meeting.starts_at > part.now and meeting.day not in child.away:
            again = Meeting(
                part.made_of("covered", meeting.session_id),
                standing,
                meeting.starts_at,
                meeting.ends_at,
                meeting.day,
                cover=True,
            )
            part.begin(meeting_life(part, again, assigned))
    yield moment(until, 30)
    ended = AssignmentEnded(**who_in(standing), reason="cover_ended", ended_on=until)
    part.record(assignment_id, ended, "due:cover_end", assigned, last=True)
    stand_in.covering.difference_update(days)


def child_absences(part: Part, child: Child) -> Life:
    """Every some weeks a child is not at school."""
    chance = part.chance
    while True:
        yield moment(part.today + DAY * chance.between(12, 70), 7 * 60 + 20) + chance.minutes(0, 60)
        if child.exited:
            return
        if part.today not in part.agency.school_days:
            continue
        days = [part.today + DAY * n for n in range(chance.pick((1, 1, 2, 3)))]
        child.away.update(days)
        fact = ChildAbsenceReported(
            child_id=child.child_id,
            school_id=child.school.school_id,
            absent_from=days[0],
            absent_until=days[-1] + DAY,
            reason=chance.pick(("illness", "illness", "appointment", "school_trip")),
            reported_at=part.now,
        )
        cause = part.record(child.child_id, fact, part.coordinator())
        yield part.now + timedelta(milliseconds=90)
        if child.support is None:
            continue
        for meeting in [one for one in child.support.coming.values() if one.day in days]:
            chargeable = meeting.starts_at - part.now < timedelta(hours=24)
            cancel(part, meeting, "family", "child_absent", chargeable, "policy:cancel_absent", cause)


def _hold_cover(
    part: Part, cover_id: UUID, child: Child, left: set[date], mentor: Mentor | None, taken: set[date]
) -> None:
    held: list[Held] = derived.cover_claims(
        child.child_id, left, mentor.mentor_id if mentor else None, taken, cover_id
    )
    part.history.hold("assignments", cover_id, *held)

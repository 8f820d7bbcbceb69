"""How somebody becomes a mentor: applies, is vetted, trained and cleared; and how evidence runs out and is renewed."""

from datetime import date, timedelta
from typing import get_args
from uuid import UUID

from deploy.seed import derived
from deploy.seed.agency import COURSES
from deploy.seed.hearing import mentor_hears
from deploy.seed.history import Cause, Fields, Life
from deploy.seed.part import Part
from deploy.seed.people import Mentor
from deploy.seed.school_year import DAY, moment
from deploy.seed.words import mailbox, person
from shared.contracts.assignments.mentor import (
    MentorApplied,
    MentorAvailabilitySet,
    MentorEngaged,
    MentorProfileUpdated,
)
from shared.contracts.eligibility import CLEARANCES, Evidence, shortfalls
from shared.contracts.training.certification import (
    CertificationExpired,
    CertificationExpiring,
    CertificationGranted,
    CertificationOverdue,
    CertificationWindowOpened,
)
from shared.contracts.training.clearance import ClearanceRecorded
from shared.contracts.training.enrolment import (
    TrainingAssigned,
    TrainingCompleted,
    TrainingFailed,
    TrainingStarted,
)
from shared.contracts.training.standing import MentorCleared, MentorStoodDown, MentorVetted
from shared.contracts.words.support import Area, CurriculumLevel, Need
from shared.contracts.words.training import ClearanceKind, DaysLeft, RequiredBy, Track

AREAS: tuple[Area, ...] = (
    "speech_and_language",
    "occupational",
    "behaviour_and_emotional",
    "academic",
    "social",
    "personal_care",
)
NEEDS: tuple[Need, ...] = (
    "speech_language_and_communication",
    "autism",
    "attention",
    "specific_learning_difficulty",
    "moderate_learning_difficulty",
    "social_emotional_and_mental_health",
    "physical",
    "personal_care",
)
LEVELS: tuple[CurriculumLevel, ...] = (
    "early_years",
    "key_stage_1",
    "key_stage_2",
    "key_stage_3",
    "key_stage_4",
)
LANGUAGES = ("pl", "ur", "pa", "ar", "so", "ro", "pt", "bn", "cy", "fr")
REQUIRED_WITHIN = {"induction": 28, "safeguarding": 28, "slt": 56, "ot": 56, "bed": 56}
WINDOW_DAYS, RENEW_BEFORE_DAYS = 90, 30
RUNGS: tuple[DaysLeft, ...] = (90, 60, 30, 7, 0)
KINDS: tuple[ClearanceKind, ...] = get_args(ClearanceKind)


def mentor_life(part: Part, mentor: Mentor, engaged_on: date, stays_unready: bool) -> Life:
    """From the application to the first day of being cleared."""
    chance, coordinator = part.chance, part.coordinator()
    applied = engaged_on - DAY * chance.between(8, 20)
    yield part.working_hours(applied)
    mentor_id = mentor.mentor_id = part.new_id()
    mentor.name = person(chance)
    mentor.email = mailbox(mentor.name, chance.between(100, 999))
    who: Fields = {"mentor_id": mentor_id, "name": mentor.name, "email": mentor.email}
    part.record(mentor_id, MentorApplied(**who, applied_on=applied), coordinator)
    yield part.working_hours(engaged_on)
    engaged = part.record(mentor_id, MentorEngaged(**who, engaged_on=engaged_on), coordinator)
    mentor.engaged = True
    part.mentors.append(mentor)
    part.by_id[mentor_id] = mentor
    mentor_hears(part, mentor, engaged)
    part.record(mentor_id, profile(part, mentor), f"mentor:{mentor.mentor_id}", engaged)
    availability = MentorAvailabilitySet(
        mentor_id=mentor_id,
        minutes_per_week=60 * chance.between(24, 36),
        weekdays=("monday", "tuesday", "wednesday", "thursday", "friday"),
        effective_from=engaged_on,
    )
    part.record(mentor_id, availability, f"mentor:{mentor.mentor_id}", engaged)
    part.begin(vetting(part, mentor, engaged_on, missing=stays_unready and chance.of(0.5)))
    for track in COURSES:
        unfinished = stays_unready and track in ("ot", "bed")
        part.begin(training(part, mentor, track, engaged, unfinished))


def profile(part: Part, mentor: Mentor) -> MentorProfileUpdated:
    chance = part.chance
    start = chance.between(0, 2)
    return MentorProfileUpdated(
        mentor_id=mentor.mentor_id,
        areas=tuple(chance.some(AREAS, chance.between(3, 5))),
        curriculum_levels=LEVELS[start : start + 3],
        experience=tuple(chance.some(NEEDS, chance.between(2, 4))),
        languages=("en", chance.pick(LANGUAGES)) if chance.of(0.3) else ("en",),
        town=part.area,
        postcode_district=f"XA{part.number + 1}",
        updated_on=part.today,
    )


def vetting(part: Part, mentor: Mentor, engaged_on: date, missing: bool) -> Life:
    """Document after document is seen; with one `missing` it is not finished yet."""
    chance = part.chance
    seen_by = part.agency.actor("compliance")
    day = engaged_on
    for kind in KINDS[: -1 if missing else None]:
        yield part.working_hours(day)
        _record_clearance(part, mentor, kind, seen_by)
        day += DAY * chance.between(0, 3)


def _record_clearance(part: Part, mentor: Mentor, kind: ClearanceKind, seen_by: str) -> None:
    chance, today = part.chance, part.today
    checked = kind in ("dbs_enhanced", "barred_list")
    issued = today - DAY * (chance.between(1, 40) if checked else chance.between(30, 900))
    recheck = today + DAY * 3 * 365 if checked else None
    mentor.evidence.append(Evidence(kind, issued, recheck))
    number = f"{kind[:2].upper()}-{chance.between(100_000, 999_999)}"
    fact = ClearanceRecorded(
        mentor_id=mentor.mentor_id,
        kind=kind,
        recorded_on=today,
        issued_on=issued,
        last_status_check_on=today if checked else None,
        recheck_due_on=recheck,
        reference=number,
        seen_by=seen_by,
        seen_as="online_check" if checked else "original",
    )
    judge(part, mentor, part.record(derived.compliance_of(mentor.mentor_id), fact, seen_by), seen_by)


def judge(part: Part, mentor: Mentor, because: Cause, actor: str) -> bool:
    """Whether the mentor may be with a child is decided at once; whether that changed."""
    today, stream = part.today, derived.compliance_of(mentor.mentor_id)
    reasons = shortfalls(mentor.evidence, today)
    if reasons and not mentor.deployable:
        lacking = {reason.item for reason in reasons}
        if not mentor.vetted and not lacking & {*CLEARANCES, "suspension"}:
            mentor.vetted = True
            vetted = MentorVetted(mentor_id=mentor.mentor_id, vetted_on=today)
            part.record(stream, vetted, actor, because)
        return False
    if bool(reasons) != mentor.deployable:
        return False
    mentor.deployable = not reasons
    if mentor.deployable:
        mentor.vetted = True
        part.record(stream, MentorCleared(mentor_id=mentor.mentor_id, cleared_on=today), actor, because)
    else:
        down = MentorStoodDown(mentor_id=mentor.mentor_id, stood_down_on=today, reasons=reasons)
        part.record(stream, down, actor, because)
    return True


def training(part: Part, mentor: Mentor, track: Track, because: Cause, unfinished: bool) -> Life:
    """A course of the programme, from its assignment to the certification, and its renewal for ever."""
    chance, today = part.chance, part.today
    yield part.now + chance.minutes(1, 3)
    due = today + DAY * REQUIRED_WITHIN[track]
    enrolment = assign(part, mentor, track, "programme", due, because)
    if unfinished:
        return
    yield part.working_hours(today + DAY * chance.between(2, 10))
    _start(part, mentor, track, enrolment)
    yield part.working_hours(part.today + DAY * chance.between(2, 16))
    if track != "induction" and chance.of(0.04):
        yield from _failed(part, mentor, track, enrolment)
        enrolment = assign(part, mentor, track, "office", part.today + DAY * 28, None)
        yield part.working_hours(part.today + DAY * chance.between(3, 9))
    # Some bring a completion from before: it counts from its own day, and runs out within this year.
    earlier = track in ("bed", "safeguarding") and chance.of(0.25)
    completed = part.today - DAY * (chance.between(60, 200) if earlier else 0)
    yield from certified(part, mentor, track, enrolment, completed, None)


def assign(
    part: Part, mentor: Mentor, track: Track, why: RequiredBy, due: date, because: Cause | None
) -> tuple[UUID, Cause]:
    enrolment = part.new_id()
    fact = TrainingAssigned(
        enrolment_id=enrolment,
        mentor_id=mentor.mentor_id,
        course_id=part.agency.course(track),
        track=track,
        required_by=why,
        assigned_on=part.today,
        due_on=due,
    )
    actor = part.agency.actor("trainer") if because is None else f"policy:assign_{why}"
    held = derived.enrolment_claims(mentor.mentor_id, part.agency.course(track), enrolment)
    part.history.hold("training", enrolment, *held)
    return enrolment, part.record(enrolment, fact, actor, because)


def _start(part: Part, mentor: Mentor, track: Track, enrolment: tuple[UUID, Cause]) -> None:
    fact = TrainingStarted(
        enrolment_id=enrolment[0],
        mentor_id=mentor.mentor_id,
        course_id=part.agency.course(track),
        track=track,
        started_on=part.today,
    )
    part.record(enrolment[0], fact, f"mentor:{mentor.mentor_id}", enrolment[1])


def _failed(part: Part, mentor: Mentor, track: Track, enrolment: tuple[UUID, Cause]) -> Life:
    fact = TrainingFailed(
        enrolment_id=enrolment[0],
        mentor_id=mentor.mentor_id,
        course_id=part.agency.course(track),
        track=track,
        failed_on=part.today,
    )
    part.history.hold("training", enrolment[0])
    part.record(enrolment[0], fact, part.agency.actor("trainer"), enrolment[1])
    yield part.now + timedelta(minutes=part.chance.between(5, 50))


def certified(
    part: Part,
    mentor: Mentor,
    track: Track,
    enrolment: tuple[UUID, Cause],
    completed: date,
    renews: CertificationGranted | None,
) -> Life:
    """The course is completed, which certifies; later the certification runs out or is renewed."""
    enrolment_id, because = enrolment
    fact = TrainingCompleted(
        enrolment_id=enrolment_id,
        mentor_id=mentor.mentor_id,
        course_id=part.agency.course(track),
        track=track,
        completed_on=completed,
        evidence=f"certificate {track.upper()}-{part.chance.between(10_000, 99_999)}",
    )
    part.history.hold("training", enrolment_id)
    done = part.record(enrolment_id, fact, part.agency.actor("trainer"), because)
    yield part.now + timedelta(milliseconds=40)
    months = COURSES[track][0]
    early = renews is not None and renews.valid_until is not None and completed <= renews.valid_until
    start = renews.valid_until + DAY if early and renews and renews.valid_until else completed
    until = None if months is None else derived.months_after(start, months) - DAY
    granted = CertificationGranted(
        certification_id=derived.certification_of(enrolment_id),
        mentor_id=mentor.mentor_id,
        track=track,
        kind="full",
        enrolment_id=enrolment_id,
        granted_on=part.today,
        valid_from=start,
        valid_until=until,
        renews=renews.certification_id if early and renews else None,
        window_opens_on=None if until is None else until - DAY * WINDOW_DAYS,
        renew_by=None if until is None else until - DAY * RENEW_BEFORE_DAYS,
        reason=None,
    )
    mentor.evidence.append(Evidence(track, start, until))
    stream = derived.compliance_of(mentor.mentor_id)
    cause = part.record(stream, granted, "policy:certify", done)
    if judge(part, mentor, cause, "policy:certify"):
        from deploy.seed.supporting import cleared_again

        part.begin(_free(part, mentor))
        part.begin(cleared_again(part, mentor, cause))
    if until is not None:
        part.begin(running_out(part, mentor, granted))


def _free(part: Part, mentor: Mentor) -> Life:
    """Somebody who may be with a child is looked at for the next one who waits."""
    from deploy.seed.absences import mentor_absences

    yield part.now + part.chance.minutes(10, 90)
    part.match()
    if not mentor.absences_told:
        mentor.absences_told = True
        part.begin(mentor_absences(part, mentor))


def running_out(part: Part, mentor: Mentor, held: CertificationGranted) -> Life:
    """The rungs of the ladder until it is renewed or over."""
    chance, until = part.chance, held.valid_until
    assert until is not None
    stream, granted_on = derived.compliance_of(mentor.mentor_id), held.granted_on
    # Most renew in the window; some when it hurts, after the last day.
    late = chance.of(0.12)
    renewal = until + DAY * chance.between(4, 12) if late else until - DAY * chance.between(8, 70)
    same: Fields = {
        "certification_id": held.certification_id,
        "mentor_id": mentor.mentor_id,
        "track": held.track,
    }
    rungs: list[tuple[date, str, DaysLeft]] = [(until - DAY * WINDOW_DAYS, "window", 0)]
    rungs += [(until - DAY * left, "expiring", left) for left in RUNGS]
    rungs += [(until - DAY * (RENEW_BEFORE_DAYS - 1), "overdue", 0), (until + DAY, "expired", 0)]
    assigned: tuple[UUID, Cause] | None = None
    for day, what, left in sorted(rungs, key=lambda rung: (rung[0], rung[1] == "expired")):
        if day <= granted_on and what != "expired":
            continue
        if renewal <= day:
            break
        yield moment(day, 60) + timedelta(seconds=chance.between(0, 50))
        if mentor.left:
            return
        match what:
            case "window":
                opened = CertificationWindowOpened(**same, valid_until=until, opened_on=day)
                cause = part.record(stream, opened, "due:certification_window")
                yield part.now + timedelta(seconds=1)
                assigned = assign(part, mentor, held.track, "renewal", until, cause)
            case "expiring":
                part.record(
                    stream,
                    CertificationExpiring(**same, days_left=left, valid_until=until),
                    "due:certification_expiring",
                )
            case "overdue":
                overdue = CertificationOverdue(
                    **same, renew_by=until - DAY * RENEW_BEFORE_DAYS, valid_until=until
                )
                part.record(stream, overdue, "due:certification_overdue")
            case _:
                expired = CertificationExpired(**same, expired_on=day)
                cause = part.record(stream, expired, "due:certification_expiry")
                if judge(part, mentor, cause, "due:certification_expiry"):
                    from deploy.seed.supporting import stood_down

                    part.begin(stood_down(part, mentor, cause))
    yield max(part.now, part.working_hours(renewal))
    if mentor.left:
        return
    if assigned is None:
        assigned = assign(part, mentor, held.track, "renewal", until + DAY * 14, None)
        yield part.now + timedelta(minutes=chance.between(30, 120))
    _start(part, mentor, held.track, assigned)
    yield part.now + timedelta(hours=2)
    yield from certified(part, mentor, held.track, assigned, part.today, held)

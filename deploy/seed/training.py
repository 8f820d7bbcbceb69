"""Courses taken, certifications granted, and what becomes of them when they run out."""

from datetime import date, timedelta
from typing import get_args
from uuid import UUID

from deploy.seed import derived
from deploy.seed.agency import COURSES
from deploy.seed.evidence import judge
from deploy.seed.history import Cause, Life
from deploy.seed.part import Part
from deploy.seed.people import Mentor
from deploy.seed.school_year import DAY
from shared.contracts.eligibility import Evidence
from shared.contracts.training.certification import (
    CertificationGranted,
)
from shared.contracts.training.enrolment import (
    TrainingAssigned,
    TrainingCompleted,
    TrainingFailed,
    TrainingStarted,
)
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


def training(part: Part, mentor: Mentor, track: Track, because: Cause, unfinished: bool) -> Life:
    """A course of the programme, from its assignment to the certification, and its renewal for ever."""
    chance, today = part.chance, part.today
    yield part.now + chance.minutes(1, 3)
    due = today + DAY * REQUIRED_WITHIN[track]
    enrolment = assign(part, mentor, track, "programme", due, because)
    if unfinished:
        return
    yield part.working_hours(today + DAY * chance.between(2, 10))
    start_course(part, mentor, track, enrolment)
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


def start_course(part: Part, mentor: Mentor, track: Track, enrolment: tuple[UUID, Cause]) -> None:
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
        from deploy.seed.ladder import running_out

        part.begin(running_out(part, mentor, granted))


def _free(part: Part, mentor: Mentor) -> Life:
    """Somebody who may be with a child is looked at for the next one who waits."""
    from deploy.seed.absences import mentor_absences

    yield part.now + part.chance.minutes(10, 90)
    part.match()
    if not mentor.absences_told:
        mentor.absences_told = True
        part.begin(mentor_absences(part, mentor))

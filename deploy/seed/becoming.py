"""How somebody becomes a mentor: applies, is engaged, vetted, trained and cleared."""

from datetime import date
from typing import get_args

from deploy.seed.agency import COURSES
from deploy.seed.evidence import record_clearance
from deploy.seed.hearing import mentor_hears
from deploy.seed.history import Fields, Life
from deploy.seed.part import Part
from deploy.seed.people import Mentor
from deploy.seed.school_year import DAY
from deploy.seed.training import training
from deploy.seed.words import mailbox, person
from shared.contracts.assignments.mentor import (
    MentorApplied,
    MentorAvailabilitySet,
    MentorEngaged,
    MentorProfileUpdated,
)
from shared.contracts.words.support import Area, CurriculumLevel, Need
from shared.contracts.words.training import ClearanceKind, DaysLeft

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
        record_clearance(part, mentor, kind, seen_by)
        day += DAY * chance.between(0, 3)

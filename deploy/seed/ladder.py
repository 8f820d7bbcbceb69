"""How a certification runs out: the rungs of the ladder, and the renewal before or after its last day."""

from datetime import date, timedelta
from typing import get_args
from uuid import UUID

from deploy.seed import derived
from deploy.seed.evidence import judge
from deploy.seed.history import Cause, Fields, Life
from deploy.seed.part import Part
from deploy.seed.people import Mentor
from deploy.seed.school_year import DAY, moment
from deploy.seed.training import assign, certified, start_course
from shared.contracts.training.certification import (
    CertificationExpired,
    CertificationExpiring,
    CertificationGranted,
    CertificationOverdue,
    CertificationWindowOpened,
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


def running_out(part: Part, mentor: Mentor, held: CertificationGranted) -> Life:
    """The rungs of the ladder until it is renewed or over."""
    chance, until = part.chance, held.valid_until
    assert until is not None
    stream, granted_on = derived.compliance_of(mentor.mentor_id), held.granted_on
    # Most renew in the window, and whoever stands in for others always does; some when it hurts.
    late = chance.of(0.12) and not mentor.floater
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
    start_course(part, mentor, held.track, assigned)
    yield part.now + timedelta(hours=2)
    yield from certified(part, mentor, held.track, assigned, part.today, held)

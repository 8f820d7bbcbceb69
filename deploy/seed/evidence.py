"""What a mentor can show, and whether that is enough: judged whenever it changes."""

from typing import get_args

from deploy.seed import derived
from deploy.seed.history import Cause
from deploy.seed.part import Part
from deploy.seed.people import Mentor
from deploy.seed.school_year import DAY
from shared.contracts.eligibility import CLEARANCES, Evidence, shortfalls
from shared.contracts.training.clearance import ClearanceRecorded
from shared.contracts.training.standing import MentorCleared, MentorStoodDown, MentorVetted
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


def record_clearance(part: Part, mentor: Mentor, kind: ClearanceKind, seen_by: str) -> None:
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

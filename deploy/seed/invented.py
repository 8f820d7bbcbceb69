"""Children whom nobody has heard of."""

from datetime import date

from deploy.seed.becoming import AREAS, NEEDS
from deploy.seed.part import Part
from deploy.seed.people import Child, School
from deploy.seed.words import person
from shared.contracts.words.requests import Urgency, WaitlistReason
from shared.contracts.words.support import (
    Area,
    CurriculumLevel,
    DeclineReason,
    OfferCancelReason,
    Requester,
)

REQUESTERS: tuple[Requester, ...] = ("parent", "school", "local_authority")
URGENCIES: tuple[Urgency, ...] = ("routine", "routine", "soon", "urgent")
WAITS: tuple[WaitlistReason, ...] = ("no_mentor_free", "awaiting_funding")
DECLINES: tuple[DeclineReason, ...] = ("no_capacity", "needs_not_met_by_mentoring")
CANCELS: tuple[OfferCancelReason, ...] = ("mentor_declined", "parent_declined", "school_declined")
GOALS: dict[Area, str] = {
    "speech_and_language": "Asks for help in a whole sentence.",
    "occupational": "Dresses for PE without help.",
    "behaviour_and_emotional": "Uses the break card before leaving the room.",
    "academic": "Works ten minutes at English or Maths alone.",
    "social": "Joins a game at break twice a week.",
    "personal_care": "Goes to the toilet with one reminder.",
}


def made_up(part: Part, school: School) -> Child:
    """A child of that school whom nobody has heard of."""
    chance = part.chance
    age = chance.between(11, 15) if school.secondary else chance.between(5, 10)
    level: CurriculumLevel = (
        "key_stage_1"
        if age < 7
        else "key_stage_2"
        if age < 11
        else "key_stage_3"
        if age < 14
        else "key_stage_4"
    )
    a_day = part.agency.scale.sessions_a_day
    return Child(
        child_id=part.new_id(),
        name=person(chance),
        birth_date=date(part.today.year - age, chance.between(1, 12), chance.between(1, 28)),
        school=school,
        request_id=part.new_id(),
        areas=tuple(chance.some(AREAS, chance.between(2, 4))),
        needs=tuple(chance.some(NEEDS, chance.between(1, 3))),
        level=level,
        sessions_a_day=a_day // 10 + chance.of(a_day % 10 / 10),
    )

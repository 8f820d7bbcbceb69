"""The role boundary: a Learning Mentor supports one child and never facilitates the whole class."""

from datetime import datetime

from services.sessions.domain.stages import Known
from shared.contracts.sessions.session_log import RoleBoundaryBreached
from shared.contracts.words.sessions import WHOLE_CLASS, Activity
from shared.kernel.decider import Refused


def check_role(known: Known, activities: tuple[Activity, ...], at: datetime) -> None:
    """Refused, with the attempt as a fact, when a mentor was used for the whole class.

    The same attempt, at the same moment, is not recorded twice.
    """
    if WHOLE_CLASS.isdisjoint(activities):
        return
    plan = known.plan
    breach = RoleBoundaryBreached(
        session_id=plan.session_id,
        mentor_id=plan.mentor_id,
        child_id=plan.child_id,
        school_id=plan.school_id,
        activities=activities,
        attempted_at=at,
    )
    message = (
        "A Learning Mentor supports one child and must not be used to facilitate the whole class. "
        "Log only what was done with the child; mark help to another pupil in passing as incidental. "
        "The coordinator and the school are told of this attempt."
    )
    raise Refused("role_boundary_breached", message, facts=() if at in known.breaches else (breach,))

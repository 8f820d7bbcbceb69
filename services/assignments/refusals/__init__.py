"""What each refusal means and how to mend it, for whoever opens a problem's `type`."""

from services.assignments.refusals.cover import COVER
from services.assignments.refusals.matching import MATCHING
from services.assignments.refusals.mentors_and_assignments import MENTORS_AND_ASSIGNMENTS
from services.assignments.refusals.requests_and_children import REQUESTS_AND_CHILDREN
from services.assignments.refusals.rosters import ROSTERS

REFUSALS: dict[str, str] = {
    **REQUESTS_AND_CHILDREN,
    **MENTORS_AND_ASSIGNMENTS,
    **COVER,
    **MATCHING,
    **ROSTERS,
}

"""Facts in, rows out; one file for each thing that becomes visible."""

from services.assignments.projections.children import CHILDREN
from services.assignments.projections.coverage import COVERAGE
from services.assignments.projections.eligibility import ELIGIBILITY
from services.assignments.projections.mentors import MENTORS
from services.assignments.projections.requests import REQUESTS
from services.assignments.projections.schools import SCHOOLS

PROJECTIONS = (
    SCHOOLS,
    REQUESTS,
    CHILDREN,
    MENTORS,
    ELIGIBILITY,
    COVERAGE,
)

"""Facts in, rows out; one file for each thing that becomes visible."""

from services.assignments.projections.calendars import CALENDARS
from services.assignments.projections.children import CHILDREN
from services.assignments.projections.compliance import COMPLIANCE
from services.assignments.projections.concerns import CONCERNS
from services.assignments.projections.cover import COVER
from services.assignments.projections.coverage import COVERAGE
from services.assignments.projections.eligibility import ELIGIBILITY
from services.assignments.projections.matching import MATCHING
from services.assignments.projections.mentors import MENTORS
from services.assignments.projections.requests import REQUESTS
from services.assignments.projections.schools import SCHOOLS
from services.assignments.projections.transfers import TRANSFERS

PROJECTIONS = (
    SCHOOLS,
    CALENDARS,
    REQUESTS,
    CHILDREN,
    CONCERNS,
    TRANSFERS,
    MENTORS,
    ELIGIBILITY,
    COMPLIANCE,
    COVERAGE,
    COVER,
    MATCHING,
)

"""The read model's tables, each written by one projection."""

from services.assignments.read_model.tables.calendars import calendars
from services.assignments.read_model.tables.children import (
    child_absences,
    child_profiles,
    children,
    provisions,
    reviews,
)
from services.assignments.read_model.tables.concerns import concerns
from services.assignments.read_model.tables.cover import cover_answers, cover_days, covers
from services.assignments.read_model.tables.coverage import assignments, days_aside, pauses
from services.assignments.read_model.tables.matching import match_plans, matches
from services.assignments.read_model.tables.mentors import (
    absences,
    availabilities,
    compliance,
    evidence,
    leaves,
    mentor_profiles,
    mentors,
    standings,
)
from services.assignments.read_model.tables.metadata import metadata
from services.assignments.read_model.tables.requests import requests
from services.assignments.read_model.tables.schools import schools
from services.assignments.read_model.tables.transfers import transfers

__all__ = [
    "absences",
    "assignments",
    "availabilities",
    "calendars",
    "child_absences",
    "child_profiles",
    "children",
    "compliance",
    "concerns",
    "cover_answers",
    "cover_days",
    "covers",
    "days_aside",
    "evidence",
    "leaves",
    "match_plans",
    "matches",
    "mentor_profiles",
    "mentors",
    "metadata",
    "pauses",
    "profiles",
    "provisions",
    "requests",
    "reviews",
    "schools",
    "standings",
    "transfers",
]

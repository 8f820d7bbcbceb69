"""The read model's tables, each written by one projection."""

from services.assignments.read_model.tables.children import children, provisions
from services.assignments.read_model.tables.coverage import assignments
from services.assignments.read_model.tables.mentors import evidence, mentors, standings
from services.assignments.read_model.tables.metadata import metadata
from services.assignments.read_model.tables.requests import requests
from services.assignments.read_model.tables.schools import schools

__all__ = [
    "assignments",
    "children",
    "evidence",
    "mentors",
    "metadata",
    "provisions",
    "requests",
    "schools",
    "standings",
]

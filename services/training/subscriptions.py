"""Which facts training listens to, and who in it listens."""

from typing import get_args

from services.training.policies import certify
from services.training.projections import (
    CourseTold,
    Ends,
    EnrolmentTold,
    Shown,
    Stands,
    courses,
    enrolments,
    evidence,
    falling_due,
    mentors,
)
from services.training.read_model.courses import validity_of
from shared.contracts.training.enrolment import TrainingCompleted
from shared.kernel.projection import Policy, Projection

PROJECTIONS = (
    Projection("courses", get_args(CourseTold), ("courses",), courses),
    Projection("enrolments", get_args(EnrolmentTold), ("enrolments",), enrolments),
    Projection("evidence", get_args(Shown), ("evidence",), evidence),
    Projection("mentors", get_args(Stands), ("mentors",), mentors),
    Projection("falling_due", get_args(Ends), ("due",), falling_due),
)

POLICIES = (Policy("certify", (TrainingCompleted,), certify, validity_of),)

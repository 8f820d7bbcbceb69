"""The closed lists of becoming and staying fit to be with a child."""

from typing import Literal, TypeAlias

# Becoming and staying fit to be with a child.
Track: TypeAlias = Literal["induction", "slt", "ot", "bed", "safeguarding"]
ClearanceKind: TypeAlias = Literal[
    "identity",
    "dbs_enhanced",
    "barred_list",
    "right_to_work",
    "reference_1",
    "reference_2",
    "english_and_maths",
    "childcare_experience",
]

# In which form a document was looked at.
SeenAs: TypeAlias = Literal["original", "certified_copy", "online_check"]

# Whom a programme of training is for.
ProgrammeRole: TypeAlias = Literal["learning_mentor", "supervisor"]

# Why a course was assigned, and what a waiver of it counts for.
RequiredBy: TypeAlias = Literal["office", "programme", "renewal"]
WaiverReason: TypeAlias = Literal["equivalent_qualification", "trained_elsewhere", "not_needed_for_role"]
CountsFor: TypeAlias = Literal["enrolment", "certification"]
WithdrawalReason: TypeAlias = Literal[
    "assigned_in_error", "course_retired", "mentor_left", "replaced", "other"
]

# How a certification came about: by completing a course, for a while only, or by waiving the course.
CertificationKind: TypeAlias = Literal["full", "temporary", "waived"]

# The rungs of the expiry ladder: days left.
DaysLeft: TypeAlias = Literal[90, 60, 30, 7, 0]

# Why a mentor is suspended. Neutral on purpose: the details of a concern are restricted, and are not here.
SuspensionReason: TypeAlias = Literal[
    "under_investigation", "conduct", "evidence_in_doubt", "at_own_request", "other"
]

"""The closed lists of mentors, of their assignments, and of cover."""

from typing import Literal, TypeAlias

Weekday: TypeAlias = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
LeaveKind: TypeAlias = Literal["parental", "sickness", "study", "career_break", "unpaid", "other"]
AbsenceReason: TypeAlias = Literal["illness", "emergency", "appointment", "training", "bereavement", "other"]
PauseReason: TypeAlias = Literal[
    "child_unwell",
    "child_in_hospital",
    "school_closed",
    "mentor_on_leave",
    "provision_on_hold",
    "family_request",
    "other",
]
OverrideReason: TypeAlias = Literal[
    "mentor_unavailable",
    "mentor_left_without_handover",
    "urgent_for_the_child",
    "knowledge_is_on_record",
    "other",
]
CoverForm: TypeAlias = Literal["individual", "broadcast", "assigned"]
CoverReason: TypeAlias = Literal[
    "mentor_absent",
    "mentor_stood_down",
    "mentor_suspended",
    "mentor_on_leave",
    "mentor_left",
    "session_missed",
    "other",
]
CoverCancelReason: TypeAlias = Literal[
    "mentor_is_back",
    "primary_begins",
    "no_longer_needed",
    "child_absent",
    "assignment_ended",
    "made_in_error",
    "other",
]
GivenBackReason: TypeAlias = Literal[
    "mentor_declined",
    "mentor_absent",
    "mentor_stood_down",
    "mentor_suspended",
    "mentor_on_leave",
    "mentor_left",
]

"""The closed lists of sessions."""

from typing import Literal, TypeAlias

# Sessions.
Ratio: TypeAlias = Literal["one_to_one", "group_with_child"]
Activity: TypeAlias = Literal[
    "prepare_for_activity",
    "prepare_for_external_class",
    "comfort",
    "hygiene",
    "plan_lessons",
    "social_support",
    "playground_supervision",
    "speech_and_language",
    "occupational_therapy",
    "behaviour_and_emotions",
    "english",
    "maths",
    # Facilitating the whole class is a teaching assistant's work: a log with it is refused.
    "whole_class",
]
WHOLE_CLASS: frozenset[Activity] = frozenset(("whole_class",))
CancelledBy: TypeAlias = Literal["agency", "mentor", "school", "family"]
CancelReason: TypeAlias = Literal[
    "mentor_stood_down",
    "mentor_suspended",
    "mentor_on_leave",
    "mentor_absent",
    "child_absent",
    "school_closed",
    "assignment_paused",
    "assignment_ended",
    "covered",
    "cover_ended",
    "timetable_changed",
    "rescheduled",
    "other",
]
RescheduleReason: TypeAlias = Literal[
    "school_asked", "family_asked", "mentor_asked", "timetable_changed", "school_closed", "other"
]
# What did not come in time.
OverdueMinutes: TypeAlias = Literal[10, 15, 30, 60]
MissedWhy: TypeAlias = Literal["nobody_started"]
LogHours: TypeAlias = Literal[24, 48, 72]
# How near a child came to an outcome: 1 not yet, 5 reached.
Rating: TypeAlias = Literal[1, 2, 3, 4, 5]
# Putting right what is on record.
AmendReason: TypeAlias = Literal[
    "wrong_minutes", "wrong_activities", "wrong_ratio", "log_missing", "disputed", "other"
]
VoidReason: TypeAlias = Literal["recorded_in_error", "did_not_take_place", "duplicate", "other"]

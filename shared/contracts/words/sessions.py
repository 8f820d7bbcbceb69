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
    "assignment_ended",
    "mentor_absent",
    "child_absent",
    "school_closed",
    "rescheduled",
    "other",
]

"""The closed lists of asking for support and giving it, and of schools."""

from typing import Literal, TypeAlias

# Asking for support, and supporting.
Requester: TypeAlias = Literal["parent", "school", "local_authority"]
Area: TypeAlias = Literal[
    "speech_and_language",
    "occupational",
    "behaviour_and_emotional",
    "academic",
    "social",
    "personal_care",
]
# What a child needs support for, and what a mentor has experience of.
Need: TypeAlias = Literal[
    "speech_language_and_communication",
    "autism",
    "attention",
    "specific_learning_difficulty",
    "moderate_learning_difficulty",
    "severe_learning_difficulty",
    "social_emotional_and_mental_health",
    "hearing",
    "vision",
    "physical",
    "medical",
    "personal_care",
]
# How far English and Maths go: the key stages of the English curriculum.
CurriculumLevel: TypeAlias = Literal[
    "early_years", "key_stage_1", "key_stage_2", "key_stage_3", "key_stage_4"
]
Role: TypeAlias = Literal["primary", "cover"]
DeclineReason: TypeAlias = Literal["no_capacity", "outside_region", "needs_not_met_by_mentoring", "duplicate"]
WithdrawalReason: TypeAlias = Literal["support_found_elsewhere", "no_longer_needed", "child_moved"]
OfferCancelReason: TypeAlias = Literal[
    "mentor_declined",
    "school_declined",
    "parent_declined",
    "mentor_not_deployable",
    "mentor_left",
    "request_closed",
    "replaced",
    "made_in_error",
]
EndReason: TypeAlias = Literal[
    "outcomes_reached",
    "provision_ended",
    "mentor_left",
    "mentor_stood_down",
    "mentor_suspended",
    "mentor_absent",
    "mentor_on_leave",
    "child_left",
    "transferred",
    "replaced",
    "cover_ended",
    "cover_not_needed",
    "made_in_error",
]
# Schools, in the words of the English register (GIAS).
SchoolPhase: TypeAlias = Literal[
    "not_applicable",
    "nursery",
    "primary",
    "middle_deemed_primary",
    "secondary",
    "middle_deemed_secondary",
    "sixteen_plus",
    "all_through",
]
SchoolStatus: TypeAlias = Literal["open", "closed", "open_proposed_to_close", "proposed_to_open"]
SetAsideReason: TypeAlias = Literal[
    "other_mentor_chosen",
    "requester_prefers_another",
    "mentor_prefers_another",
    "circumstances_changed",
]

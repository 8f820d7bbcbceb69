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
Role: TypeAlias = Literal["primary", "cover"]
DeclineReason: TypeAlias = Literal["no_capacity", "outside_region", "needs_not_met_by_mentoring", "duplicate"]
WithdrawalReason: TypeAlias = Literal["support_found_elsewhere", "no_longer_needed", "child_moved"]
OfferCancelReason: TypeAlias = Literal[
    "mentor_declined",
    "school_declined",
    "parent_declined",
    "mentor_not_deployable",
    "mentor_left",
    "replaced",
    "made_in_error",
]
EndReason: TypeAlias = Literal[
    "outcomes_reached",
    "provision_ended",
    "mentor_left",
    "mentor_stood_down",
    "child_left",
    "replaced",
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

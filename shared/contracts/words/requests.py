"""The closed lists of triage, of a child's way through the agency, of concerns and of region transfers."""

from typing import Literal, TypeAlias

# Requests.
Urgency: TypeAlias = Literal["routine", "soon", "urgent"]
RequestStage: TypeAlias = Literal[
    "received",
    "triaged",
    "awaiting_information",
    "waitlisted",
    "matching",
    "offered",
    "accepted",
    "fulfilled",
    "declined",
    "withdrawn",
]
WaitlistReason: TypeAlias = Literal["no_mentor_free", "awaiting_funding", "start_deferred", "other"]
# Children.
ChildPauseReason: TypeAlias = Literal[
    "illness",
    "family_request",
    "school_request",
    "not_attending",
    "between_schools",
    "awaiting_funding",
    "other",
]
ChildExitReason: TypeAlias = Literal[
    "not_taken_on",
    "outcomes_reached",
    "support_no_longer_needed",
    "funding_ended",
    "family_withdrew",
    "school_withdrew",
    "moved_away",
    "transferred",
    "reached_age_limit",
    "made_in_error",
]
ChildAbsenceReason: TypeAlias = Literal[
    "illness", "appointment", "holiday", "excluded", "school_trip", "other"
]
ReviewDecision: TypeAlias = Literal["continue", "change", "end"]
# Safeguarding.
ConcernKind: TypeAlias = Literal[
    "physical", "emotional", "sexual", "neglect", "online", "peer_on_peer", "other"
]
ConcernOutcome: TypeAlias = Literal["referred", "early_help", "monitored", "no_further_action"]
# Region transfers.
ConsentGiver: TypeAlias = Literal["parent", "local_authority"]
TransferReason: TypeAlias = Literal["family_moved", "school_changed", "regions_redrawn", "other"]
TransferRejection: TypeAlias = Literal["no_capacity", "outside_region", "incomplete", "other"]
TransferCancellation: TypeAlias = Literal["move_called_off", "consent_refused", "made_in_error"]

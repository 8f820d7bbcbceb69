"""The closed lists and the ids that facts are written in; nothing here belongs to one service alone."""

from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import Field

from shared.contracts.fact import Concerns

# Ids, each with whom or what it concerns.
ChildId = Annotated[UUID, Concerns("child"), Field(description="the child")]
MentorId = Annotated[UUID, Concerns("mentor"), Field(description="the learning mentor")]
SchoolId = Annotated[UUID, Concerns("school"), Field(description="the school; made from its URN")]
RequestId = Annotated[UUID, Concerns("request"), Field(description="the support request")]
AssignmentId = Annotated[
    UUID, Concerns("assignment"), Field(description="the link between one mentor and one child")
]
SessionId = Annotated[UUID, Concerns("session"), Field(description="the session")]
RecipientId = Annotated[UUID, Concerns("recipient"), Field(description="who is notified")]
NotificationId = Annotated[UUID, Concerns("notification"), Field(description="the notification")]

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

# Telling people.
RecipientRole: TypeAlias = Literal[
    "coordinator", "mentor", "trainer", "compliance", "manager", "dsl", "school", "parent"
]
NotificationType: TypeAlias = Literal[
    "request_received",
    "match_offered",
    "assignment_started",
    "assignment_ended",
    "role_boundary_breached",
    "session_cancelled",
    "deployability_lost",
    "certification_expired",
]
Channel: TypeAlias = Literal["in_app", "email"]

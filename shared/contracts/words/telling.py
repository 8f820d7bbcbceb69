"""The closed lists of telling people."""

from typing import Literal, TypeAlias

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

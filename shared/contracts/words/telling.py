"""The closed lists of telling people."""

from typing import Literal, TypeAlias

# Telling people.
RecipientRole: TypeAlias = Literal[
    "coordinator", "mentor", "trainer", "compliance", "manager", "dsl", "school", "parent", "operator"
]
Category: TypeAlias = Literal["support", "sessions", "cover", "training", "safety", "system"]
NotificationType: TypeAlias = Literal[
    # support
    "request_received",
    "request_information_needed",
    "request_waitlisted",
    "request_declined",
    "match_offered",
    "assignment_started",
    "assignment_paused",
    "assignment_ended",
    "handover_due",
    "plan_review_due",
    "transfer_requested",
    "transfer_accepted",
    "transfer_rejected",
    # sessions
    "session_reminder",
    "session_changed",
    "session_cancelled",
    "late_check_in",
    "session_missed",
    "log_due",
    "log_late",
    "log_returned",
    # absence and cover
    "mentor_absent",
    "child_absent",
    "cover_requested",
    "cover_accepted",
    "cover_unavailable",
    # training and vetting
    "training_assigned",
    "training_window_open",
    "training_due",
    "training_overdue",
    "certified",
    "certification_expiring",
    "certification_overdue",
    "certification_expired",
    "certification_revoked",
    "clearance_expiring",
    "clearance_lapsed",
    "clearance_withdrawn",
    # safety
    "deployability_lost",
    "deployability_regained",
    "mentor_suspended",
    "role_boundary_breached",
    "incidental_help_pattern",
    "safeguarding_concern",
    # the system itself
    "digest",
    "webhook_failing",
    "webhook_dead_lettered",
]
Channel: TypeAlias = Literal["in_app", "email", "sms"]
Language: TypeAlias = Literal["en", "cy"]
DigestEvery: TypeAlias = Literal["none", "daily", "weekly"]
HeldFor: TypeAlias = Literal["quiet_hours", "digest"]
SuppressedBecause: TypeAlias = Literal[
    "preference", "duplicate", "recipient_removed", "mentor_left", "superseded", "too_late"
]

"""Who hears of what, by which ways, how urgently: one readable table, from which docs/notifications.md is made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from shared.contracts.words.telling import Category, Channel, NotificationType, RecipientRole

Audience: TypeAlias = Mapping[str, frozenset[RecipientRole]]
"""Roles by the step of a ladder (`15` minutes late, `30` days left); the step of what has no ladder is ``."""

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Somebody in the role `by` has to say that they have seen it `within` that time; else `then` hears."""

    by: RecipientRole
    within: timedelta
    then: RecipientRole


@dataclass(frozen=True, slots=True)
class Entry:
    """What is agreed about one type of notification.

    `channels` are the usual ways (text messages only to those who gave a number). The same said to the same
    recipient twice within `again_after` is a duplicate. A new one takes the place of what is not sent yet of
    the types in `supersedes`, when it is of the same matter.
    """

    type: NotificationType
    category: Category
    when: str
    audience: Audience
    urgent: bool = False
    channels: tuple[Channel, ...] = ("in_app", "email")
    acknowledgement: Acknowledgement | None = None
    again_after: timedelta = timedelta(0)
    supersedes: frozenset[NotificationType] = frozenset()

    @property
    def obligatory(self) -> bool:
        """Whether preferences cannot switch it off: urgent, or to be acknowledged."""
        return self.urgent or self.acknowledgement is not None


def _entry(
    type: NotificationType,
    category: Category,
    when: str,
    *to: RecipientRole,
    ladder: Mapping[str, tuple[RecipientRole, ...]] | None = None,
    urgent: bool = False,
    channels: tuple[Channel, ...] | None = None,
    acknowledge: Acknowledgement | None = None,
    again_after: timedelta = timedelta(0),
    supersedes: tuple[NotificationType, ...] = (),
) -> Entry:
    audience = {step: frozenset(roles) for step, roles in (ladder or {"": to}).items()}
    usual: tuple[Channel, ...] = ("in_app", "email", "sms") if urgent else ("in_app", "email")
    return Entry(
        type, category, when, audience, urgent, channels or usual, acknowledge, again_after,
        frozenset(supersedes),
    )  # fmt: skip


_SUPPORT = (
    _entry("request_received", "support", "support is asked for", "coordinator", "school", "parent"),
    _entry("request_information_needed", "support", "more must be known about a request", "school", "parent"),
    _entry("request_waitlisted", "support", "a request has to wait", "coordinator", "school", "parent"),
    _entry("request_declined", "support", "a request is declined", "coordinator", "school", "parent"),
    _entry("match_offered", "support", "a mentor is proposed", "coordinator", "mentor", "school", "parent"),
    _entry(
        "assignment_started", "support", "a mentor is assigned", "coordinator", "mentor", "school", "parent"
    ),
    _entry(
        "assignment_paused", "support", "support is paused", "coordinator", "mentor", "school", "parent"
    ),
    _entry(
        "assignment_ended", "support", "an assignment ends", "coordinator", "mentor", "school", "parent"
    ),
    _entry(
        "handover_due", "support", "a mentor is to hand over", "coordinator", "mentor", "school", "parent"
    ),
    _entry("plan_review_due", "support", "a child's plan is to be reviewed", "coordinator", "school", "parent"),
    _entry(
        "transfer_requested", "support", "a child is to move to another region", "coordinator", "manager",
        acknowledge=Acknowledgement("manager", 3 * DAY, "coordinator"),
    ),
    _entry(
        "transfer_accepted", "support", "the other region takes the child",
        "coordinator", "manager", "school", "parent",
    ),
    _entry("transfer_rejected", "support", "the other region does not take the child", "coordinator", "manager"),
)  # fmt: skip

_SESSIONS = (
    _entry("session_reminder", "sessions", "a session is near", "mentor", channels=("in_app",)),
    _entry(
        "session_changed", "sessions", "a session is moved", "coordinator", "mentor", "school", "parent",
        supersedes=("session_changed", "session_reminder"),
    ),
    _entry(
        "session_cancelled", "sessions", "a session will not take place",
        "coordinator", "mentor", "school", "parent",
        supersedes=("session_changed", "session_reminder"),
    ),
    _entry(
        "late_check_in", "sessions", "a session's time has come and nobody has started it",
        ladder={
            "10": ("mentor",), "15": ("coordinator", "school"), "30": ("parent", "coordinator"),
            "60": ("manager",),
        },
        urgent=True, supersedes=("late_check_in",),
    ),
    _entry(
        "session_missed", "sessions", "a session's end has come and nobody had started it",
        "coordinator", "mentor", "school", "parent",
        urgent=True, acknowledge=Acknowledgement("coordinator", 2 * HOUR, "manager"),
        supersedes=("late_check_in",),
    ),
    _entry("log_due", "sessions", "half of the 24 hours for a log are over", "mentor", channels=("in_app", "email")),
    _entry(
        "log_late", "sessions", "a log was not handed in in time",
        ladder={"24": ("mentor",), "48": ("mentor", "coordinator"), "72": ("mentor", "coordinator", "manager")},
        supersedes=("log_due", "log_late"),
    ),
    _entry("log_returned", "sessions", "a log comes back to be put right", "mentor", supersedes=("log_late",)),
)  # fmt: skip

_COVER = (
    _entry("mentor_absent", "cover", "a mentor will be absent", "coordinator", "school", "parent"),
    _entry("child_absent", "cover", "a child will be absent", "coordinator", "mentor", "school"),
    _entry(
        "cover_requested", "cover", "a substitute is looked for", "coordinator", "mentor",
        channels=("in_app", "email", "sms"),
    ),
    _entry(
        "cover_accepted", "cover", "a substitute will come", "coordinator", "mentor", "school", "parent",
        supersedes=("cover_requested",),
    ),
    _entry(
        "cover_unavailable", "cover", "no substitute was found", "coordinator", "school", "parent",
        urgent=True, acknowledge=Acknowledgement("coordinator", 2 * HOUR, "manager"),
        supersedes=("cover_requested",),
    ),
)  # fmt: skip

_STANDING: tuple[NotificationType, ...] = (
    "certification_expiring",
    "certification_overdue",
    "training_window_open",
)
_EXPIRY: Mapping[str, tuple[RecipientRole, ...]] = {
    "90": ("mentor",),
    "60": ("mentor",),
    "30": ("mentor", "coordinator", "trainer"),
    "7": ("mentor", "coordinator", "trainer", "manager"),
    "0": ("mentor", "coordinator", "trainer", "manager"),
}
_RECHECK: Mapping[str, tuple[RecipientRole, ...]] = {
    "90": ("mentor",),
    "60": ("mentor",),
    "30": ("mentor", "coordinator", "compliance"),
    "7": ("mentor", "coordinator", "compliance", "manager"),
    "0": ("mentor", "coordinator", "compliance", "manager"),
}

_TRAINING = (
    _entry("training_assigned", "training", "a mentor is to take a course", "mentor", "trainer"),
    _entry("training_window_open", "training", "a certification may be renewed", "mentor"),
    _entry("training_due", "training", "a course is to be completed within a week", "mentor", "trainer"),
    _entry(
        "training_overdue", "training", "a course was not completed in time",
        "mentor", "trainer", "coordinator", supersedes=("training_due", "training_assigned"),
    ),
    _entry("certified", "training", "a mentor is certified", "mentor", "trainer", supersedes=_STANDING),
    _entry(
        "certification_expiring", "training", "a certification will run out",
        ladder=_EXPIRY, supersedes=_STANDING,
    ),
    _entry(
        "certification_overdue", "training", "a renewal is not done by the day the policy wants it",
        "mentor", "coordinator", "trainer", supersedes=_STANDING,
    ),
    _entry(
        "certification_expired", "training", "a certification ran out",
        "mentor", "trainer", "compliance", "manager",
        urgent=True, acknowledge=Acknowledgement("trainer", DAY, "manager"), supersedes=_STANDING,
    ),
    _entry(
        "certification_revoked", "training", "a certification was taken back",
        "coordinator", "mentor", "trainer", "compliance", "manager",
        urgent=True, acknowledge=Acknowledgement("compliance", DAY, "manager"), supersedes=_STANDING,
    ),
    _entry(
        "clearance_expiring", "training", "vetting evidence is to be checked again",
        ladder=_RECHECK, supersedes=("clearance_expiring",),
    ),
    _entry(
        "clearance_lapsed", "training", "vetting evidence counts no more",
        "coordinator", "mentor", "compliance", "manager",
        urgent=True, acknowledge=Acknowledgement("compliance", DAY, "manager"),
        supersedes=("clearance_expiring",),
    ),
    _entry(
        "clearance_withdrawn", "training", "vetting evidence was taken back",
        "coordinator", "compliance", "manager",
        urgent=True, acknowledge=Acknowledgement("compliance", DAY, "manager"),
        supersedes=("clearance_expiring",),
    ),
)  # fmt: skip

_SAFETY = (
    _entry(
        "deployability_lost", "safety", "a mentor may not be with a child any more",
        "coordinator", "mentor", "compliance", "manager",
        urgent=True, acknowledge=Acknowledgement("coordinator", HOUR, "manager"),
        supersedes=("deployability_regained",),
    ),
    _entry(
        "deployability_regained", "safety", "a mentor may be with a child", "coordinator", "mentor",
        supersedes=("deployability_lost",),
    ),
    _entry(
        "mentor_suspended", "safety", "a mentor is suspended", "coordinator", "mentor", "compliance", "manager",
        urgent=True, acknowledge=Acknowledgement("coordinator", HOUR, "manager"),
    ),
    _entry(
        "role_boundary_breached", "safety", "a mentor was used for the whole class", "coordinator", "school",
        urgent=True, acknowledge=Acknowledgement("coordinator", 4 * HOUR, "manager"), again_after=DAY,
    ),
    _entry(
        "incidental_help_pattern", "safety", "help to other pupils in passing has become a habit",
        "coordinator", "manager", acknowledge=Acknowledgement("coordinator", 5 * DAY, "manager"),
    ),
    _entry(
        "safeguarding_concern", "safety", "a concern about a child was raised", "dsl",
        urgent=True, acknowledge=Acknowledgement("dsl", HOUR, "dsl"),
    ),
)  # fmt: skip

_SYSTEM = (
    _entry("digest", "system", "the hour of a digest has come", channels=("email",)),
    _entry(
        "webhook_dead_lettered",
        "system",
        "a subscriber's address took nothing for days",
        "operator",
        "manager",
    ),
)

CATALOGUE: Mapping[NotificationType, Entry] = {
    entry.type: entry for entry in (*_SUPPORT, *_SESSIONS, *_COVER, *_TRAINING, *_SAFETY, *_SYSTEM)
}

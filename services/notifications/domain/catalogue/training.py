"""The table: training and vetting."""

from collections.abc import Mapping

from services.notifications.domain.catalogue.entry import DAY, Acknowledgement, entry
from shared.contracts.words.telling import NotificationType, RecipientRole

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

TRAINING = (
    entry("training_assigned", "training", "a mentor is to take a course", "mentor"),
    entry("training_window_open", "training", "a certification may be renewed", "mentor"),
    entry("training_due", "training", "a course is to be completed within a week", "mentor", "trainer"),
    entry(
        "training_overdue", "training", "a course was not completed in time",
        "mentor", "trainer", "coordinator", supersedes=("training_due", "training_assigned"),
    ),
    entry(
        "certified", "training", "a mentor is certified", "mentor", supersedes=(*_STANDING, "certification_expired"),
    ),
    entry(
        "certification_expiring", "training", "a certification will run out",
        ladder=_EXPIRY, supersedes=_STANDING,
    ),
    entry(
        "certification_overdue", "training", "a renewal is not done by the day the policy wants it",
        "mentor", "coordinator", "trainer", supersedes=_STANDING,
    ),
    entry(
        "certification_expired", "training", "a certification ran out",
        "mentor", "trainer", "compliance", "manager",
        urgent=True, acknowledge=Acknowledgement("trainer", DAY, "manager"), supersedes=_STANDING,
    ),
    entry(
        "certification_revoked", "training", "a certification was taken back",
        "coordinator", "mentor", "trainer", "compliance", "manager",
        urgent=True, acknowledge=Acknowledgement("compliance", DAY, "manager"), supersedes=_STANDING,
    ),
    entry(
        "clearance_expiring", "training", "vetting evidence is to be checked again",
        ladder=_RECHECK, supersedes=("clearance_expiring",),
    ),
    entry(
        "clearance_lapsed", "training", "vetting evidence counts no more",
        "coordinator", "mentor", "compliance", "manager",
        urgent=True, acknowledge=Acknowledgement("compliance", DAY, "manager"),
        supersedes=("clearance_expiring",),
    ),
    entry(
        "clearance_withdrawn", "training", "vetting evidence was taken back",
        "coordinator", "compliance", "manager",
        urgent=True, acknowledge=Acknowledgement("compliance", DAY, "manager"),
        supersedes=("clearance_expiring",),
    ),
)  # fmt: skip

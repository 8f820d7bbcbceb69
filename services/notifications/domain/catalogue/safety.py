"""The table: safety, and the system itself."""

from datetime import timedelta

from services.notifications.domain.catalogue.entry import DAY, HOUR, Acknowledgement, entry

AT_ONCE = timedelta(0)
"""What is lost, regained and lost again within the hour is said each time."""

SAFETY = (
    entry(
        "deployability_lost", "safety", "a mentor may not be with a child any more",
        "coordinator", "mentor", "compliance", "manager",
        urgent=True, acknowledge=Acknowledgement("coordinator", HOUR, "manager"),
        supersedes=("deployability_regained",), again_after=AT_ONCE,
    ),
    entry(
        "deployability_regained", "safety", "a mentor may be with a child", "coordinator", "mentor",
        supersedes=("deployability_lost",), again_after=AT_ONCE,
    ),
    entry(
        "mentor_suspended", "safety", "a mentor is suspended", "coordinator", "mentor", "compliance", "manager",
        urgent=True, acknowledge=Acknowledgement("coordinator", HOUR, "manager"), again_after=AT_ONCE,
    ),
    entry(
        "role_boundary_breached", "safety", "a mentor was used for the whole class", "coordinator", "school",
        urgent=True, acknowledge=Acknowledgement("coordinator", 4 * HOUR, "manager"), again_after=DAY,
    ),
    entry(
        "incidental_help_pattern", "safety", "help to other pupils in passing has become a habit",
        "coordinator", "manager", acknowledge=Acknowledgement("coordinator", 5 * DAY, "manager"),
    ),
    entry(
        "safeguarding_concern", "safety", "a concern about a child was raised", "dsl",
        urgent=True, acknowledge=Acknowledgement("dsl", HOUR, "dsl"),
    ),
)  # fmt: skip

SYSTEM = (
    entry("digest", "system", "the hour of a digest has come", channels=("email",)),
    entry(
        "webhook_failing",
        "system",
        "a subscriber's address has taken nothing for three days",
        "operator",
        "manager",
    ),
    entry(
        "webhook_dead_lettered",
        "system",
        "a subscriber's address took nothing for five days, or somebody said to send there no more",
        "operator",
        "manager",
        supersedes=("webhook_failing",),
    ),
)

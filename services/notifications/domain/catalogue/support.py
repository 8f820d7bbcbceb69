"""The table: support, absence and cover."""

from services.notifications.domain.catalogue.entry import DAY, HOUR, Acknowledgement, entry

SUPPORT = (
    entry("request_received", "support", "support is asked for", "coordinator", "school", "parent"),
    entry("request_information_needed", "support", "more must be known about a request", "school", "parent"),
    entry("request_waitlisted", "support", "a request has to wait", "coordinator", "school", "parent"),
    entry("request_declined", "support", "a request is declined", "coordinator", "school", "parent"),
    entry("match_offered", "support", "a mentor is proposed", "coordinator", "mentor", "school", "parent"),
    entry(
        "assignment_started", "support", "a mentor is assigned", "coordinator", "mentor", "school", "parent"
    ),
    entry(
        "assignment_paused", "support", "support is paused", "coordinator", "mentor", "school", "parent"
    ),
    entry(
        "assignment_ended", "support", "an assignment ends", "coordinator", "mentor", "school", "parent"
    ),
    entry(
        "handover_due", "support", "a mentor is to hand over", "coordinator", "mentor", "school", "parent"
    ),
    entry("plan_review_due", "support", "a child's plan is to be reviewed", "coordinator", "school", "parent"),
    entry(
        "transfer_requested", "support", "a child is to move to another region", "coordinator", "manager",
        acknowledge=Acknowledgement("manager", 3 * DAY, "coordinator"),
    ),
    entry(
        "transfer_accepted", "support", "the other region takes the child",
        "coordinator", "manager", "school", "parent", supersedes=("transfer_requested",),
    ),
    entry(
        "transfer_rejected", "support", "the other region does not take the child", "coordinator", "manager",
        supersedes=("transfer_requested",),
    ),
)  # fmt: skip

COVER = (
    entry("mentor_absent", "cover", "a mentor will be absent", "coordinator", "school", "parent"),
    entry("child_absent", "cover", "a child will be absent", "coordinator", "mentor", "school"),
    entry(
        "cover_requested", "cover", "a substitute is looked for",
        ladder={"": ("coordinator", "mentor"), "next": ("mentor",)},
        channels=("in_app", "email", "sms"),
    ),
    entry(
        "cover_accepted", "cover", "a substitute will come", "coordinator", "mentor", "school", "parent",
        supersedes=("cover_requested", "cover_unavailable"),
    ),
    entry(
        "cover_unavailable", "cover", "no substitute was found", "coordinator", "school", "parent",
        urgent=True, acknowledge=Acknowledgement("coordinator", 2 * HOUR, "manager"),
        supersedes=("cover_requested",),
    ),
)  # fmt: skip

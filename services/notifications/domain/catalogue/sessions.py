"""The table: sessions and their logs."""

from services.notifications.domain.catalogue.entry import HOUR, Acknowledgement, entry

SESSIONS = (
    entry("session_reminder", "sessions", "a session is near", "mentor", channels=("in_app",)),
    entry(
        "session_changed", "sessions", "a session is moved", "coordinator", "mentor", "school", "parent",
        supersedes=("session_changed", "session_reminder"),
    ),
    entry(
        "session_cancelled", "sessions", "a session will not take place",
        "coordinator", "mentor", "school", "parent",
        supersedes=("session_changed", "session_reminder"),
    ),
    entry(
        "late_check_in", "sessions", "a session's time has come and nobody has started it",
        ladder={
            "10": ("mentor",), "15": ("coordinator", "school"), "30": ("parent", "coordinator"),
            "60": ("manager",),
        },
        urgent=True, supersedes=("late_check_in",),
    ),
    entry(
        "session_missed", "sessions", "a session's end has come and nobody had started it",
        "coordinator", "mentor", "school", "parent",
        urgent=True, acknowledge=Acknowledgement("coordinator", 2 * HOUR, "manager"),
        supersedes=("late_check_in",),
    ),
    entry("log_due", "sessions", "half of the 24 hours for a log are over", "mentor", channels=("in_app", "email")),
    entry(
        "log_late", "sessions", "a log was not handed in in time",
        ladder={"24": ("mentor",), "48": ("mentor", "coordinator"), "72": ("mentor", "coordinator", "manager")},
        supersedes=("log_due", "log_late"),
    ),
    entry("log_returned", "sessions", "a log comes back to be put right", "mentor", supersedes=("log_late",)),
)  # fmt: skip

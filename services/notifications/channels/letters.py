"""From what was requested to a letter that somebody may carry out of the house."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from services.notifications.channels import Letter
from services.notifications.channels.wording import worded
from services.notifications.read_model.hearers import Addressee
from shared.contracts.notifications.notification import NotificationQueued, NotificationRequested
from shared.kernel.recorded import Recorded


def letter(
    recorded: Recorded[NotificationRequested | NotificationQueued], to: Addressee, now: datetime
) -> Letter:
    """The letter to this addressee. People in it are initials; the inbox has the names."""
    words = worded(to.type, to.language, to.parameters)
    about = []
    if to.about_child:
        about.append(("Child", initials(to.about_child)))
    if to.about_mentor:
        about.append(("Mentor", initials(to.about_mentor)))
    if to.session_at:
        about.append(("Session", local_time(to.session_at, to.session_zone or "UTC")))
    return Letter(
        notification_id=recorded.fact.notification_id,
        to_name=to.name,
        to_email=to.email,
        region=to.region,
        subject_line=words.subject_line,
        body=words.body,
        urgent=to.urgent,
        about=tuple(about),
        correlation_id=recorded.correlation_id,
        written_at=now.astimezone(UTC),
    )


def initials(name: str) -> str:
    """`Ada Hartley` -> `A. H.`"""
    return " ".join(f"{part[0].upper()}." for part in name.split())


def local_time(at: datetime, zone: str) -> str:
    """The school's own time of day, as `2026-09-07 09:00`."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"

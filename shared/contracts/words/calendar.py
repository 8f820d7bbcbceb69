"""The closed lists of school calendars, timetables and pay periods."""

from typing import Literal, TypeAlias

Weekday: TypeAlias = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
"""In the order of `date.weekday()`."""
CalendarScope: TypeAlias = Literal["region", "local_authority", "school"]
ClosureReason: TypeAlias = Literal[
    "public_holiday", "inset_day", "polling_station", "weather", "building", "other"
]
# Timetables.
TimetableEndReason: TypeAlias = Literal["assignment_ended", "replaced", "made_in_error", "other"]
ExpandedBecause: TypeAlias = Literal[
    "timetable_set",
    "timetable_ended",
    "horizon",
    "calendar_published",
    "assignment_resumed",
    "mentor_available",
    "cover_changed",
    "absence_changed",
    "asked_for",
]
# What a line of a timesheet is for.
LineKind: TypeAlias = Literal["contact", "chargeable_cancellation", "reversal", "amended_contact"]

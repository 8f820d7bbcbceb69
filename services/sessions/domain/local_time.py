"""From the clock on the school's wall to UTC, on every day of the year."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def at_school(day: date, starts: str, time_zone: str) -> datetime | None:
    """When the school's clock shows HH:MM on that day, in UTC.

    A time that the clock shows twice is the first of them. A time that it leaps over is as much later as the clock
    leaps. None when there is no such day at all at the school.
    """
    # Of a time that is shown twice, fold=0 is the first; one that is leapt over it takes by the offset before.
    shown = datetime.combine(day, clock(starts), tzinfo=ZoneInfo(time_zone))
    moment = shown.astimezone(UTC)
    return moment if moment.astimezone(shown.tzinfo).date() == day else None


def clock(starts: str) -> time:
    """HH:MM as a time of day. ValueError when there is none such."""
    hours, _, minutes = starts.partition(":")
    return time(int(hours), int(minutes))


def minute_of(starts: str) -> int:
    """Minutes since midnight, by the clock."""
    shown = clock(starts)
    return shown.hour * 60 + shown.minute

"""How somebody wants to be told: by which ways, not at night, gathered into one message a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from shared.contracts.words.telling import Category, Channel, DigestEvery, NotificationType
from shared.kernel.decider import Refused


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a recipient chose; as it stands here it is what somebody gets who chose nothing.

    Quiet hours are local times `HH:MM` in the time zone and may span midnight. `digest_weekday`: 1 is Monday.
    """

    channels: Mapping[Category | NotificationType, tuple[Channel, ...]] = field(default_factory=dict)
    quiet_from: str | None = None
    quiet_until: str | None = None
    time_zone: str = "Europe/London"
    digest: DigestEvery = "none"
    digest_hour: int = 17
    digest_weekday: int = 5

    def values(self) -> dict[str, Any]:
        """The choices by name, as PreferencesSet has them."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def chosen(self, type: NotificationType, category: Category) -> tuple[Channel, ...] | None:
        """The channels chosen for this type, or for its category; None when nothing was chosen."""
        by_type = self.channels.get(type)
        return by_type if by_type is not None else self.channels.get(category)

    def quiet_end(self, at: datetime) -> datetime | None:
        """When the quiet hours end that `at` lies in (aware, UTC in and out); None when it lies in none."""
        if self.quiet_from is None or self.quiet_until is None:
            return None
        since, until = time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_until)
        local = at.astimezone(ZoneInfo(self.time_zone))
        now = local.time()
        quiet = since <= now < until if since < until else now >= since or now < until
        if not quiet:
            return None
        day = local.date() if now < until else local.date() + timedelta(days=1)
        return _moment(day.isoformat(), until, self.time_zone, at)

    def next_digest(self, at: datetime) -> datetime | None:
        """The next time after `at` at which a digest goes out; None when the recipient wants none."""
        if self.digest == "none":
            return None
        day = at.astimezone(ZoneInfo(self.time_zone)).date()
        for ahead in range(9):
            candidate = day + timedelta(days=ahead)
            if self.digest == "weekly" and candidate.isoweekday() != self.digest_weekday:
                continue
            moment = _moment(candidate.isoformat(), time(self.digest_hour), self.time_zone, at)
            if moment > at:
                return moment
        raise AssertionError("every weekday comes within nine days")


def check_preferences(wanted: Preferences) -> None:
    """Raises Refused when it cannot be meant."""
    try:
        ZoneInfo(wanted.time_zone)
    except (OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError, hence below
        raise _no_zone(wanted) from None
    except KeyError:
        raise _no_zone(wanted) from None
    if (wanted.quiet_from is None) != (wanted.quiet_until is None):
        raise Refused("invalid_quiet_hours", "Give both ends of the quiet hours, or neither.")
    for end in (wanted.quiet_from, wanted.quiet_until):
        if end is not None and not _is_time(end):
            raise Refused("invalid_quiet_hours", f"Give the time of day as HH:MM; {end!r} is none.")
    if wanted.quiet_from is not None and wanted.quiet_from == wanted.quiet_until:
        raise Refused("invalid_quiet_hours", "Quiet hours end at another time than they begin.")
    if not (0 <= wanted.digest_hour <= 23 and 1 <= wanted.digest_weekday <= 7):
        raise Refused(
            "invalid_digest", "A digest goes out at an hour from 0 to 23, on a weekday from 1 to 7."
        )


def _no_zone(wanted: Preferences) -> Refused:
    return Refused(
        "invalid_time_zone", f"Give an IANA time zone such as Europe/London; {wanted.time_zone!r} is none."
    )


def _is_time(value: str) -> bool:
    hour, colon, minute = value.partition(":")
    if not (
        colon and len(hour) == len(minute) == 2 and (hour + minute).isascii() and (hour + minute).isdecimal()
    ):
        return False
    return int(hour) < 24 and int(minute) < 60


def _moment(day: str, local: time, zone: str, at: datetime) -> datetime:
    """That local time in UTC. A time that a change of the clocks skips is the moment it changes to."""
    naive = datetime.fromisoformat(f"{day}T{local.isoformat()}")
    return naive.replace(tzinfo=ZoneInfo(zone)).astimezone(at.tzinfo)

"""The weekly slots of a timetable: which are allowed, and which hold on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.sessions.domain.local_time import minute_of
from shared.contracts.sessions.timetable import Slot
from shared.contracts.words.calendar import WEEKDAYS
from shared.kernel.decider import Refused

SHORTEST, LONGEST = 5, 12 * 60
"""Minutes of one slot."""
MOST_SLOTS = 50
MIDNIGHT = 24 * 60


@dataclass(frozen=True, slots=True)
class Version:
    """The slots as they were set: from a day on, if wanted up to a day, in the school's time zone."""

    slots: tuple[Slot, ...]
    effective_from: date
    effective_until: date | None
    time_zone: str


class Numbered(NamedTuple):
    """A slot, and which of its weekday it is, from 1: what the session keeps when the slot is moved."""

    number: int
    slot: Slot


def version_on(versions: Sequence[Version], day: date) -> Version | None:
    """What holds on a day: the latest that was set for it. `versions` in the order in which they were set."""
    for version in reversed(versions):
        if version.effective_from <= day:
            until = version.effective_until
            return version if until is None or day < until else None
    return None


def slots_on(version: Version, day: date) -> tuple[Numbered, ...]:
    """The slots of that day, by their begin."""
    weekday = WEEKDAYS[day.weekday()]
    found = sorted((slot for slot in version.slots if slot.weekday == weekday), key=_begin)
    return tuple(Numbered(number, slot) for number, slot in enumerate(found, start=1))


def check_slots(slots: Sequence[Slot]) -> tuple[Slot, ...]:
    """The slots in the order of the week. Refused when they can't be kept."""
    if not 1 <= len(slots) <= MOST_SLOTS:
        raise Refused("invalid_slots", f"Give 1 to {MOST_SLOTS} slots; to have none, end the timetable.")
    for slot in slots:
        _check_times(slot)
    ordered = tuple(sorted(slots, key=lambda slot: (WEEKDAYS.index(slot.weekday), _begin(slot))))
    for slot, following in pairwise(ordered):
        if slot.weekday == following.weekday and _begin(slot) + slot.minutes > _begin(following):
            message = f"The slots of {slot.weekday} at {slot.starts} and {following.starts} overlap."
            raise Refused("invalid_slots", f"{message} Shorten the first, or begin the second later.")
    return ordered


def check_zone(time_zone: str) -> None:
    """Refused when there is no such time zone."""
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"{time_zone!r} is no time zone; give its IANA name, such as Europe/London."
        raise Refused("invalid_time_zone", message) from None


def _check_times(slot: Slot) -> None:
    try:
        ends = _begin(slot) + slot.minutes
    except ValueError:
        message = f"{slot.starts!r} is no time of day; write it as HH:MM, such as 09:15."
        raise Refused("invalid_slots", message) from None
    if not SHORTEST <= slot.minutes <= LONGEST:
        raise Refused("invalid_slots", f"A slot lasts {SHORTEST} minutes to {LONGEST // 60} hours.")
    if ends >= MIDNIGHT:
        raise Refused("invalid_slots", "A slot ends before midnight, on the day on which it starts.")


def _begin(slot: Slot) -> int:
    return minute_of(slot.starts)

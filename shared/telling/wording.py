"""Days, moments, spans of time and the words of closed lists, as people write them."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")
UNREADABLE: Mapping[str, str] = {
    "erased": "its key was destroyed: nobody can read it any more, and nobody will",
    "withheld": "it is on record, and not shown to you for what you look for",
    "unavailable": "it is on record, and the keys do not answer just now: look again later",
}
"""What stands where a personal field can't be read, and what that means."""
_SHORT = {"slt": "SLT", "ot": "OT", "bed": "BED", "dbs enhanced": "enhanced DBS", "in app": "in the inbox"}


def readable(key: str, value: Any) -> str:
    """A field's value, told by what it looks like, and by what its name says that it is."""
    if isinstance(value, str) and value in UNREADABLE:
        return f"[{value}]"
    if value is None:
        return "no end" if key.endswith("_until") else "nothing"
    if isinstance(value, str) and _DAY.fullmatch(value):
        return day(value)
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return moment(value)
    if "minutes" in key:
        return duration(value)
    if isinstance(value, list):
        if not value:
            return "none"
        return ", ".join(readable("", item) for item in value)
    if isinstance(value, dict) and "item" in value:  # a shortfall
        return f"{words(value['item'])} {words(value['status'])}"
    if isinstance(value, dict):
        return " ".join(readable(name, item) for name, item in value.items())
    return str(value) if key in ("name", "subject_line") else words(str(value))


def words(value: str) -> str:
    """`group_with_child` -> `group with child`; well-known short forms as people write them."""
    said = value.replace("_", " ")
    return _SHORT.get(said, said)


def day(value: str | date) -> str:
    """`2026-09-07` -> `7 Sep 2026`."""
    found = value if isinstance(value, date) else date.fromisoformat(value)
    return f"{found.day} {found:%b %Y}"


def moment(value: str | datetime) -> str:
    """A moment in the time of the schools: `7 Sep 2026, 09:00`."""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    local = found.astimezone(LONDON)
    return f"{local.day} {local:%b %Y, %H:%M}"


def duration(minutes: int) -> str:
    """90 -> `1 h 30 min`."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest or not hours)
    return " ".join(parts)

"""A calendar in the form that every calendar program reads (RFC 5545): initials only."""

from collections.abc import Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from services.notifications.channels.languages import Book, book
from services.notifications.channels.letters import initials
from services.notifications.channels.wording import DEFAULT_ZONE
from services.notifications.read_model.calendar import Entry, Reader

AGAIN = timedelta(minutes=30)
"""How often a calendar program is asked to look."""


def ics(reader: Reader, entries: Iterable[Entry], region: str) -> bytes:
    """The calendar of this reader. The same sessions always give the same bytes."""
    found = book(reader.language, DEFAULT_ZONE)
    made = Calendar()
    made.add("prodid", "-//Alongside//Sessions//EN")
    made.add("version", "2.0")
    # No METHOD: with one it would be a scheduling message, which has organizers; this is a snapshot (RFC 5545, 3.7.2).
    made.add("name", found.said("calendar"))
    made.add("x-wr-calname", found.said("calendar"))
    made.add("refresh-interval", AGAIN, parameters={"value": "DURATION"})
    made.add("x-published-ttl", AGAIN)
    for entry in entries:
        made.add_component(_event(entry, reader, found, region))
    made.add_missing_timezones()
    return bytes(made.to_ical())


def _event(entry: Entry, reader: Reader, found: Book, region: str) -> Event:
    zone = ZoneInfo(entry.time_zone)
    event = Event()
    # The UID stays while the session is moved or cancelled, and SEQUENCE grows: so it is moved, not doubled.
    event.add("uid", f"{entry.session_id}@{region}.alongside")
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("dtstart", entry.starts_at.astimezone(zone))
    event.add("dtend", entry.ends_at.astimezone(zone))
    event.add("summary", _printable(_summary(entry, reader, found)))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.cancelled else "OPAQUE")
    event.add("class", "PRIVATE")
    return event


def _summary(entry: Entry, reader: Reader, found: Book) -> str:
    child, mentor = initials(entry.child or "?"), initials(entry.mentor or "?")
    if reader.role == "mentor":
        return found.said("calendar_cover" if entry.cover else "calendar_session", initials=child)
    return found.said("calendar_mentor", child=child, mentor=mentor)


def _printable(text: str) -> str:
    """Without the control characters that a text may not have (RFC 5545, 3.1), whoever typed them into a name."""
    return "".join(sign for sign in text if sign.isprintable())

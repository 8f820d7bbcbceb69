"""Calendar feeds against RFC 5545, read octet by octet and not by the library that writes them."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from icalendar import Calendar

from services.notifications.channels.ics import ics
from services.notifications.read_model.calendar import Reader
from tests.notifications.test_calendar import ENTRY, READER

# RFC 5545, section 4: the examples of the standard, lines as they stand there.
PUBLISHED = (
    """BEGIN:VCALENDAR
PRODID:-//xyz Corp//NONSGML PDA Calendar Version 1.0//EN
VERSION:2.0
BEGIN:VEVENT
DTSTAMP:19960704T120000Z
UID:uid1@example.com
ORGANIZER:mailto:jsmith@example.com
DTSTART:19960918T143000Z
DTEND:19960920T220000Z
STATUS:CONFIRMED
CATEGORIES:CONFERENCE
SUMMARY:Networld+Interop Conference
DESCRIPTION:Networld+Interop Conference
  and Exhibit\\nAtlanta World Congress Center\\n
 Atlanta\\, Georgia
END:VEVENT
END:VCALENDAR
""",
    """BEGIN:VCALENDAR
PRODID:-//RDU Software//NONSGML HandCal//EN
VERSION:2.0
BEGIN:VTIMEZONE
TZID:America/New_York
BEGIN:STANDARD
DTSTART:19981025T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
TZNAME:EST
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19990404T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
TZNAME:EDT
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
DTSTAMP:19980309T231000Z
UID:guid-1.example.com
ORGANIZER:mailto:mrbig@example.com
ATTENDEE;RSVP=TRUE;ROLE=REQ-PARTICIPANT;CUTYPE=GROUP:
 mailto:employee-A@example.com
DESCRIPTION:Project XYZ Review Meeting
CATEGORIES:MEETING
CLASS:PUBLIC
CREATED:19980309T130000Z
SUMMARY:XYZ Project Review
DTSTART;TZID=America/New_York:19980312T083000
DTEND;TZID=America/New_York:19980312T093000
LOCATION:1CP Conference Room 4350
END:VEVENT
END:VCALENDAR
""",
)
_NAME = re.compile(
    r"(?P<name>[A-Z0-9-]+)(?P<parameters>(?:;[A-Z0-9-]+=(?:\"[^\"]*\"|[^\";:,]*))*):(?P<value>.*)"
)
NOT_TWICE = ("UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "SUMMARY", "CLASS", "TRANSP")

Line = tuple[str, str, str]


def lines(content: bytes) -> list[Line]:
    """Name, parameters and value of each content line; asserts how it is broken and folded."""
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    physical = content.split(b"\r\n")[:-1]
    assert all(0 < len(line) <= 75 for line in physical), "75 octets, without the line break"
    found = []
    for line in re.sub(rb"\r\n[ \t]", b"", content).decode("utf-8").split("\r\n")[:-1]:
        match = _NAME.fullmatch(line)
        assert match is not None, line
        assert not [sign for sign in match["value"] if (sign < " " and sign != "\t") or sign == "\x7f"], line
        found.append((match["name"], match["parameters"], match["value"]))
    return found


def events(found: list[Line]) -> list[list[Line]]:
    """The lines of each VEVENT; asserts that what begins ends, in its order."""
    open_ones: list[str] = []
    inside: list[list[Line]] = []
    for line in found:
        if line[0] == "BEGIN":
            open_ones.append(line[2])
            if line[2] == "VEVENT":
                inside.append([])
        elif line[0] == "END":
            assert open_ones.pop() == line[2]
        elif open_ones[-1] == "VEVENT":
            inside[-1].append(line)
    assert not open_ones
    return inside


def conforms(content: bytes) -> list[list[Line]]:
    """What RFC 5545 asks of every calendar and every event; the events."""
    found = lines(content)
    whole = [name for name, _, _ in found]
    assert (found[0], found[-1]) == (("BEGIN", "", "VCALENDAR"), ("END", "", "VCALENDAR"))
    assert (whole.count("VERSION"), whole.count("PRODID")) == (1, 1)
    # With METHOD it would be a message, whose content type says the same method and whose events an organizer.
    assert "METHOD" not in whole
    zones = {value for name, _, value in found if name == "TZID"}
    inside = events(found)
    for event in inside:
        names = [name for name, _, _ in event]
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND"} <= set(names)
        assert all(names.count(name) <= 1 for name in NOT_TWICE)
        values = {name: (parameters, value) for name, parameters, value in event}
        assert re.fullmatch(r"\d{8}T\d{6}Z", values["DTSTAMP"][1]), "in UTC"
        assert values["STATUS"][1] in ("TENTATIVE", "CONFIRMED", "CANCELLED")
        assert values["SEQUENCE"][1].isdecimal()
        for name in ("DTSTART", "DTEND"):
            parameters, value = values[name]
            zone = parameters.removeprefix(";TZID=")
            assert (value.endswith("Z") and not parameters) or zone in zones, "a zone that is described"
    uids = [value for event in inside for name, _, value in event if name == "UID"]
    assert len(set(uids)) == len(uids)
    return inside


def test_the_examples_of_the_standard_are_read_and_written_again_the_same() -> None:
    for example in PUBLISHED:
        first = Calendar.from_ical(example.replace("\n", "\r\n"))
        written = first.to_ical()
        assert Calendar.from_ical(written) == first
        lines(written)
    for broken in (
        PUBLISHED[0].encode(),
        PUBLISHED[0].replace("\n", "\r\n").replace("NONSGML", "N" * 80).encode(),
    ):
        try:
            lines(broken)
        except AssertionError:
            continue
        raise AssertionError("this test can't fail")


def test_a_feed_conforms_also_where_lines_are_long_and_a_session_is_cancelled() -> None:
    moved = replace(ENTRY, session_id=UUID(int=10))
    gone = replace(
        ENTRY, session_id=UUID(int=11), cover=True, cancelled=True, sequence=3, child="Ö P", mentor=None
    )
    region = "the-long-name-of-a-region-that-does-not-fit-into-seventy-five-octets-of-a-line"
    content = ics(READER, [ENTRY, moved, gone], region)
    assert b"\r\n " in content, "folded"
    first, _, last = conforms(content)
    assert ("UID", "", f"{ENTRY.session_id}@{region}.alongside") in first
    assert {("STATUS", "", "CANCELLED"), ("SEQUENCE", "", "3"), ("TRANSP", "", "TRANSPARENT")} <= set(last)
    assert not [name for name in ("Ada", "Hartley", "Grace", "Okafor") if name.encode() in content]
    assert content == ics(READER, [ENTRY, moved, gone], region), "the same sessions, the same bytes"
    conforms(ics(READER, [], "uk-london"))


def test_the_zone_in_the_file_says_what_the_zone_says_all_year() -> None:
    begins = datetime(2026, 9, 7, 8, tzinfo=UTC)
    entries = [
        replace(
            ENTRY,
            session_id=UUID(int=n),
            starts_at=begins + timedelta(weeks=4 * n),
            ends_at=begins + timedelta(weeks=4 * n, hours=2),
        )
        for n in range(14)
    ]  # fmt: skip
    content = ics(READER, entries, "uk-london")
    conforms(content)
    found = Calendar.from_ical(content)
    (zone,) = (each.to_tz(lookup_tzid=False) for each in found.timezones)
    for event, entry in zip(found.events, entries, strict=True):
        shown: Any = event["dtstart"]
        local = shown.dt.replace(tzinfo=None)
        assert local.replace(tzinfo=zone).astimezone(UTC) == entry.starts_at
        assert local == entry.starts_at.astimezone(ZoneInfo("Europe/London")).replace(tzinfo=None)


@for_all(
    child=st.text(max_size=40),
    mentor=st.text(max_size=40),
    role=st.sampled_from(["mentor", "parent"]),
    language=st.sampled_from(["en", "cy"]),
)
@settings(max_examples=20, deadline=None)
def test_no_name_breaks_a_calendar_or_adds_to_it(child: str, mentor: str, role: str, language: str) -> None:
    entry = replace(ENTRY, child=child, mentor=mentor)
    content = ics(Reader(UUID(int=1), role, language, None, None, None), [entry], "uk-london")
    (event,) = conforms(content)
    (summary,) = (value for name, _, value in event if name == "SUMMARY")
    for name in (child, mentor):
        assert all(part not in summary for part in name.split() if len(part) > 3 and part.isalpha())

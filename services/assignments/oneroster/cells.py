"""What a cell of OneRoster 1.2 may hold, and what is said of one that does not.

Formats and vocabularies: 1EdTech OneRoster CSV Binding 1.2.1, section 3.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

LONGEST = 255  # what every reader of the standard has to take
_GUID = re.compile(r"[0-9A-Za-z._/@-]{1,255}")
_EMAIL = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")


def wrong(reason: str, mend: str) -> PydanticCustomError:
    """What is wrong with a cell, and how to mend it."""
    return PydanticCustomError("oneroster", "{reason}", {"reason": reason, "mend": mend})


def _text(cell: str) -> str:
    if not cell:
        raise wrong("is empty", "fill it in; the standard requires it")
    return _string(cell)


def _string(cell: str) -> str:
    if _CONTROLS.search(cell):
        raise wrong("holds a line break or a control character", "take it out")
    if len(cell) > LONGEST:
        raise wrong(f"has {len(cell)} characters", f"shorten it to {LONGEST}")
    return cell


def _guid(cell: str) -> str:
    if not _GUID.fullmatch(cell):
        said = "is empty" if not cell else "is no GUID"
        raise wrong(said, "give 1 to 255 of the letters, digits and . - _ / @")
    return cell


def _day(cell: str) -> date | None:
    if not cell:
        return None
    try:
        if len(cell) != 10:
            raise ValueError
        return date.fromisoformat(cell)
    except ValueError:
        raise wrong("is no day", "write it as 2026-09-01") from None


def _moment(cell: str) -> datetime | None:
    if not cell:
        return None
    try:
        if not _MOMENT.fullmatch(cell):
            raise ValueError
        return datetime.fromisoformat(cell)
    except ValueError:
        raise wrong("is no time in UTC", "write it as 2012-04-23T18:25:43.511Z") from None


def _email(cell: str) -> str:
    if cell and not (_EMAIL.fullmatch(cell) and len(cell) <= 254):
        raise wrong("is no e-mail address", "write it as name@example.org, or leave it empty")
    return cell


def _optional(read: Callable[[str], str]) -> Callable[[str], str]:
    return lambda cell: read(cell) if cell else ""


def _one_of(*terms: str, extended: bool = False, optional: bool = False) -> Callable[[str], str]:
    """A closed vocabulary; an `extended` one also takes terms of one's own, which start with `ext:`."""
    known = frozenset(terms)

    def read(cell: str) -> str:
        if cell in known or (optional and not cell) or (extended and cell.startswith("ext:") and cell[4:]):
            return cell
        likely = next((term for term in terms if term.casefold() == cell.casefold()), "")
        named = f"one of {', '.join(terms)}" + (" or a term that starts with ext:" if extended else "")
        raise wrong("is none of the permitted values", f"write {likely!r}" if likely else f"write {named}")

    return read


def _read_by(read: Callable[[str], Any]) -> BeforeValidator:
    return BeforeValidator(read)


Text = Annotated[str, _read_by(_text)]
OptionalText = Annotated[str, _read_by(_string)]
Guid = Annotated[str, _read_by(_guid)]
OptionalGuid = Annotated[str, _read_by(_optional(_guid))]
Day = Annotated[date | None, _read_by(_day)]
Moment = Annotated[datetime | None, _read_by(_moment)]
Email = Annotated[str, _read_by(_email)]
TrueOrFalse = Annotated[str, _read_by(_one_of("true", "false"))]
Status = Annotated[str, _read_by(_one_of("active", "tobedeleted", optional=True))]
OrgType = Annotated[
    str,
    _read_by(_one_of("department", "school", "district", "local", "state", "national", extended=True)),
]
ClassType = Annotated[str, _read_by(_one_of("homeroom", "scheduled", extended=True))]
RoleType = Annotated[str, _read_by(_one_of("primary", "secondary"))]
RoleName = Annotated[
    str,
    _read_by(
        _one_of(
            "aide",
            "counselor",
            "districtAdministrator",
            "guardian",
            "parent",
            "principal",
            "proctor",
            "relative",
            "siteAdministrator",
            "student",
            "systemAdministrator",
            "teacher",
            extended=True,
        )
    ),
]
# An aide is no role of the standard's enrollments: it is one's own term there, or stands in roles.csv.
EnrollmentRole = Annotated[
    str, _read_by(_one_of("administrator", "proctor", "student", "teacher", extended=True))
]
Mode = Annotated[str, _read_by(_one_of("absent", "bulk", "delta"))]

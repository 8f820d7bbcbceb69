"""What is said of absences and of whoever stands in."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeAlias

from services.notifications.domain.announcements.announcement import Announcement, plain
from shared.contracts.assignments.child import ChildAbsenceReported
from shared.contracts.assignments.cover import (
    CoverAccepted,
    CoverDeclined,
    CoverExpired,
    CoverGivenBack,
    CoverPartiallyAccepted,
    CoverRequested,
)
from shared.contracts.assignments.mentor import MentorAbsenceReported

CoverFact: TypeAlias = (
    MentorAbsenceReported
    | ChildAbsenceReported
    | CoverRequested
    | CoverDeclined
    | CoverGivenBack
    | CoverAccepted
    | CoverPartiallyAccepted
    | CoverExpired
)


def said_of_cover(fact: CoverFact) -> Announcement:
    """Why somebody is absent tells of their health, and is not said."""
    match fact:
        case MentorAbsenceReported():
            return Announcement(
                "mentor_absent",
                f"absence:{fact.mentor_id}:{fact.absent_from}",
                plain(absent_from=fact.absent_from, absent_until=fact.absent_until),
                urgent=_soon((fact.absent_from,), fact.reported_at.date()),
                mentor_id=fact.mentor_id,
            )
        case ChildAbsenceReported():
            return Announcement(
                "child_absent",
                f"absence:{fact.child_id}:{fact.absent_from}",
                plain(absent_from=fact.absent_from, absent_until=fact.absent_until),
                urgent=_soon((fact.absent_from,), fact.reported_at.date()),
                child_id=fact.child_id,
                school_id=fact.school_id,
            )
        case CoverAccepted() | CoverPartiallyAccepted():
            left = fact.days_left if isinstance(fact, CoverPartiallyAccepted) else None
            return Announcement(
                "cover_accepted",
                f"cover:{fact.cover_id}",
                plain(days=fact.days, days_left=left),
                said=f"{fact.mentor_id}",
                child_id=fact.child_id,
                mentor_id=fact.mentor_id,
                school_id=fact.school_id,
            )
        case CoverExpired():
            return Announcement(
                "cover_unavailable",
                f"cover:{fact.cover_id}",
                plain(days_left=fact.days_left),
                child_id=fact.child_id,
                school_id=fact.school_id,
            )
        case _:
            return _asked(fact)


def _asked(fact: CoverRequested | CoverDeclined | CoverGivenBack) -> Announcement:
    """Of an individual request the first is asked, then who is next; a broadcast without names asks nobody."""
    said = Announcement("cover_requested", f"cover:{fact.cover_id}", child_id=fact.child_id, mentors=())
    match fact:
        case CoverRequested():
            asked = fact.asked[:1] if fact.form == "individual" else fact.asked
            return replace(
                said,
                parameters=plain(days=fact.days, answer_by_at=fact.expires_at, form=fact.form),
                urgent=_soon(fact.days, fact.requested_at.date()),
                school_id=fact.school_id,
                mentors=tuple(dict.fromkeys(asked)),
            )
        case CoverDeclined():
            return replace(said, step="next", mentors=(fact.next_asked,) if fact.next_asked else ())
        case CoverGivenBack():
            return replace(
                said,
                parameters=plain(days=fact.days_left, answer_by_at=fact.expires_at),
                urgent=_soon(fact.days_left, fact.given_back_at.date()),
                school_id=fact.school_id,
            )


def _soon(days: Iterable[date], said_on: date) -> bool | None:
    """Today or tomorrow: worth disturbing somebody for. None leaves it to the catalogue."""
    return True if any(day <= said_on + timedelta(days=1) for day in days) else None

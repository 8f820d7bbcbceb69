"""Who is away on which days: absences and leave of mentors, absences and pauses of children."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias
from uuid import UUID

News: TypeAlias = Literal[
    "mentor_absent",
    "mentor_on_leave",
    "mentor_back",
    "child_absent",
    "child_paused",
    "child_back",
]
Why: TypeAlias = Literal["mentor_absent", "mentor_on_leave", "child_absent", "child_paused"]


@dataclass(frozen=True, slots=True)
class Heard:
    """News of a mentor or a child: from a day, up to, not including, a day if it is known."""

    who: UUID
    news: News
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Away from `since` up to, not including, `until`; None: not back yet."""

    since: date
    until: date | None

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


class Away:
    """All that was heard of those whom a timetable concerns, in the order in which it was heard."""

    def __init__(self, heard: Iterable[Heard]) -> None:
        self._spans: dict[tuple[UUID, Why], list[Span]] = {}
        for found in heard:
            self._hear(found)

    def why(self, who: UUID, day: date) -> Why | None:
        """Why this mentor or child is not there on that day; None when nothing was heard."""
        for (of, why), spans in self._spans.items():
            if of == who and any(span.holds(day) for span in spans):
                return why
        return None

    def _hear(self, found: Heard) -> None:
        match found.news:
            case "mentor_back":
                self._end(found, "mentor_on_leave")
            case "child_back":
                self._end(found, "child_paused")
            case "mentor_absent" | "child_absent" as why:
                # Who is back sooner, or later, than was thought says so for the same first day.
                spans = [span for span in self._spans.get((found.who, why), []) if span.since != found.since]
                self._spans[found.who, why] = [*spans, Span(found.since, found.until)]
            case "mentor_on_leave" | "child_paused" as why:
                self._spans.setdefault((found.who, why), []).append(Span(found.since, found.until))

    def _end(self, found: Heard, why: Why) -> None:
        """Whoever was away without an end is back from that day on."""
        spans = self._spans.get((found.who, why), [])
        self._spans[found.who, why] = [
            Span(span.since, found.since) if span.until is None else span for span in spans
        ]

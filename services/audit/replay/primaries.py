"""Who was to be with a child on which days, as the assignments on record say: primaries, cover, pauses, absences."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal, TypeAlias
from uuid import UUID

from shared.contracts.assignments.assignment import (
    AssignmentEnded,
    AssignmentPaused,
    AssignmentResumed,
    MentorAssigned,
    PrimaryStoodAside,
    PrimaryStoodBack,
)
from shared.contracts.assignments.child import ChildAccepted, ChildExited, ChildReopened
from shared.contracts.fact import Fact
from shared.kernel.recorded import Recorded

TYPES: tuple[type[Fact], ...] = (
    MentorAssigned,
    AssignmentPaused,
    AssignmentResumed,
    PrimaryStoodAside,
    PrimaryStoodBack,
    AssignmentEnded,
    ChildAccepted,
    ChildExited,
    ChildReopened,
)

Why: TypeAlias = Literal["no_primary", "paused", "primary_stood_aside"]
DAY = timedelta(days=1)


@dataclass
class Support:
    """One assignment as it was on record."""

    begun: MentorAssigned
    ended_on: date | None = None
    end_reason: str | None = None
    pauses: list[list[date | None]] = field(default_factory=list)
    aside: set[date] = field(default_factory=set)

    def in_force(self, on: date) -> bool:
        """Whether it holds on that day, paused or not."""
        ends = [day for day in (self.begun.effective_until, self.ended_on) if day is not None]
        among = self.begun.days is None or on in self.begun.days
        return among and self.begun.effective_from <= on and on < min(ends, default=date.max)

    def rests(self, on: date) -> Why | None:
        """Why the mentor is not there although the assignment holds."""
        if any(
            since is not None and since <= on and (until is None or on < until)
            for since, until in self.pauses
        ):
            return "paused"
        return "primary_stood_aside" if on in self.aside else None


@dataclass
class Primaries:
    """All assignments of one child, and the days on which the agency was responsible for it."""

    supports: dict[UUID, Support] = field(default_factory=dict)
    responsible: list[list[date | None]] = field(default_factory=list)

    def there(self, on: date) -> list[Support]:
        """Who was to be with the child that day, its own mentor first."""
        found = [one for one in self.supports.values() if one.in_force(on) and one.rests(on) is None]
        return sorted(found, key=lambda one: (one.begun.role != "primary", one.begun.effective_from))

    def has_left(self, on: date) -> bool:
        """Whether the child was not the agency's any more, and not yet again."""
        gone = [until for _, until in self.responsible if until is not None and until <= on]
        back = [since for since, _ in self.responsible if since is not None and since <= on]
        return bool(gone) and max(gone) > max(back, default=date.min)

    def gap(self, on: date) -> Why | None:
        """Why the child had no mentor of its own that day; None when it had, or was not the agency's."""
        if not any(
            since and since <= on and (until is None or on < until) for since, until in self.responsible
        ):
            return None
        own = [one for one in self.supports.values() if one.begun.role == "primary" and one.in_force(on)]
        why = {one.rests(on) for one in own}
        if None in why:
            return None
        return min((found for found in why if found), default="no_primary")


def fold(facts: Iterable[Recorded[Any]]) -> Primaries:
    """Take in the facts of one child in the order in which they were recorded."""
    found = Primaries()
    for recorded in facts:
        take(found, recorded.fact)
    return found


def take(child: Primaries, fact: Fact) -> None:
    """Fold in a fact; of other assignments, or of none, it changes nothing."""
    supports = child.supports
    match fact:
        case MentorAssigned():
            supports[fact.assignment_id] = Support(fact)
        case ChildAccepted(accepted_on=day) | ChildReopened(reopened_on=day):
            child.responsible.append([day, None])
        case ChildExited(exited_on=day):
            if child.responsible:
                child.responsible[-1][1] = day
        case AssignmentPaused() if fact.assignment_id in supports:
            supports[fact.assignment_id].pauses.append([fact.paused_from, None])
        case AssignmentResumed() if fact.assignment_id in supports and supports[fact.assignment_id].pauses:
            supports[fact.assignment_id].pauses[-1][1] = fact.resumed_on
        case PrimaryStoodAside() if fact.assignment_id in supports:
            supports[fact.assignment_id].aside |= {*fact.days}
        case PrimaryStoodBack() if fact.assignment_id in supports:
            supports[fact.assignment_id].aside -= {*fact.days}
        case AssignmentEnded() if fact.assignment_id in supports:
            ended = supports[fact.assignment_id]
            ended.ended_on, ended.end_reason = fact.ended_on, fact.reason
        case _:
            pass


def without_primary(child: Primaries, since: date, until: date) -> list[dict[str, Any]]:
    """Every stretch of [since, until) in which the child had no mentor of its own, and who covered on which days."""
    gaps: list[dict[str, Any]] = []
    for day in _days(since, until):
        why = child.gap(day)
        if why is None:
            continue
        last = gaps[-1] if gaps else None
        if last is None or last["why"] != why or last["until"] != day.isoformat():
            last = {"from": day.isoformat(), "why": why, "covered_by": {}}
            gaps.append(last)
        last["until"] = (day + DAY).isoformat()
        for one in child.there(day):
            last["covered_by"].setdefault(str(one.begun.mentor_id), []).append(day.isoformat())
    for gap in gaps:
        gap["covered_by"] = [
            {"mentor_id": mentor_id, "days": days} for mentor_id, days in sorted(gap["covered_by"].items())
        ]
    return gaps


def _days(since: date, until: date) -> Iterator[date]:
    return (since + n * DAY for n in range((until - since).days))

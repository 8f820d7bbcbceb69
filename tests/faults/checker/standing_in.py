"""Who is with a child on which day: its own mentor, or one who covers; and who may begin after whom."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.faults.checker.databases import Stored
from tests.faults.checker.evidence import Evidence
from tests.faults.checker.finding import Finding

FOR_EVER = date(9999, 1, 1)


@dataclass
class Primary:
    """A child's own mentor: when, and not on which days; `aside` is by day since when somebody else is sought."""

    stream: str
    position: int
    mentor: str
    child: str
    since: date
    until: date = FOR_EVER
    pauses: list[tuple[date, date]] = field(default_factory=list)
    aside: dict[date, datetime] = field(default_factory=dict)
    searches: dict[date, str] = field(default_factory=dict)
    owes: bool = False
    handed_over: int | None = None

    def comes(self, on: date) -> bool:
        resting = any(begin <= on < end for begin, end in self.pauses)
        return self.since <= on < self.until and on not in self.aside and not resting


def primaries(evidence: Evidence) -> dict[str, Primary]:
    """By assignment, from the facts of assignments alone."""
    found: dict[str, Primary] = {}
    kept = evidence.stores.get("assignments")
    for fact in kept.facts if kept else ():
        data, one = fact.data, found.get(fact.stream)
        match fact.topic.split(".")[1]:
            case "MentorAssigned" if data["role"] == "primary":
                since = date.fromisoformat(data["effective_from"])
                found[fact.stream] = Primary(
                    fact.stream, fact.position, data["mentor_id"], data["child_id"], since
                )
            case _ if one is None:
                continue
            case "AssignmentPaused":
                one.pauses.append((date.fromisoformat(data["paused_from"]), FOR_EVER))
            case "AssignmentResumed":
                one.pauses[-1] = (one.pauses[-1][0], date.fromisoformat(data["resumed_on"]))
            case "PrimaryStoodAside":
                days = [date.fromisoformat(day) for day in data["days"]]
                one.aside |= dict.fromkeys(days, datetime.fromisoformat(data["stood_aside_at"]))
                one.searches |= dict.fromkeys(days, data["cover_id"])
            case "PrimaryStoodBack":
                for day in map(date.fromisoformat, data["days"]):
                    if one.searches.get(day) == data["cover_id"]:
                        del one.aside[day], one.searches[day]
            case "HandoverRecorded" | "HandoverOverridden":
                one.handed_over = one.handed_over or fact.position
            case "AssignmentEnded":
                one.until = date.fromisoformat(data["ended_on"])
                one.owes = data["reason"] != "made_in_error" and one.until > one.since
            case _:
                continue
    return found


@dataclass
class Search:
    """A search for cover: the days that nobody has taken, and those that somebody has."""

    child: str
    wanted: set[date]
    taken: dict[date, str] = field(default_factory=dict)


def searches(evidence: Evidence) -> dict[str, Search]:
    """By cover. Days that were given up are still wanted: nobody was found, and the primary does not come."""
    found: dict[str, Search] = {}
    kept = evidence.stores.get("assignments")
    for fact in kept.facts if kept else ():
        data, one = fact.data, found.get(fact.stream)
        days = {date.fromisoformat(day) for day in data.get("days") or ()}
        match fact.topic.split(".")[1]:
            case "CoverRequested":
                found[fact.stream] = Search(data["child_id"], days)
            case _ if one is None:
                continue
            case "CoverAccepted" | "CoverPartiallyAccepted":
                one.taken |= dict.fromkeys(days, data["mentor_id"])
            case "CoverGivenBack":
                one.taken = {day: who for day, who in one.taken.items() if day not in days}
            case "CoverCancelled":
                one.taken = {day: who for day, who in one.taken.items() if day not in days}
                one.wanted -= days
            case _:
                continue
    return found


def one_mentor_a_day(evidence: Evidence) -> Iterator[Finding]:
    """Cover is never beside a primary, nor beside other cover; and nobody is with two children on a day."""
    own = primaries(evidence)
    of_child: dict[str, list[Primary]] = defaultdict(list)
    of_mentor: dict[str, list[Primary]] = defaultdict(list)
    for one in own.values():
        of_child[one.child].append(one)
        of_mentor[one.mentor].append(one)
    with_child: dict[tuple[str, date], str] = {}
    has_mentor: dict[tuple[str, date], str] = {}
    for cover, search in searches(evidence).items():
        for day, mentor in search.taken.items():
            beside = [one.stream for one in of_child[search.child] if one.comes(day)]
            if before := with_child.setdefault((search.child, day), cover):
                beside += [before] * (before != cover)
            if beside:
                yield Finding(
                    "two_with_a_child", "assignments", f"{search.child} on {day}: {cover}, {beside}"
                )
            elsewhere = [one.stream for one in of_mentor[mentor] if one.since <= day < one.until]
            if before := has_mentor.setdefault((mentor, day), cover):
                elsewhere += [before] * (before != cover)
            if elsewhere:
                yield Finding("mentor_with_two", "assignments", f"{mentor} on {day}: {cover}, {elsewhere}")


def whoever_stands_aside_is_stood_in_for(evidence: Evidence) -> Iterator[Finding]:
    """On the days without the primary somebody is or was looked for; and no session of theirs is left on them."""
    own, sought = primaries(evidence), searches(evidence)
    for one in own.values():
        for day, cover in one.searches.items():
            if cover not in sought or day not in sought[cover].wanted:
                yield Finding("aside_for_nobody", "assignments", f"{one.stream} on {day} for {cover}")
    for session in standing(evidence):
        primary = own.get(session.data["assignment_id"])
        starts_at = datetime.fromisoformat(session.data["starts_at"])
        since = primary.aside.get(starts_at.date()) if primary else None
        if since and starts_at >= since:
            yield Finding("session_while_aside", "sessions", f"{session.stream} at {starts_at}")


def standing(evidence: Evidence) -> list[Stored]:
    """Sessions that are planned, and neither begun nor called off nor missed."""
    over = {
        fact.stream
        for name in ("Started", "Cancelled", "Missed", "Voided")
        for fact in evidence.of(f"sessions.Session{name}")
    }
    return [fact for fact in evidence.of("sessions.SessionScheduled") if fact.stream not in over]


def who_agreed_to_cover_is_assigned(evidence: Evidence) -> Iterator[Finding]:
    """Each day that is taken is in an assignment of that mentor in force, and each such assignment has its days."""
    covered = {
        (cover, day, mentor)
        for cover, search in searches(evidence).items()
        for day, mentor in search.taken.items()
    }
    ended = {
        fact.stream: date.fromisoformat(fact.data["ended_on"])
        for fact in evidence.of("assignments.AssignmentEnded")
    }
    assigned: set[tuple[str, date, str]] = set()
    for fact in evidence.of("assignments.MentorAssigned"):
        data = fact.data
        if data["role"] != "cover":
            continue
        day, until = (date.fromisoformat(data[name]) for name in ("effective_from", "effective_until"))
        until = min(until, ended.get(fact.stream, until))
        days = [day + timedelta(days=n) for n in range((until - day).days)]
        mine = {(data["cover_id"], day, data["mentor_id"]) for day in days}
        assigned |= mine
        if days and (data["cover_id"], days[0], data["mentor_id"]) not in covered:
            yield Finding("assignment_without_cover", "assignments", f"{fact.stream} on {days[0]}")
    for cover, day, mentor in covered - assigned:
        yield Finding("cover_without_assignment", "assignments", f"{cover} on {day} by {mentor}")


def handed_over_before_the_next(evidence: Evidence) -> Iterator[Finding]:
    """A child's next primary begins after the one before has handed over, or somebody answered for it."""
    found = sorted(primaries(evidence).values(), key=lambda one: one.position)
    for number, later in enumerate(found):
        for earlier in found[:number]:
            owed = earlier.child == later.child and earlier.owes and earlier.until <= later.since
            if owed and (earlier.handed_over is None or earlier.handed_over > later.position):
                told = f"{later.stream} began, {earlier.stream} had not handed over"
                yield Finding("handover_missing", "assignments", told)

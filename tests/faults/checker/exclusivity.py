"""Rules across aggregates, worked out anew from the facts."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from tests.faults.checker.databases import Stored
from tests.faults.checker.evidence import Evidence
from tests.faults.checker.finding import Finding

FOR_EVER = date(9999, 1, 1)


def one_primary_at_a_time(evidence: Evidence) -> Iterator[Finding]:
    """No two active primaries for a child, nor for a mentor, on any day; and each holds its claims."""
    if "assignments" not in evidence.stores:
        return
    ended = {fact.stream: fact for fact in evidence.of("assignments.AssignmentEnded")}
    spans: dict[tuple[str, str], list[tuple[date, date, str]]] = defaultdict(list)
    for fact in evidence.of("assignments.MentorAssigned"):
        if fact.data["role"] != "primary":
            continue
        since = date.fromisoformat(fact.data["effective_from"])
        end = ended.get(fact.stream)
        until = date.fromisoformat(end.data["ended_on"]) if end else FOR_EVER
        if since < until:
            for who in ("child", "mentor"):
                spans[who, fact.data[f"{who}_id"]].append((since, until, fact.stream))
    held = {(row["key"], row["owner"]) for row in evidence.stores["assignments"].claims}
    for (who, key), found in spans.items():
        for _, _, stream in found:
            if (f"{who}:{key}", stream) not in held:
                yield Finding("claim_missing", "assignments", f"{stream} does not hold {who}:{key}")
        for one, two in pairwise(sorted(found)):
            if two[0] < one[1]:
                told = f"{key}: {one[2]} until {one[1]}, {two[2]} from {two[0]}"
                yield Finding(f"two_primaries_for_{who}", "assignments", told)


def sessions_belong_to_assignments(evidence: Evidence) -> Iterator[Finding]:
    """No session without an active assignment, and no two at once for a mentor or a child."""
    if not {"sessions", "assignments"} <= evidence.stores.keys():
        return
    assigned = {fact.stream: fact for fact in evidence.of("assignments.MentorAssigned")}
    ended = {fact.stream: fact for fact in evidence.of("assignments.AssignmentEnded")}
    begun = {fact.stream for fact in evidence.of("sessions.SessionStarted")}
    cancelled = {fact.stream for fact in evidence.of("sessions.SessionCancelled")}
    missed = {fact.stream for fact in evidence.of("sessions.SessionMissed")} - begun
    gone = cancelled | missed | {fact.stream for fact in evidence.of("sessions.SessionVoided")}
    standing = [fact for fact in evidence.of("sessions.SessionScheduled") if fact.stream not in gone]
    for session in evidence.of("sessions.SessionScheduled"):
        support = assigned.get(session.data["assignment_id"])
        if support is None or not _fits(session, support):
            yield Finding("session_without_assignment", "sessions", f"{session.stream}: there was none")
    for session in standing:
        end = ended.get(session.data["assignment_id"])
        if end and _day(session) >= date.fromisoformat(end.data["ended_on"]) and session.stream not in begun:
            yield Finding("session_without_assignment", "sessions", f"{session.stream}: it has ended")
    for who in ("mentor_id", "child_id"):
        times: dict[str, list[tuple[datetime, datetime, str]]] = defaultdict(list)
        for session in standing:
            span = (_at(session, "starts_at"), _at(session, "ends_at"), session.stream)
            times[session.data[who]].append(span)
        for key, found in times.items():
            for one, two in pairwise(sorted(found)):
                if two[0] < one[1]:
                    yield Finding("sessions_overlap", "sessions", f"{who} {key}: {one[2]} and {two[2]}")


def _fits(session: Stored, support: Stored) -> bool:
    same = all(session.data[name] == support.data[name] for name in ("mentor_id", "child_id"))
    return same and date.fromisoformat(support.data["effective_from"]) <= _day(session)


def _day(session: Stored) -> date:
    return _at(session, "starts_at").astimezone(ZoneInfo(session.data["time_zone"])).date()


def _at(session: Stored, name: str) -> datetime:
    return datetime.fromisoformat(session.data[name])

"""The rules of the domain, held against a whole history of facts; each names what breaks it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from services.audit.replay import primaries
from services.audit.replay.compliance import Mentor
from services.audit.replay.contact import Session
from services.audit.replay.contact import fold as sessions_of
from shared.contracts.assignments.assignment import (
    AssignmentEnded,
    MentorAssigned,
    MentorOffered,
)
from shared.contracts.assignments.cover import CoverAccepted, CoverPartiallyAccepted
from shared.contracts.assignments.handover import HandoverOverridden, HandoverRecorded
from shared.contracts.assignments.region_transfer import (
    RegionTransferAccepted,
    RegionTransferConsentRecorded,
)
from shared.contracts.sessions.session import (
    SessionCancelled,
    SessionRescheduled,
    SessionScheduled,
    SessionStarted,
)
from shared.contracts.sessions.session_amendment import SessionAmended, SessionVoided
from shared.contracts.sessions.session_approval import SessionApproved, SessionLocked
from shared.contracts.sessions.session_log import OutcomeRated, SessionLogged
from shared.contracts.training.certification import CertificationGranted
from shared.contracts.words.sessions import WHOLE_CLASS
from shared.kernel.recorded import Recorded

History: TypeAlias = Sequence[Recorded[Any]]
Rule: TypeAlias = Callable[[History, datetime], Iterator[str]]

DAY = timedelta(days=1)


def exclusive(history: History, now: datetime) -> Iterator[str]:
    """Rule 1: one primary at a time, for a child and for a mentor."""
    spans: dict[tuple[str, UUID], list[tuple[date, date, UUID]]] = defaultdict(list)
    for support in primaries.fold(history).supports.values():
        begun = support.begun
        if begun.role == "primary":
            span = (begun.effective_from, support.ended_on or date.max, begun.assignment_id)
            spans["child", begun.child_id].append(span)
            spans["mentor", begun.mentor_id].append(span)
    for who, found in spans.items():
        found.sort()
        for (_, until, one), (since, end, other) in pairwise(found):
            if since < until and since < end:
                yield f"{who} has two primaries: {one} and {other}"


def role_boundary(history: History, now: datetime) -> Iterator[str]:
    """Rule 2: no log of work with a whole class."""
    for one in history:
        if isinstance(one.fact, SessionLogged | SessionAmended) and not WHOLE_CLASS.isdisjoint(
            one.fact.activities
        ):
            yield f"whole class on record in {one.fact.session_id}"


def gate(history: History, now: datetime) -> Iterator[str]:
    """Rule 3: nobody is offered, begins, covers or starts a session who lacks something, as known then."""
    mentors: dict[UUID, Mentor] = defaultdict(Mentor)
    for one in history:
        fact = one.fact
        match fact:
            case MentorOffered(mentor_id=mentor_id, offered_at=at):
                days = {at.date()}
            case MentorAssigned(mentor_id=mentor_id, role="primary"):
                days = {one.recorded_at.date()}
            case CoverAccepted(mentor_id=mentor_id) | CoverPartiallyAccepted(mentor_id=mentor_id):
                days = {*fact.days}
            case SessionStarted(mentor_id=mentor_id, started_at=at):
                days = {at.date()}
            case _:
                if one.source == "training" and hasattr(fact, "mentor_id"):
                    mentors[fact.mentor_id].take(fact)
                continue
        for day in days:
            if lacking := mentors[mentor_id].on(day)["lacking"]:
                yield f"{type(fact).__name__} of {mentor_id}, who lacks {lacking} on {day}"


def standing_down_stops_sessions(history: History, now: datetime) -> Iterator[str]:
    """Rule 5: whoever is not deployable today has no session planned for today or later."""
    mentors: dict[UUID, Mentor] = defaultdict(Mentor)
    for one in history:
        if one.source == "training" and hasattr(one.fact, "mentor_id"):
            mentors[one.fact.mentor_id].take(one.fact)
    for session in _planned(history):
        if session.planned.starts_at >= now and mentors[session.planned.mentor_id].on(now.date())["lacking"]:
            yield f"{session.planned.mentor_id} has a session at {session.planned.starts_at}, and may not"


def _planned(history: History) -> list[Session]:
    gone = {one.fact.session_id for one in history if isinstance(one.fact, SessionCancelled | SessionVoided)}
    return [one for one in sessions_of(history) if one.planned.session_id not in gone]


def no_overlap(history: History, now: datetime) -> Iterator[str]:
    """Rule 6: neither a mentor nor a child is in two sessions at once."""
    held: dict[UUID, list[Session]] = defaultdict(list)
    for session in _planned(history):
        held[session.planned.mentor_id].append(session)
        held[session.planned.child_id].append(session)
    for who, found in held.items():
        for first, second in pairwise(found):
            if second.planned.starts_at < first.planned.ends_at:
                yield f"{who} is in two sessions at {second.planned.starts_at}"


def logs_are_of_supported_days(history: History, now: datetime) -> Iterator[str]:
    """Rule 6: a log is of a session that began, in a time when the mentor was assigned, and never of the future."""
    supports = primaries.fold(history).supports
    for session in sessions_of(history):
        planned = session.planned
        for one in session.log:
            if not isinstance(one.fact, SessionLogged):
                continue
            if session.started is None or one.recorded_at < planned.starts_at - timedelta(minutes=15):
                yield f"{planned.session_id} was logged without having begun"
            begun = supports[planned.assignment_id].begun
            if session.day < begun.effective_from:
                yield f"{planned.session_id} was logged before the assignment began"


def late_logs(history: History, now: datetime) -> Iterator[str]:
    """Rule 7: a log more than 48 hours after the end is flagged, after 72 a reason is there."""
    ends = {
        one.fact.session_id: one.fact.ends_at
        for one in history
        if isinstance(one.fact, SessionScheduled | SessionRescheduled)
    }
    for one in history:
        if isinstance(one.fact, SessionLogged) and one.fact.submission == 1:
            late = one.fact.logged_at - ends[one.fact.session_id]
            if (late > timedelta(hours=48)) != one.fact.late:
                yield f"{one.fact.session_id}: {late} after its end, flagged {one.fact.late}"
            if late > timedelta(hours=72) and not one.fact.late_reason:
                yield f"{one.fact.session_id}: {late} after its end, and no reason"


def locked_is_never_edited(history: History, now: datetime) -> Iterator[str]:
    """Rule 8: after the lock there are amendments, ratings and voids, and nothing else."""
    locked: set[UUID] = set()
    for one in history:
        if one.source != "sessions" or getattr(one.fact, "session_id", None) not in locked:
            if isinstance(one.fact, SessionLocked):
                locked.add(one.fact.session_id)
            continue
        if not isinstance(one.fact, SessionAmended | SessionVoided | OutcomeRated):
            yield f"{type(one.fact).__name__} after the lock of {one.fact.session_id}"


def cover_never_overlaps_the_primary(history: History, now: datetime) -> Iterator[str]:
    """Rule 10: on a day on which somebody covers, the primary does not support the child."""
    by_child: dict[UUID, list[Recorded[Any]]] = defaultdict(list)
    for one in history:
        if one.source == "assignments" and hasattr(one.fact, "child_id"):
            by_child[one.fact.child_id].append(one)
    for child_id, facts in by_child.items():
        found = primaries.fold(facts)
        days = {
            day
            for support in found.supports.values()
            if support.begun.role == "cover" and support.begun.effective_until
            for day in _between(support.begun.effective_from, support.begun.effective_until)
        }
        for day in days:
            there = found.there(day)
            roles = [one.begun.role for one in there]
            if roles.count("cover") > 1 or {*roles} == {"primary", "cover"}:
                yield f"{child_id} has {roles} on {day}"


def _between(since: date, until: date) -> Iterator[date]:
    return (since + n * DAY for n in range((until - since).days))


def handed_over(history: History, now: datetime) -> Iterator[str]:
    """Rule 11: a new primary starts after the handover of the one before, or a recorded override."""
    last: dict[UUID, AssignmentEnded] = {}
    known: set[UUID] = set()
    for one in history:
        match one.fact:
            case (
                HandoverRecorded(assignment_id=assignment_id)
                | HandoverOverridden(assignment_id=assignment_id)
            ):
                known.add(assignment_id)
            case AssignmentEnded(role="primary") as ended:
                last[ended.child_id] = ended
            case MentorAssigned(role="primary", child_id=child_id) if child_id in last:
                before = last[child_id]
                if before.reason != "made_in_error" and before.assignment_id not in known:
                    yield f"{child_id} has a new primary without a handover of {before.assignment_id}"


def renewing_early_loses_nothing(history: History, now: datetime) -> Iterator[str]:
    """Rule 12: a renewal before the expiry runs from the old expiry."""
    held: dict[tuple[UUID, str], CertificationGranted] = {}
    for one in history:
        fact = one.fact
        if not isinstance(fact, CertificationGranted) or fact.kind != "full":
            continue
        before = held.get((fact.mentor_id, fact.track))
        renewed = before is not None and before.certification_id == fact.renews
        if renewed and before and before.valid_until and fact.valid_from != before.valid_until + DAY:
            yield f"{fact.track} of {fact.mentor_id} lost time: {before.valid_until} to {fact.valid_from}"
        held[fact.mentor_id, fact.track] = fact


def transfers_have_consent(history: History, now: datetime) -> Iterator[str]:
    """Rule 13: a region takes over a child only with consent on record."""
    consented: set[UUID] = set()
    for one in history:
        if isinstance(one.fact, RegionTransferConsentRecorded):
            consented.add(one.fact.transfer_id)
        if isinstance(one.fact, RegionTransferAccepted) and one.fact.transfer_id not in consented:
            yield f"{one.fact.transfer_id} was accepted without consent"


def school_hours_are_local(history: History, now: datetime) -> Iterator[str]:
    """Rule 15: times are kept in UTC with the school's time zone, and a session is within one school day."""
    for one in history:
        if isinstance(one.fact, SessionScheduled | SessionRescheduled):
            zone = ZoneInfo(one.fact.time_zone)
            if one.fact.starts_at.utcoffset() != timedelta():
                yield f"{one.fact.session_id} is not kept in UTC"
            if one.fact.starts_at.astimezone(zone).date() != one.fact.ends_at.astimezone(zone).date():
                yield f"{one.fact.session_id} is on two days"


def approved_by_somebody_else(history: History, now: datetime) -> Iterator[str]:
    """Nobody approves their own log."""
    logged: dict[UUID, str] = {}
    for one in history:
        if isinstance(one.fact, SessionLogged):
            logged[one.fact.session_id] = one.fact.logged_by
        if isinstance(one.fact, SessionApproved) and logged.get(one.fact.session_id) == one.fact.approved_by:
            yield f"{one.fact.approved_by} approved their own log of {one.fact.session_id}"


RULES: tuple[Rule, ...] = (
    exclusive,
    role_boundary,
    gate,
    standing_down_stops_sessions,
    no_overlap,
    logs_are_of_supported_days,
    late_logs,
    locked_is_never_edited,
    cover_never_overlaps_the_primary,
    handed_over,
    renewing_early_loses_nothing,
    transfers_have_consent,
    school_hours_are_local,
    approved_by_somebody_else,
)


def broken(history: History, now: datetime) -> list[str]:
    """Every rule that this history breaks, with what breaks it."""
    return [f"{rule.__name__}: {found}" for rule in RULES for found in rule(history, now)]

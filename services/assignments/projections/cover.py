"""Searches for cover: who was asked, who covers which day, and what is still open."""

from collections.abc import Iterator
from datetime import datetime
from typing import assert_never, get_args
from uuid import UUID

from services.assignments.domain.cover_states import CoverFact
from shared.contracts.assignments.cover import (
    CoverAccepted,
    CoverCancelled,
    CoverDeclined,
    CoverExpired,
    CoverGivenBack,
    CoverPartiallyAccepted,
    CoverRequested,
)
from shared.kernel.projection import Projection
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Drop, Put, Row

COVER_EXPIRES = "cover_expires"


def cover(recorded: Recorded[CoverFact]) -> Iterator[Row]:
    """One row for the search, one for each day, one for each mentor who was asked or answered."""
    fact = recorded.fact
    key = {"cover_id": fact.cover_id}
    match fact:
        case CoverRequested():
            yield from _requested(fact)
        case CoverAccepted():
            yield Put("covers", key, {"status": "accepted", "asked_now": None})
            yield from _taken(fact)
            yield _over(fact.cover_id)
        case CoverPartiallyAccepted():
            yield Put("covers", key, {"status": "partially_accepted", "asked_now": None})
            yield from _taken(fact)
        case CoverDeclined():
            yield _answer(fact.cover_id, fact.mentor_id, "declined", fact.declined_at)
            yield Put("covers", key, {"asked_now": fact.next_asked})
            if fact.days_given_up:
                yield Put("covers", key, {"status": "declined", "closed_at": fact.declined_at})
                for day in fact.days_given_up:
                    yield _day(fact, day, "given_up")
                yield _over(fact.cover_id)
        case CoverGivenBack():
            yield _answer(fact.cover_id, fact.mentor_id, "gave_back", fact.given_back_at)
            again = {"status": "requested", "expires_at": fact.expires_at, "closed_at": None}
            yield Put("covers", key, again | {"asked_now": None, "closed_because": None})
            for day in fact.days_left:
                yield _day(fact, day, "open")
            yield _due(fact.cover_id, fact.expires_at)
        case CoverCancelled():
            for day in fact.days:
                yield _day(fact, day, "not_needed")
            if not fact.days_left:
                status = "accepted" if fact.days_kept else "cancelled"
                closed = {"status": status, "closed_at": fact.cancelled_at, "closed_because": fact.reason}
                yield Put("covers", key, closed)
                yield _over(fact.cover_id)
        case CoverExpired():
            yield Put("covers", key, {"status": "expired", "closed_at": fact.expired_at})
            for day in fact.days_left:
                yield _day(fact, day, "given_up")
            yield _over(fact.cover_id)
        case _:
            assert_never(fact)


def _requested(fact: CoverRequested) -> Iterator[Row]:
    yield Put(
        "covers",
        {"cover_id": fact.cover_id},
        {
            "assignment_id": fact.assignment_id,
            "child_id": fact.child_id,
            "school_id": fact.school_id,
            "absent_mentor_id": fact.absent_mentor_id,
            "form": fact.form,
            "asked": list(fact.asked),
            "asked_now": fact.asked[0] if fact.asked else None,
            "status": "requested",
            "reason": fact.reason,
            "first_day": min(fact.days),
            "last_day": max(fact.days),
            "child_slot": fact.child_slot,
            "expires_at": fact.expires_at,
            "requested_at": fact.requested_at,
        },
    )
    for day in fact.days:
        yield _day(fact, day, "open")
    for mentor_id in fact.asked:
        yield _answer(fact.cover_id, mentor_id, "asked", None)
    yield _due(fact.cover_id, fact.expires_at)


def _taken(fact: CoverAccepted | CoverPartiallyAccepted) -> Iterator[Row]:
    yield _answer(fact.cover_id, fact.mentor_id, "accepted", fact.accepted_at)
    for day in fact.days:
        key = {"cover_id": fact.cover_id, "day": day}
        by = {"state": "taken", "mentor_id": fact.mentor_id, "mentor_slot": fact.mentor_slot}
        yield Put("cover_days", key, by | {"child_id": fact.child_id})


def _day(
    fact: CoverRequested | CoverDeclined | CoverGivenBack | CoverCancelled | CoverExpired,
    day: object,
    state: str,
) -> Row:
    nobody = {"state": state, "mentor_id": None, "mentor_slot": None, "child_id": fact.child_id}
    return Put("cover_days", {"cover_id": fact.cover_id, "day": day}, nobody)


def _answer(cover_id: UUID, mentor_id: UUID, answer: str, at: datetime | None) -> Row:
    return Put(
        "cover_answers",
        {"cover_id": cover_id, "mentor_id": mentor_id},
        {"answer": answer, "answered_at": at},
    )


def _due(cover_id: UUID, at: datetime) -> Row:
    return Put("due", {"kind": COVER_EXPIRES, "key": str(cover_id)}, {"due_at": at, "payload": {}})


def _over(cover_id: UUID) -> Row:
    return Drop("due", {"kind": COVER_EXPIRES, "key": str(cover_id)})


COVER = Projection("cover", get_args(CoverFact), ("covers", "cover_days", "cover_answers", "due"), cover)

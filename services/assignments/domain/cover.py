"""The search for somebody who stands in for a child's mentor, and what came of it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import assert_never
from uuid import UUID

from services.assignments.domain import cover_answers, cover_asking, cover_search, exclusive
from services.assignments.domain.cover_commands import (
    AcceptCover,
    CancelCover,
    Command,
    DeclineCover,
    ExpireCover,
    GiveBack,
    RequestCover,
)
from services.assignments.domain.cover_states import (
    Closed,
    Cover,
    CoverFact,
    Filled,
    NotAsked,
    Open,
    Search,
    Taken,
)
from shared.contracts.assignments.cover import (
    CoverAccepted,
    CoverCancelled,
    CoverDeclined,
    CoverExpired,
    CoverGivenBack,
    CoverPartiallyAccepted,
    CoverRequested,
)
from shared.kernel.decider import Claim, Decider


def decide(state: Cover, command: Command) -> Sequence[CoverFact]:
    match command:
        case RequestCover():
            return cover_asking.request(state, command)
        case AcceptCover():
            return cover_answers.accept(state, command)
        case DeclineCover():
            return cover_answers.decline(state, command)
        case GiveBack():
            return cover_search.give_back(state, command)
        case CancelCover():
            return cover_search.cancel(state, command)
        case ExpireCover():
            return cover_search.expire(state, command)
        case _:
            assert_never(command)


def evolve(state: Cover, fact: CoverFact) -> Cover:
    match fact, state:
        case CoverRequested(), NotAsked():
            return Open(Search(fact, fact.days, fact.expires_at))
        case CoverAccepted() | CoverPartiallyAccepted(), Open(found):
            left = fact.days_left if isinstance(fact, CoverPartiallyAccepted) else ()
            taken = Taken(fact.mentor_id, fact.days, fact.mentor_slot)
            return _now(replace(found, left=left, taken=(*found.taken, taken)))
        case CoverDeclined(), Open(found):
            declined = replace(found, declined=found.declined | {fact.mentor_id})
            return _given_up(declined) if fact.days_given_up else Open(declined)
        case CoverGivenBack(), Open(found) | Filled(found) | Closed(found):
            kept = _without(found.taken, fact.days, fact.mentor_id)
            back = replace(
                found, left=fact.days_left, taken=kept, given_back=True, expires_at=fact.expires_at
            )
            return Open(replace(back, declined=back.declined | {fact.mentor_id}))
        case CoverCancelled(), Open(found) | Filled(found) | Closed(found):
            up = tuple(day for day in found.given_up if day not in fact.days)
            return _now(
                replace(found, left=fact.days_left, taken=_without(found.taken, fact.days), given_up=up)
            )
        case CoverExpired(), Open(found):
            return _given_up(found)
        case _:
            return state


def _given_up(found: Search) -> Cover:
    return Closed(replace(found, left=(), given_up=(*found.given_up, *found.left)))


def _now(found: Search) -> Cover:
    if found.left:
        return Open(found)
    return Filled(found) if found.taken and not found.given_up else Closed(found)


def _without(
    taken: tuple[Taken, ...], days: tuple[date, ...], mentor_id: UUID | None = None
) -> tuple[Taken, ...]:
    """What stays taken when these days are not, of one mentor or of all."""
    gone = set(days)
    left = (
        one
        if mentor_id not in (None, one.mentor_id)
        else replace(one, days=tuple(day for day in one.days if day not in gone))
        for one in taken
    )
    return tuple(one for one in left if one.days)


def claims(state: Cover) -> frozenset[Claim]:
    """One search a day; and on the days that are taken, nobody else is with the child or has the mentor."""
    return frozenset() if isinstance(state, NotAsked) else frozenset(_held(state.search))


def _held(found: Search) -> Iterator[Claim]:
    child_id, slot = found.requested.child_id, found.requested.child_slot
    taken = [day for one in found.taken for day in one.days]
    for span in exclusive.spans([*found.left, *taken]):
        yield exclusive.looks_for_cover(child_id, slot, span)
    for span in exclusive.spans(taken):
        yield exclusive.is_with(child_id, slot, span)
    for one in found.taken:
        for span in exclusive.spans(one.days):
            yield exclusive.mentor_is(one.mentor_id, one.mentor_slot, span)


cover: Decider[Cover, Command] = Decider("cover", NotAsked(), decide, evolve, claims)

"""What only one may have: the keys of the claims, and how many places the limit allows."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from shared.kernel.decider import Claim

STRICT = 1
"""Primaries that a child, and children that a mentor, may have at once, unless the agency sets more."""

Span = tuple[date, date | None]
"""From a day up to, without, another; None is for ever."""


def mentor_is(mentor_id: UUID, slot: int, span: Span) -> Claim:
    """This place of the mentor's is taken in those days."""
    return _claim(
        _key("mentor", mentor_id, slot),
        "mentor_already_assigned",
        "this mentor already supports a child in those days; end that first or choose another mentor",
        span,
    )


def child_has(child_id: UUID, slot: int, span: Span) -> Claim:
    """This place of a primary of the child's is taken in those days."""
    return _claim(
        _key("child", child_id, slot),
        "child_already_assigned",
        "this child already has a mentor in those days; end that assignment first",
        span,
    )


def is_with(child_id: UUID, slot: int, span: Span) -> Claim:
    """Whoever is with the child on those days: the primary, or one who covers, never both."""
    return _claim(
        _key("with", child_id, slot),
        "child_has_mentor_that_day",
        "somebody else is with this child on one of those days: the child's own mentor, or one who covers; "
        "choose other days, or end that cover first",
        span,
    )


def looks_for_cover(child_id: UUID, slot: int, span: Span) -> Claim:
    """One search for cover a day."""
    return _claim(
        _key("asked", child_id, slot),
        "cover_already_asked",
        "cover for one of those days is asked for or agreed already; leave those days out, or cancel that first",
        span,
    )


def hands_over(child_id: UUID, slot: int, span: Span) -> Claim:
    """Held from the end of a primary until they have handed over; the next one needs it on their first day."""
    return _claim(
        _key("handover", child_id, slot),
        "handover_due",
        "the child's last mentor has not handed over; record the handover, or override it with a reason",
        span,
    )


def spans(days: Iterable[date]) -> list[Span]:
    """Days that follow each other as one span each."""
    found: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if found and found[-1][1] == day:
            found[-1] = (found[-1][0], day + timedelta(days=1))
        else:
            found.append((day, day + timedelta(days=1)))
    return list(found)


def without(span: Span, holes: Iterable[Span]) -> list[Span]:
    """What is left of a span when these are taken out."""
    left: list[Span] = []
    since, until = span
    for begin, end in sorted(holes, key=lambda hole: hole[0]):
        if until is not None and begin >= until:
            break
        if begin > since:
            left.append((since, begin))
        if end is None:
            return left
        since = max(since, end)
    if until is None or since < until:
        left.append((since, until))
    return left


def _key(kind: str, of: UUID, slot: int) -> str:
    return f"{kind}:{of}" if slot == 1 else f"{kind}:{of}:{slot}"


def _claim(key: str, code: str, message: str, span: Span) -> Claim:
    since, until = span
    return Claim(key, code, message, _midnight(since), None if until is None else _midnight(until))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)

"""Who is supported by whom: the children first, then the aides of those who were taken over, then both together."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import groupby
from typing import TypeVar
from uuid import UUID

from services.assignments.domain.roster import Support
from services.assignments.oneroster.aides import mentor_of
from services.assignments.oneroster.choosing import Wanted
from services.assignments.oneroster.office import Office
from services.assignments.oneroster.pupils import AskedFor, ask_for
from services.assignments.oneroster.report import Item

AT_ONCE = 64
T = TypeVar("T")
R = TypeVar("R")
Done = Callable[[str, int, int], None]


async def take_supports(office: Office, wanted: Sequence[Wanted], told: Done) -> list[Support]:
    """Ask for each child once, take in each aide once. Whom a person has to look at stays as they were known."""
    by_child = sorted(wanted, key=lambda each: (each.child_id, str(each.class_id)))
    groups = [list(group) for _, group in groupby(by_child, key=lambda each: each.child_id)]

    async def ask(apart: Office, group: list[Wanted]) -> list[tuple[Wanted, AskedFor | None]]:
        return [(each, await ask_for(apart, each)) for each in group]

    asked = [pair for group in await _each(office, "children", groups, ask, told) for pair in group]
    aides: dict[UUID, str] = {}
    for each, found in asked:
        if found and each.aide_id:
            aides[each.aide_id] = aides.get(each.aide_id) or each.aide

    async def take(apart: Office, aide: tuple[UUID, str]) -> tuple[UUID, UUID | None]:
        return aide[0], await mentor_of(apart, *aide)

    mentors = dict(await _each(office, "aides", sorted(aides.items()), take, told))
    supports = (_support(office, each, found, mentors) for each, found in asked)
    return [support for support in supports if support is not None]


async def _each(
    office: Office, what: str, those: Sequence[T], do: Callable[[Office, T], Awaitable[R]], told: Done
) -> list[R]:
    """Many at a time, so that the store commits them together; noted in the order of `those`."""
    found: list[R] = []
    for start in range(0, len(those), AT_ONCE):
        batch = those[start : start + AT_ONCE]
        apart = [office.apart() for _ in batch]
        found += await asyncio.gather(*(do(desk, each) for desk, each in zip(apart, batch, strict=True)))
        office.items += _items(apart)
        told(what, start + len(batch), len(those))
    return found


def _items(apart: Iterable[Office]) -> list[Item]:
    return [item for office in apart for item in office.items]


def _support(
    office: Office, wanted: Wanted, asked: AskedFor | None, mentors: dict[UUID, UUID | None]
) -> Support | None:
    before = office.known.supports.get(wanted.place)
    if asked is None:
        return before
    mentor_id = mentors[wanted.aide_id] if wanted.aide_id else None
    if before is None or before.mentor_id != mentor_id:
        office.items.append(_proposed(wanted, mentor_id))
    return Support(
        wanted.class_id, wanted.child_id, wanted.aide_id, mentor_id, asked.school_id, asked.request_id
    )


def _proposed(wanted: Wanted, mentor_id: UUID | None) -> Item:
    who = f"mentor {mentor_id}" if mentor_id else "a mentor yet to be found"
    return Item(
        what="seen",
        kind="support",
        sourced_id=wanted.pupil,
        file="enrollments.csv" if wanted.class_id else "users.csv",
        line=wanted.line,
        id=wanted.child_id,
        detail=f"to be assigned to {who}: take the request on, then offer; nothing is assigned by an import",
    )

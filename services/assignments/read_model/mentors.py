"""Questions about mentors: who they are, what they can show, how fit they are, and who is free."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, and_, case, exists, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignments.domain.gate import MentorStanding
from services.assignments.read_model.tables import (
    absences,
    assignments,
    availabilities,
    compliance,
    evidence,
    leaves,
    mentor_profiles,
    mentors,
    standings,
)
from shared.contracts.eligibility import CLEARANCES, Evidence


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which mentors a list is to show; None leaves a column alone. `free` means without a primary on that day."""

    employment: str | None = None
    compliance: str | None = None
    deployable: bool | None = None
    town: str | None = None
    postcode_district: str | None = None
    free: bool | None = None


def _mentors(on: date) -> Select[Any]:
    joined = (
        mentors.outerjoin(standings, standings.c.mentor_id == mentors.c.mentor_id)
        .outerjoin(compliance, compliance.c.mentor_id == mentors.c.mentor_id)
        .outerjoin(mentor_profiles, mentor_profiles.c.mentor_id == mentors.c.mentor_id)
    )
    return select(
        mentors,
        standings.c.deployable,
        standings.c.since.label("standing_since"),
        _compliance(on).label("compliance"),
        compliance.c.suspended_on,
        compliance.c.reasons,
        mentor_profiles.c.town,
        mentor_profiles.c.postcode_district,
        _supports_somebody(on).label("supports_somebody"),
    ).select_from(joined)


def _compliance(on: date) -> ColumnElement[str]:
    """Suspended before all else; then what training said last; before it said anything, what is still missing."""
    found = compliance.c
    shown = (
        select(func.count(evidence.c.item.distinct()))
        .where(
            evidence.c.mentor_id == mentors.c.mentor_id,
            evidence.c.item.in_(CLEARANCES),
            evidence.c.valid_from <= on,
            or_(evidence.c.valid_until.is_(None), evidence.c.valid_until >= on),
            or_(evidence.c.withdrawn_on.is_(None), evidence.c.withdrawn_on > on),
        )
        .scalar_subquery()
    )
    return case(
        (and_(found.suspended_on.is_not(None), found.suspended_on <= on), "suspended"),
        (found.standing.is_not(None), found.standing),
        (standings.c.deployable.is_(True), "deployable"),
        (standings.c.deployable.is_(False), "restricted"),
        (shown == len(CLEARANCES), "inducting"),
        else_="vetting",
    )


def _supports_somebody(on: date) -> ColumnElement[bool]:
    a = assignments.c
    return exists(
        select(a.assignment_id).where(
            a.mentor_id == mentors.c.mentor_id,
            a.role == "primary",
            a.effective_from.is_not(None),
            or_(a.ended_on.is_(None), and_(a.ended_on > on, a.ended_on > a.effective_from)),
        )
    )


async def mentor(db: AsyncConnection, mentor_id: UUID, on: date = date.max) -> RowMapping | None:
    """One mentor; `deployable` is what training last decided, None when it has not yet."""
    found: RowMapping | None = (
        (await db.execute(_mentors(on).where(mentors.c.mentor_id == mentor_id))).mappings().first()
    )
    return found


async def mentors_by_name(
    db: AsyncConnection, wanted: Wanted, on: date, after: tuple[str, UUID] | None, limit: int
) -> list[RowMapping]:
    """The mentors of the agency, as they are on a day."""
    found = _mentors(on).order_by(mentors.c.name, mentors.c.mentor_id).limit(limit)
    if wanted.employment is not None:
        found = found.where(mentors.c.employment == wanted.employment)
    if wanted.compliance is not None:
        found = found.where(_compliance(on) == wanted.compliance)
    if wanted.deployable is not None:
        found = found.where(standings.c.deployable.is_(True) == wanted.deployable)
    if wanted.town is not None:
        found = found.where(func.lower(mentor_profiles.c.town) == wanted.town.lower())
    if wanted.postcode_district is not None:
        found = found.where(
            func.upper(mentor_profiles.c.postcode_district) == wanted.postcode_district.upper()
        )
    if wanted.free is not None:
        found = found.where(_supports_somebody(on) != wanted.free)
    if after:
        found = found.where(tuple_(mentors.c.name, mentors.c.mentor_id) > tuple_(*after))
    return list((await db.execute(found)).mappings())


async def evidence_of(db: AsyncConnection, mentor_id: UUID) -> tuple[Evidence, ...]:
    """Everything training has seen of a mentor."""
    wanted = (
        select(evidence).where(evidence.c.mentor_id == mentor_id).order_by(evidence.c.item, evidence.c.proof)
    )
    return tuple(
        Evidence(row["item"], row["valid_from"], row["valid_until"], row["withdrawn_on"])
        for row in (await db.execute(wanted)).mappings()
        if row["valid_from"] is not None
    )


async def leaves_of(db: AsyncConnection, mentor_id: UUID) -> Sequence[RowMapping]:
    """Every leave of a mentor, the first one first."""
    wanted = select(leaves).where(leaves.c.mentor_id == mentor_id).order_by(leaves.c.leave_from)
    return list((await db.execute(wanted)).mappings())


async def absences_of(db: AsyncConnection, mentor_id: UUID) -> Sequence[RowMapping]:
    """Every absence of a mentor, the first one first."""
    wanted = select(absences).where(absences.c.mentor_id == mentor_id).order_by(absences.c.absent_from)
    return list((await db.execute(wanted)).mappings())


async def availabilities_of(db: AsyncConnection, mentor_id: UUID) -> Sequence[RowMapping]:
    """What was said of when a mentor can work, by the day on which it begins."""
    wanted = select(availabilities).where(availabilities.c.mentor_id == mentor_id)
    return list((await db.execute(wanted.order_by(availabilities.c.effective_from))).mappings())


async def profile_of(db: AsyncConnection, mentor_id: UUID) -> RowMapping | None:
    """What a mentor brings to a child."""
    return (
        (await db.execute(select(mentor_profiles).where(mentor_profiles.c.mentor_id == mentor_id)))
        .mappings()
        .first()
    )


async def standing_of_mentor(db: AsyncConnection, mentor_id: UUID) -> MentorStanding:
    """What the gate has to know of a mentor."""
    joined = mentors.outerjoin(standings, standings.c.mentor_id == mentors.c.mentor_id)
    asked = select(mentors, standings.c.deployable).select_from(joined)
    found = (await db.execute(asked.where(mentors.c.mentor_id == mentor_id))).mappings().first()
    if found is None:
        return MentorStanding(mentor_id)
    return MentorStanding(
        mentor_id,
        found["engaged_on"],
        found["left_on"],
        await evidence_of(db, mentor_id),
        tuple((row["leave_from"], row["returned_on"]) for row in await leaves_of(db, mentor_id)),
        tuple((row["absent_from"], row["absent_until"]) for row in await absences_of(db, mentor_id)),
        found["deployable"],
    )

"""Who could support whom: every mentor as matching sees them, and every child who waits for one."""

from collections import defaultdict
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, and_, exists, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignments.domain.matching import Candidate, Wanted
from services.assignments.read_model.tables import (
    assignments,
    availabilities,
    child_profiles,
    children,
    evidence,
    leaves,
    mentor_profiles,
    mentors,
    provisions,
    schools,
)
from shared.contracts.eligibility import Evidence

OPEN = ("proposed", "accepted")


async def candidates(db: AsyncConnection, on: date) -> list[Candidate]:
    """Every mentor who works for the agency, or is to, on a day; free and fit or not: matching says why not."""
    found = await _by_mentor(db)
    wanted = (
        select(mentors, mentor_profiles)
        .outerjoin(mentor_profiles, mentor_profiles.c.mentor_id == mentors.c.mentor_id)
        .where(mentors.c.employment != "left")
        .with_only_columns(
            mentors.c.mentor_id,
            mentors.c.engaged_on,
            mentors.c.left_on,
            *(column for column in mentor_profiles.c if column.name != "mentor_id"),
        )
    )
    return [
        _candidate(row, on, found[row["mentor_id"]]) for row in (await db.execute(wanted)).mappings().all()
    ]


async def _by_mentor(db: AsyncConnection) -> dict[UUID, dict[str, list[RowMapping]]]:
    """What is known of each mentor, table by table: five reads for all of them instead of five for each."""
    found: dict[UUID, dict[str, list[RowMapping]]] = defaultdict(lambda: defaultdict(list))
    tables = {
        "evidence": select(evidence),
        "leaves": select(leaves),
        "availabilities": select(availabilities).order_by(availabilities.c.effective_from),
        "assignments": select(assignments).where(assignments.c.cancelled_at.is_(None)),
    }
    for name, wanted in tables.items():
        for row in (await db.execute(wanted)).mappings():
            found[row["mentor_id"]][name].append(row)
    return found


def _candidate(row: RowMapping, on: date, known: dict[str, list[RowMapping]]) -> Candidate:
    own = [one for one in known["assignments"] if one["role"] == "primary" and one["effective_from"]]
    hours = [one["minutes_per_week"] for one in known["availabilities"] if one["effective_from"] <= on]
    covered: dict[UUID, int] = defaultdict(int)
    for one in known["assignments"]:
        if one["role"] == "cover" and one["effective_from"] and one["effective_from"] < on:
            covered[one["child_id"]] += (_end(one, on) - one["effective_from"]).days
    return Candidate(
        mentor_id=row["mentor_id"],
        engaged_on=row["engaged_on"],
        left_on=row["left_on"],
        on_leave=any(
            one["leave_from"] <= on and (one["returned_on"] is None or on < one["returned_on"])
            for one in known["leaves"]
        ),
        supports_now=any(one["ended_on"] is None or one["ended_on"] > on for one in own),
        offered_now=any(one["status"] in OPEN and one["role"] == "primary" for one in known["assignments"]),
        evidence=tuple(
            Evidence(one["item"], one["valid_from"], one["valid_until"], one["withdrawn_on"])
            for one in known["evidence"]
            if one["valid_from"] is not None
        ),
        minutes_per_week=hours[-1] if hours else None,
        areas=frozenset(row["areas"] or ()),
        curriculum_levels=frozenset(row["curriculum_levels"] or ()),
        experience=frozenset(row["experience"] or ()),
        languages=frozenset(row["languages"] or ()),
        town=row["town"],
        postcode_district=row["postcode_district"],
        covered=dict(covered),
        supported=frozenset(one["child_id"] for one in own if one["ended_on"] and one["ended_on"] <= on),
    )


def _end(assignment: RowMapping, on: date) -> date:
    ends = [day for day in (assignment["ended_on"], assignment["effective_until"], on) if day is not None]
    return min(ends)


async def wanted_by(db: AsyncConnection, child_id: UUID, on: date) -> Wanted | None:
    """What a child needs of a mentor; None when the child is not the agency's, or nothing is specified."""
    found = await _wanted(db, on, children.c.child_id == child_id)
    return found[0] if found else None


async def waiting(db: AsyncConnection, on: date, local_authority: str | None) -> list[Wanted]:
    """The children who are to have a mentor of their own on a day, and have none and no open offer."""
    a = assignments.c
    served = exists(
        select(a.assignment_id).where(
            a.child_id == children.c.child_id,
            a.role == "primary",
            or_(
                a.status.in_(OPEN),
                and_(a.effective_from.is_not(None), or_(a.ended_on.is_(None), a.ended_on > on)),
            ),
        )
    )
    where = [children.c.status.in_(("accepted", "active")), ~served]
    if local_authority is not None:
        where.append(schools.c.local_authority == local_authority)
    return await _wanted(db, on, *where)


async def _wanted(db: AsyncConnection, on: date, *where: ColumnElement[bool]) -> list[Wanted]:
    asked = (
        select(
            children.c.child_id,
            child_profiles.c.needs,
            child_profiles.c.curriculum_level,
            child_profiles.c.languages,
            schools.c.town,
            schools.c.postcode,
            provisions.c.minutes_per_week,
            provisions.c.areas,
        )
        .join(provisions, provisions.c.child_id == children.c.child_id)
        .outerjoin(child_profiles, child_profiles.c.child_id == children.c.child_id)
        .outerjoin(schools, schools.c.school_id == children.c.school_id)
        .where(children.c.accepted_on.is_not(None), *where)
        # of several provisions the one in force; of none in force yet the first to come
        .order_by(
            children.c.child_id,
            provisions.c.effective_from > on,
            func.abs(provisions.c.effective_from - on),
        )
        .ext(distinct_on(children.c.child_id))
    )
    return [_want(row) for row in (await db.execute(asked)).mappings()]


def _want(row: RowMapping) -> Wanted:
    return Wanted(
        child_id=row["child_id"],
        minutes_per_week=row["minutes_per_week"],
        areas=frozenset(row["areas"]),
        needs=frozenset(row["needs"] or ()),
        curriculum_level=row["curriculum_level"],
        languages=frozenset(row["languages"] or ()),
        town=row["town"],
        postcode_district=(row["postcode"] or "").split(" ")[0] or None,
    )

"""Matching over HTTP: candidates for one child, and plans for a whole region, taken up row by row."""

import asyncio
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.assignments.api.asking import Today, by_time, known, listed
from services.assignments.api.matching_views import (
    Became,
    CandidatesView,
    CandidateView,
    MatchPage,
    MatchView,
    PlanBody,
    PlanPage,
    PlanView,
    ScoreView,
    SetAsideBody,
)
from services.assignments.domain.assignment import assignment
from services.assignments.domain.assignment_commands import OfferMentor
from services.assignments.domain.match_plan import ProposePlan, SetAside, match_plan, offer_of
from services.assignments.domain.matching import Candidate, Wanted, barred, ranked
from services.assignments.domain.matching_reasons import Score, scores
from services.assignments.read_model import match_plans as plans
from services.assignments.read_model.candidates import candidates, waiting, wanted_by
from services.assignments.read_model.children import standing_of_child
from services.assignments.read_model.mentors import standing_of_mentor
from services.assignments.read_model.optimal import optimal
from shared.contracts.assignments.match_plan import ProposedMatch, Unmatched
from shared.kernel.call import Call, Reads, allows, seen
from shared.kernel.paging import Cursor, Limit, after, page, wrong_cursor
from shared.kernel.problems import NotFound

ASKERS = ("coordinator", "manager")

of_child = APIRouter(prefix="/children", tags=["matching"])
router = APIRouter(prefix="/match-plans", tags=["matching"])

WHAT_IT_READS = seen("children", "mentors", "eligibility", "coverage", "match_plans", "schools")


@of_child.get("/{child_id}/candidates", dependencies=[allows(*ASKERS), WHAT_IT_READS])
async def candidates_for(
    child_id: UUID,
    reads: Reads,
    today: Today,
    on: date | None = None,
    limit: Limit = 20,
    show_barred: Annotated[bool, Query(description="also those who can't be proposed, and why")] = False,
) -> CandidatesView:
    """Mentors for a child: those who pass the gate ranked by points, each with the reasons."""
    day = on or today
    wanted = await reads(wanted_by, child_id, day)
    if wanted is None:
        raise NotFound("child with a provision", child_id)
    known_mentors = await reads(candidates, day)
    best = [_shown(wanted, one, total, ()) for total, one in ranked(wanted, known_mentors, day)[:limit]]
    rest = sorted(known_mentors, key=lambda one: one.mentor_id) if show_barred else []
    told = [_shown(wanted, one, None, why) for one in rest if (why := barred(one, day))]
    return CandidatesView(child_id=child_id, on=day, items=[*best, *told[:limit]])


def _shown(wanted: Wanted, one: Candidate, total: int | None, why: tuple[str, ...]) -> CandidateView:
    told = [ScoreView.model_validate(score) for score in scores(wanted, one)]
    reached = sum(score.points for score in told) if total is None else total
    return CandidateView(mentor_id=one.mentor_id, total=reached, scores=told, barred=list(why))


@router.post("", status_code=201, dependencies=[allows(*ASKERS)])
async def propose(body: PlanBody, call: Call) -> Response:
    """Find the best assignment of free mentors to all children who wait; nothing is offered by it yet."""
    day = body.planned_for or call.now.date()
    children = await call.reads(waiting, day, body.local_authority)
    mentors = await call.reads(candidates, day)
    # Thousands of pairs are seconds of work: other requests go on meanwhile.
    found, left = await asyncio.to_thread(optimal, children, mentors, day, body.least)
    plan_id = call.new_id()
    command = ProposePlan(
        plan_id=plan_id,
        planned_for=day,
        least=body.least,
        local_authority=body.local_authority,
        matches=tuple(
            ProposedMatch(
                child_id=one.child_id, mentor_id=one.mentor_id, points=one.points, better=one.better
            )
            for one in found
        ),
        unmatched=tuple(Unmatched(child_id=one.child_id, reason=one.reason) for one in left),
        at=call.now,
    )
    return await call.decide(
        match_plan,
        plan_id,
        command,
        status=201,
        location="/assignments/match-plans/{id}",
        show={"plan_id": plan_id, "matched": len(found), "unmatched": len(left)},
        new=True,
    )


@router.get("", dependencies=[allows(*ASKERS, "auditor"), seen("match_plans")])
async def list_plans(reads: Reads, cursor: Cursor = None, limit: Limit = 50) -> PlanPage:
    """Plans, the newest first."""
    found = await reads(plans.plans_by_time, by_time(cursor), limit + 1)
    return PlanPage.model_validate(listed(found, limit, "proposed_at", "plan_id"))


@router.get("/{plan_id}", dependencies=[allows(*ASKERS, "auditor"), seen("match_plans")])
async def show_plan(plan_id: UUID, reads: Reads) -> PlanView:
    """One plan; its rows are at /rows."""
    found = await reads(plans.find_plan, plan_id)
    if found is None:
        raise NotFound("plan", plan_id)
    return PlanView.model_validate(dict(found))


@router.get("/{plan_id}/rows", dependencies=[allows(*ASKERS, "auditor"), WHAT_IT_READS])
async def rows(
    plan_id: UUID, reads: Reads, status: Became | None = None, cursor: Cursor = None, limit: Limit = 50
) -> MatchPage:
    """Who is proposed for whom and why, and what became of it; filtered by `status`."""
    plan = await show_plan(plan_id, reads)
    found = await reads(plans.matches_of, plan_id, status, _child_after(cursor), limit + 1)
    mentors = {one.mentor_id: one for one in await reads(candidates, plan.planned_for)}
    shown = []
    for row in found:
        wanted = await reads(wanted_by, row["child_id"], plan.planned_for)
        told = _as_planned(row["points"], wanted, mentors.get(row["mentor_id"]))
        shown.append(
            MatchView.model_validate({**row, "scores": [ScoreView.model_validate(one) for one in told]})
        )
    return MatchPage.model_validate(page(shown, limit, lambda view: [str(view.child_id)]))


def _as_planned(points: list[int] | None, wanted: Wanted | None, mentor: Candidate | None) -> list[Score]:
    if points is None or wanted is None or mentor is None:
        return []
    told = scores(wanted, mentor)
    return [Score(one.criterion, kept, one.most, one.reason) for one, kept in zip(told, points, strict=True)]


def _child_after(cursor: str | None) -> UUID | None:
    found = after(cursor)
    try:
        return UUID(found[0]) if found else None
    except (ValueError, TypeError, AttributeError):
        raise wrong_cursor() from None


@router.post("/{plan_id}/rows/{child_id}/take-up", status_code=201, dependencies=[allows(*ASKERS)])
async def take_up(plan_id: UUID, child_id: UUID, call: Call) -> Response:
    """Offer the mentor that the plan proposes for this child; the gate is passed as of now."""
    plan = await known(call, match_plan, plan_id)
    if plan.proposed is None:
        raise NotFound("plan", plan_id)
    found = plan.match_of(child_id)
    assignment_id = offer_of(plan_id, child_id)
    command = OfferMentor(
        assignment_id=assignment_id,
        child=await call.reads(standing_of_child, child_id, call.now.date()),
        mentor=await call.reads(standing_of_mentor, found.mentor_id),
        at=call.now,
    )
    return await call.decide(
        assignment,
        assignment_id,
        command,
        status=201,
        location="/assignments/assignments/{id}",
        show={"assignment_id": assignment_id, "mentor_id": found.mentor_id},
    )


@router.post("/{plan_id}/rows/{child_id}/set-aside", dependencies=[allows(*ASKERS)])
async def set_aside(plan_id: UUID, child_id: UUID, body: SetAsideBody, call: Call) -> Response:
    """Do not take this match up, and say why."""
    if (await known(call, match_plan, plan_id)).proposed is None:
        raise NotFound("plan", plan_id)
    return await call.decide(match_plan, plan_id, SetAside(child_id, body.reason, call.now))

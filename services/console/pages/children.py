"""Children: who is supported, who is not, and one child's whole history as known at any moment."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain, groupby
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from services.console.pages.shown import Asking, page
from shared.telling.sentences import sentence

router = APIRouter()


IN_FORCE = ("active", "paused", "handover_pending")
NOT_OURS = ("referred", "exited")
"""Children who are not the agency's to support: not yet, or no more."""


@router.get("/coverage")
async def coverage(request: Request, services: Asking) -> HTMLResponse:
    """Every child of the agency's, and who supports it: its own mentor, and who covers."""
    lists = (services.every("assignments", "/assignments", status=status) for status in IN_FORCE)
    children, mentors, in_force = await asyncio.gather(
        services.every("assignments", "/children"),
        services.names("assignments", "/mentors", "mentor_id"),
        asyncio.gather(*lists),
    )
    supporting: dict[str, list[dict[str, Any]]] = {}
    for found in chain.from_iterable(answer.items for answer in in_force):
        named = {**found, "mentor": mentors.get(found["mentor_id"], "a mentor")}
        supporting.setdefault(found["child_id"], []).append(named)
    rows = [
        {**child, "supporting": sorted(supporting.get(child["child_id"], []), key=_own_mentor_first)}
        for child in children.items
        if child["status"] not in NOT_OURS
    ]
    gaps = sum(not any(found["role"] == "primary" for found in row["supporting"]) for row in rows)
    return page(request, "coverage.html", [children, *in_force], rows=rows, gaps=gaps)


def _own_mentor_first(found: Mapping[str, Any]) -> tuple[bool, str]:
    return found["role"] != "primary", str(found["effective_from"])


@router.get("/children/{child_id}")
async def child(
    request: Request,
    child_id: UUID,
    services: Asking,
    step: Annotated[int | None, Query(ge=0)] = None,
    known_at: str = "",
    on: str = "",
) -> HTMLResponse:
    """One child's timeline and state, as known after `step` facts, or at the time `known_at`; else now."""
    whole, mentors = await asyncio.gather(
        services.every("audit", f"/timelines/children/{child_id}"),
        services.names("assignments", "/mentors", "mentor_id"),
    )
    moments = [datetime.fromisoformat(fact["recorded_at"]) for fact in whole.items]
    until = chosen(moments, step, known_at)
    known = [fact for fact, at in zip(whole.items, moments, strict=True) if until is None or at <= until]
    state = await services.get(
        "audit",
        f"/state/children/{child_id}",
        known_at=until.isoformat() if until else None,
        on=on or None,
    )
    return page(
        request,
        "child.html",
        [whole] if state.status == 404 else [whole, state],
        child_id=child_id,
        name=name_in(whole.items),
        entries=folded([{**fact, "said": sentence(fact, mentors)} for fact in reversed(known)]),
        everything=len(moments),
        step=len(known),
        until=until,
        on=on,
        answer=state.body if state.ok else None,
        mentors=mentors,
    )


def chosen(moments: Sequence[datetime], step: int | None, known_at: str) -> datetime | None:
    """The moment asked for: by time (UTC when it names no zone), or that of the step-th fact; None is now."""
    if known_at:
        try:
            found = datetime.fromisoformat(known_at)
        except ValueError:
            return None
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    if step is None or step >= len(moments) or not moments:
        return None
    return moments[max(step, 1) - 1]


def folded(facts: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The facts one by one, but notifications that follow each other together: they would hide the rest."""
    entries: list[list[dict[str, Any]]] = []
    for of_notifications, together in groupby(facts, key=lambda fact: fact["source"] == "notifications"):
        found = list(together)
        entries += [found] if of_notifications else [[fact] for fact in found]
    return entries


def name_in(facts: Sequence[Mapping[str, Any]]) -> str:
    """The child's name as the facts tell it."""
    for fact in reversed(facts):
        data = fact["data"]
        if fact["type"].startswith("assignments.ChildAccepted."):
            return str(data["name"])
        if fact["type"].startswith("assignments.SupportRequest") and "child_name" in data:
            return str(data["child_name"])
    return "A child"

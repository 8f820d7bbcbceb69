"""Mentors, and what keeps each of them from a child."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from services.console.asking import Answer
from services.console.pages.shown import Asking, page

router = APIRouter()

PAGE = 50


@router.get("/mentors")
async def mentors(
    request: Request, services: Asking, cursor: Annotated[str | None, Query()] = None
) -> HTMLResponse:
    """A page of mentors, each with what is missing or lapsed today."""
    listed = await services.get("assignments", "/mentors", limit=PAGE, cursor=cursor)
    found: list[Answer] = await asyncio.gather(
        *(services.get("assignments", f"/mentors/{mentor['mentor_id']}") for mentor in listed.items)
    )
    rows = [answer.body for answer in found if answer.ok]
    following = listed.body["next"] if listed.ok else None
    return page(request, "mentors.html", [listed, *found], rows=rows, following=following)

"""The training matrix over HTTP, page by page or as one CSV file."""

import csv
from collections.abc import AsyncIterator, Sequence
from io import StringIO
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from services.training.api.fields import READERS, On, last_id
from services.training.api.matrix_views import MatrixPage
from services.training.domain.standing import Status
from services.training.read_model.matrix import Asked, Showing, matrix
from shared.contracts.eligibility import NAMES, REQUIRED, Item
from shared.contracts.words.training import Track
from shared.kernel.call import Reads, allows, seen
from shared.kernel.paging import MOST, Cursor, Limit, page
from shared.kernel.problems import Problem
from shared.kernel.sight import see, will_show

router = APIRouter(tags=["matrix"])
FOLLOWED = ("evidence", "mentors", "enrolments")


def asked_for(
    reads: Reads,
    on: On = None,
    region: Annotated[str | None, Query(max_length=60)] = None,
    state: Annotated[Status | None, Query(description="how the mentor stands, as last decided")] = None,
    track: Annotated[Track | None, Query(description="this track alone")] = None,
    item: Annotated[Item | None, Query(description="this track or clearance alone")] = None,
    showing: Annotated[
        Showing | None, Query(description="all wanted items valid; one expiring within 90 days; one lacking")
    ] = None,
    clearances: Annotated[bool, Query(description="clearances beside the tracks")] = True,
    left: Annotated[bool, Query(description="also mentors who have left")] = False,
) -> Asked:
    """What the query asks for. Raises Problem 422."""
    wanted = track or item
    if (track and item and track != item) or (wanted is not None and wanted not in REQUIRED):
        raise Problem(422, "invalid_request", f"item: choose one of {', '.join(REQUIRED)}")
    today = reads.running.clock.now().date()
    return Asked(on or today, region, state, wanted, showing, clearances, left)


Wanted = Annotated[Asked, Depends(asked_for)]


@router.get("/matrix", response_model=MatrixPage, dependencies=[allows(*READERS), seen(*FOLLOWED)])
async def show_matrix(
    reads: Reads, asked: Wanted, cursor: Cursor = None, limit: Limit = 50
) -> dict[str, Any]:
    """Mentors by tracks and clearances: each cell's state, last day and days left."""
    found = await reads(matrix, asked, after=last_id(cursor), limit=limit + 1)
    return {
        "on": asked.on,
        "columns": asked.columns,
        **page(found, limit, lambda row: [row["mentor_id"]]),
    }


@router.get("/matrix.csv", dependencies=[allows(*READERS), seen(*FOLLOWED)])
async def matrix_as_csv(reads: Reads, asked: Wanted) -> StreamingResponse:
    """The whole matrix for a spreadsheet: for each item its state, last day and days left."""

    async def lines() -> AsyncIterator[str]:
        heads = (
            f"{NAMES[item]} {what}" for item in asked.columns for what in ("status", "until", "days left")
        )
        # spreadsheets take a file for UTF-8 only when it says so
        yield "\ufeff" + _line(["mentor_id", "name", "region", "state", *heads])
        last = None
        while rows := await reads(matrix, asked, after=last, limit=MOST):
            last = rows[-1]["mentor_id"]
            for row in rows:
                cells = (cell[name] for cell in row["cells"] for name in ("status", "until", "days_left"))
                name = see(row["name"], "employment")
                yield _line([row["mentor_id"], name, row["region"], row["state"], *cells])

    will_show("employment")
    headers = {"Content-Disposition": f'attachment; filename="training-matrix-{asked.on}.csv"'}
    return StreamingResponse(lines(), media_type="text/csv; charset=utf-8", headers=headers)


def _line(values: Sequence[Any]) -> str:
    """One line of CSV. A value that a spreadsheet would take for a formula is quoted as text."""
    kept = StringIO()
    csv.writer(kept).writerow(
        f"'{value}"
        if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
        else value
        for value in values
    )
    return kept.getvalue()

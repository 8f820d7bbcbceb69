"""What training answers with when asked for the matrix."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel

from services.training.domain.standing import Status
from shared.contracts.eligibility import Item
from shared.kernel.sight import SeenAs


class CellView(BaseModel):
    """One item of one mentor. `until` is the last day of what counts; `training` is an open enrolment in it."""

    item: Item
    status: Literal["valid", "expiring", "missing", "lapsed", "withdrawn", "not_yet_valid"]
    since: date | None
    until: date | None
    days_left: int | None
    training: Literal["assigned", "in_progress", "overdue"] | None
    due_on: date | None


class MatrixRow(BaseModel):
    """One mentor's line of the matrix."""

    mentor_id: UUID
    name: Annotated[str | None, SeenAs("employment")]
    region: str | None
    state: Status
    deployable: bool
    suspended_on: date | None
    cells: list[CellView]


class MatrixPage(BaseModel):
    on: date
    columns: list[Item]
    items: list[MatrixRow]
    next: str | None

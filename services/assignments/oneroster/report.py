"""What became of a roster, or would become of it: counts for each file, one item for each thing done or to do."""

from typing import Literal, TypeAlias
from uuid import UUID

from pydantic import BaseModel, Field

MOST_LISTED = 5_000

Kind: TypeAlias = Literal["school", "child", "mentor", "support"]
What: TypeAlias = Literal[
    "registered",  # a school was not in the register
    "changed",
    "closed",
    "requested",  # support of a child was asked for
    "withdrawn",  # nobody had answered, and the roster shows it no longer
    "applied",  # an aide is an applicant now
    "seen",  # child and mentor: to be assigned, once a coordinator has taken the request on
    "gone",
    "absent",  # not in a whole file any more; ended only when asked
    "undecided",  # a person has to decide
]
TOLD: frozenset[What] = frozenset(("seen", "absent", "undecided"))


class FileReport(BaseModel):
    """A file: `rows` = `used` + `rejected` + `passed_over`, which are rows the agency has no use for."""

    file: str
    mode: str
    rows: int
    used: int
    passed_over: int
    rejected: int


class Item(BaseModel):
    """One thing that was done (in a check: would be done), or that a person is to look at.

    It names a row by its sourcedId, never a person by name; `id` is the record here, if there is one.
    """

    what: What
    kind: Kind
    sourced_id: str
    file: str
    line: int
    id: UUID | None = None
    detail: str = ""


class Rejected(BaseModel):
    """A cell that keeps its row out; `column` is empty when the whole line is meant. Lines count from 1."""

    file: str
    line: int
    column: str
    value: str
    reason: str
    mend: str


class RosterReport(BaseModel):
    """What became of each row. `items`, `rejected`: the first 5,000 each; the counts are of all.

    `position` is that of the last fact, for `after`; it stays what it was when nothing changed.
    """

    roster_id: UUID
    source: str
    dry_run: bool
    files: list[FileReport]
    counts: dict[str, int] = Field(description="how many items of each kind, such as `children requested`")
    facts: int = Field(description="how many facts were recorded, or would be")
    items: list[Item]
    rejected_rows: int
    rejected: list[Rejected]
    notes: list[str]
    position: int

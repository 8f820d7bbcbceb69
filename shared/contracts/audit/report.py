"""Reports: answers that were given out, with all that it takes to write them again byte for byte."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.fact import Concerns, Fact, published


@published("audit.ReportIssued.v1", aggregate="report")
class ReportIssued(Fact):
    """An answer was given out as a report. The fact holds its digest and what it was made from, never its text."""

    report_id: Annotated[UUID, Field(description="this one report")]
    kind: Annotated[
        str, Field(description="what it tells: child-state, mentor-timeline, who-supported, region ...")
    ]
    asked: Annotated[dict[str, str], Field(description="what was asked about: ids, days, items, by name")]
    known_at: Annotated[AwareDatetime, Field(description="only what was on record by then is in it")]
    on: Annotated[date | None, Field(description="the day it is about, for those that are about one")] = None
    fold: Annotated[str, Field(description="the name and version of the reckoning that made it")]
    up_to: Annotated[
        dict[str, int], Field(description="service -> the last of its positions that may be in it")
    ]
    ledger_size: Annotated[
        int | None,
        Field(description="leaves of the witnessed tree that it names; none: there was no tree yet"),
    ] = None
    ledger_root: Annotated[str | None, Field(description="the root of that tree, 64 hex digits")] = None
    witnessed_at: Annotated[AwareDatetime | None, Field(description="when that tree was witnessed")] = None
    verified: Annotated[bool, Field(description="whether only facts inside that tree are in it")] = False
    opens: Annotated[
        tuple[str, ...], Field(description="the classes of personal data that are readable in it")
    ] = ()
    sha256: Annotated[str, Field(description="SHA-256 of the bytes that were given out, 64 hex digits")]
    length: Annotated[int, Field(ge=0, description="how many bytes were given out")]
    issued_by: Annotated[str, Field(description="who asked for it, by role and name")]
    issued_at: Annotated[AwareDatetime, Field(description="when it was given out")]
    child_id: Annotated[UUID | None, Concerns("child"), Field(description="the child it is about")] = None
    mentor_id: Annotated[UUID | None, Concerns("mentor"), Field(description="the mentor it is about")] = None
    school_id: Annotated[UUID | None, Concerns("school"), Field(description="the school it is about")] = None

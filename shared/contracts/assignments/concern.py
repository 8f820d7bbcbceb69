"""The facts of safeguarding concerns: many may raise one, only the designated safeguarding lead reads it."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from shared.contracts.fact import Fact, Personal, published
from shared.contracts.words.ids import ChildId, ConcernId
from shared.contracts.words.privacy import Unreadable
from shared.contracts.words.requests import ConcernKind, ConcernOutcome


@published("assignments.SafeguardingConcernRaised.v1", aggregate="concern", restricted=True)
class SafeguardingConcernRaised(Fact):
    """Somebody is worried about a child's safety. Restricted: also that there is a concern is told to nobody."""

    concern_id: ConcernId
    child_id: ChildId
    kind: Annotated[
        ConcernKind | Unreadable,
        Personal(of="child_id", keep="safeguarding"),
        Field(description="what kind of harm is feared"),
    ]
    details: Annotated[
        str, Personal(of="child_id", keep="safeguarding"), Field(description="what was seen, heard or said")
    ]
    raised_at: Annotated[AwareDatetime, Field(description="when it was raised")]


@published("assignments.SafeguardingConcernClosed.v1", aggregate="concern", restricted=True)
class SafeguardingConcernClosed(Fact):
    """The designated safeguarding lead has dealt with the concern. Restricted as the concern is."""

    concern_id: ConcernId
    child_id: ChildId
    outcome: Annotated[
        ConcernOutcome | Unreadable,
        Personal(of="child_id", keep="safeguarding"),
        Field(description="what came of it"),
    ]
    summary: Annotated[
        str,
        Personal(of="child_id", keep="safeguarding"),
        Field(description="what was done, and why that suffices"),
    ]
    closed_at: Annotated[AwareDatetime, Field(description="when it was closed")]

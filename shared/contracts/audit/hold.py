"""The facts of legal holds: while one stands, nothing it covers is erased."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from shared.contracts.audit.person import OfPerson
from shared.contracts.fact import published
from shared.contracts.words.privacy import RetentionClass
from shared.contracts.words.records import HoldId, HoldReason


@published("audit.LegalHoldPlaced.v1", aggregate="record")
class LegalHoldPlaced(OfPerson):
    """Part of a person's record must be kept, whatever was asked or decided about its erasure."""

    hold_id: HoldId
    classes: Annotated[tuple[RetentionClass, ...], Field(description="what it covers")]
    reason: Annotated[HoldReason, Field(description="why, in one word")]
    placed_by: Annotated[str, Field(description="who placed it, by role and name")]
    placed_at: Annotated[AwareDatetime, Field(description="when it was placed")]


@published("audit.LegalHoldLifted.v1", aggregate="record")
class LegalHoldLifted(OfPerson):
    """A hold stands no more; what was due to be erased meanwhile is ordered at once."""

    hold_id: HoldId
    lifted_by: Annotated[str, Field(description="who lifted it, by role and name")]
    lifted_at: Annotated[AwareDatetime, Field(description="when it was lifted")]

"""The facts of a child's transfer to another region of the agency."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field

from shared.contracts.fact import Fact, published
from shared.contracts.words.ids import ChildId, TransferId
from shared.contracts.words.requests import (
    ConsentGiver,
    TransferCancellation,
    TransferReason,
    TransferRejection,
)

FromRegion = Annotated[str, Field(description="the region that owns the child until it is accepted")]
ToRegion = Annotated[str, Field(description="the region that is to own the child")]


@published("assignments.RegionTransferRequested.v1", aggregate="region_transfer")
class RegionTransferRequested(Fact):
    """Another region is asked to take a child over; nothing changes yet."""

    transfer_id: TransferId
    child_id: ChildId
    from_region: FromRegion
    to_region: ToRegion
    reason: Annotated[TransferReason, Field(description="why")]
    requested_at: Annotated[AwareDatetime, Field(description="when it was asked")]


@published("assignments.RegionTransferConsentRecorded.v1", aggregate="region_transfer")
class RegionTransferConsentRecorded(Fact):
    """Who may decide for the child agreed to the transfer."""

    transfer_id: TransferId
    child_id: ChildId
    given_by: Annotated[ConsentGiver, Field(description="who agreed")]
    recorded_at: Annotated[AwareDatetime, Field(description="when it was recorded")]


@published("assignments.RegionTransferAccepted.v1", aggregate="region_transfer")
class RegionTransferAccepted(Fact):
    """The other region owns the child from now on; support by the old region's mentors ends."""

    transfer_id: TransferId
    child_id: ChildId
    from_region: FromRegion
    to_region: ToRegion
    accepted_at: Annotated[AwareDatetime, Field(description="when it was accepted")]
    effective_on: Annotated[date, Field(description="first day without the old region's mentors")]


@published("assignments.RegionTransferRejected.v1", aggregate="region_transfer")
class RegionTransferRejected(Fact):
    """The other region does not take the child over."""

    transfer_id: TransferId
    child_id: ChildId
    reason: Annotated[TransferRejection, Field(description="why not")]
    rejected_at: Annotated[AwareDatetime, Field(description="when it was rejected")]


@published("assignments.RegionTransferCancelled.v1", aggregate="region_transfer")
class RegionTransferCancelled(Fact):
    """The transfer is no longer asked for."""

    transfer_id: TransferId
    child_id: ChildId
    reason: Annotated[TransferCancellation, Field(description="why")]
    cancelled_at: Annotated[AwareDatetime, Field(description="when it was called off")]

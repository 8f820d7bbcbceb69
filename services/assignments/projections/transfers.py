"""Transfers of children to other regions."""

from collections.abc import Iterator
from typing import assert_never

from services.assignments.domain.region_transfer import TransferFact
from shared.contracts.assignments.region_transfer import (
    RegionTransferAccepted,
    RegionTransferCancelled,
    RegionTransferConsentRecorded,
    RegionTransferRejected,
    RegionTransferRequested,
)
from shared.kernel.projection import Projection
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row


def transfers(recorded: Recorded[TransferFact]) -> Iterator[Row]:
    """Every transfer, who consented to it, and how it was answered."""
    fact = recorded.fact
    key = {"transfer_id": fact.transfer_id}
    match fact:
        case RegionTransferRequested():
            asked = fact.model_dump(exclude={"transfer_id"})
            yield Put("region_transfers", key, {**asked, "status": "requested"})
        case RegionTransferConsentRecorded():
            yield Put("region_transfers", key, {f"{fact.given_by}_consent_at": fact.recorded_at})
        case RegionTransferAccepted():
            accepted = {"status": "accepted", "answered_at": fact.accepted_at}
            yield Put("region_transfers", key, {**accepted, "effective_on": fact.effective_on})
        case RegionTransferRejected():
            rejected = {"status": "rejected", "answered_at": fact.rejected_at}
            yield Put("region_transfers", key, {**rejected, "answer_reason": fact.reason})
        case RegionTransferCancelled():
            cancelled = {"status": "cancelled", "answered_at": fact.cancelled_at}
            yield Put("region_transfers", key, {**cancelled, "answer_reason": fact.reason})
        case _:
            assert_never(fact)


TRANSFERS = Projection(
    "transfers",
    (
        RegionTransferRequested,
        RegionTransferConsentRecorded,
        RegionTransferAccepted,
        RegionTransferRejected,
        RegionTransferCancelled,
    ),
    ("region_transfers",),
    transfers,
)

"""The owning region changes only when a transfer that was consented to is accepted."""

from dataclasses import replace
from typing import Any

import pytest

from services.assignments.domain.region_transfer import (
    AcceptTransfer,
    CancelTransfer,
    RecordConsent,
    RejectTransfer,
    RequestTransfer,
    region_transfer,
)
from shared.contracts.assignments.region_transfer import (
    RegionTransferAccepted,
    RegionTransferCancelled,
    RegionTransferConsentRecorded,
    RegionTransferRejected,
    RegionTransferRequested,
)
from tests.assignments.story import another
from tests.support.examples import example
from tests.support.given import given
from tests.support.people import CHILD, TRANSFER

requested = example(RegionTransferRequested)
consented = example(RegionTransferConsentRecorded)
accepted = example(RegionTransferAccepted)
rejected = example(RegionTransferRejected)
cancelled = example(RegionTransferCancelled)

ask = RequestTransfer(
    TRANSFER, CHILD, True, requested.from_region, requested.to_region, "family_moved", requested.requested_at
)
consent = RecordConsent("parent", consented.recorded_at)
accept = AcceptTransfer(accepted.effective_on, accepted.accepted_at)
reject = RejectTransfer("no_capacity", rejected.rejected_at)
cancel = CancelTransfer("move_called_off", cancelled.cancelled_at)


def test_a_transfer_is_requested_for_a_child_whom_the_region_supports() -> None:
    given(region_transfer).when(ask).then(requested)
    given(region_transfer, requested).when(ask).then_nothing()
    given(region_transfer, requested).when(replace(ask, reason="other")).refused("transfer_already_requested")
    given(region_transfer).when(replace(ask, child_supported=False)).refused("child_not_accepted")


@pytest.mark.parametrize("region", ["uk-london", "", "UK North", "uk_north", "-north"])
def test_a_transfer_names_another_region(region: str) -> None:
    given(region_transfer).when(replace(ask, to_region=region)).refused("invalid_region")


def test_without_consent_nothing_is_accepted() -> None:
    given(region_transfer, requested).when(accept).refused("transfer_without_consent")
    given(region_transfer, requested).when(consent).then(consented)
    given(region_transfer, requested, consented).when(consent).then_nothing()
    given(region_transfer, requested, consented).when(accept).then(accepted)
    given(region_transfer, requested, consented, accepted).when(accept).then_nothing()


def test_a_child_is_not_taken_over_in_the_past() -> None:
    early = replace(accept, effective_on=accepted.accepted_at.date().replace(day=7))
    given(region_transfer, requested, consented).when(early).refused("invalid_effective_on")


def test_a_transfer_is_rejected_or_called_off_instead() -> None:
    given(region_transfer, requested).when(reject).then(rejected)
    given(region_transfer, requested, rejected).when(reject).then_nothing()
    given(region_transfer, requested, consented).when(cancel).then(cancelled)
    given(region_transfer, requested, cancelled).when(cancel).then_nothing()


@pytest.mark.parametrize("command", [consent, accept, reject, cancel])
def test_a_transfer_is_answered_once(command: Any) -> None:
    given(region_transfer).when(command).refused("transfer_unknown")
    for fact, code in ((rejected, "transfer_rejected"), (cancelled, "transfer_cancelled")):
        answered = given(region_transfer, requested, fact).when(command)
        if answered.refusal is None:
            answered.then_nothing()
        else:
            answered.refused(code)
    if command in (reject, cancel):
        given(region_transfer, requested, consented, accepted).when(command).refused("transfer_accepted")


def test_one_transfer_of_a_child_at_a_time() -> None:
    open_ = given(region_transfer).when(ask)
    other = given(region_transfer).when(replace(ask, transfer_id=another("transfer")))
    assert open_.claims == other.claims != frozenset()
    for answer in (reject, cancel):
        assert given(region_transfer, requested).when(answer).claims == frozenset()
    assert given(region_transfer, requested, consented).when(accept).claims == frozenset()

"""One valid example of every fact of safeguarding concerns and region transfers."""

from datetime import UTC, date, datetime

from shared.contracts.assignments.concern import SafeguardingConcernClosed, SafeguardingConcernRaised
from shared.contracts.assignments.region_transfer import (
    RegionTransferAccepted,
    RegionTransferCancelled,
    RegionTransferConsentRecorded,
    RegionTransferRejected,
    RegionTransferRequested,
)
from shared.contracts.fact import Fact
from tests.support.people import CHILD, CONCERN, TRANSFER

EXAMPLES: tuple[Fact, ...] = (
    SafeguardingConcernRaised(
        concern_id=CONCERN,
        child_id=CHILD,
        kind="emotional",
        details="Ada was very quiet for three days, and said that she does not want to go home.",
        raised_at=datetime(2026, 10, 14, 15, 40, tzinfo=UTC),
    ),
    SafeguardingConcernClosed(
        concern_id=CONCERN,
        child_id=CHILD,
        outcome="early_help",
        summary="Spoken with the family and the school; a family worker visits every week.",
        closed_at=datetime(2026, 11, 3, 10, 0, tzinfo=UTC),
    ),
    RegionTransferRequested(
        transfer_id=TRANSFER,
        child_id=CHILD,
        from_region="uk-london",
        to_region="uk-north",
        reason="family_moved",
        requested_at=datetime(2027, 2, 1, 9, 0, tzinfo=UTC),
    ),
    RegionTransferConsentRecorded(
        transfer_id=TRANSFER,
        child_id=CHILD,
        given_by="parent",
        recorded_at=datetime(2027, 2, 3, 16, 0, tzinfo=UTC),
    ),
    RegionTransferAccepted(
        transfer_id=TRANSFER,
        child_id=CHILD,
        from_region="uk-london",
        to_region="uk-north",
        accepted_at=datetime(2027, 2, 8, 11, 0, tzinfo=UTC),
        effective_on=date(2027, 2, 22),
    ),
    RegionTransferRejected(
        transfer_id=TRANSFER,
        child_id=CHILD,
        reason="no_capacity",
        rejected_at=datetime(2027, 2, 8, 11, 0, tzinfo=UTC),
    ),
    RegionTransferCancelled(
        transfer_id=TRANSFER,
        child_id=CHILD,
        reason="move_called_off",
        cancelled_at=datetime(2027, 2, 5, 8, 30, tzinfo=UTC),
    ),
)

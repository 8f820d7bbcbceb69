"""Whether a cancelled session is paid and billed all the same: it depends on the notice that was given."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from shared.contracts.words.sessions import CancelReason

# Policy values. What the agency or its mentor is the cause of is never charged.
NOTICE: Mapping[CancelReason, timedelta] = {
    "child_absent": timedelta(hours=24),
    "school_closed": timedelta(hours=24),
}


def is_chargeable(reason: CancelReason, starts_at: datetime, at: datetime) -> bool:
    """Whether less notice was given than the reason asks for."""
    needed = NOTICE.get(reason)
    return needed is not None and starts_at - at < needed

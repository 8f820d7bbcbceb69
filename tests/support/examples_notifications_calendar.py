"""An example of the fact about an address of a calendar."""

from hashlib import sha256

from shared.contracts.fact import Fact
from shared.contracts.notifications.calendar import CalendarLinkIssued
from tests.support.people import COORDINATOR, RECEIVED_AT

EXAMPLES: tuple[Fact, ...] = (
    CalendarLinkIssued(
        recipient_id=COORDINATOR, digest=sha256(b"an example").hexdigest(), issued_at=RECEIVED_AT
    ),
)

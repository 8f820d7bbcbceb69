"""Facts in, rows out: what came into whose inbox, and when in the order of all facts."""

from collections.abc import Iterator
from typing import TypeAlias

from shared.contracts.notifications.notification import NotificationQueued, NotificationRequested
from shared.kernel.recorded import Recorded
from shared.kernel.rows import Put, Row

ArrivalFact: TypeAlias = NotificationRequested | NotificationQueued


def arrivals(recorded: Recorded[ArrivalFact]) -> Iterator[Row]:
    """One row for each time that an inbox shows something new."""
    fact = recorded.fact
    if isinstance(fact, NotificationRequested):
        shown = "in_app" in fact.channels and "in_app" not in fact.held
    else:
        shown = fact.channel == "in_app"
    if shown:
        values = {"recipient_id": fact.recipient_id, "notification_id": fact.notification_id}
        yield Put("arrivals", {"position": recorded.position}, values)

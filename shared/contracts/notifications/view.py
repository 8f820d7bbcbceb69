"""Who was shown a record by the notifications service."""

from shared.contracts.fact import published
from shared.contracts.viewed import Viewed


@published("notifications.RecordViewed.v1", aggregate="view")
class RecordViewed(Viewed):
    """Somebody was shown a record that the notifications service keeps."""

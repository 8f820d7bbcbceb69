"""Who was shown a record by the sessions service."""

from shared.contracts.fact import published
from shared.contracts.viewed import Viewed


@published("sessions.RecordViewed.v1", aggregate="view")
class RecordViewed(Viewed):
    """Somebody was shown a record that the sessions service keeps."""

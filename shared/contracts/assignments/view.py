"""Who was shown a record by the assignments service."""

from shared.contracts.fact import published
from shared.contracts.viewed import Viewed


@published("assignments.RecordViewed.v1", aggregate="view")
class RecordViewed(Viewed):
    """Somebody was shown a record that the assignments service keeps."""

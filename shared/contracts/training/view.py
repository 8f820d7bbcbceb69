"""Who was shown a record by the training service."""

from shared.contracts.fact import published
from shared.contracts.viewed import Viewed


@published("training.RecordViewed.v1", aggregate="view")
class RecordViewed(Viewed):
    """Somebody was shown a record that the training service keeps."""

"""Who was shown a record by the audit service."""

from shared.contracts.fact import published
from shared.contracts.viewed import Viewed


@published("audit.RecordViewed.v1", aggregate="view")
class RecordViewed(Viewed):
    """Somebody was shown a record that the audit service keeps."""

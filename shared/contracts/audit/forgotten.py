"""That the audit service has forgotten somebody."""

from shared.contracts.fact import published
from shared.contracts.forgotten import Forgotten


@published("audit.SubjectForgotten.v1", aggregate="forgetting")
class SubjectForgotten(Forgotten):
    """The audit service keeps nothing readable any more of what an erasure named."""

"""That the assignments service has forgotten somebody."""

from shared.contracts.fact import published
from shared.contracts.forgotten import Forgotten


@published("assignments.SubjectForgotten.v1", aggregate="forgetting")
class SubjectForgotten(Forgotten):
    """The assignments service keeps nothing readable any more of what an erasure named."""

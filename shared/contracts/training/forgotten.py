"""That the training service has forgotten somebody."""

from shared.contracts.fact import published
from shared.contracts.forgotten import Forgotten


@published("training.SubjectForgotten.v1", aggregate="forgetting")
class SubjectForgotten(Forgotten):
    """The training service keeps nothing readable any more of what an erasure named."""

"""That the notifications service has forgotten somebody."""

from shared.contracts.fact import published
from shared.contracts.forgotten import Forgotten


@published("notifications.SubjectForgotten.v1", aggregate="forgetting")
class SubjectForgotten(Forgotten):
    """The notifications service keeps nothing readable any more of what an erasure named."""

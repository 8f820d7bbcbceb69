"""That the sessions service has forgotten somebody."""

from shared.contracts.fact import published
from shared.contracts.forgotten import Forgotten


@published("sessions.SubjectForgotten.v1", aggregate="forgetting")
class SubjectForgotten(Forgotten):
    """The sessions service keeps nothing readable any more of what an erasure named."""

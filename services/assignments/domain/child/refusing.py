"""Why nothing can be done with a child who is not supported, and what to do instead."""

from services.assignments.domain.child.states import Exited, NotKnown, Referred
from shared.kernel.decider import Refused


def not_supported(state: NotKnown | Referred | Exited) -> Refused:
    match state:
        case NotKnown():
            return Refused(
                "child_not_accepted",
                "this child is not known here; check the id, or receive a support request",
            )
        case Referred() | Exited(Referred()):
            return Refused(
                "child_not_accepted", "this child is not accepted; take the support request on first"
            )
        case Exited(_, exited) if exited.reason == "transferred":
            return transferred()
        case Exited(_, exited):
            return Refused(
                "child_exited", f"this child left on {exited.exited_on} ({exited.reason}); reopen it first"
            )


def transferred() -> Refused:
    return Refused(
        "child_transferred", "another region owns this child; ask that region to transfer the child back"
    )

"""An ask for support, from its arrival to the mentor who supports the child."""

from collections.abc import Sequence

from services.assignments.domain.support_request import arriving, matching
from services.assignments.domain.support_request.commands import (
    AskForInformation,
    ChildHere,
    Command,
    DeclineRequest,
    NoteAgreement,
    NoteLoss,
    NoteOffer,
    NoteSupport,
    ReceiveRequest,
    RecordInformation,
    ResumeRequest,
    TakeOnRequest,
    TriageRequest,
    WaitlistRequest,
    WithdrawRequest,
)
from services.assignments.domain.support_request.states import (
    AwaitingInformation,
    Closed,
    Received,
    RequestFact,
    SupportRequest,
    Taken,
    Triaged,
    Unknown,
    Waitlisted,
    evolve,
)
from shared.kernel.decider import Claim, Decider

__all__ = [
    "AskForInformation",
    "AwaitingInformation",
    "ChildHere",
    "Closed",
    "Command",
    "DeclineRequest",
    "NoteAgreement",
    "NoteLoss",
    "NoteOffer",
    "NoteSupport",
    "ReceiveRequest",
    "Received",
    "RecordInformation",
    "RequestFact",
    "ResumeRequest",
    "SupportRequest",
    "TakeOnRequest",
    "Taken",
    "TriageRequest",
    "Triaged",
    "Unknown",
    "WaitlistRequest",
    "Waitlisted",
    "WithdrawRequest",
    "support_request",
]


def decide(state: SupportRequest, command: Command) -> Sequence[RequestFact]:
    match command:
        case ReceiveRequest():
            return arriving.receive(state, command)
        case TriageRequest():
            return arriving.triage(state, command)
        case AskForInformation():
            return arriving.ask(state, command)
        case RecordInformation():
            return arriving.answer(state, command)
        case TakeOnRequest():
            return matching.take_on(state, command)
        case WaitlistRequest():
            return arriving.waitlist(state, command)
        case ResumeRequest():
            return arriving.resume(state, command)
        case NoteOffer() | NoteAgreement() | NoteLoss() | NoteSupport():
            return matching.note(state, command)
        case DeclineRequest():
            return arriving.decline(state, command)
        case WithdrawRequest():
            return arriving.withdraw(state, command)


def claims(state: SupportRequest) -> frozenset[Claim]:
    """A child is asked for once at a time, until it is the agency's: then its own record says so."""
    match state:
        case Received() | Triaged() | AwaitingInformation() | Waitlisted(_, Triaged()):
            message = "support was asked for this child before; answer that request first"
            return frozenset(
                (Claim(f"asked-for:{state.received.child_id}", "child_already_referred", message),)
            )
        case _:
            return frozenset()


support_request: Decider[SupportRequest, Command] = Decider(
    "support_request", Unknown(), decide, evolve, claims
)
